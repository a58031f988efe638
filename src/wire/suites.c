/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Splits the names of the table into parts, whose bits make up the classes; read once, at first
 * use.
 */
#include "wire/suites.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

const struct name_code suite_class_names[] = {
	{ "null", SUITE_NULL },
	{ "anonymous", SUITE_ANONYMOUS },
	{ "export", SUITE_EXPORT },
	{ "des", SUITE_DES },
	{ "3des", SUITE_3DES },
	{ "rc2", SUITE_RC2 },
	{ "idea", SUITE_IDEA },
	{ "rc4", SUITE_RC4 },
	{ "md5", SUITE_MD5 },
	{ "cbc", SUITE_CBC },
	{ "sha1", SUITE_SHA1 },
	{ "static-rsa", SUITE_STATIC_RSA },
	{ "no-forward-secrecy", SUITE_NO_FORWARD_SECRECY },
	{ "not-aead", SUITE_NOT_AEAD },
	{ "aead", SUITE_AEAD },
	{ "psk", SUITE_PSK },
	{ "tls13", SUITE_TLS13 },
	{ "64-bit-block", SUITE_64_BIT_BLOCK },
	{ "dhe", SUITE_DHE },
	{ "ecdhe", SUITE_ECDHE },
	{ "static-dh", SUITE_STATIC_DH },
	{ "srp", SUITE_SRP },
	{ "kerberos", SUITE_KERBEROS },
	{ "gost", SUITE_GOST },
	{ "dss", SUITE_DSS },
	{ "ecdsa", SUITE_ECDSA },
	{ "sha2", SUITE_SHA2 },
	{ "ccm-8", SUITE_CCM_8 },
	{ "camellia", SUITE_CAMELLIA },
	{ "aria", SUITE_ARIA },
	{ "seed", SUITE_SEED },
	{ NULL, 0 },
};

/* What a part of the name before "_WITH_" says: key exchange and authentication. */
static const struct name_code exchange_parts[] = {
	{ "NULL", SUITE_ANONYMOUS },
	{ "anon", SUITE_ANONYMOUS },
	{ "EXPORT", SUITE_EXPORT },
	{ "EXPORT1024", SUITE_EXPORT },
	{ "DHE", SUITE_DHE },
	{ "ECDHE", SUITE_ECDHE },
	{ "ECCPWD", SUITE_ECDHE },
	{ "DH", SUITE_STATIC_DH },
	{ "ECDH", SUITE_STATIC_DH },
	{ "PSK", SUITE_PSK },
	{ "SRP", SUITE_SRP },
	{ "KRB5", SUITE_KERBEROS },
	{ "DSS", SUITE_DSS },
	{ "ECDSA", SUITE_ECDSA },
	{ "GOSTR341094", SUITE_GOST },
	{ "GOSTR341001", SUITE_GOST },
	{ "GOSTR341112", SUITE_GOST },
	{ NULL, 0 },
};

/* What a part behind it says: cipher and hash. All parts of a TLS 1.3 name are such. */
static const struct name_code cipher_parts[] = {
	{ "NULL", SUITE_NULL },
	{ "DES", SUITE_DES | SUITE_64_BIT_BLOCK },
	{ "DES40", SUITE_DES | SUITE_64_BIT_BLOCK },
	{ "3DES", SUITE_3DES | SUITE_64_BIT_BLOCK },
	{ "RC2", SUITE_RC2 | SUITE_64_BIT_BLOCK },
	{ "IDEA", SUITE_IDEA | SUITE_64_BIT_BLOCK },
	{ "28147", SUITE_GOST | SUITE_64_BIT_BLOCK },
	{ "MAGMA", SUITE_GOST | SUITE_64_BIT_BLOCK },
	{ "KUZNYECHIK", SUITE_GOST },
	{ "RC4", SUITE_RC4 },
	{ "CAMELLIA", SUITE_CAMELLIA },
	{ "ARIA", SUITE_ARIA },
	{ "SEED", SUITE_SEED },
	{ "CBC", SUITE_CBC },
	{ "GCM", SUITE_AEAD },
	{ "CCM", SUITE_AEAD },
	{ "POLY1305", SUITE_AEAD },
	{ "MGM", SUITE_AEAD | SUITE_TLS13 }, /* RFC 9367 */
	{ "AEGIS", SUITE_AEAD },
	{ "8", SUITE_CCM_8 },
	{ "MD5", SUITE_MD5 },
	{ "SHA", SUITE_SHA1 },
	{ "SHA256", SUITE_SHA2 },
	{ "SHA384", SUITE_SHA2 },
	{ "SHA512", SUITE_SHA2 },
	{ NULL, 0 },
};

static int
compare_id(const void *key, const void *element)
{
	const uint16_t *id = key;
	const struct suite *suite = element;

	return (int)*id - (int)suite->id;
}

const struct suite *
suite_by_id(uint16_t id)
{
	return bsearch(&id, suites_table, suites_count, sizeof(suites_table[0]), compare_id);
}

static bool
same_openssl_name(const char *a, const char *b)
{
	bool a_dhe = text_starts_with(a, "EDH-") || text_starts_with(a, "DHE-");
	bool b_dhe = text_starts_with(b, "EDH-") || text_starts_with(b, "DHE-");

	return text_same(a, b) || (a_dhe && b_dhe && text_same(a + 4, b + 4));
}

const struct suite *
suite_by_name(const char *name)
{
	for (size_t i = 0; i < suites_count; i++) {
		const struct suite *suite = &suites_table[i];

		if (text_same(suite->name, name) ||
			(suite->openssl_name != NULL &&
				same_openssl_name(suite->openssl_name, name)))
			return suite;
	}
	return NULL;
}

static uint32_t
part_bits(const struct name_code *parts, const char *part, size_t len)
{
	for (; parts->name != NULL; parts++)
		if (parts->name[0] == part[0] && strncmp(parts->name, part, len) == 0 &&
			parts->name[len] == '\0')
			return (uint32_t)parts->code;
	return 0;
}

/* The bits of all parts from `name` up to `end`, which are separated by underscores. */
static uint32_t
name_bits(const struct name_code *parts, const char *name, const char *end)
{
	uint32_t bits = 0;

	while (name < end) {
		size_t len = strcspn(name, "_");

		if (len > (size_t)(end - name))
			len = (size_t)(end - name);
		bits |= part_bits(parts, name, len);
		name += len + 1;
	}
	return bits;
}

static uint32_t
tls13_bits(const char *name)
{
	uint32_t bits = name_bits(cipher_parts, name, name + strlen(name)) | SUITE_TLS13;

	/* RFC 9150: TLS_SHA256_SHA256 protects the integrity and encrypts nothing. */
	return (bits & SUITE_AEAD) == 0 ? bits | SUITE_NULL : bits;
}

static uint32_t
exchange_bits(const char *name, const char *end)
{
	const uint32_t not_rsa = SUITE_DHE | SUITE_ECDHE | SUITE_STATIC_DH | SUITE_PSK | SUITE_SRP |
				 SUITE_KERBEROS | SUITE_GOST;
	uint32_t bits = name_bits(exchange_parts, name, end);
	const char *rsa = strstr(name, "_RSA_");

	/* DH_anon and ECDH_anon: keys of the moment, although the name has no E. */
	if ((bits & SUITE_ANONYMOUS) != 0 && (bits & SUITE_STATIC_DH) != 0) {
		bits &= ~(uint32_t)SUITE_STATIC_DH;
		bits |= strstr(name, "ECDH") != NULL ? SUITE_ECDHE : SUITE_DHE;
	}
	if (rsa != NULL && rsa < end && (bits & not_rsa) == 0)
		bits |= SUITE_STATIC_RSA;
	if ((bits & (SUITE_DHE | SUITE_ECDHE | SUITE_SRP)) == 0)
		bits |= SUITE_NO_FORWARD_SECRECY;
	return bits;
}

static uint32_t
classes_of_name(const struct suite *suite)
{
	const char *with = strstr(suite->name, "_WITH_");
	uint32_t bits;

	if (with == NULL)
		bits = tls13_bits(suite->name);
	else
		bits = exchange_bits(suite->name, with) |
		       name_bits(cipher_parts, with, with + strlen(with));
	if ((bits & SUITE_TLS13) != 0)
		bits &= ~(uint32_t)SUITE_NO_FORWARD_SECRECY;
	return (bits & SUITE_AEAD) == 0 ? bits | SUITE_NOT_AEAD : bits;
}

/* Names are read once: a selection of suites looks at every row. */
static uint32_t classes_of_rows[SUITES_MAX];
static pthread_once_t classes_read = PTHREAD_ONCE_INIT;

static void
read_classes(void)
{
	for (size_t i = 0; i < suites_count; i++)
		classes_of_rows[i] = classes_of_name(&suites_table[i]);
}

uint32_t
suite_classes(const struct suite *suite)
{
	pthread_once(&classes_read, read_classes);
	return classes_of_rows[suite - suites_table];
}

enum suite_exchange
suite_exchange(const struct suite *suite)
{
	static const struct {
		uint32_t class;
		enum suite_exchange exchange;
	} rows[] = {
		{ SUITE_TLS13, SUITE_EXCHANGE_TLS13 },
		{ SUITE_STATIC_RSA, SUITE_EXCHANGE_RSA },
		{ SUITE_STATIC_DH, SUITE_EXCHANGE_STATIC_DH },
		{ SUITE_DHE, SUITE_EXCHANGE_DHE },
		{ SUITE_ECDHE, SUITE_EXCHANGE_ECDHE },
	};
	uint32_t classes = suite_classes(suite);

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if ((classes & rows[i].class) != 0)
			return rows[i].exchange;
	return SUITE_EXCHANGE_OTHER;
}

static uint16_t
lowest_version(const struct suite *suite)
{
	uint32_t classes = suite_classes(suite);

	if ((classes & SUITE_TLS13) != 0)
		return TLS_VERSION_1_3;
	/* RFC 5246 section 1.2 made MAC and PRF a matter of the suite. The PSK suites of RFC 5487
	 * and 5489 with SHA-2 run on TLS 1.0 as well, by their section 3. */
	if ((classes & SUITE_AEAD) != 0 ||
		((classes & SUITE_SHA2) != 0 && (classes & SUITE_PSK) == 0))
		return TLS_VERSION_1_2;
	return TLS_VERSION_SSL3;
}

static uint16_t
highest_version(const struct suite *suite)
{
	return (suite_classes(suite) & SUITE_TLS13) != 0 ? TLS_VERSION_1_3 : TLS_VERSION_1_2;
}

bool
suite_matches(const struct suite *suite, const struct suite_query *query)
{
	uint32_t classes = suite_classes(suite);

	return (query->any == 0 || (classes & query->any) != 0) &&
	       (classes & query->all) == query->all && (classes & query->none) == 0 &&
	       lowest_version(suite) <= query->maximum && highest_version(suite) >= query->minimum;
}

size_t
suites_select(const struct suite_query *query, size_t from, struct tls_codes *list, size_t most)
{
	for (; from < suites_count && list->count < most; from++)
		if (suite_matches(&suites_table[from], query))
			tls_codes_add_once(list, suites_table[from].id);
	return from;
}
