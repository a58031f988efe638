/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Compares content octets; tables end with an empty OID, whose code stands for all others.
 */
#include "oid.h"

#include <string.h>

bool
oid_equal(const struct oid *oid, struct span content)
{
	return content.len == oid->len && memcmp(content.data, oid->bytes, oid->len) == 0;
}

int
oid_code(const struct oid_code *table, struct span content)
{
	while (table->oid.len != 0 && !oid_equal(&table->oid, content))
		table++;
	return table->code;
}
