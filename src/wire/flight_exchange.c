/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The ServerKeyExchange of each kind of key exchange: group or prime, size, and signature.
 */
#include "flight_exchange.h"

#include "wire/suites.h"

/* ECCurveType (RFC 8422 section 5.4). */
#define CURVE_EXPLICIT_PRIME 1
#define CURVE_EXPLICIT_CHAR2 2
#define CURVE_NAMED 3

static unsigned
bits_of(struct span number)
{
	unsigned top = 0;

	while (number.len != 0 && number.data[0] == 0) {
		number.data++;
		number.len--;
	}
	if (number.len == 0)
		return 0;
	for (uint8_t first = number.data[0]; first != 0; first >>= 1)
		top++;
	return (unsigned)(number.len - 1) * 8 + top;
}

/* dh_p, dh_g, dh_Ys (RFC 5246 section 7.4.3). */
static const char *
read_dhe(struct flight *flight, struct cursor *cursor)
{
	struct span prime = cursor_vector16(cursor);
	struct span generator = cursor_vector16(cursor);

	cursor_vector16(cursor);
	if (cursor->broken)
		return "RFC 5246 7.4.3: the DHE parameters run over the end of the message";
	flight->exchange.prime = flight_range_of(flight, prime);
	flight->exchange.generator = flight_range_of(flight, generator);
	flight->exchange.bits = bits_of(prime);
	return NULL;
}

/* The point of an explicit curve stands behind parameters that nobody needs to see. */
static const char *
read_ecdhe(struct flight *flight, struct cursor *cursor)
{
	uint8_t type = cursor_u8(cursor);

	if (type == CURVE_EXPLICIT_PRIME || type == CURVE_EXPLICIT_CHAR2) {
		flight->exchange.explicit_curve = true;
		return NULL;
	}
	flight->exchange.group = cursor_u16(cursor);
	cursor_vector8(cursor);
	if (cursor->broken || type != CURVE_NAMED)
		return "RFC 8422 5.4: the ECDHE parameters are not a curve and a point";
	return NULL;
}

/* rsa_modulus, rsa_exponent (RFC 2246 section 7.4.3). */
static const char *
read_export_rsa(struct flight *flight, struct cursor *cursor)
{
	struct span modulus = cursor_vector16(cursor);

	cursor_vector16(cursor);
	if (cursor->broken)
		return "RFC 2246 7.4.3: the RSA parameters run over the end of the message";
	flight->exchange.modulus = flight_range_of(flight, modulus);
	flight->exchange.bits = bits_of(modulus);
	return NULL;
}

static const char *
read_parameters(struct flight *flight, const struct suite *suite, struct cursor *cursor)
{
	switch (suite_exchange(suite)) {
	case SUITE_EXCHANGE_DHE:
		return read_dhe(flight, cursor);
	case SUITE_EXCHANGE_ECDHE:
		return read_ecdhe(flight, cursor);
	case SUITE_EXCHANGE_RSA:
		return read_export_rsa(flight, cursor);
	case SUITE_EXCHANGE_OTHER:
	case SUITE_EXCHANGE_STATIC_DH:
	case SUITE_EXCHANGE_TLS13:
		break;
	}
	return NULL;
}

/* The scheme and the signature over all that stands before them (RFC 5246 section 7.4.3). */
static void
read_signature(struct flight *flight, struct span parameters, struct cursor *cursor)
{
	struct span signature;

	flight->exchange.signature = cursor_u16(cursor);
	signature = cursor_vector16(cursor);
	if (!cursor_at_end(cursor))
		return;
	flight->exchange.parameters = flight_range_of(flight, parameters);
	flight->exchange.signed_by = flight_range_of(flight, signature);
}

const char *
flight_exchange_read(struct flight *flight, struct span body)
{
	const struct suite *suite = suite_by_id(flight->hello.suite);
	struct cursor cursor = cursor_over(body);
	const char *why;

	flight->exchange = (struct flight_exchange){ .seen = true };
	if (suite == NULL)
		return NULL;
	/* RFC 4279 section 3: a hint of the identity goes first. */
	if ((suite_classes(suite) & SUITE_PSK) != 0)
		cursor_vector16(&cursor);
	why = read_parameters(flight, suite, &cursor);
	if (why != NULL || cursor.left == 0 || flight->exchange.explicit_curve)
		return why;
	if (flight->hello.version == TLS_VERSION_1_2)
		read_signature(flight, (struct span){ body.data, body.len - cursor.left }, &cursor);
	return NULL;
}
