/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How references are written.
 */
#include "reference.h"

#include <string.h>

bool
is_reference_name(const char *name, size_t len)
{
	static const char allowed[] = "_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789";

	return len != 0 && strspn(name, allowed) >= len && !(name[0] >= '0' && name[0] <= '9');
}

const char *
reference_sole(struct arena *arena, const char *text)
{
	size_t len = strlen(text);

	if (len < 4 || strncmp(text, "${", 2) != 0 || text[len - 1] != '}')
		return NULL;
	return is_reference_name(text + 2, len - 3) ? arena_memdup(arena, text + 2, len - 3) : NULL;
}

bool
is_reference(const char *text)
{
	const char *colon = strstr(text, ":-"), *end = strchr(text, '}');

	if (strncmp(text, "${", 2) != 0 || end == NULL || end[1] != '\0')
		return false;
	text += 2;
	return is_reference_name(text, (size_t)((colon == NULL ? end : colon) - text));
}
