/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the keys refuse. That they open what a server sent is shown end to end, with each suite
 * and group.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "net/tls13_keys.h"
#include "wire/groups.h"
#include "wire/tls_names.h"

static const uint16_t groups[] = { GROUP_X25519, GROUP_SECP256R1 };
static const uint8_t hello[] = "a hello";

static void
test_each_group_has_one_share_that_stays(void **state)
{
	const uint16_t others[] = { GROUP_SECP384R1, GROUP_SECP521R1 };
	const size_t lens[] = { 97, 133 };
	struct tls13_keys *keys = tls13_keys_create(groups, 2);
	struct tls13_keys *again = tls13_keys_create(groups, 2);
	struct tls13_keys *larger = tls13_keys_create(others, 2);

	(void)state;
	assert_int_equal(tls13_keys_shares(keys)[0].key.len, 32);
	assert_int_equal(tls13_keys_shares(keys)[1].key.len, 65);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(tls13_keys_shares(keys)[i].group, groups[i]);
		assert_int_equal(tls13_keys_shares(larger)[i].key.len, lens[i]);
		assert_true(span_equal(
			tls13_keys_shares(keys)[i].key, tls13_keys_shares(again)[i].key));
	}
	tls13_keys_release(keys);
	tls13_keys_release(again);
	tls13_keys_release(larger);
	tls13_keys_release(NULL);
}

static void
test_no_share_is_made_for_a_group_without_keys_here(void **state)
{
	const uint16_t unknown[] = { GROUP_X448 };

	(void)state;
	assert_null(tls13_keys_create(unknown, 1));
}

/* Any public key will do as the server's, such as our own. */
static bool
agree(struct tls13_keys *keys, uint16_t suite, uint16_t group, struct span share)
{
	struct tls13_agreement agreement = { suite, group, share, { hello, sizeof(hello) },
		{ hello, sizeof(hello) } };
	struct error error = { .text = "" };
	bool agreed = tls13_keys_agree(keys, &agreement, &error);

	assert_int_equal(agreed, !error_is_set(&error));
	return agreed;
}

static void
test_an_agreement_needs_what_was_offered(void **state)
{
	static const uint8_t zeros[65] = { 0x04 };
	struct tls13_keys *keys = tls13_keys_create(groups, 2);
	const struct hello_share *own = tls13_keys_shares(keys);
	struct span point = own[1].key;

	(void)state;
	assert_true(agree(keys, 0x1301, GROUP_X25519, own[0].key));
	assert_true(agree(keys, 0x1302, GROUP_SECP256R1, own[1].key));
	assert_false(agree(keys, 0x1306, GROUP_X25519, own[0].key));
	assert_false(agree(keys, 0x1301, GROUP_SECP384R1, own[0].key));
	assert_false(agree(keys, 0x1301, GROUP_SECP256R1, own[0].key));
	assert_false(agree(keys, 0x1301, GROUP_X25519, own[1].key));
	assert_false(agree(keys, 0x1301, GROUP_X25519, (struct span){ zeros + 1, 32 }));
	assert_false(agree(keys, 0x1301, GROUP_SECP256R1, (struct span){ zeros, 65 }));
	for (size_t len = 0; len < point.len; len++)
		assert_false(
			agree(keys, 0x1301, GROUP_SECP256R1, (struct span){ point.data, len }));
	assert_false(agree(keys, 0x1301, GROUP_X25519, (struct span){ NULL, 0 }));
	tls13_keys_release(keys);
}

static bool
open_bytes(struct tls13_keys *keys, const uint8_t *bytes, size_t len)
{
	const struct flight_record record = { TLS_CONTENT_APPLICATION_DATA, TLS_VERSION_1_2,
		{ bytes, len } };
	struct error error = { .text = "" };
	uint8_t type = 0;
	struct buf out;
	bool opened;

	buf_init(&out, 100);
	opened = tls13_keys_open(keys, &record, &type, &out, &error);
	assert_int_equal(opened, !error_is_set(&error));
	assert_int_equal(out.len, 0);
	buf_release(&out);
	return opened;
}

static void
test_only_records_of_these_keys_are_opened(void **state)
{
	static const uint8_t bytes[64];
	struct tls13_keys *keys = tls13_keys_create(groups, 2);

	(void)state;
	assert_false(open_bytes(keys, bytes, sizeof(bytes))); /* nothing is agreed on */
	for (size_t i = 0; i < TLS13_SUITES_COUNT; i++) {
		assert_true(
			agree(keys, tls13_suites[i], GROUP_X25519, tls13_keys_shares(keys)[0].key));
		assert_false(open_bytes(keys, bytes, sizeof(bytes)));
		for (size_t len = 0; len <= 17; len++)
			assert_false(open_bytes(keys, bytes, len));
	}
	tls13_keys_release(keys);
}

/* FIPS 180-4: the hash of "abc", however it comes in parts. */
static void
test_a_transcript_is_hashed_with_the_hash_of_the_suite(void **state)
{
	static const uint8_t sha256_begins[] = { 0xba, 0x78, 0x16, 0xbf };
	static const uint8_t sha384_begins[] = { 0xcb, 0x00, 0x75, 0x3f };
	const struct span parts[] = { { (const uint8_t *)"a", 1 }, { NULL, 0 },
		{ (const uint8_t *)"bc", 2 } };
	struct tls13_keys *keys = tls13_keys_create(groups, 2);
	uint8_t hash[TLS13_HASH_MAX];

	(void)state;
	assert_int_equal(tls13_keys_transcript(keys, parts, 3, hash), 0);
	assert_true(agree(keys, 0x1301, GROUP_X25519, tls13_keys_shares(keys)[0].key));
	assert_int_equal(tls13_keys_transcript(keys, parts, 3, hash), 32);
	assert_memory_equal(hash, sha256_begins, sizeof(sha256_begins));
	assert_true(agree(keys, 0x1302, GROUP_X25519, tls13_keys_shares(keys)[0].key));
	assert_int_equal(tls13_keys_transcript(keys, parts, 3, hash), 48);
	assert_memory_equal(hash, sha384_begins, sizeof(sha384_begins));
	tls13_keys_release(keys);
}

/* SHA-256 of "abc" (FIPS 180-2 appendix B.1), as RFC 8446 section 4.4.1 has it. */
static void
test_a_first_hello_is_stood_in_for_by_its_hash(void **state)
{
	static const char want[] =
		"\xfe\0\0\x20\xba\x78\x16\xbf\x8f\x01\xcf\xea\x41\x41\x40\xde\x5d"
		"\xae\x22\x23\xb0\x03\x61\xa3\x96\x17\x7a\x9c\xb4\x10\xff\x61\xf2"
		"\x00\x15\xad";
	struct span abc = { (const uint8_t *)"abc", 3 };
	struct buf out;

	(void)state;
	buf_init(&out, 200);
	assert_true(tls13_stand_in(0x1301, abc, &out));
	assert_int_equal(out.len, sizeof(want) - 1);
	assert_memory_equal(out.data, want, sizeof(want) - 1);
	buf_reset(&out);
	assert_true(tls13_stand_in(0x1302, abc, &out));
	assert_int_equal(out.len, 4 + 48);
	assert_false(tls13_stand_in(0xc02f, abc, &out));
	buf_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_first_hello_is_stood_in_for_by_its_hash),
		cmocka_unit_test(test_each_group_has_one_share_that_stays),
		cmocka_unit_test(test_no_share_is_made_for_a_group_without_keys_here),
		cmocka_unit_test(test_an_agreement_needs_what_was_offered),
		cmocka_unit_test(test_a_transcript_is_hashed_with_the_hash_of_the_suite),
		cmocka_unit_test(test_only_records_of_these_keys_are_opened),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
