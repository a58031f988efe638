/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Extensions by themselves: what may stand there once, what may be critical, and what is read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "x509/extensions.h"

/* OID, critical or not, and the content of the OCTET STRING, none of them over 100 bytes. */
struct extension {
	const char *oid;
	bool critical;
	const char *value;
	size_t len;
};

#define BASIC "\x55\x1d\x13"
#define USAGE "\x55\x1d\x0f"
#define KEY_ID "\x55\x1d\x0e"
#define AUTHORITY_KEY_ID "\x55\x1d\x23"
#define AUTHORITY_INFO "\x2b\x06\x01\x05\x05\x07\x01\x01"
#define FEATURE "\x2b\x06\x01\x05\x05\x07\x01\x18"
#define POLICY_LIMIT "\x55\x1d\x24"
#define UNKNOWN "\x2a\x03\x04"
#define OTHER "\x2a\x03\x05"

/* A string literal as value and length. */
#define VALUE(text) text, sizeof(text) - 1

static const struct extension_case {
	const char *name;
	struct extension list[3];
	const char *malformed; /* found in what the certificate says of it; NULL: nothing */
	bool unknown_critical;
	bool must_staple;
} cases[] = {
	{ "a CA", { { BASIC, true, VALUE("\x30\x03\x01\x01\xff") } }, NULL, false, false },
	{ "twice the same",
		{ { BASIC, true, VALUE("\x30\0") }, { KEY_ID, false, VALUE("\x04\1x") },
			{ BASIC, true, VALUE("\x30\0") } },
		"basicConstraints stands there twice", false, false },
	{ "an unknown one twice",
		{ { UNKNOWN, false, VALUE("x") }, { OTHER, false, VALUE("x") },
			{ UNKNOWN, false, VALUE("y") } },
		"stands there twice", false, false },
	{ "two unknown ones", { { UNKNOWN, false, VALUE("x") }, { OTHER, false, VALUE("x") } },
		NULL, false, false },
	{ "an unknown critical one", { { UNKNOWN, true, VALUE("x") } }, NULL, true, false },
	{ "a key identifier that is critical", { { KEY_ID, true, VALUE("\x04\1x") } }, NULL, true,
		false },
	{ "a critical keyUsage", { { USAGE, true, VALUE("\x03\2\7\x80") } }, NULL, false, false },
	{ "bytes behind a value", { { BASIC, true, VALUE("\x30\0\0") } },
		"unreadable basicConstraints", false, false },
	{ "no bits", { { USAGE, true, VALUE("\x03\1\1") } }, "unreadable keyUsage", false, false },
	{ "an issuer without a serial number",
		{ { AUTHORITY_KEY_ID, false, VALUE("\x30\x04\xa1\x02\x30\0") } },
		"unreadable authorityKeyIdentifier", false, false },
	{ "a limit of policies that is empty", { { POLICY_LIMIT, true, VALUE("\x30\2\x80\0") } },
		"unreadable policyConstraints", false, false },
	{ "a feature: status_request", { { FEATURE, false, VALUE("\x30\3\2\1\5") } }, NULL, false,
		true },
	{ "a feature: status_request_v2", { { FEATURE, false, VALUE("\x30\3\2\1\x11") } }, NULL,
		false, true },
	{ "another feature", { { FEATURE, false, VALUE("\x30\3\2\1\x10") } }, NULL, false, false },
	{ "two features", { { FEATURE, false, VALUE("\x30\6\2\1\x10\2\1\5") } }, NULL, false,
		true },
};

static void
add_extension(struct buf *content, const struct extension *one)
{
	size_t oid_len = strlen(one->oid);
	size_t len = 2 + oid_len + (one->critical ? 3 : 0) + 2 + one->len;

	buf_addf(content, "\x30%c\x06%c%s", (int)len, (int)oid_len, one->oid);
	if (one->critical)
		buf_add(content, "\1\1\xff", 3);
	buf_addf(content, "\4%c", (int)one->len);
	buf_add(content, one->value, one->len);
}

static void
extensions_are_read_as_listed(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct extension_case *test = &cases[i];
		struct cert cert = { .version = 3 };
		struct buf content;

		buf_init(&content, 1000);
		for (size_t n = 0; n < 3 && test->list[n].oid != NULL; n++)
			add_extension(&content, &test->list[n]);
		if (!extensions_parse(&cert,
			    (struct span){ (const uint8_t *)content.data, content.len }, &arena))
			fail_msg("%s: unreadable", test->name);
		if ((cert.malformed == NULL) != (test->malformed == NULL) ||
			(test->malformed != NULL &&
				strstr(cert.malformed, test->malformed) == NULL))
			fail_msg("%s: malformed is %s", test->name, cert.malformed);
		if ((cert.unknown_critical.len != 0) != test->unknown_critical)
			fail_msg("%s: critical is %d", test->name, !test->unknown_critical);
		if (cert.must_staple != test->must_staple)
			fail_msg("%s: must_staple is %d", test->name, !test->must_staple);
		buf_release(&content);
	}
	arena_release(&arena);
}

/* Each an OCTET STRING without content, with an OID of its own. */
static bool
can_be_read(int count)
{
	struct cert cert = { .version = 3 };
	struct arena arena;
	struct buf content;
	bool good;

	arena_init(&arena);
	buf_init(&content, 10000);
	for (int i = 0; i < count; i++) {
		buf_addf(&content, "\x30\7\6\3\x2a%c%c", 1 + i / 100, 1 + i % 100);
		buf_add(&content, "\4\0", 2);
	}
	good = extensions_parse(
		&cert, (struct span){ (const uint8_t *)content.data, content.len }, &arena);
	buf_release(&content);
	arena_release(&arena);
	return good;
}

static void
there_are_256_at_most_and_one_at_least(void **state)
{
	(void)state;
	assert_false(can_be_read(0));
	assert_true(can_be_read(1));
	assert_true(can_be_read(256));
	assert_false(can_be_read(257));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(extensions_are_read_as_listed),
		cmocka_unit_test(there_are_256_at_most_and_one_at_least),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
