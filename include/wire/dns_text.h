/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * dns_text: records of the DNS as people read them, and the names of reverse zones.
 */
#ifndef GATE_WIRE_DNS_TEXT_H
#define GATE_WIRE_DNS_TEXT_H

#include "base/buf.h"

/* As many characters as the longest record can have, each byte escaped. */
#define DNS_RECORD_TEXT_MAX (4 * 65536)

/* Appends the data of a record as zone files have it (RFC 1035 section 5.1), but for two things that make
 * it easier to look for: host names end without a dot, and the strings of TXT are joined and stand
 * without quotes. What is no record of the type, or of one that is not known, is \# and its bytes (RFC
 * 3597 section 5). All of it is printable. */
void dns_record_text(struct buf *out, uint16_t type, struct span rdata);

/* "d.c.b.a.in-addr.arpa", or the 32 nibbles of an IPv6 address, and the terminator fit. */
#define DNS_REVERSE_MAX 74

/* The name of the PTR records of an address in its text form (RFC 1035 section 3.5, RFC 3596 section 2.5).
 * False, with "", when it is no address. */
bool dns_reverse_name(char name[DNS_REVERSE_MAX], const char *address);

#endif
