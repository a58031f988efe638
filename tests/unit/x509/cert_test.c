/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "x509_fixtures.h"

#include "x509/cert.h"
#include "x509/dn.h"

static struct cert
parse(struct arena *arena, const char *name)
{
	struct error error = { { 0 } };
	struct cert cert;

	if (!cert_parse(&cert, fixture(arena, name), arena, &error))
		fail_msg("%s: %s", name, error.text);
	return cert;
}

static void
the_facts_of_a_leaf_are_read(void **state)
{
	struct arena arena;
	struct cert cert;

	(void)state;
	arena_init(&arena);
	cert = parse(&arena, "leaf");
	assert_int_equal(cert.version, 3);
	assert_int_equal(cert.not_before, date_at("2026-01-01"));
	assert_int_equal(cert.not_after, date_at("2027-01-01"));
	assert_int_equal(cert.key.kind, KEY_P256);
	assert_int_equal(cert.key.bits, 256);
	assert_string_equal(cert.algorithm.name, "ecdsa-with-SHA256");
	assert_true(cert.basic_constraints.present && cert.basic_constraints.critical);
	assert_false(cert.is_ca);
	assert_int_equal(cert.path_length, PATH_LENGTH_NONE);
	assert_int_equal(cert.usages, KEY_USAGE_DIGITAL_SIGNATURE);
	assert_int_equal(cert.purposes, PURPOSE_SERVER_AUTH);
	assert_true(cert.must_staple);
	assert_memory_equal(cert.ocsp_url.data, "http://ocsp.test/", cert.ocsp_url.len);
	assert_memory_equal(cert.ca_issuers_url.data, "http://ca.test/ca1.der", 22);
	assert_int_equal(cert.key_id.len, 20);
	assert_int_equal(cert.issuer_key_id.len, 20);
	assert_int_equal(cert.unknown_critical.len, 0);
	assert_null(cert.malformed);
	assert_false(cert.algorithms_differ);
	assert_false(cert_is_self_issued(&cert));
	arena_release(&arena);
}

static void
the_facts_of_cas_are_read(void **state)
{
	struct arena arena;
	struct cert cert;

	(void)state;
	arena_init(&arena);
	cert = parse(&arena, "ica-length-0");
	assert_true(cert.is_ca);
	assert_int_equal(cert.path_length, 0);
	assert_int_equal(cert.usages, KEY_USAGE_KEY_CERT_SIGN | KEY_USAGE_CRL_SIGN);
	assert_true(cert_is_self_issued(
		&(struct cert){ .issuer = cert.subject, .subject = cert.subject }));
	cert = parse(&arena, "ica-policy");
	assert_int_equal(cert.require_explicit_policy, 0);
	assert_true(cert.policies.present);
	cert = parse(&arena, "ica-constrained");
	assert_true(cert.name_constraints.critical);
	assert_true(cert.permitted.len != 0);
	assert_int_equal(cert.excluded.len, 0);
	cert = parse(&arena, "rsa-root");
	assert_int_equal(cert.key.kind, KEY_RSA);
	assert_int_equal(cert.key.bits, 2048);
	arena_release(&arena);
}

/* The base of the constraint gets a tag that no name has. */
static void
of_an_extension_that_cannot_be_read_nothing_is_kept(void **state)
{
	static const char base[] = "\x82\x0c"
				   "example.test";
	struct error error = { { 0 } };
	struct arena arena;
	struct cert cert;
	struct span der;
	uint8_t *found;

	(void)state;
	arena_init(&arena);
	der = fixture(&arena, "ica-constrained");
	found = arena_memdup(&arena, der.data, der.len);
	for (size_t i = 0; i + 14 <= der.len; i++)
		if (memcmp(der.data + i, base, 14) == 0)
			found[i] = 0x8f;
	assert_true(cert_parse(&cert, (struct span){ found, der.len }, &arena, &error));
	assert_string_equal(cert.malformed, "unreadable nameConstraints");
	assert_true(cert.name_constraints.present);
	assert_int_equal(cert.permitted.len, 0);
	arena_release(&arena);
}

static void
names_can_be_shown(void **state)
{
	struct arena arena;
	struct cert cert;
	struct buf text;

	(void)state;
	arena_init(&arena);
	buf_init(&text, 1000);
	cert = parse(&arena, "leaf");
	assert_string_equal(
		cert_name_text(&arena, cert.subject), "CN=mail.example.test, O=Example");
	cert_add_names(&text, &cert);
	assert_string_equal(text.data, "DNS:mail.example.test, DNS:*.wild.example.test, "
				       "IP:192.0.2.1, IP:2001:db8::1");
	buf_reset(&text);
	cert = parse(&arena, "root");
	cert_add_names(&text, &cert);
	assert_string_equal(text.data, "no subjectAltName");
	buf_release(&text);
	arena_release(&arena);
}

/* CN, as a string of that tag. */
static struct span
name_with(struct arena *arena, unsigned tag, const char *value)
{
	size_t len = strlen(value);
	uint8_t *name = arena_alloc(arena, len + 13);
	const uint8_t head[] = { 0x30, (uint8_t)(len + 11), 0x31, (uint8_t)(len + 9), 0x30,
		(uint8_t)(len + 7), 0x06, 0x03, 0x55, 0x04, 0x03, (uint8_t)tag, (uint8_t)len };

	memcpy(name, head, sizeof(head));
	memcpy(name + sizeof(head), value, len);
	return (struct span){ name, len + 13 };
}

static void
names_are_compared_as_people_read_them(void **state)
{
	static const struct {
		const char *name;
		unsigned tags[2];
		const char *values[2];
		bool equal;
	} cases[] = {
		{ "the same", { 0x0c, 0x0c }, { "Test CA", "Test CA" }, true },
		{ "another string type", { 0x0c, 0x13 }, { "Test CA", "Test CA" }, true },
		{ "another case", { 0x13, 0x13 }, { "Test CA", "TEST ca" }, true },
		{ "more blanks", { 0x13, 0x13 }, { "Test CA", "  Test   CA " }, true },
		{ "no blank", { 0x13, 0x13 }, { "Test CA", "TestCA" }, false },
		{ "a longer name", { 0x13, 0x13 }, { "Test CA", "Test CAx" }, false },
		{ "blanks alone", { 0x13, 0x13 }, { "   ", "" }, true },
		{ "types that are not folded", { 0x14, 0x14 }, { "Test", "test" }, false },
	};
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct span a = name_with(&arena, cases[i].tags[0], cases[i].values[0]);
		struct span b = name_with(&arena, cases[i].tags[1], cases[i].values[1]);

		assert_true(dn_is_well_formed(a));
		if (dn_equal(a, b) != cases[i].equal)
			fail_msg("%s: got %d", cases[i].name, !cases[i].equal);
		if (cases[i].equal && dn_hash(a) != dn_hash(b))
			fail_msg("%s: hashes differ", cases[i].name);
	}
	arena_release(&arena);
}

static void
names_are_escaped(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena);
	assert_string_equal(cert_name_text(&arena, name_with(&arena, 0x0c, "a,b\x1b[0m\\")),
		"CN=a\\,b\\x1b[0m\\\\");
	assert_string_equal(cert_name_text(&arena, (struct span){ (const uint8_t *)"\x30\x00", 2 }),
		"(empty name)");
	arena_release(&arena);
}

static void
digests_are_those_of_openssl(void **state)
{
	static const uint8_t empty[SHA256_LEN] = { 0xe3, 0xb0, 0xc4, 0x42 };
	uint8_t digest[SHA256_LEN];

	(void)state;
	sha256(digest, (struct span){ (const uint8_t *)"", 0 });
	assert_memory_equal(digest, empty, 4);
}

static void
other_bytes_are_no_certificate(void **state)
{
	static const char *const texts[] = { "", "0", "\x30\x03\x02\x01\x00", "MIIB", "\x30\x00" };
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct span der = { (const uint8_t *)texts[i], strlen(texts[i]) };
		struct error error = { { 0 } };
		struct cert cert;

		assert_false(cert_parse(&cert, der, &arena, &error));
		assert_non_null(strstr(error.text, "RFC 5280"));
	}
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_facts_of_a_leaf_are_read),
		cmocka_unit_test(the_facts_of_cas_are_read),
		cmocka_unit_test(of_an_extension_that_cannot_be_read_nothing_is_kept),
		cmocka_unit_test(names_can_be_shown),
		cmocka_unit_test(names_are_compared_as_people_read_them),
		cmocka_unit_test(names_are_escaped),
		cmocka_unit_test(digests_are_those_of_openssl),
		cmocka_unit_test(other_bytes_are_no_certificate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
