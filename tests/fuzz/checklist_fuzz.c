/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A checklist that may include itself and name files: the loader reads all files with file_read,
 * which is defined here, so that none but the given bytes is touched. What is loaded must be fit to
 * run; what is not must have said why.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/file_read.h"
#include "checklist/checklist.h"
#include "checklist/load.h"
#include "checklist/overlay.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CHECKLIST "./fuzz.json"

static const uint8_t *checklist_data;
static size_t checklist_size;

bool
file_read(struct buf *out, const char *path, struct error *error)
{
	static const char short_file[] = "correct horse\n";

	if (strcmp(path, CHECKLIST) == 0)
		return buf_add(out, checklist_data, checklist_size) ||
		       error_set(error, "it is too large");
	if (strlen(path) % 2 == 0)
		return error_set(error, "it is not there");
	return buf_add(out, short_file, strlen(short_file));
}

static void
expect_fit_to_run(const struct checklist *checklist)
{
	if (checklist->assertion_count == 0 || checklist->target_count == 0)
		abort();
	for (size_t i = 0; i < checklist->target_count; i++) {
		const struct target *target = &checklist->targets[i];

		if (target->name == NULL || target->host == NULL || target->ehlo_name == NULL ||
			target->port == 0)
			abort();
	}
	for (size_t i = 0; i < checklist->assertion_count; i++) {
		const struct assertion *assertion = &checklist->assertions[i];
		const struct param *params = assertion->arguments.check->params;

		if (assertion->id == NULL || assertion->title == NULL)
			abort();
		for (size_t j = 0; params[j].name != NULL; j++)
			if (params[j].required && !assertion->arguments.values[j].given)
				abort();
	}
}

static void
load(const struct overlay *overlay)
{
	struct checklist checklist;
	struct problems problems;
	struct buf shown;
	bool fine;

	problems_init(&problems);
	buf_init(&shown, 100000);
	fine = checklist_load(&checklist, CHECKLIST, overlay, &problems);
	if (fine != (problems_total(&problems) == 0))
		abort();
	if (fine)
		expect_fit_to_run(&checklist);
	for (size_t i = 0; i < problems.count; i++)
		problem_format(&shown, &problems.items[i]);
	buf_release(&shown);
	checklist_release(&checklist);
	problems_release(&problems);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const target[] = { "fuzz.example:25" };
	static const struct overlay as_it_is, elsewhere = { .targets = target, .target_count = 1 };

	checklist_data = data;
	checklist_size = size;
	load(&as_it_is);
	load(&elsewhere);
	return 0;
}
