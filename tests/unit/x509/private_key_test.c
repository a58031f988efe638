/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "x509_fixtures.h"

#include "x509/cert.h"
#include "x509/private_key.h"

static const struct {
	const char *name;
	const char *key;
	const char *cert;
	enum private_key_outcome outcome;
} cases[] = {
	{ "RSA in PKCS #8", "key-rsa", "keyed-rsa", PRIVATE_KEY_MATCHES },
	{ "RSA in PKCS #1", "key-rsa-old", "keyed-rsa", PRIVATE_KEY_MATCHES },
	{ "P-256 in PKCS #8", "key-p256", "keyed-p256", PRIVATE_KEY_MATCHES },
	{ "P-256 in SEC 1", "key-p256-old", "keyed-p256", PRIVATE_KEY_MATCHES },
	{ "P-384", "key-p384", "keyed-p384", PRIVATE_KEY_MATCHES },
	{ "P-521", "key-p521-old", "keyed-p521", PRIVATE_KEY_MATCHES },
	{ "Ed25519", "key-ed25519", "keyed-ed25519", PRIVATE_KEY_MATCHES },
	{ "another RSA key", "key-rsa", "rsa-root", PRIVATE_KEY_DIFFERS },
	{ "another P-256 key", "key-p256", "leaf", PRIVATE_KEY_DIFFERS },
	{ "another Ed25519 key", "key-ed25519", "ed25519-root", PRIVATE_KEY_DIFFERS },
	{ "RSA for a P-256 certificate", "key-rsa", "keyed-p256", PRIVATE_KEY_DIFFERS },
	{ "P-256 for an RSA certificate", "key-p256", "keyed-rsa", PRIVATE_KEY_DIFFERS },
	{ "P-256 for a P-384 certificate", "key-p256", "keyed-p384", PRIVATE_KEY_DIFFERS },
	{ "a key with a password", "key-locked", "keyed-ed25519", PRIVATE_KEY_UNREADABLE },
	{ "no key", "leaf", "leaf", PRIVATE_KEY_UNREADABLE },
};

static void
keys_belong_as_listed(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct span pem = fixture(&arena, cases[i].key);
		struct error error = { { 0 } };
		enum private_key_outcome outcome;
		struct cert cert;

		assert_true(cert_parse(&cert, fixture(&arena, cases[i].cert), &arena, &error));
		outcome = private_key_compare((const char *)pem.data, pem.len, &cert.key, &error);
		if (outcome != cases[i].outcome)
			fail_msg("%s: got %d, want %d %s", cases[i].name, outcome, cases[i].outcome,
				error.text);
		if ((outcome == PRIVATE_KEY_UNREADABLE) != error_is_set(&error))
			fail_msg("%s: error is \"%s\"", cases[i].name, error.text);
	}
	arena_release(&arena);
}

static void
no_prefix_of_a_key_belongs(void **state)
{
	struct error error = { { 0 } };
	struct arena arena;
	struct cert cert;
	struct span pem;

	(void)state;
	arena_init(&arena);
	pem = fixture(&arena, "key-p256");
	assert_true(cert_parse(&cert, fixture(&arena, "keyed-p256"), &arena, &error));
	for (size_t len = 0; len + 2 < pem.len; len++) {
		char *cut = test_malloc(len + 1);
		struct error problem = { { 0 } };

		memcpy(cut, pem.data, len);
		if (private_key_compare(cut, len, &cert.key, &problem) == PRIVATE_KEY_MATCHES)
			fail_msg("%zu of %zu bytes match", len, pem.len);
		test_free(cut);
	}
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_belong_as_listed),
		cmocka_unit_test(no_prefix_of_a_key_belongs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
