/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Signatures that another implementation made; see make_possession_samples.py.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "flight_hex.h"
#include "possession_samples.h"
#include "probe/possession.h"

#define HASH_LEN 32

/* Where the handshake messages of the flight begin to matter: behind its only record header. */
#define RECORD_HEADER_LEN 5

static void
count_up(uint8_t *bytes, size_t len, uint8_t from)
{
	for (size_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)(from + i);
}

static bool
is_proven_in_clear(const struct buf *bytes, size_t len, const uint8_t random[HELLO_RANDOM_LEN])
{
	struct flight flight;
	bool proven;

	flight_init(&flight, true);
	flight_feed(&flight, bytes->data, len);
	proven = flight.state == FLIGHT_HELLO && possession_in_clear(&flight, random);
	flight_release(&flight);
	return proven;
}

static void
a_flight_of_tls_1_2_proves_the_key_to_its_own_client_alone(void **state)
{
	uint8_t random[HELLO_RANDOM_LEN];
	struct buf bytes;

	(void)state;
	buf_init(&bytes, 10000);
	add_record(&bytes, 22, FLIGHT_TLS12);
	count_up(random, sizeof(random), 0);
	assert_true(is_proven_in_clear(&bytes, bytes.len, random));
	random[31] ^= 1;
	assert_false(is_proven_in_clear(&bytes, bytes.len, random));
	random[31] ^= 1;
	for (size_t len = 0; len < bytes.len; len++)
		if (is_proven_in_clear(&bytes, len, random))
			fail_msg("%zu bytes of %zu prove the key", len, bytes.len);
	buf_release(&bytes);
}

/* Randoms, suite, parameters, scheme and signature: what is not signed itself has its meaning in
 * what is. Of the certificate only the key counts here. */
static void
no_byte_of_what_is_signed_can_be_changed(void **state)
{
	const size_t hello = RECORD_HEADER_LEN + 4 + 2, random_len = 32;
	uint8_t random[HELLO_RANDOM_LEN];
	struct buf bytes;
	size_t exchange;

	(void)state;
	buf_init(&bytes, 10000);
	add_record(&bytes, 22, FLIGHT_TLS12);
	count_up(random, sizeof(random), 0);
	exchange = RECORD_HEADER_LEN + 4 + 38 + 4 + 6 + sizeof(LEAF) / 2;
	assert_int_equal(bytes.data[exchange], 12);
	for (size_t at = 0; at < bytes.len; at++) {
		if ((at < hello || at >= hello + random_len) && at < exchange)
			continue;
		bytes.data[at] ^= 1;
		if (is_proven_in_clear(&bytes, bytes.len, random))
			fail_msg("the key is proven with byte %zu changed", at);
		bytes.data[at] ^= 1;
	}
	buf_release(&bytes);
}

static const struct silent_case {
	const char *name;
	const char *hex; /* a flight without a signature that counts */
} silent[] = {
	{ "static RSA signs nothing",
		"020000260303"
		"0000000000000000000000000000000000000000000000000000000000000000"
		"00002f00"
		"0b00000a000007000004aabbccdd"
		"0e000000" },
	{ "no certificate, no key",
		"020000260303"
		"0000000000000000000000000000000000000000000000000000000000000000"
		"00c02b00"
		"0b000003000000"
		"0c00000d03001d01aa0403000400000000"
		"0e000000" },
	{ "a certificate that cannot be read proves nothing",
		"020000260303"
		"0000000000000000000000000000000000000000000000000000000000000000"
		"00c02b00"
		"0b00000a000007000004aabbccdd"
		"0c00000d03001d01aa0403000400000000"
		"0e000000" },
	{ "bytes behind the signature leave it unread",
		"020000260303"
		"0000000000000000000000000000000000000000000000000000000000000000"
		"00c02b00"
		"0b00000a000007000004aabbccdd"
		"0c00000e03001d01aa040300040000000000"
		"0e000000" },
};

static void
what_is_not_signed_proves_nothing(void **state)
{
	const uint8_t random[HELLO_RANDOM_LEN] = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(silent) / sizeof(silent[0]); i++) {
		struct flight flight;
		struct buf bytes;

		buf_init(&bytes, 10000);
		add_record(&bytes, 22, silent[i].hex);
		flight_init(&flight, true);
		flight_feed(&flight, bytes.data, bytes.len);
		if (flight.state != FLIGHT_HELLO || possession_in_clear(&flight, random))
			fail_msg("%s: got state %d (%s), proven or not whole", silent[i].name,
				(int)flight.state, flight.why != NULL ? flight.why : "");
		flight_release(&flight);
		buf_release(&bytes);
	}
}

static bool
is_proven_in_tls13(const struct buf *leaf, const uint8_t *hash, size_t hash_len,
	const struct buf *message, size_t len)
{
	struct certificate_verify verify =
		certificate_verify_read((struct span){ (const uint8_t *)message->data, len });

	return possession_in_tls13((struct span){ (const uint8_t *)leaf->data, leaf->len },
		(struct span){ hash, hash_len }, &verify);
}

static void
a_certificate_verify_proves_the_key_for_its_transcript_alone(void **state)
{
	uint8_t hash[HASH_LEN];
	struct buf leaf, verify;

	(void)state;
	buf_init(&leaf, 10000);
	buf_init(&verify, 10000);
	add_hex(&leaf, LEAF);
	add_hex(&verify, VERIFY_TLS13);
	count_up(hash, sizeof(hash), 96);
	assert_true(is_proven_in_tls13(&leaf, hash, sizeof(hash), &verify, verify.len));
	assert_false(is_proven_in_tls13(&leaf, hash, 0, &verify, verify.len));
	assert_false(is_proven_in_tls13(&leaf, hash, sizeof(hash) - 1, &verify, verify.len));
	for (size_t len = 0; len < verify.len; len++)
		assert_false(is_proven_in_tls13(&leaf, hash, sizeof(hash), &verify, len));
	for (size_t at = 0; at < verify.len; at++) {
		verify.data[at] ^= 1;
		if (is_proven_in_tls13(&leaf, hash, sizeof(hash), &verify, verify.len))
			fail_msg("the key is proven with byte %zu changed", at);
		verify.data[at] ^= 1;
	}
	hash[0] ^= 1;
	assert_false(is_proven_in_tls13(&leaf, hash, sizeof(hash), &verify, verify.len));
	buf_release(&leaf);
	buf_release(&verify);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_flight_of_tls_1_2_proves_the_key_to_its_own_client_alone),
		cmocka_unit_test(no_byte_of_what_is_signed_can_be_changed),
		cmocka_unit_test(what_is_not_signed_proves_nothing),
		cmocka_unit_test(a_certificate_verify_proves_the_key_for_its_transcript_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
