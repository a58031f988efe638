/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Makes shown names of ids, checklists and targets, and has those that read the same numbered.
 */
#include "junit_names.h"

#include <stdint.h>

#include "report/shown.h"

static char *
shown_name(struct arena *arena, const char *before, const char *text)
{
	char *name;
	struct buf shown;

	buf_init(&shown, SIZE_MAX / 4);
	buf_add_string(&shown, before);
	shown_add_line(&shown, text);
	name = arena_strdup(arena, shown.data);
	buf_release(&shown);
	return name;
}

/* GitLab keeps only one of two cases with the same class and name. The loader refuses a second
 * use of an id; a writer that is handed one all the same loses nothing. */
const struct numbered_name *
junit_case_names(const struct report_suite *suite, struct arena *arena)
{
	struct numbered_name *names = arena_array(arena, suite->case_count, sizeof(*names));

	for (size_t i = 0; i < suite->case_count; i++)
		names[i] = (struct numbered_name){
			.head = shown_name(arena, "", suite->cases[i].id), .tail = "", .key = ""
		};
	numbered_names(names, suite->case_count, arena);
	return names;
}

/* Jenkins splits a class name at its last dot, so the target may have none; a node's has slashes, which
 * others take for a path. */
static const char *
undotted(struct arena *arena, const char *target)
{
	char *name = shown_name(arena, ".", target);

	for (char *c = name + 1; *c != '\0'; c++)
		*c = (char)(*c == '.' || *c == '/' ? '-' : *c);
	return name;
}

/* Targets that differ in dots and dashes alone, and checklists of the same name against the same
 * target (a/x.json, b/x.json), are told apart by a number. */
const struct numbered_name *
junit_class_names(const struct report *report, struct arena *arena)
{
	struct numbered_name *names = arena_array(arena, report->suite_count, sizeof(*names));

	for (size_t i = 0; i < report->suite_count; i++) {
		const struct report_suite *suite = &report->suites[i];

		names[i] = (struct numbered_name){
			.head = shown_name(arena, "", suite->checklist),
			.tail = undotted(arena, suite->target),
			.key = arena_printf(arena, "%s\n%s", suite->target,
				suite->file != NULL ? suite->file : ""),
		};
	}
	numbered_names(names, report->suite_count, arena);
	return names;
}
