/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Look-ups in a table from its first row to its last, both ways.
 */
#include "base/names.h"

#include <stddef.h>

#include "base/text.h"

const char *
name_of(const struct name_code *table, int code)
{
	for (; table->name != NULL; table++)
		if (table->code == code)
			return table->name;
	return NULL;
}

bool
name_code(const struct name_code *table, const char *name, int *code)
{
	for (; table->name != NULL; table++) {
		if (text_same(table->name, name)) {
			*code = table->code;
			return true;
		}
	}
	return false;
}
