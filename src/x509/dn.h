/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * dn: distinguished names (RFC 5280 section 4.1.2.4), each the DER of a Name with its tag and
 * length. Names are compared as section 7.1 wants them: attribute types as they are, values of
 * the common string types without regard to string type, ASCII case and repeated blanks; all
 * other values byte by byte. Case outside ASCII is not folded.
 */
#ifndef GATE_X509_DN_H
#define GATE_X509_DN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "wire/cursor.h"

bool dn_is_well_formed(struct span name);
bool dn_is_empty(struct span name);
bool dn_equal(struct span a, struct span b);

/* Equal names have equal hashes. */
uint32_t dn_hash(struct span name);

/* Whether the name lies in the subtree below base: base is a prefix of it, RDN by RDN
 * (RFC 5280 section 4.2.1.10). */
bool dn_is_within(struct span name, struct span base);

/* Appends a name, most specific part first: "CN=mail.example.com, O=Example". Special characters
 * get a backslash (RFC 4514 section 2.4), unprintable ones \xNN; of more than 16 RDNs only the
 * last 16 are shown. An empty name reads "(empty name)". */
void dn_add_text(struct buf *out, struct span name);

/* Goes through the attributes of a name. */
struct dn_walk {
	struct cursor rdns;
	struct cursor rdn;
};

struct dn_walk dn_walk_over(struct span name);

/* The value of the next emailAddress attribute (PKCS #9); false when there is none left. */
bool dn_next_email(struct dn_walk *walk, struct span *address);

#endif
