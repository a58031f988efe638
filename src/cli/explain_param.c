/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a parameter of an assertion takes, in words.
 */
#include "commands.h"

static void
add_choices(struct buf *out, const char *before, const struct param *param)
{
	buf_add_string(out, before);
	for (size_t i = 0; param->choices[i] != NULL; i++)
		buf_addf(out, "%s\"%s\"", i == 0 ? "" : ", ", param->choices[i]);
}

static void
add_number(struct buf *out, const struct param *param)
{
	buf_addf(out, "a whole number from %ld to %ld", param->minimum, param->maximum);
}

static void
add_choice(struct buf *out, const struct param *param)
{
	add_choices(out, "one of ", param);
}

static void
add_list(struct buf *out, const struct param *param)
{
	if (param->describe != NULL)
		buf_add_string(out, "a list of names, which 'starttls-gate explain' shows");
	else if (param->choices != NULL)
		add_choices(out, "a list of ", param);
	else
		buf_add_string(out, "a list of strings");
}

static void
add_members(struct buf *out, const struct param *param)
{
	for (const struct param *member = param->members; member->name != NULL; member++) {
		buf_addf(out, "%s %s (", member == param->members ? "." : "", member->name);
		add_param_type(out, member);
		buf_addf(out, "): %s", member->help);
	}
}

/* What can be said of a type without its parameter; NULL: what the function says. */
static const struct type_words {
	const char *words;
	void (*add)(struct buf *out, const struct param *param);
} types[] = {
	[PARAM_NUMBER] = { NULL, add_number },
	[PARAM_FRACTION] = { "a number above 0, and 1 at most", NULL },
	[PARAM_BOOLEAN] = { "true or false", NULL },
	[PARAM_TEXT] = { "a string", NULL },
	[PARAM_REGEX] = { "a POSIX extended regular expression", NULL },
	[PARAM_CHOICE] = { NULL, add_choice },
	[PARAM_LIST] = { NULL, add_list },
	[PARAM_SECRET] = { "a reference to a secret, as \"${password}\"", NULL },
	[PARAM_FILE] = { "the path of a file", NULL },
	[PARAM_LINE] = { "a string, with references to secrets where they belong", NULL },
	[PARAM_EXPECT] = { "a string, or a POSIX extended regular expression between slashes",
		NULL },
	[PARAM_OBJECT] = { "an object", NULL },
	[PARAM_OBJECTS] = { "a list of objects", NULL },
};

void
add_param_type(struct buf *out, const struct param *param)
{
	const struct type_words *type = &types[param->type];

	if (type->words != NULL)
		buf_add_string(out, type->words);
	else
		type->add(out, param);
	if (param->required_with != NULL)
		buf_add_string(out, "; required with some values of the above");
	else if (param->required)
		buf_add_string(out, "; required");
	if (param->fallback != NULL)
		buf_addf(out, "; %s unless given", param->fallback);
	if (param->members != NULL)
		add_members(out, param);
}

static void
add_items(struct buf *out, const struct argument *argument)
{
	for (size_t i = 0; i < argument->count; i++)
		buf_addf(out, "%s%s", i == 0 ? "" : ", ", argument->items[i]);
}

/* "host mail.example.com, port 993; ..." */
static void
add_objects_of(struct buf *out, const struct param *param, const struct argument *argument)
{
	const struct argument *value = argument->members;

	for (size_t i = 0; i < argument->count; i++) {
		const char *before = i == 0 ? "" : "; ";

		for (const struct param *member = param->members; member->name != NULL;
			member++, value++) {
			if (!value->given || member->type == PARAM_SECRET)
				continue;
			buf_addf(out, "%s%s ", before, member->name);
			add_param_value(out, member, value);
			before = ", ";
		}
	}
}

void
add_param_value(struct buf *out, const struct param *param, const struct argument *argument)
{
	switch (param->type) {
	case PARAM_NUMBER:
		buf_addf(out, "%ld", argument->number);
		break;
	case PARAM_FRACTION:
		buf_addf(out, "%g", argument->fraction);
		break;
	case PARAM_BOOLEAN:
		buf_add_string(out, argument->truth ? "true" : "false");
		break;
	case PARAM_LIST:
		add_items(out, argument);
		break;
	case PARAM_TEXT:
	case PARAM_REGEX:
	case PARAM_CHOICE:
	case PARAM_FILE:
	case PARAM_EXPECT:
		buf_add_string(out, argument->text);
		break;
	case PARAM_LINE:
		buf_add_string(out, argument->shown);
		break;
	case PARAM_OBJECT:
	case PARAM_OBJECTS:
		add_objects_of(out, param, argument);
		break;
	case PARAM_SECRET:
		break;
	}
}
