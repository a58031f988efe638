/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * names: tables that give numbers their names. A table ends with a row whose name is NULL.
 */
#ifndef GATE_BASE_NAMES_H
#define GATE_BASE_NAMES_H

#include <stdbool.h>

struct name_code {
	const char *name;
	int code;
};

/* The first name with that number; NULL when there is none. */
const char *name_of(const struct name_code *table, int code);

/* The number of a name, without regard to ASCII case; false when it is not in the table. */
bool name_code(const struct name_code *table, const char *name, int *code);

#endif
