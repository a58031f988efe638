/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * der: reads ASN.1 values in their distinguished encoding (X.690 clauses 8 and 10) from a
 * cursor. Only definite, minimal lengths of at most four bytes and tags of one byte are read;
 * everything else breaks the cursor, as does a tag other than the one asked for. As with
 * `cursor`, one test after the last read is enough. What is handed out points into the bytes.
 *
 * Two leniencies, because issued certificates need them: a BOOLEAN that is FALSE may be written
 * where FALSE is the default, and a BIT STRING of named bits may end in zero bits.
 */
#ifndef GATE_X509_DER_H
#define GATE_X509_DER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "wire/cursor.h"

/* Identifier octets (X.690 clause 8.1.2). */
enum der_tag {
	DER_BOOLEAN = 0x01,
	DER_INTEGER = 0x02,
	DER_BIT_STRING = 0x03,
	DER_OCTET_STRING = 0x04,
	DER_NULL = 0x05,
	DER_OID = 0x06,
	DER_ENUMERATED = 0x0a,
	DER_UTF8_STRING = 0x0c,
	DER_PRINTABLE_STRING = 0x13,
	DER_TELETEX_STRING = 0x14,
	DER_IA5_STRING = 0x16,
	DER_UTC_TIME = 0x17,
	DER_GENERALIZED_TIME = 0x18,
	DER_BMP_STRING = 0x1e,
	DER_SEQUENCE = 0x30,
	DER_SET = 0x31,
	DER_CONTEXT = 0x80,             /* + number: a primitive [number] */
	DER_CONTEXT_CONSTRUCTED = 0xa0, /* + number: a constructed [number] */
};

struct der_item {
	uint8_t tag;
	struct span content;
	struct span whole; /* with identifier and length */
};

/* The next value, whatever its tag; zeroes when the cursor is or gets broken. */
struct der_item der_next(struct cursor *cursor);

/* Content of the next value, which must have that tag; der_whole: with identifier and length. */
struct span der_read(struct cursor *cursor, unsigned tag);
struct span der_whole(struct cursor *cursor, unsigned tag);

/* Whether the next value has that tag. */
bool der_at(const struct cursor *cursor, unsigned tag);

/* Reads the next value if it has that tag; false, and nothing read, when it has not. */
bool der_optional(struct cursor *cursor, unsigned tag, struct span *content);

/* A cursor over the content of the next value; broken when that cannot be read. */
struct cursor der_enter(struct cursor *cursor, unsigned tag);

/* Breaks the outer cursor unless the inner one was read to its end. */
void der_leave(struct cursor *outer, const struct cursor *inner);

bool der_boolean(struct cursor *cursor);

/* Content octets of an INTEGER in its shortest form: two's complement, big endian. */
struct span der_integer(struct cursor *cursor);

/* The bytes of an INTEGER that must not be negative, without the sign byte. */
struct span der_positive(struct cursor *cursor);

/* An INTEGER from 0 to 2^31 - 1. */
uint32_t der_number(struct cursor *cursor);

/* The bytes of a BIT STRING that must fill whole bytes. */
struct span der_bytes(struct cursor *cursor);

/* The first 16 bits of a BIT STRING of named bits; bit n of X.680 is 0x8000 >> n. */
uint16_t der_named_bits(struct cursor *cursor);

/* UTCTime or GeneralizedTime as RFC 5280 section 4.1.2.5 wants them (seconds, Z, no fraction),
 * in seconds since 1970-01-01T00:00:00Z. */
int64_t der_time(struct cursor *cursor);

/* Appends an object identifier's content octets in dotted form; "(bad OID)" when it is none. */
void der_add_oid(struct buf *out, struct span oid);

#endif
