/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a checklist that came with the program is for and what it asserts.
 */
#include <string.h>

#include "base/text.h"
#include "checklist/load.h"
#include "checklist/overlay.h"
#include "checklist/shipped.h"
#include "commands.h"
#include "report/terminal.h"
#include "report/wrap.h"

static void
add_wrapped(struct buf *out, size_t indent, const char *text)
{
	buf_addf(out, "%*s", (int)indent, "");
	wrap_add(out, text, indent, terminal_width(stdout));
	buf_add_char(out, '\n');
}

/* "tls.versions: refuses ssl2, ssl3; accepts 1.3" */
static void
add_values(struct buf *out, const struct assertion *assertion)
{
	const struct param *params = assertion->arguments.check->params;
	struct buf text;
	bool any = false;

	buf_init(&text, 1 << 16);
	buf_add_string(&text, assertion->arguments.check->name);
	for (size_t i = 0; params[i].name != NULL; i++) {
		const struct argument *argument = &assertion->arguments.values[i];

		if (!argument->given || params[i].type == PARAM_SECRET)
			continue;
		buf_addf(&text, "%s %s ", any ? ";" : ":", params[i].name);
		add_param_value(&text, &params[i], argument);
		any = true;
	}
	add_wrapped(out, 6, text.data);
	buf_release(&text);
}

static void
add_assertion(struct buf *out, const struct assertion *assertion)
{
	buf_addf(out, "  %s%s\n", assertion->id, assertion->advisory ? " (advisory)" : "");
	add_wrapped(out, 6, assertion->title);
	add_values(out, assertion);
}

static void
add_checklist(struct buf *out, const char *name, const struct checklist *checklist)
{
	buf_addf(out, "%s\n\n", name);
	if (checklist->description != NULL)
		add_wrapped(out, 0, checklist->description);
	buf_add_string(out, "\nassertions\n");
	for (size_t i = 0; i < checklist->assertion_count; i++)
		add_assertion(out, &checklist->assertions[i]);
	buf_addf(out, "\nuse\n  starttls-gate run %s --target HOST\n", name);
	buf_addf(out, "  \"include\": [\"%s\"]\n", name);
}

static const struct shipped_checklist *
find_shipped(const char *name)
{
	for (const struct shipped_checklist *row = shipped_checklists; row->name != NULL; row++) {
		const char *slash = strrchr(row->name, '/');

		if (strcmp(row->name, name) == 0 || (slash != NULL && strcmp(slash + 1, name) == 0))
			return row;
	}
	return NULL;
}

bool
explain_checklist(struct buf *out, const char *name)
{
	static const struct overlay overlay = { .secrets_optional = true,
		.targets_optional = true };
	const struct shipped_checklist *row = find_shipped(name);
	struct checklist checklist;
	struct problems problems;

	if (row == NULL)
		return false;
	problems_init(&problems);
	/* Authorities that are not there are a problem of a run alone. */
	checklist_load(&checklist, row->name, &overlay, &problems);
	add_checklist(out, row->name, &checklist);
	checklist_release(&checklist);
	problems_release(&problems);
	return true;
}
