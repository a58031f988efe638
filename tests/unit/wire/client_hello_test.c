/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "wire/client_hello.h"
#include "wire/groups.h"
#include "wire/suites.h"

static const uint8_t random_bytes[HELLO_RANDOM_LEN] = "0123456789abcdef0123456789abcde";

/* A ClientHello taken apart again. */
struct seen {
	uint16_t record_version, legacy_version;
	struct span session_id, suites, compressions, extensions;
	size_t message_len;
};

static struct seen
take_apart(const struct buf *bytes)
{
	struct cursor record =
		cursor_over((struct span){ (const uint8_t *)bytes->data, bytes->len });
	struct cursor outer, body;
	struct seen seen = { 0 };

	assert_int_equal(cursor_u8(&record), TLS_CONTENT_HANDSHAKE);
	seen.record_version = cursor_u16(&record);
	outer = cursor_over(cursor_vector16(&record));
	assert_true(cursor_at_end(&record));
	seen.message_len = outer.left;
	assert_int_equal(cursor_u8(&outer), TLS_HANDSHAKE_CLIENT_HELLO);
	body = cursor_over(cursor_vector24(&outer));
	assert_true(cursor_at_end(&outer));
	seen.legacy_version = cursor_u16(&body);
	assert_memory_equal(
		cursor_bytes(&body, HELLO_RANDOM_LEN).data, random_bytes, HELLO_RANDOM_LEN);
	seen.session_id = cursor_vector8(&body);
	seen.suites = cursor_vector16(&body);
	seen.compressions = cursor_vector8(&body);
	if (body.left != 0)
		seen.extensions = cursor_vector16(&body);
	assert_true(cursor_at_end(&body));
	return seen;
}

/* The body of an extension; data is NULL when it is not there. `last_len` gets the length of the
 * last extension's body. */
static struct span
extension_of(const struct seen *seen, uint16_t wanted, size_t *last_len)
{
	struct cursor cursor = cursor_over(seen->extensions);
	struct span found = { NULL, 0 };

	while (cursor.left != 0) {
		uint16_t type = cursor_u16(&cursor);
		struct span body = cursor_vector16(&cursor);

		assert_false(cursor.broken);
		*last_len = body.len;
		if (type == wanted) {
			assert_null(found.data);
			found = body;
		}
	}
	return found;
}

static bool
has_extension(const struct seen *seen, uint16_t type)
{
	size_t last_len;

	return extension_of(seen, type, &last_len).data != NULL;
}

static struct hello_offer
small_offer(void)
{
	struct hello_offer offer = { .record_version = TLS_VERSION_1_0,
		.legacy_version = TLS_VERSION_1_2 };

	tls_codes_add(&offer.suites, 0x002f);
	return offer;
}

static void
the_smallest_hello_is_these_bytes(void **state)
{
	static const uint8_t head[] = { 0x16, 3, 1, 0, 45, 1, 0, 0, 41, 3, 3 };
	static const uint8_t tail[] = { 0, 0, 2, 0, 0x2f, 1, 0 };
	struct hello_offer offer = small_offer();
	struct buf out;

	(void)state;
	buf_init(&out, HELLO_LEN_MAX);
	assert_true(hello_write(&offer, random_bytes, &out));
	assert_int_equal(out.len, sizeof(head) + HELLO_RANDOM_LEN + sizeof(tail));
	assert_memory_equal(out.data, head, sizeof(head));
	assert_memory_equal(out.data + sizeof(head), random_bytes, HELLO_RANDOM_LEN);
	assert_memory_equal(out.data + sizeof(head) + HELLO_RANDOM_LEN, tail, sizeof(tail));
	buf_release(&out);
}

static const struct extension_case {
	const char *name;
	uint32_t flag;
	uint16_t type;
	const char *body;
	size_t len;
} extensions[] = {
	{ "renegotiation_info is an empty string", HELLO_RENEGOTIATION_INFO, 0xff01, "\0", 1 },
	{ "session_ticket is empty", HELLO_SESSION_TICKET, 35, "", 0 },
	{ "heartbeat lets the peer send", HELLO_HEARTBEAT, 15, "\1", 1 },
	{ "extended_master_secret is empty", HELLO_EXTENDED_MASTER_SECRET, 23, "", 0 },
	{ "encrypt_then_mac is empty", HELLO_ENCRYPT_THEN_MAC, 22, "", 0 },
	{ "status_request asks for OCSP", HELLO_STATUS_REQUEST, 5, "\1\0\0\0\0", 5 },
	{ "early_data is empty", HELLO_EARLY_DATA, 42, "", 0 },
};

static void
flags_write_their_extension_and_no_empty_one_last(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(extensions) / sizeof(extensions[0]); i++) {
		const struct extension_case *row = &extensions[i];
		struct hello_offer offer = small_offer();
		struct seen seen;
		struct span body;
		struct buf out;
		size_t last_len = 0;

		offer.flags = row->flag;
		buf_init(&out, HELLO_LEN_MAX);
		assert_true(hello_write(&offer, random_bytes, &out));
		seen = take_apart(&out);
		body = extension_of(&seen, row->type, &last_len);
		if (body.data == NULL || body.len != row->len ||
			memcmp(body.data, row->body, row->len) != 0)
			fail_msg("%s: got %zu bytes, want %zu", row->name, body.len, row->len);
		if (last_len == 0)
			fail_msg("%s: the last extension is empty", row->name);
		buf_release(&out);
	}
}

static void
names_and_lists_are_written(void **state)
{
	struct hello_offer offer = small_offer();
	struct seen seen;
	struct span body;
	struct buf out;
	size_t last_len;

	(void)state;
	offer.server_name = "mx.test";
	offer.protocols[0] = "smtp";
	offer.protocols[1] = "x";
	offer.flags = HELLO_RENEGOTIATION_SIGNAL | HELLO_FALLBACK_SIGNAL;
	offer.compressions[0] = 1;
	offer.compression_count = 2;
	offer.session_id_len = 3;
	buf_init(&out, HELLO_LEN_MAX);
	assert_true(hello_write(&offer, random_bytes, &out));
	seen = take_apart(&out);
	body = extension_of(&seen, TLS_EXTENSION_SERVER_NAME, &last_len);
	assert_int_equal(body.len, 12);
	assert_memory_equal(body.data, "\0\12\0\0\7mx.test", 12);
	body = extension_of(&seen, TLS_EXTENSION_ALPN, &last_len);
	assert_int_equal(body.len, 9);
	assert_memory_equal(body.data, "\0\7\4smtp\1x", 9);
	assert_int_equal(seen.suites.len, 6);
	assert_memory_equal(seen.suites.data, "\0\x2f\0\xff\x56\0", 6);
	assert_int_equal(seen.compressions.len, 2);
	assert_memory_equal(seen.compressions.data, "\1\0", 2);
	assert_int_equal(seen.session_id.len, 3);
	buf_release(&out);
}

static void
a_key_share_is_written(void **state)
{
	static const uint8_t key[32] = { 9 };
	struct hello_offer offer = hello_offer_versions(TLS_VERSION_1_3, TLS_VERSION_1_3);
	struct seen seen;
	struct span body;
	struct buf out;
	size_t last_len;

	(void)state;
	offer.shares[0] = (struct hello_share){ GROUP_X25519, { key, sizeof(key) } };
	offer.share_count = 1;
	buf_init(&out, HELLO_LEN_MAX);
	assert_true(hello_write(&offer, random_bytes, &out));
	seen = take_apart(&out);
	body = extension_of(&seen, TLS_EXTENSION_KEY_SHARE, &last_len);
	assert_int_equal(body.len, 2 + 4 + sizeof(key));
	assert_memory_equal(body.data, "\0\44\0\35\0\40\11", 7);
	buf_release(&out);
}

/* What a range of versions offers. */
static const struct range_case {
	const char *name;
	uint16_t minimum, maximum;
	uint16_t record_version, legacy_version;
	bool extensions, signatures, versions;
} ranges[] = {
	{ "SSL 3.0 goes without extensions", 0x0300, 0x0300, 0x0300, 0x0300, false, false, false },
	{ "TLS 1.0 has no signature schemes", 0x0301, 0x0301, 0x0301, 0x0301, true, false, false },
	{ "TLS 1.1 has no signature schemes", 0x0300, 0x0302, 0x0301, 0x0302, true, false, false },
	{ "TLS 1.2 has no supported_versions", 0x0303, 0x0303, 0x0301, 0x0303, true, true, false },
	{ "TLS 1.3 has them all", 0x0304, 0x0304, 0x0301, 0x0303, true, true, true },
	{ "all of TLS has them all", 0x0301, 0x0304, 0x0301, 0x0303, true, true, true },
};

static void
check_range(const struct range_case *row, const struct seen *seen)
{
	size_t len;

	if (seen->record_version != row->record_version ||
		seen->legacy_version != row->legacy_version ||
		(seen->extensions.data != NULL) != row->extensions)
		fail_msg("%s: got record %04x, hello %04x, %zu bytes of extensions", row->name,
			seen->record_version, seen->legacy_version, seen->extensions.len);
	if (has_extension(seen, TLS_EXTENSION_SUPPORTED_GROUPS) != row->extensions ||
		has_extension(seen, TLS_EXTENSION_RENEGOTIATION_INFO) != row->extensions ||
		has_extension(seen, TLS_EXTENSION_SIGNATURE_ALGORITHMS) != row->signatures ||
		has_extension(seen, TLS_EXTENSION_KEY_SHARE) != row->versions ||
		has_extension(seen, TLS_EXTENSION_PSK_KEY_EXCHANGE_MODES) != row->versions)
		fail_msg("%s: the extensions are not those of the versions", row->name);
	len = extension_of(seen, TLS_EXTENSION_SUPPORTED_VERSIONS, &len).len;
	if (len != (row->versions ? 3u + 2u * (row->maximum - row->minimum) : 0u))
		fail_msg("%s: got %zu bytes of supported_versions", row->name, len);
}

static void
ranges_offer_what_their_versions_know(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		struct hello_offer offer =
			hello_offer_versions(ranges[i].minimum, ranges[i].maximum);
		const struct suite_query possible = { .maximum = ranges[i].maximum };
		struct seen seen;
		struct buf out;

		buf_init(&out, HELLO_LEN_MAX);
		if (!hello_write(&offer, random_bytes, &out))
			fail_msg("%s: cannot be written", ranges[i].name);
		seen = take_apart(&out);
		check_range(&ranges[i], &seen);
		for (size_t s = 0; s < offer.suites.count; s++)
			if (!suite_matches(suite_by_id(offer.suites.codes[s]), &possible))
				fail_msg("%s: offers %04x", ranges[i].name, offer.suites.codes[s]);
		buf_release(&out);
	}
}

/* A server of either version accepts the control, whatever it signs with. */
static void
the_control_is_for_every_server_of_today(void **state)
{
	struct hello_offer control = hello_offer_control();

	(void)state;
	assert_int_equal(control.versions.count, 2);
	assert_int_equal(control.versions.codes[0], TLS_VERSION_1_3);
	assert_int_equal(control.versions.codes[1], TLS_VERSION_1_2);
	assert_int_equal(control.signatures.codes[0], 0x0403);   /* ecdsa_secp256r1_sha256 */
	assert_true(tls_codes_has(&control.signatures, 0x0804)); /* rsa_pss_rsae_sha256 */
	assert_true(tls_codes_has(&control.signatures, 0x0201)); /* rsa_pkcs1_sha1 */
	assert_true(tls_codes_has(&control.signatures, 0x0101)); /* rsa_md5 */
}

/* Only there is "no suite in common" a refusal of the version itself. */
static void
old_versions_offer_every_suite_without_a_shared_secret(void **state)
{
	(void)state;
	for (uint16_t version = TLS_VERSION_SSL3; version <= TLS_VERSION_1_1; version++) {
		const struct suite_query query = { .none = SUITE_PSK | SUITE_SRP | SUITE_KERBEROS,
			.minimum = version,
			.maximum = version };
		struct hello_offer offer = hello_offer_versions(version, version);

		for (size_t i = 0; i < suites_count; i++)
			if (suite_matches(&suites_table[i], &query) !=
				tls_codes_has(&offer.suites, suites_table[i].id))
				fail_msg("version %04x: got %s %d, want %d", version,
					suites_table[i].name,
					tls_codes_has(&offer.suites, suites_table[i].id),
					suite_matches(&suites_table[i], &query));
	}
}

/* With one more byte of server name each time, every length is passed through. */
static void
no_message_is_256_to_511_bytes_long(void **state)
{
	char name[256];
	bool padded = false;

	(void)state;
	for (size_t len = 1; len <= 255; len++) {
		for (size_t suites = 1; suites <= TLS_CODES_MAX; suites += 64) {
			struct hello_offer offer = small_offer();
			struct seen seen;
			struct buf out;

			memset(name, 'a', len);
			name[len] = '\0';
			offer.server_name = name;
			while (offer.suites.count < suites)
				tls_codes_add(&offer.suites, 0x0035);
			buf_init(&out, HELLO_LEN_MAX);
			assert_true(hello_write(&offer, random_bytes, &out));
			seen = take_apart(&out);
			padded |= has_extension(&seen, TLS_EXTENSION_PADDING);
			if (seen.message_len > 255 && seen.message_len < 512)
				fail_msg("%zu bytes of name, %zu suites: got %zu bytes", len,
					suites, seen.message_len);
			buf_release(&out);
		}
	}
	assert_true(padded);
}

/* Here the extension that keeps an empty one from being the last reaches into those lengths. */
static void
nor_is_one_that_ends_with_an_empty_extension(void **state)
{
	(void)state;
	for (size_t suites = 1; suites <= TLS_CODES_MAX; suites++) {
		struct hello_offer offer = small_offer();
		struct seen seen;
		struct buf out;

		offer.flags = HELLO_SESSION_TICKET;
		while (offer.suites.count < suites)
			tls_codes_add(&offer.suites, 0x0035);
		buf_init(&out, HELLO_LEN_MAX);
		assert_true(hello_write(&offer, random_bytes, &out));
		seen = take_apart(&out);
		if (seen.message_len > 255 && seen.message_len < 512)
			fail_msg("%zu suites: got %zu bytes", suites, seen.message_len);
		buf_release(&out);
	}
}

static void
what_cannot_be_written_is_refused(void **state)
{
	struct hello_offer offer = small_offer();
	char name[257];
	struct buf out;

	(void)state;
	buf_init(&out, HELLO_LEN_MAX);
	memset(name, 'a', sizeof(name));
	name[256] = '\0';
	offer.server_name = name;
	assert_false(hello_write(&offer, random_bytes, &out));
	offer.server_name = "";
	assert_false(hello_write(&offer, random_bytes, &out));
	offer = small_offer();
	offer.suites.count = 0;
	assert_false(hello_write(&offer, random_bytes, &out));
	offer = small_offer();
	offer.suites.count = TLS_CODES_MAX;
	assert_true(hello_write(&offer, random_bytes, &out));
	buf_reset(&out);
	offer.flags = HELLO_FALLBACK_SIGNAL;
	assert_false(hello_write(&offer, random_bytes, &out));
	assert_int_equal(out.len, 0);
	buf_release(&out);
	offer = small_offer();
	buf_init(&out, 49);
	assert_false(hello_write(&offer, random_bytes, &out));
	assert_int_equal(out.len, 0);
	buf_release(&out);
}

static void
offers_are_equal_when_their_bytes_are(void **state)
{
	struct hello_offer a = hello_offer_versions(TLS_VERSION_1_0, TLS_VERSION_1_2);
	struct hello_offer b = a;
	char name[] = "mx.test";

	(void)state;
	a.server_name = "mx.test";
	b.server_name = name;
	assert_true(hello_offer_equal(&a, &b));
	b.flags |= HELLO_FALLBACK_SIGNAL;
	b.suites.count--;
	assert_false(hello_offer_equal(&a, &b));
	b = a;
	b.groups.codes[0] = GROUP_FFDHE2048;
	assert_false(hello_offer_equal(&a, &b));
	b = a;
	b.server_name = NULL;
	assert_false(hello_offer_equal(&a, &b));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_smallest_hello_is_these_bytes),
		cmocka_unit_test(flags_write_their_extension_and_no_empty_one_last),
		cmocka_unit_test(names_and_lists_are_written),
		cmocka_unit_test(a_key_share_is_written),
		cmocka_unit_test(ranges_offer_what_their_versions_know),
		cmocka_unit_test(the_control_is_for_every_server_of_today),
		cmocka_unit_test(old_versions_offer_every_suite_without_a_shared_secret),
		cmocka_unit_test(no_message_is_256_to_511_bytes_long),
		cmocka_unit_test(nor_is_one_that_ends_with_an_empty_extension),
		cmocka_unit_test(what_cannot_be_written_is_refused),
		cmocka_unit_test(offers_are_equal_when_their_bytes_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
