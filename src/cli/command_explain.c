/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * explain and schema: what the rows of the checks say, for people and for editors.
 */
#include <stdio.h>

#include "commands.h"
#include "gate/schema.h"
#include "gate/terminal.h"
#include "gate/text.h"
#include "gate/wrap.h"

#define EXPLAIN_BYTES_MAX 65536

static void
add_paragraph(struct buf *out, const char *heading, const char *text)
{
	buf_addf(out, "%s\n  ", heading);
	wrap_add(out, text, 2, terminal_width(stdout));
	buf_add_string(out, "\n\n");
}

static void
add_param(struct buf *out, const struct param *param)
{
	buf_addf(out, "  %s%s%s%s\n      ", param->name, param->required ? " (required)" : "",
		param->fallback != NULL ? ", default " : "",
		param->fallback != NULL ? param->fallback : "");
	wrap_add(out, param->help, 6, terminal_width(stdout));
	buf_add_char(out, '\n');
}

/* Required parameters, and the first of those of which one must be there. */
static void
add_example(struct buf *out, const struct check *check)
{
	bool one_shown = false;

	buf_addf(out, "example\n  { \"assert\": \"%s\"", check->name);
	for (const struct param *param = check->params; param->name != NULL; param++) {
		if (!param->required && (one_shown || !check->needs_a_param))
			continue;
		buf_addf(out, ", \"%s\": %s", param->name, param->example);
		one_shown = true;
	}
	buf_add_string(out, " }\n");
}

static void
explain(const struct check *check)
{
	struct buf text;

	buf_init(&text, EXPLAIN_BYTES_MAX);
	buf_addf(&text, "%s: %s\n\n", check->name, check->summary);
	add_paragraph(&text, "why", check->why);
	add_paragraph(&text, "how to fix it", check->fix);
	add_paragraph(&text, "source", check->source);
	if (check->params[0].name != NULL) {
		buf_add_string(&text, "parameters\n");
		for (const struct param *param = check->params; param->name != NULL; param++)
			add_param(&text, param);
		buf_add_char(&text, '\n');
	}
	add_example(&text, check);
	fputs(text.data, stdout);
	buf_release(&text);
}

static void
refuse_name(const char *name)
{
	for (size_t i = 0; i < check_family_count; i++) {
		const struct check_family *family = check_families[i];

		for (size_t j = 0; j < family->count; j++) {
			if (text_resembles(name, family->checks[j].name)) {
				complain("there is no assertion '%s': did you mean '%s'?", name,
					family->checks[j].name);
				return;
			}
		}
	}
	complain("there is no assertion '%s': see 'starttls-gate list'", name);
}

enum exit_status
command_explain(struct options *options)
{
	enum exit_status status = EXIT_PASSED;

	for (size_t i = 0; i < options->operands.count; i++) {
		const struct check *check = check_find(options->operands.items[i]);

		if (i > 0)
			putchar('\n');
		if (check != NULL) {
			explain(check);
		} else {
			refuse_name(options->operands.items[i]);
			status = EXIT_USAGE;
		}
	}
	return status;
}

enum exit_status
command_schema(struct options *options)
{
	struct buf text;

	(void)options;
	buf_init(&text, 1 << 20);
	schema_write(&text);
	fputs(text.data, stdout);
	buf_release(&text);
	return EXIT_PASSED;
}
