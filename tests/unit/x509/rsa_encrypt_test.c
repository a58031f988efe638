/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "x509/rsa_encrypt.h"

/* n = 2^511 + 1 (64 bytes), e = 3; an RSAPublicKey. */
static uint8_t material[] = { 0x30, 0x46, 0x02, 0x41, 0x00, 0x80, [68] = 0x01, 0x02, 0x01, 0x03 };

static const struct public_key key = {
	.kind = KEY_RSA, .bits = 512, .material = { material, sizeof(material) }
};

static void
a_block_is_raised_to_the_exponent(void **state)
{
	uint8_t block[64] = { [63] = 5 };
	struct buf out;

	(void)state;
	buf_init(&out, 100);
	assert_int_equal(rsa_block_len(&key), 64);
	assert_true(rsa_encrypt_block(&key, (struct span){ block, 64 }, &out));
	assert_int_equal(out.len, 64);
	for (size_t i = 0; i < 63; i++)
		assert_int_equal((uint8_t)out.data[i], 0);
	assert_int_equal((uint8_t)out.data[63], 125); /* 5 to the third */
	buf_release(&out);
}

static void
what_does_not_fit_is_not_encrypted(void **state)
{
	const struct public_key curve = { .kind = KEY_P256 };
	uint8_t block[64] = { 5 };
	struct buf out;

	(void)state;
	buf_init(&out, 63);
	assert_false(rsa_encrypt_block(&key, (struct span){ block, 63 }, &out));
	assert_false(rsa_encrypt_block(&curve, (struct span){ block, 64 }, &out));
	assert_int_equal(rsa_block_len(&curve), 0);
	assert_false(rsa_encrypt_block(&key, (struct span){ block, 64 }, &out));
	buf_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_block_is_raised_to_the_exponent),
		cmocka_unit_test(what_does_not_fit_is_not_encrypted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
