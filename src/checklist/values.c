/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Numbers, fractions and choices, in JSON or as the text of a variable.
 */
#include "values.h"

#include <string.h>

#include "expand.h"

const char *
value_choice(struct loader *loader, const struct json *json, const char *key, const char *text,
	const char *const *choices)
{
	struct names_offered offered;

	for (size_t i = 0; choices[i] != NULL; i++)
		if (strcmp(choices[i], text) == 0)
			return choices[i];
	names_offered_init(&offered, text);
	for (size_t i = 0; choices[i] != NULL; i++)
		names_offered_add(&offered, choices[i]);
	names_offered_complain(loader, &offered, &json->place,
		names_offered_note(&offered, loader->arena, "one of"), "\"%s\" cannot be \"%s\"",
		key, text);
	return NULL;
}

/* A variable holds a number if its text is one in JSON. */
static const struct json *
parse_number(struct loader *loader, const char *text)
{
	struct problems ignored;
	const struct json *json;

	problems_init(&ignored);
	json = json_parse(loader->arena, "", text, strlen(text), &ignored);
	problems_release(&ignored);
	return json != NULL && json->type == JSON_NUMBER ? json : NULL;
}

bool
value_fraction(struct loader *loader, const struct json *json, const char *key, double *number)
{
	const struct json *given = json;
	const char *text;

	if (json->type == JSON_STRING) {
		text = expand(loader, json);
		if (text == NULL)
			return false;
		given = parse_number(loader, text);
		if (given == NULL) {
			loader_complain(loader, &json->place, NULL, NULL,
				"\"%s\" must be a number, and %s is \"%s\"", key, json->string,
				text);
			return false;
		}
	}
	*number = given->number;
	return true;
}

bool
value_number(struct loader *loader, const struct json *json, const char *key,
	const struct number_range *range, long *number)
{
	double given;

	if (!value_fraction(loader, json, key, &given))
		return false;
	if (given >= (double)range->minimum && given <= (double)range->maximum &&
		given == (double)(long)given) {
		*number = (long)given;
		return true;
	}
	loader_complain(loader, &json->place, NULL, range->note,
		"\"%s\" must be a whole number from %ld to %ld", key, range->minimum,
		range->maximum);
	return false;
}
