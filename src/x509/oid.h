/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * oid: tables that tell object identifiers apart by their content octets.
 */
#ifndef GATE_X509_OID_H
#define GATE_X509_OID_H

#include <stdbool.h>
#include <stdint.h>

#include "wire/cursor.h"

#define OID_MAX 12

struct oid {
	uint8_t len;
	uint8_t bytes[OID_MAX];
};

/* A table ends with a row of length 0; that row's code stands for "none of these". */
struct oid_code {
	struct oid oid;
	int code;
};

bool oid_equal(const struct oid *oid, struct span content);
int oid_code(const struct oid_code *table, struct span content);

#endif
