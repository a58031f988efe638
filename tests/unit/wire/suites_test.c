/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "wire/alerts.h"
#include "wire/suites.h"

static void
the_table_ascends_and_names_nothing_twice(void **state)
{
	(void)state;
	for (size_t i = 0; i < suites_count; i++) {
		const struct suite *suite = &suites_table[i];

		if (i != 0 && suites_table[i - 1].id >= suite->id)
			fail_msg("%04x does not come before %04x", suites_table[i - 1].id,
				suite->id);
		assert_ptr_equal(suite_by_id(suite->id), suite);
		if (suite_by_name(suite->name) != suite)
			fail_msg("%s is found as %04x, want %04x", suite->name,
				suite_by_name(suite->name)->id, suite->id);
		if (suite->openssl_name != NULL && suite_by_name(suite->openssl_name) != suite)
			fail_msg("%s is found as %04x, want %04x", suite->openssl_name,
				suite_by_name(suite->openssl_name)->id, suite->id);
	}
}

static void
the_signals_are_no_suites(void **state)
{
	(void)state;
	assert_null(suite_by_id(TLS_SIGNAL_FALLBACK));
	assert_null(suite_by_id(TLS_SIGNAL_RENEGOTIATION));
}

static const struct name_case {
	const char *name;
	const char *text;
	int id; /* -1: none */
} names[] = {
	{ "IANA's name in lower case", "tls_rsa_with_aes_128_cbc_sha", 0x002f },
	{ "OpenSSL's name in mixed case", "Ecdhe-RSA-aes128-GCM-sha256", 0xc02f },
	{ "OpenSSL's older name", "EDH-RSA-DES-CBC3-SHA", 0x0016 },
	{ "OpenSSL's newer name", "DHE-RSA-DES-CBC3-SHA", 0x0016 },
	{ "a name with a slip", "TLS_RSA_WITH_AES_128_CBC_SHB", -1 },
	{ "the beginning of a name", "TLS_RSA_WITH_AES_128_CBC", -1 },
	{ "nothing", "", -1 },
};

static void
names_are_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct suite *suite = suite_by_name(names[i].text);
		int got = suite == NULL ? -1 : suite->id;

		if (got != names[i].id)
			fail_msg("%s: got %x, want %x", names[i].name, (unsigned)got,
				(unsigned)names[i].id);
	}
}

#define STATIC_RSA_BITS (SUITE_STATIC_RSA | SUITE_NO_FORWARD_SECRECY)

static const struct class_case {
	uint16_t id;
	uint32_t classes;
	enum suite_exchange exchange;
	uint16_t minimum, maximum;
} classes[] = {
	/* TLS_NULL_WITH_NULL_NULL, the state before any handshake */
	{ 0x0000, SUITE_NULL | SUITE_ANONYMOUS | SUITE_NO_FORWARD_SECRECY | SUITE_NOT_AEAD,
		SUITE_EXCHANGE_OTHER, 0x0300, 0x0303 },
	/* TLS_RSA_EXPORT_WITH_RC2_CBC_40_MD5 */
	{ 0x0006,
		SUITE_EXPORT | SUITE_RC2 | SUITE_64_BIT_BLOCK | SUITE_CBC | SUITE_MD5 |
			STATIC_RSA_BITS | SUITE_NOT_AEAD,
		SUITE_EXCHANGE_RSA, 0x0300, 0x0303 },
	/* TLS_DHE_RSA_EXPORT_WITH_DES40_CBC_SHA */
	{ 0x0014,
		SUITE_EXPORT | SUITE_DES | SUITE_64_BIT_BLOCK | SUITE_CBC | SUITE_SHA1 | SUITE_DHE |
			SUITE_NOT_AEAD,
		SUITE_EXCHANGE_DHE, 0x0300, 0x0303 },
	/* TLS_DH_anon_WITH_RC4_128_MD5 */
	{ 0x0018, SUITE_ANONYMOUS | SUITE_RC4 | SUITE_MD5 | SUITE_DHE | SUITE_NOT_AEAD,
		SUITE_EXCHANGE_DHE, 0x0300, 0x0303 },
	/* TLS_RSA_PSK_WITH_NULL_SHA */
	{ 0x002e, SUITE_PSK | SUITE_NULL | SUITE_SHA1 | SUITE_NO_FORWARD_SECRECY | SUITE_NOT_AEAD,
		SUITE_EXCHANGE_OTHER, 0x0300, 0x0303 },
	/* TLS_RSA_WITH_AES_128_CBC_SHA256 */
	{ 0x003c, SUITE_CBC | SUITE_SHA2 | STATIC_RSA_BITS | SUITE_NOT_AEAD, SUITE_EXCHANGE_RSA,
		0x0303, 0x0303 },
	/* TLS_AES_128_CCM_8_SHA256 */
	{ 0x1305, SUITE_TLS13 | SUITE_AEAD | SUITE_CCM_8 | SUITE_SHA2, SUITE_EXCHANGE_TLS13, 0x0304,
		0x0304 },
	/* TLS_ECDH_ECDSA_WITH_3DES_EDE_CBC_SHA */
	{ 0xc003,
		SUITE_STATIC_DH | SUITE_NO_FORWARD_SECRECY | SUITE_ECDSA | SUITE_3DES |
			SUITE_64_BIT_BLOCK | SUITE_CBC | SUITE_SHA1 | SUITE_NOT_AEAD,
		SUITE_EXCHANGE_STATIC_DH, 0x0300, 0x0303 },
	/* TLS_ECDH_anon_WITH_AES_128_CBC_SHA */
	{ 0xc018, SUITE_ANONYMOUS | SUITE_ECDHE | SUITE_CBC | SUITE_SHA1 | SUITE_NOT_AEAD,
		SUITE_EXCHANGE_ECDHE, 0x0300, 0x0303 },
	/* TLS_SRP_SHA_RSA_WITH_AES_128_CBC_SHA: its RSA signs */
	{ 0xc01e, SUITE_SRP | SUITE_CBC | SUITE_SHA1 | SUITE_NOT_AEAD, SUITE_EXCHANGE_OTHER, 0x0300,
		0x0303 },
	/* TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 */
	{ 0xc02f, SUITE_AEAD | SUITE_ECDHE | SUITE_SHA2, SUITE_EXCHANGE_ECDHE, 0x0303, 0x0303 },
	/* TLS_PSK_DHE_WITH_AES_128_CCM_8 */
	{ 0xc0aa, SUITE_PSK | SUITE_DHE | SUITE_AEAD | SUITE_CCM_8, SUITE_EXCHANGE_DHE, 0x0303,
		0x0303 },
	/* TLS_SHA256_SHA256: integrity only (RFC 9150) */
	{ 0xc0b4, SUITE_TLS13 | SUITE_NULL | SUITE_SHA2 | SUITE_NOT_AEAD, SUITE_EXCHANGE_TLS13,
		0x0304, 0x0304 },
	/* TLS_GOSTR341112_256_WITH_MAGMA_MGM_L is one of TLS 1.3 (RFC 9367) */
	{ 0xc104, SUITE_TLS13 | SUITE_GOST | SUITE_64_BIT_BLOCK | SUITE_AEAD, SUITE_EXCHANGE_TLS13,
		0x0304, 0x0304 },
	/* TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256 */
	{ 0xccaa, SUITE_AEAD | SUITE_DHE | SUITE_SHA2, SUITE_EXCHANGE_DHE, 0x0303, 0x0303 },
	/* SSL_RSA_FIPS_WITH_DES_CBC_SHA */
	{ 0xfefe,
		SUITE_DES | SUITE_64_BIT_BLOCK | SUITE_CBC | SUITE_SHA1 | STATIC_RSA_BITS |
			SUITE_NOT_AEAD,
		SUITE_EXCHANGE_RSA, 0x0300, 0x0303 },
};

static bool
can_be_had_in(const struct suite *suite, uint16_t version)
{
	return suite_matches(
		suite, &(struct suite_query){ .minimum = version, .maximum = version });
}

static void
check_versions(const struct class_case *row, const struct suite *suite)
{
	for (uint16_t version = TLS_VERSION_SSL3; version <= TLS_VERSION_1_3; version++)
		if (can_be_had_in(suite, version) !=
			(version >= row->minimum && version <= row->maximum))
			fail_msg("%s: got %d in %04x, want %04x to %04x", suite->name,
				can_be_had_in(suite, version), version, row->minimum, row->maximum);
}

static void
classes_are_read_off_the_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		const struct class_case *row = &classes[i];
		const struct suite *suite = suite_by_id(row->id);

		assert_non_null(suite);
		if (suite_classes(suite) != row->classes || suite_exchange(suite) != row->exchange)
			fail_msg("%s: got classes %08x exchange %d, want %08x %d", suite->name,
				suite_classes(suite), (int)suite_exchange(suite), row->classes,
				(int)row->exchange);
		check_versions(row, suite);
	}
}

/* Each part of a class's name that OpenSSL prints in its Kx=, Au=, Enc= and Mac= columns. */
static const struct {
	const char *column;
	uint32_t class;
} columns[] = {
	{ "Kx=RSA ", SUITE_STATIC_RSA },
	{ "Kx=DH ", SUITE_DHE },
	{ "Kx=ECDH ", SUITE_ECDHE },
	{ "Kx=SRP ", SUITE_SRP },
	{ "Au=None ", SUITE_ANONYMOUS },
	{ "Au=ECDSA ", SUITE_ECDSA },
	{ "Au=DSS ", SUITE_DSS },
	{ "Enc=None ", SUITE_NULL },
	{ "Enc=3DES(168) ", SUITE_3DES },
	{ "Enc=AES(", SUITE_CBC },
	{ "Enc=AESGCM(", SUITE_AEAD },
	{ "Enc=Camellia(", SUITE_CBC | SUITE_CAMELLIA },
	{ "Enc=ARIAGCM(", SUITE_AEAD | SUITE_ARIA },
	{ "Mac=SHA1", SUITE_SHA1 },
	{ "Mac=MD5", SUITE_MD5 },
	{ "Mac=AEAD", SUITE_AEAD },
};

static void
check_columns(const char *line, const struct suite *suite)
{
	uint32_t got = suite_classes(suite);

	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		if (strstr(line, columns[i].column) != NULL &&
			(got & columns[i].class) != columns[i].class)
			fail_msg("%s: got classes %08x, want %08x for %s", suite->name, got,
				columns[i].class, columns[i].column);
	if (strstr(line, "Mac=SHA1") == NULL && (got & SUITE_SHA1) != 0)
		fail_msg("%s: sha1, but OpenSSL says %s", suite->name, line);
	if (strstr(line, "Mac=AEAD") == NULL && (got & SUITE_AEAD) != 0)
		fail_msg("%s: aead, but OpenSSL says %s", suite->name, line);
	if ((strstr(line, "TLSv1.3 ") != NULL) != ((got & SUITE_TLS13) != 0) ||
		(strstr(line, "TLSv1.2 ") != NULL) !=
			(can_be_had_in(suite, TLS_VERSION_1_2) &&
				!can_be_had_in(suite, TLS_VERSION_1_1)))
		fail_msg("%s: not of the versions that OpenSSL says: %s", suite->name, line);
}

/* "0xC0,0x2F - IANA - OPENSSL VERSION Kx= Au= Enc= Mac=" */
static bool
check_line(const char *line)
{
	char iana[64], openssl[64];
	const struct suite *suite;
	unsigned high, low;

	if (sscanf(line, " 0x%2x,0x%2x - %63s - %63s", &high, &low, iana, openssl) != 4)
		return false;
	suite = suite_by_id((uint16_t)(high << 8 | low));
	if (suite == NULL)
		fail_msg("%s is missing", iana);
	else if (strcmp(suite->name, iana) != 0 || suite->openssl_name == NULL ||
		 strcmp(suite->openssl_name, openssl) != 0)
		fail_msg("%04x: got %s, %s; want %s, %s", suite->id, suite->name,
			suite->openssl_name == NULL ? "none" : suite->openssl_name, iana, openssl);
	else
		check_columns(line, suite);
	return true;
}

static void
the_table_agrees_with_openssl(void **state)
{
	FILE *list = popen("openssl ciphers -V -stdname ALL:COMPLEMENTOFALL@SECLEVEL=0", "r");
	char line[256];
	int lines = 0;

	(void)state;
	assert_non_null(list);
	while (fgets(line, sizeof(line), list) != NULL)
		if (check_line(line))
			lines++;
	assert_int_equal(pclose(list), 0);
	if (lines < 100)
		fail_msg("got %d suites from openssl, want 100 or more", lines);
}

static size_t
count_all(const struct suite_query *query)
{
	size_t count = 0;

	for (size_t i = 0; i < suites_count; i++)
		count += suite_matches(&suites_table[i], query) ? 1 : 0;
	return count;
}

static void
a_class_is_split_into_hellos_without_loss(void **state)
{
	const struct suite_query query = { .any = SUITE_CBC | SUITE_NULL,
		.minimum = TLS_VERSION_SSL3,
		.maximum = TLS_VERSION_1_2 };
	size_t total = 0, rounds = 0;

	(void)state;
	for (size_t from = 0; from < suites_count; rounds++) {
		struct tls_codes list = { 0 };

		from = suites_select(&query, from, &list, 100);
		assert_true(list.count <= 100);
		for (size_t i = 0; i < list.count; i++)
			assert_true(suite_matches(suite_by_id(list.codes[i]), &query));
		total += list.count;
	}
	assert_int_equal(total, count_all(&query));
	assert_int_equal(rounds, total / 100 + 1);
}

static const struct query_case {
	const char *name;
	struct suite_query query;
	uint16_t in, out;
} queries[] = {
	{ "TLS 1.0 has no SHA-256 suites", { 0, 0, 0, 0x0301, 0x0301 }, 0x002f, 0x003c },
	{ "TLS 1.3 has its own suites only", { 0, 0, 0, 0x0304, 0x0304 }, 0x1301, 0xc02f },
	{ "any is one of", { SUITE_RC4 | SUITE_MD5, 0, 0, 0x0300, 0x0304 }, 0x0005, 0x002f },
	{ "all is every one of", { 0, SUITE_RC4 | SUITE_MD5, 0, 0x0300, 0x0304 }, 0x0004, 0x0005 },
	{ "none is not one of", { 0, SUITE_CBC, SUITE_PSK, 0x0300, 0x0304 }, 0x002f, 0x008c },
};

static void
queries_say_what_is_in(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++)
		if (!suite_matches(suite_by_id(queries[i].in), &queries[i].query) ||
			suite_matches(suite_by_id(queries[i].out), &queries[i].query))
			fail_msg("%s: %04x got %d, want 1; %04x got %d, want 0", queries[i].name,
				queries[i].in,
				suite_matches(suite_by_id(queries[i].in), &queries[i].query),
				queries[i].out,
				suite_matches(suite_by_id(queries[i].out), &queries[i].query));
}

static void
alerts_and_versions_have_their_names(void **state)
{
	int code;

	(void)state;
	assert_string_equal(alert_of(70)->name, "protocol_version");
	assert_string_equal(alert_of(86)->name, "inappropriate_fallback");
	assert_string_equal(name_of(tls_version_names, TLS_VERSION_1_2), "1.2");
	assert_string_equal(name_of(tls_signature_names, 0x0804), "rsa_pss_rsae_sha256");
	assert_true(name_code(tls_version_names, "ssl3", &code) && code == TLS_VERSION_SSL3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_ascends_and_names_nothing_twice),
		cmocka_unit_test(the_signals_are_no_suites),
		cmocka_unit_test(names_are_found),
		cmocka_unit_test(classes_are_read_off_the_name),
		cmocka_unit_test(the_table_agrees_with_openssl),
		cmocka_unit_test(a_class_is_split_into_hellos_without_loss),
		cmocka_unit_test(queries_say_what_is_in),
		cmocka_unit_test(alerts_and_versions_have_their_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
