/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A file of targets. What is loaded is fit to run and no target is there twice, else there is a
 * problem; and it is the same whether the checklist or the command line names the file.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/file_read.h"
#include "checklist/checklist.h"
#include "checklist/load.h"
#include "checklist/overlay.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ASSERTIONS \
	"\"trust\": {\"system\": false}, \"assertions\": [{\"assert\": \"tls.handshake\"}]}"

static const char with_file[] = "{\"targets_file\": \"hosts\", " ASSERTIONS;
static const char without[] = "{" ASSERTIONS;

static const uint8_t *hosts;
static size_t hosts_size;

bool
file_read(struct buf *out, const char *path, struct error *error)
{
	if (strcmp(path, "./with.json") == 0)
		return buf_add_string(out, with_file);
	if (strcmp(path, "./without.json") == 0)
		return buf_add_string(out, without);
	return buf_add(out, hosts, hosts_size) || error_set(error, "it is too large");
}

static int
compare(const void *a, const void *b)
{
	return strcmp(((const struct target *)a)->name, ((const struct target *)b)->name);
}

static void
expect_fit_to_run(struct checklist *checklist)
{
	if (checklist->target_count == 0)
		abort();
	for (size_t i = 0; i < checklist->target_count; i++) {
		const struct target *target = &checklist->targets[i];

		if (target->host == NULL || target->host[0] == '\0' || target->port == 0 ||
			target->port > 65535 || target->place.line == 0 ||
			target->place.column == 0)
			abort();
	}
	qsort(checklist->targets, checklist->target_count, sizeof(*checklist->targets), compare);
	for (size_t i = 1; i < checklist->target_count; i++)
		if (compare(&checklist->targets[i - 1], &checklist->targets[i]) == 0)
			abort();
}

/* How many targets there are; 0 when it is not fine. */
static size_t
load(const char *name, const struct overlay *overlay)
{
	struct checklist checklist;
	struct problems problems;
	struct buf shown;
	size_t count = 0;
	bool fine;

	problems_init(&problems);
	buf_init(&shown, 100000);
	fine = checklist_load(&checklist, name, overlay, &problems);
	if (fine != (problems_total(&problems) == 0))
		abort();
	if (fine) {
		expect_fit_to_run(&checklist);
		count = checklist.target_count;
	}
	for (size_t i = 0; i < problems.count; i++)
		problem_format(&shown, &problems.items[i]);
	buf_release(&shown);
	checklist_release(&checklist);
	problems_release(&problems);
	return count;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct overlay as_it_is, from_file = { .targets_file = "hosts" };

	hosts = data;
	hosts_size = size;
	if (load("./with.json", &as_it_is) != load("./without.json", &from_file))
		abort();
	return 0;
}
