/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Words of checklists, and of the command line, in the words of the tables that they are rows of.
 */
#include <string.h>

#include "checklist/schema_objects.h"
#include "commands.h"
#include "report/terminal.h"
#include "report/wrap.h"

static void
add_help(struct buf *out, const char *help)
{
	buf_add_string(out, "  ");
	wrap_add(out, help, 2, terminal_width(stdout));
	buf_add_char(out, '\n');
}

static const struct member *
find_member(const struct schema_object *form, const char *key)
{
	const struct member *member = form->members;

	while (member->key != NULL && strcmp(member->key, key) != 0)
		member++;
	return member->key != NULL ? member : NULL;
}

/* Whether an object before that one has a member that is told in the same words. */
static bool
is_told_before(size_t form, const struct member *member)
{
	for (size_t i = 0; i < form; i++) {
		const struct member *other = find_member(schema_objects[i], member->key);

		if (other != NULL && strcmp(other->help, member->help) == 0)
			return true;
	}
	return false;
}

/* The members of what it is an object of; none of what is none. */
static void
add_parts(struct buf *out, const char *key)
{
	for (size_t i = 0; schema_objects[i] != NULL; i++) {
		const struct member *member = schema_objects[i]->members;

		if (strcmp(schema_objects[i]->definition, key) != 0)
			continue;
		for (; member->key != NULL; member++) {
			if (member->key[0] == '$')
				continue;
			buf_addf(out, "  \"%s\"\n      ", member->key);
			wrap_add(out, member->help, 6, terminal_width(stdout));
			buf_add_char(out, '\n');
		}
	}
}

static bool
explain_members(struct buf *out, const char *key)
{
	bool any = false;

	for (size_t i = 0; key[0] != '$' && schema_objects[i] != NULL; i++) {
		const struct member *member = find_member(schema_objects[i], key);

		if (member == NULL || is_told_before(i, member))
			continue;
		buf_addf(out, "%s\"%s\" in %s\n", out->len != 0 ? "\n" : "", key,
			schema_objects[i]->name);
		add_help(out, member->help);
		if (member->type == JSON_OBJECT)
			add_parts(out, key);
		any = true;
	}
	return any;
}

static bool
explain_option(struct buf *out, const char *name)
{
	const struct option_row *row = option_rows;

	while (row->name != NULL && strcmp(row->name, name) != 0)
		row++;
	if (row->name == NULL)
		return false;
	buf_addf(out, "%s--%s%s%s\n", out->len != 0 ? "\n" : "", row->name,
		row->value_name != NULL ? " " : "", row->value_name != NULL ? row->value_name : "");
	add_help(out, row->help);
	return true;
}

bool
explain_word(struct buf *out, const char *word)
{
	bool is_member = explain_members(out, word);

	return explain_option(out, strncmp(word, "--", 2) == 0 ? word + 2 : word) || is_member;
}
