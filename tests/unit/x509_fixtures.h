/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Certificates and OCSP responses for unit tests, by name. What each of them is stands in
 * make_x509_fixtures.py. All CAs are valid from 2020 to 2039, leaves during 2026, unless their
 * names say otherwise.
 */
#ifndef TESTS_X509_FIXTURES_H
#define TESTS_X509_FIXTURES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "wire/cursor.h"
#include "x509/trust.h"

static const struct {
	const char *name;
	const char *base64;
} x509_fixtures[] = {
#include "x509_fixtures.inc"
};

static inline const char *
fixture_base64(const char *name)
{
	for (size_t i = 0; i < sizeof(x509_fixtures) / sizeof(x509_fixtures[0]); i++)
		if (strcmp(x509_fixtures[i].name, name) == 0)
			return x509_fixtures[i].base64;
	fail_msg("there is no fixture %s", name);
	return NULL;
}

/* The DER of a fixture, in the arena. */
static inline struct span
fixture(struct arena *arena, const char *name)
{
	const char *base64 = fixture_base64(name);
	struct span der;
	struct buf bytes;

	buf_init(&bytes, 65536);
	assert_true(text_add_unbase64(&bytes, base64, strlen(base64)));
	der = (struct span){ arena_memdup(arena, bytes.data, bytes.len), bytes.len };
	buf_release(&bytes);
	return der;
}

/* Makes a fixture a trust anchor. */
static inline void
trust_fixture(struct trust_store *store, const char *name)
{
	struct error error = { .text = "" };
	size_t found = 0;
	struct buf pem;

	buf_init(&pem, 65536);
	buf_addf(&pem, "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n",
		fixture_base64(name));
	assert_true(trust_store_add_pem(store, pem.data, pem.len, &found, &error));
	buf_release(&pem);
}

/* A date such as "2026-06-01" or "2026-06-01T00:00:00Z". */
static inline int64_t
date_at(const char *text)
{
	int64_t date;

	if (!clock_parse_date(text, &date))
		fail_msg("not a date: %s", text);
	return date;
}

#endif
