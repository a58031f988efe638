/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * explain and schema: what the rows of the checks say, for people and for editors.
 */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "checklist/schema.h"
#include "checklist/schema_objects.h"
#include "checklist/shipped.h"
#include "checks/advice.h"
#include "commands.h"
#include "evidence/target.h"
#include "failure_types.h"
#include "report/terminal.h"
#include "report/wrap.h"

#define EXPLAIN_BYTES_MAX ((size_t)1 << 20)

static void
add_paragraph(struct buf *out, const char *heading, const char *text)
{
	buf_addf(out, "%s\n  ", heading);
	wrap_add(out, text, 2, terminal_width(stdout));
	buf_add_string(out, "\n\n");
}

/* Each choice with what it is. */
static void
add_descriptions(struct buf *out, const struct param *param)
{
	struct arena arena;

	if (param->describe == NULL)
		return;
	arena_init(&arena);
	for (size_t i = 0; param->choices[i] != NULL; i++) {
		buf_addf(out, "      \"%s\"\n          ", param->choices[i]);
		wrap_add(out, param->describe(param->choices[i], &arena), 10,
			terminal_width(stdout));
		buf_add_char(out, '\n');
	}
	arena_release(&arena);
}

static void
add_param(struct buf *out, const struct param *param)
{
	struct buf type;

	buf_init(&type, EXPLAIN_BYTES_MAX);
	buf_addf(&type, "%s: ", param->name);
	add_param_type(&type, param);
	buf_add_string(out, "  ");
	wrap_add(out, type.data, 6, terminal_width(stdout));
	buf_add_string(out, "\n      ");
	wrap_add(out, param->help, 6, terminal_width(stdout));
	buf_add_char(out, '\n');
	add_descriptions(out, param);
	buf_release(&type);
}

static void
add_params(struct buf *out, const struct check *check)
{
	if (check->params[0].name == NULL)
		return;
	buf_add_string(out, "parameters\n");
	for (const struct param *param = check->params; param->name != NULL; param++)
		add_param(out, param);
	buf_add_char(out, '\n');
}

static void
add_failure_types(struct buf *out, const struct check *check)
{
	struct buf types;

	buf_init(&types, EXPLAIN_BYTES_MAX);
	for (const struct failure_type *row = failure_types; row->type != NULL; row++)
		if (strcmp(row->assertion, check->name) == 0)
			buf_addf(&types, "%s%s", types.len == 0 ? "" : ", ", row->type);
	if (types.len != 0)
		add_paragraph(out, "failure types", types.data);
	buf_release(&types);
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

/* One protocol for each kind of servers that advice is about. */
static const struct {
	const char *protocol;
	const char *heading;
} kinds[] = {
	{ "imap", "how to fix it at servers of mailboxes" },
	{ "ftp", "how to fix it at servers of FTP" },
	{ "tls", "how to fix it at other servers with TLS" },
};

static void
add_other_fixes(struct buf *out, const struct check *check)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const struct dialect *dialect = dialect_find(kinds[i].protocol);
		struct arena arena;
		const char *fix;

		arena_init(&arena);
		fix = advice_fix(check, dialect, &arena);
		if (fix != check->fix && (check->needs & ~dialect->features) == 0)
			add_paragraph(out, kinds[i].heading, fix);
		arena_release(&arena);
	}
}

/* What it is made of, where that is not just any server. */
static void
add_subject(struct buf *out, const struct check *check)
{
	if ((check->needs & TARGET_DOMAIN) != 0)
		add_paragraph(out, "made of",
			"A domain: a target with \"mx\", or --mx. Once, however many mail servers it has.");
	else if (check->asks_nodes)
		add_paragraph(out, "made of",
			"All servers of a target together: a target with \"mx\", or one with "
			"\"addresses\": \"all\". Each of them is asked, over connections.");
	else if (check->subject == SUBJECT_WHOLE)
		add_paragraph(out, "made of", "A target as a whole, however many servers it has.");
	else if (check->subject == SUBJECT_NAMES)
		add_paragraph(out, "made of",
			"Each server, by what the DNS says of its host. No connection is made for it.");
}

static void
add_assertion(struct buf *out, const struct check *check)
{
	buf_addf(out, "%s: %s\n\n", check->name, check->summary);
	add_paragraph(out, "why", check->why);
	add_paragraph(out, "how to fix it", check->fix);
	add_other_fixes(out, check);
	add_paragraph(out, "source", check->source);
	add_subject(out, check);
	add_params(out, check);
	add_failure_types(out, check);
	add_example(out, check);
}

static bool
explain_assertion(struct buf *out, const char *name)
{
	const struct check *check = check_find(name);

	if (check != NULL)
		add_assertion(out, check);
	return check != NULL;
}

/* The first row of that type, which has a prefix in reports; NULL when there is none. */
static const struct failure_type *
find_failure_type(const char *type)
{
	static const char prefix[] = "starttls-gate.";
	const struct failure_type *row = failure_types;

	if (text_starts_with(type, prefix))
		type += strlen(prefix);
	while (row->type != NULL && strcmp(row->type, type) != 0)
		row++;
	return row->type != NULL ? row : NULL;
}

/* A type of one assertion is explained by it; one of several names them all. */
static bool
explain_failure_type(struct buf *out, const char *name)
{
	const struct failure_type *row = find_failure_type(name), *last = row;

	if (row == NULL)
		return false;
	if (row->assertion[0] == '\0') {
		buf_addf(out,
			"%s: of any assertion that could not be evaluated or does not count; the "
			"message of\nthe case says why.\n",
			row->type);
		return true;
	}
	while (last[1].type != NULL && strcmp(last[1].type, row->type) == 0)
		last++;
	buf_addf(out, "%s: a failure type of\n", row->type);
	for (const struct failure_type *one = row; one <= last; one++)
		buf_addf(out, "  %-28s %s\n", one->assertion, check_find(one->assertion)->summary);
	buf_add_char(out, '\n');
	if (row == last)
		add_assertion(out, check_find(row->assertion));
	else
		buf_add_string(out, "'starttls-gate explain ASSERTION' tells why each matters and "
				    "how to fix it.\n");
	return true;
}

/* The name that a word resembles most. */
struct similar {
	const char *word;
	const char *name; /* NULL: none so far */
	size_t distance;
};

static void
consider(struct similar *similar, const char *name)
{
	size_t distance = text_distance(similar->word, name);

	if (!text_resembles(similar->word, name) ||
		(similar->name != NULL && distance >= similar->distance))
		return;
	similar->name = name;
	similar->distance = distance;
}

/* Of all that can be explained; NULL when none is similar. */
static const char *
similar_name(const char *word)
{
	struct similar similar = { .word = word };

	for (size_t i = 0; i < check_family_count; i++)
		for (size_t j = 0; j < check_families[i]->count; j++)
			consider(&similar, check_families[i]->checks[j].name);
	for (const struct shipped_checklist *row = shipped_checklists; row->name != NULL; row++)
		consider(&similar, row->name);
	for (const struct failure_type *row = failure_types; row->type != NULL; row++)
		consider(&similar, row->type);
	for (size_t i = 0; schema_objects[i] != NULL; i++)
		for (const struct member *row = schema_objects[i]->members; row->key != NULL; row++)
			consider(&similar, row->key);
	return similar.name;
}

static void
refuse_name(const char *name)
{
	const char *similar = similar_name(name);

	if (similar != NULL)
		complain("nothing has the name '%s': did you mean '%s'?", name, similar);
	else
		complain("nothing has the name '%s': see 'starttls-gate list' for assertions and "
			 "checklists",
			name);
}

static bool
explain(const char *name)
{
	struct buf text;
	bool known;

	buf_init(&text, EXPLAIN_BYTES_MAX);
	known = explain_assertion(&text, name) || explain_checklist(&text, name) ||
		explain_failure_type(&text, name);
	known = explain_word(&text, name) || known;
	fputs(text.data, stdout);
	buf_release(&text);
	return known;
}

enum exit_status
command_explain(struct options *options)
{
	enum exit_status status = EXIT_PASSED;

	for (size_t i = 0; i < options->operands.count; i++) {
		if (i > 0)
			putchar('\n');
		if (explain(options->operands.items[i]))
			continue;
		refuse_name(options->operands.items[i]);
		status = EXIT_USAGE;
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
