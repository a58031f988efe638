/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The hellos of clients, byte by byte: every profile says what its data say, in its order.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "wire/client_profile.h"
#include "wire/cursor.h"
#include "wire/groups.h"
#include "wire/key_shares.h"
#include "wire/suites.h"

/* A hello that was written, taken apart. */
struct parts {
	uint16_t record_version, legacy_version;
	struct tls_codes suites, extensions;
	struct span bodies[TLS_CODES_MAX]; /* of the extensions */
	size_t session_id_len;
};

static struct tls_codes
codes_of(struct span bytes)
{
	struct tls_codes codes = { .count = 0 };
	struct cursor cursor = cursor_over(bytes);

	while (cursor.left != 0)
		tls_codes_add(&codes, cursor_u16(&cursor));
	assert_false(cursor.broken);
	return codes;
}

static void
take_apart(struct parts *parts, struct span bytes)
{
	struct cursor cursor = cursor_over(bytes), block;

	memset(parts, 0, sizeof(*parts));
	cursor_u8(&cursor);
	parts->record_version = cursor_u16(&cursor);
	cursor_bytes(&cursor, 2 + 4);
	parts->legacy_version = cursor_u16(&cursor);
	cursor_bytes(&cursor, HELLO_RANDOM_LEN);
	parts->session_id_len = cursor_vector8(&cursor).len;
	parts->suites = codes_of(cursor_vector16(&cursor));
	assert_int_equal(cursor_vector8(&cursor).len, 1);
	block = cursor_over(cursor_vector16(&cursor));
	while (block.left != 0) {
		tls_codes_add(&parts->extensions, cursor_u16(&block));
		parts->bodies[parts->extensions.count - 1] = cursor_vector16(&block);
	}
	assert_true(cursor_at_end(&cursor) && !block.broken);
}

static struct span
body_of(const struct parts *parts, uint16_t type)
{
	for (size_t i = 0; i < parts->extensions.count; i++)
		if (parts->extensions.codes[i] == type)
			return parts->bodies[i];
	return (struct span){ NULL, 0 };
}

static void
expect_codes(const char *name, const char *what, const struct tls_codes *got,
	const struct tls_codes *want)
{
	if (got->count != want->count ||
		memcmp(got->codes, want->codes, want->count * sizeof(want->codes[0])) != 0)
		fail_msg("%s: the %s are not those of the profile, in their order", name, what);
}

/* Those that have something to say: padding only where the length wants it. */
static struct tls_codes
expected_extensions(const struct client_profile *profile, bool named, bool padded)
{
	struct tls_codes wanted = { .count = 0 };

	for (size_t i = 0; i < profile->extensions.count; i++) {
		uint16_t type = profile->extensions.codes[i];

		if ((type != TLS_EXTENSION_SERVER_NAME || named) &&
			(type != TLS_EXTENSION_PADDING || padded))
			tls_codes_add(&wanted, type);
	}
	return wanted;
}

static void
expect_list(const struct client_profile *profile, const struct parts *parts, uint16_t type,
	const struct tls_codes *want)
{
	struct cursor body = cursor_over(body_of(parts, type));
	struct tls_codes got;

	if (body.left == 0)
		return;
	got = codes_of(cursor_vector16(&body));
	expect_codes(profile->name, "codes of an extension", &got, want);
}

static void
expect_tls13(const struct client_profile *profile, const struct parts *parts)
{
	struct cursor versions = cursor_over(body_of(parts, TLS_EXTENSION_SUPPORTED_VERSIONS));
	struct cursor shares = cursor_over(body_of(parts, TLS_EXTENSION_KEY_SHARE));
	struct tls_codes got = { .count = 0 };
	struct cursor list;

	got = codes_of(cursor_vector8(&versions));
	assert_int_equal(got.codes[0], TLS_VERSION_1_3);
	assert_int_equal(got.codes[got.count - 1], profile->minimum);
	list = cursor_over(cursor_vector16(&shares));
	got.count = 0;
	while (list.left != 0) {
		tls_codes_add(&got, cursor_u16(&list));
		cursor_vector16(&list);
	}
	expect_codes(profile->name, "key shares", &got, &profile->key_shares);
}

static void
expect_profile(const struct client_profile *profile, const char *server_name)
{
	static const uint8_t random[HELLO_RANDOM_LEN];
	struct hello_offer offer = client_profile_offer(profile);
	struct parts parts;
	struct tls_codes wanted;
	struct buf out;

	offer.server_name = server_name;
	buf_init(&out, HELLO_LEN_MAX);
	if (!hello_write(&offer, random, &out))
		fail_msg("%s: the hello cannot be written", profile->name);
	take_apart(&parts, buf_span(&out));
	wanted = expected_extensions(
		profile, server_name != NULL, body_of(&parts, TLS_EXTENSION_PADDING).len != 0);
	expect_codes(profile->name, "suites", &parts.suites, &profile->suites);
	expect_codes(profile->name, "extensions", &parts.extensions, &wanted);
	expect_list(profile, &parts, TLS_EXTENSION_SUPPORTED_GROUPS, &profile->groups);
	expect_list(profile, &parts, TLS_EXTENSION_SIGNATURE_ALGORITHMS, &profile->signatures);
	if (profile->maximum == TLS_VERSION_1_3)
		expect_tls13(profile, &parts);
	assert_int_equal(parts.legacy_version,
		profile->maximum == TLS_VERSION_1_3 ? TLS_VERSION_1_2 : profile->maximum);
	assert_int_equal(parts.record_version, TLS_VERSION_1_0);
	buf_release(&out);
}

static void
every_hello_is_what_its_profile_says(void **state)
{
	size_t count = 0;

	(void)state;
	for (const struct client_profile *row = client_profiles; row->name != NULL; row++) {
		expect_profile(row, NULL);
		expect_profile(row, "mail.example.test");
		assert_ptr_equal(client_profile_find(row->name), row);
		assert_string_equal(client_names[count++], row->name);
	}
	assert_null(client_names[count]);
	assert_true(count >= 25);
	assert_null(client_profile_find("Outlook"));
}

/* What no name is known of cannot be told to anybody. */
static void
all_that_profiles_name_is_known(void **state)
{
	struct hello_share share;

	(void)state;
	for (const struct client_profile *row = client_profiles; row->name != NULL; row++) {
		for (size_t i = 0; i < row->suites.count; i++)
			if (row->suites.codes[i] != TLS_SIGNAL_RENEGOTIATION &&
				suite_by_id(row->suites.codes[i]) == NULL)
				fail_msg("%s: suite %04x", row->name, row->suites.codes[i]);
		for (size_t i = 0; i < row->signatures.count; i++)
			if (name_of(tls_signature_names, row->signatures.codes[i]) == NULL)
				fail_msg("%s: signature %04x", row->name, row->signatures.codes[i]);
		for (size_t i = 0; i < row->groups.count; i++)
			if (name_of(group_names, row->groups.codes[i]) == NULL)
				fail_msg("%s: group %04x", row->name, row->groups.codes[i]);
		/* A HelloRetryRequest may want a share of any. */
		for (size_t i = 0; i < row->groups.count && row->maximum == TLS_VERSION_1_3; i++)
			assert_true(key_share_of(row->groups.codes[i], &share));
	}
}

/* Java 7u25 without a name, whole: record, message, 1.0, no session id, suites, null, extensions. */
static void
a_hello_of_tls10_is_these_bytes(void **state)
{
	static const uint8_t random[HELLO_RANDOM_LEN];
	const struct client_profile *profile =
		client_profile_find("Outlook on Windows 7 with TLS 1.0");
	struct hello_offer offer = client_profile_offer(profile);
	static const char head[] = "\x16\3\1\0\x5e\1\0\0\x5a\3\1";
	static const char tail[] = "\0\0\x18\xc0\x14\xc0\x13\0\x35\0\x2f\xc0\x0a\xc0\x09\0\x38\0"
				   "\x32\0\x0a\0\x13\0\5\0\4\1\0\0\x19\0\x0a\0\6\0\4\0\x17\0\x18\0"
				   "\x0b\0\2\1\0\0\x17\0\0\xff\1\0\1\0";
	struct buf out;

	(void)state;
	buf_init(&out, HELLO_LEN_MAX);
	assert_true(hello_write(&offer, random, &out));
	assert_int_equal(out.len, sizeof(head) - 1 + HELLO_RANDOM_LEN + sizeof(tail) - 1);
	assert_memory_equal(out.data, head, sizeof(head) - 1);
	assert_memory_equal(out.data + sizeof(head) - 1 + HELLO_RANDOM_LEN, tail, sizeof(tail) - 1);
	buf_release(&out);
}

static void
a_cookie_comes_back_where_the_order_has_it(void **state)
{
	static const uint8_t random[HELLO_RANDOM_LEN];
	struct hello_offer offer = client_profile_offer(client_profile_find("Java 11.0.24"));
	struct parts parts;
	struct buf out;

	(void)state;
	tls_codes_add(&offer.order, TLS_EXTENSION_COOKIE);
	buf_init(&out, HELLO_LEN_MAX);
	assert_true(hello_write(&offer, random, &out));
	take_apart(&parts, buf_span(&out));
	assert_int_equal(body_of(&parts, TLS_EXTENSION_COOKIE).len, 0);
	buf_reset(&out);
	offer.cookie = (struct span){ (const uint8_t *)"biscuit", 7 };
	assert_true(hello_write(&offer, random, &out));
	take_apart(&parts, buf_span(&out));
	assert_memory_equal(body_of(&parts, TLS_EXTENSION_COOKIE).data, "\0\7biscuit", 9);
	buf_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_hello_is_what_its_profile_says),
		cmocka_unit_test(all_that_profiles_name_is_known),
		cmocka_unit_test(a_hello_of_tls10_is_these_bytes),
		cmocka_unit_test(a_cookie_comes_back_where_the_order_has_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
