/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tlsa_records: TLSA records of fixtures. One is written "usage selector matching fixture", with what is
 * wrong with its data behind that: "other" (a bit of it), "short" (a byte less).
 */
#ifndef GATE_TESTS_TLSA_RECORDS_H
#define GATE_TESTS_TLSA_RECORDS_H

#include "x509_fixtures.h"

#include "x509/cert.h"
#include "x509/tlsa.h"

static inline struct span
selected(struct arena *arena, const char *name, unsigned selector)
{
	struct span der = fixture(arena, name);
	struct error error = { { 0 } };
	struct cert cert;

	if (selector != TLSA_SPKI)
		return der;
	assert_true(cert_parse(&cert, der, arena, &error));
	return cert.key.spki;
}

static inline struct tlsa_record
record_of(struct arena *arena, const char *text)
{
	char *const copy = arena_strdup(arena, text), *fault = strchr(copy + 6, ' ');
	struct tlsa_record record = { (uint8_t)(copy[0] - '0'), (uint8_t)(copy[2] - '0'),
		(uint8_t)(copy[4] - '0'), { NULL, 0 } };
	struct span bytes;
	uint8_t *data;

	if (fault != NULL)
		*fault++ = '\0';
	bytes = selected(arena, copy + 6, record.selector);
	data = arena_alloc(arena, bytes.len + SHA512_LEN);
	if (record.matching == TLSA_SHA512)
		sha512(data, bytes);
	else if (record.matching == TLSA_FULL)
		memcpy(data, bytes.data, bytes.len);
	else
		sha256(data, bytes);
	record.data = (struct span){ data, record.matching == TLSA_FULL     ? bytes.len
					   : record.matching == TLSA_SHA512 ? SHA512_LEN
									    : SHA256_LEN };
	if (fault != NULL && strcmp(fault, "short") == 0)
		record.data.len--;
	else if (fault != NULL)
		data[7] ^= 1;
	return record;
}

#endif
