/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "flight_hex.h"
#include "wire/certificate_verify.h"

#define GOOD "0f00000804030004aabbccdd"

static const struct verify_case {
	const char *name;
	const char *hex;
	enum certificate_verify_state state;
	uint16_t scheme;
	size_t signature_len;
} cases[] = {
	{ "a scheme and a signature", GOOD, CERTIFICATE_VERIFY_DONE, 0x0403, 4 },
	{ "what follows it is left alone", GOOD "1400ffff", CERTIFICATE_VERIFY_DONE, 0x0403, 4 },
	{ "an empty signature is read as such", "0f00000408040000", CERTIFICATE_VERIFY_DONE, 0x0804,
		0 },
	{ "nothing is the beginning of it", "", CERTIFICATE_VERIFY_MORE, 0, 0 },
	{ "a Finished in its place is malformed", "14000020", CERTIFICATE_VERIFY_MALFORMED, 0, 0 },
	{ "another type is not waited for", "14", CERTIFICATE_VERIFY_MALFORMED, 0, 0 },
	{ "a length of 16 MB is not waited for", "0fffffff", CERTIFICATE_VERIFY_MALFORMED, 0, 0 },
	{ "a signature longer than the message is malformed", "0f00000804030005aabbccdd",
		CERTIFICATE_VERIFY_MALFORMED, 0, 0 },
	{ "a signature shorter than the message is malformed", "0f00000804030003aabbccdd",
		CERTIFICATE_VERIFY_MALFORMED, 0, 0 },
	{ "a message without a length of the signature is malformed", "0f0000020403",
		CERTIFICATE_VERIFY_MALFORMED, 0, 0 },
};

static void
messages_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct verify_case *row = &cases[i];
		struct certificate_verify got;
		struct buf bytes;

		buf_init(&bytes, 100);
		add_hex(&bytes, row->hex);
		got = certificate_verify_read(
			(struct span){ (const uint8_t *)bytes.data, bytes.len });
		if (got.state != row->state ||
			(got.state == CERTIFICATE_VERIFY_DONE &&
				(got.scheme != row->scheme ||
					got.signature.len != row->signature_len)))
			fail_msg("%s: got state %d, scheme %04x and %zu bytes", row->name,
				(int)got.state, got.scheme, got.signature.len);
		buf_release(&bytes);
	}
}

/* No byte behind the prefix is looked at. */
static void
every_prefix_waits_for_more(void **state)
{
	struct buf bytes;

	(void)state;
	buf_init(&bytes, 100);
	add_hex(&bytes, GOOD);
	for (size_t len = 0; len < bytes.len; len++) {
		uint8_t *prefix = test_malloc(len + 1);
		struct certificate_verify got;

		memcpy(prefix, bytes.data, len);
		got = certificate_verify_read((struct span){ prefix, len });
		if (got.state != CERTIFICATE_VERIFY_MORE)
			fail_msg("%zu bytes: got state %d, want more", len, (int)got.state);
		test_free(prefix);
	}
	buf_release(&bytes);
}

/* The example of RFC 8446 section 4.4.3, whose transcript hash is 32 bytes of 01. */
static void
what_is_signed_is_that_of_the_rfc(void **state)
{
	uint8_t hash[32];
	struct buf want, got, small;

	(void)state;
	memset(hash, 1, sizeof(hash));
	buf_init(&want, 200);
	buf_init(&got, 200);
	buf_init(&small, 129);
	add_hex(&want, "2020202020202020202020202020202020202020202020202020202020202020"
		       "2020202020202020202020202020202020202020202020202020202020202020"
		       "544c5320312e332c207365727665722043657274696669636174655665726966"
		       "79"
		       "00"
		       "0101010101010101010101010101010101010101010101010101010101010101");
	assert_true(certificate_verify_content((struct span){ hash, sizeof(hash) }, &got));
	assert_int_equal(got.len, want.len);
	assert_memory_equal(got.data, want.data, want.len);
	assert_false(certificate_verify_content((struct span){ hash, sizeof(hash) }, &small));
	buf_release(&want);
	buf_release(&got);
	buf_release(&small);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_are_read),
		cmocka_unit_test(every_prefix_waits_for_more),
		cmocka_unit_test(what_is_signed_is_that_of_the_rfc),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
