/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * dns_name: host names in the "preferred name syntax" (RFC 1034 section 3.5, RFC 1123 section
 * 2.1): letters, digits and hyphens, labels of 1 to 63, 253 in all, no dot at the end. Compared
 * without regard to ASCII case, label by label.
 */
#ifndef GATE_WIRE_DNS_NAME_H
#define GATE_WIRE_DNS_NAME_H

#include <stdbool.h>

#include "wire/cursor.h"

#define DNS_NAME_MAX 253

/* Whether this is a host name; "*" is not part of one. */
bool dns_name_is_plain(struct span name);

bool dns_name_equal(struct span a, struct span b);

/* Whether the name is the base or has more labels in front of it. Everything is below the empty
 * base. */
bool dns_name_is_within(struct span name, struct span base);

#endif
