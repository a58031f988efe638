/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "x509_fixtures.h"

#include "x509/cert.h"

/* A SubjectPublicKeyInfo with a modulus of four bytes and an exponent of one. */
static struct public_key
rsa_of(uint8_t modulus_end, uint8_t exponent)
{
	static uint8_t spki[] = { 0x30, 0x1d, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7,
		0x0d, 1, 1, 1, 0x05, 0, 0x03, 0x0c, 0, 0x30, 0x09, 0x02, 0x04, 0x7f, 0, 0, 0, 0x02,
		0x01, 0 };
	struct public_key key;

	spki[27] = modulus_end;
	spki[30] = exponent;
	assert_true(public_key_parse(&key, (struct span){ spki, sizeof(spki) }));
	return key;
}

static void
an_rsa_key_has_odd_numbers_and_no_exponent_of_1(void **state)
{
	static const struct {
		uint8_t modulus_end, exponent;
		enum key_kind kind;
	} cases[] = {
		{ 1, 3, KEY_RSA }, { 0xff, 17, KEY_RSA }, { 1, 1, KEY_MALFORMED },
		{ 1, 2, KEY_MALFORMED }, { 1, 0, KEY_MALFORMED }, { 2, 3, KEY_MALFORMED },
		{ 1, 0x83, KEY_MALFORMED }, /* negative */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct public_key key = rsa_of(cases[i].modulus_end, cases[i].exponent);

		if (key.kind != cases[i].kind)
			fail_msg("modulus ...%02x, exponent %02x: got %s", cases[i].modulus_end,
				cases[i].exponent, public_key_name(key.kind));
	}
	assert_int_equal(rsa_of(1, 3).bits, 31);
}

/* The point is the last 65 bytes of the key; 4 before it means that it is not compressed. */
static void
a_point_stands_uncompressed(void **state)
{
	struct error error = { .text = "" };
	struct public_key key;
	struct arena arena;
	struct cert cert;
	uint8_t *spki;

	(void)state;
	arena_init(&arena);
	assert_true(cert_parse(&cert, fixture(&arena, "leaf"), &arena, &error));
	spki = arena_memdup(&arena, cert.key.spki.data, cert.key.spki.len);
	for (uint8_t form = 0; form < 8; form++) {
		spki[cert.key.spki.len - 65] = form;
		assert_true(public_key_parse(&key, (struct span){ spki, cert.key.spki.len }));
		assert_int_equal(key.kind, form == 4 ? KEY_P256 : KEY_MALFORMED);
	}
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_rsa_key_has_odd_numbers_and_no_exponent_of_1),
		cmocka_unit_test(a_point_stands_uncompressed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
