/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "values.h"

#include <string.h>

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

bool
value_number(struct loader *loader, const struct json *json, const char *key,
	const struct number_range *range, long *number)
{
	double given = json->number;

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
