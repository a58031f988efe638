/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * loaded_checklist: loads checklists from memory. The loader reads every file with file_read,
 * which is defined here, so that a test sees no file but its own.
 */
#ifndef GATE_TESTS_LOADED_CHECKLIST_H
#define GATE_TESTS_LOADED_CHECKLIST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file_read.h"
#include "checklist/checklist.h"
#include "checklist/load.h"
#include "checklist/overlay.h"

/* Where the checklist of a test seems to be. */
#define MAIN_FILE "dir/test.json"

/* An authority, valid for a hundred years. */
#define AUTHORITY                                                            \
	"-----BEGIN CERTIFICATE-----\n"                                      \
	"MIIBfzCCASWgAwIBAgIUXklqdv5EctrkDIeS933eo2sv73AwCgYIKoZIzj0EAwIw\n" \
	"FDESMBAGA1UEAwwJVGVzdCByb290MCAXDTI2MTEyMTAyNDUwNFoYDzIxMjYxMDI4\n" \
	"MDI0NTA0WjAUMRIwEAYDVQQDDAlUZXN0IHJvb3QwWTATBgcqhkjOPQIBBggqhkjO\n" \
	"PQMBBwNCAAQlo8k7M9xuwNP/QvHv4aP+z5/fKUPydeX3dYirxqRtC2XsPy1YOvL8\n" \
	"ikIfvTwG8lbs1HjqxjYZm/X43lRiBYFEo1MwUTAdBgNVHQ4EFgQU+ZYS9UTC/wDS\n" \
	"jBftn+22zFpmgJkwHwYDVR0jBBgwFoAU+ZYS9UTC/wDSjBftn+22zFpmgJkwDwYD\n" \
	"VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEA75VWdoeKXCu7nBd+dKK7\n" \
	"hyvIgYvuv67oImWcb7jSIXMCIAi0C3JdgJR39JO/8vb+esOlldbxRxkofRlSxGPm\n" \
	"WCWP\n"                                                             \
	"-----END CERTIFICATE-----\n"

struct memory_file {
	const char *path;
	const char *text;
	size_t len;
};

/* The files that are there; ends with a row without a path. */
static struct memory_file memory_files[16];

bool
file_read(struct buf *out, const char *path, struct error *error)
{
	for (const struct memory_file *file = memory_files; file->path != NULL; file++)
		if (strcmp(file->path, path) == 0)
			return buf_add(out, file->text, file->len) ||
			       error_set(error, "it has more than %zu bytes", out->limit);
	return error_set(error, "No such file or directory");
}

/* Adds a file; both strings are kept, not copied. */
static inline void
memory_file_add(const char *path, const char *text)
{
	struct memory_file *file = memory_files;

	while (file->path != NULL)
		file++;
	*file = (struct memory_file){ path, text, strlen(text) };
}

static inline void
memory_files_clear(void)
{
	memset(memory_files, 0, sizeof(memory_files));
}

struct loaded {
	struct checklist checklist;
	struct problems problems;
	bool fine;
};

/* Loads MAIN_FILE; release it in any case. overlay may be NULL. */
static inline void
load(struct loaded *loaded, const struct overlay *overlay)
{
	static const struct overlay nothing;

	problems_init(&loaded->problems);
	loaded->fine = checklist_load(&loaded->checklist, MAIN_FILE,
		overlay == NULL ? &nothing : overlay, &loaded->problems);
}

/* The same from a text that is the only file. */
static inline void
load_text(struct loaded *loaded, const char *text, const struct overlay *overlay)
{
	memory_files_clear();
	memory_file_add(MAIN_FILE, text);
	load(loaded, overlay);
}

static inline void
loaded_release(struct loaded *loaded)
{
	checklist_release(&loaded->checklist);
	problems_release(&loaded->problems);
}

/* Appends a line "line:column message" for each problem; for one of the command line, only the
 * message. */
static inline void
add_problems(struct buf *out, const struct problems *problems)
{
	for (size_t i = 0; i < problems->count; i++) {
		const struct problem *problem = &problems->items[i];

		if (problem->place.file != NULL)
			buf_addf(out, "%u:%u ", problem->place.line, problem->place.column);
		buf_addf(out, "%s\n", problem->message);
	}
}

/* Fails unless these, and only these, are the problems. */
static inline void
expect_problems(const struct loaded *loaded, const char *name, const char *want)
{
	struct buf got;

	buf_init(&got, 100000);
	add_problems(&got, &loaded->problems);
	if (strcmp(got.data, want) != 0)
		fail_msg("%s: got\n%s\nwant\n%s", name, got.data, want);
	if (loaded->fine != (want[0] == '\0'))
		fail_msg("%s: got fine = %d", name, loaded->fine);
	buf_release(&got);
}

#endif
