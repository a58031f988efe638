/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "x509_fixtures.h"

#include "wire/tls_names.h"
#include "x509/cert.h"
#include "x509/der.h"

static struct cert
parse(struct arena *arena, const char *name)
{
	struct error error = { { 0 } };
	struct cert cert;

	assert_true(cert_parse(&cert, fixture(arena, name), arena, &error));
	return cert;
}

/* The same r and s, written in another way. */
static struct span
rewrite(struct arena *arena, struct span signature, size_t zeros, size_t behind)
{
	struct cursor outer = cursor_over(signature);
	struct cursor numbers = der_enter(&outer, DER_SEQUENCE);
	struct span r = der_integer(&numbers), s = der_integer(&numbers);
	uint8_t *bytes = arena_alloc(arena, signature.len + zeros + behind + 8), *next = bytes;

	*next++ = DER_SEQUENCE;
	*next++ = (uint8_t)(r.len + s.len + 4 + zeros + behind);
	*next++ = DER_INTEGER;
	*next++ = (uint8_t)(r.len + zeros);
	next += zeros;
	memcpy(next, r.data, r.len);
	next += r.len;
	*next++ = DER_INTEGER;
	*next++ = (uint8_t)s.len;
	memcpy(next, s.data, s.len);
	next += s.len + behind;
	return (struct span){ bytes, (size_t)(next - bytes) };
}

static void
only_one_form_of_an_ecdsa_signature_is_good(void **state)
{
	static const struct {
		const char *name;
		size_t zeros;
		size_t behind;
		bool good;
	} cases[] = {
		{ "as it was", 0, 0, true },
		{ "with zeros in front of r", 2, 0, false },
		{ "with bytes behind s", 0, 2, false },
	};
	struct cert leaf, ica;
	struct arena arena;

	(void)state;
	arena_init(&arena);
	leaf = parse(&arena, "leaf");
	ica = parse(&arena, "ica");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct span other =
			rewrite(&arena, leaf.signature, cases[i].zeros, cases[i].behind);

		if (signature_verify(&ica.key, &leaf.algorithm, leaf.tbs, other) != cases[i].good)
			fail_msg("%s: got %d", cases[i].name, !cases[i].good);
	}
	arena_release(&arena);
}

static void
a_signature_fits_one_key_and_one_algorithm(void **state)
{
	static const char *const pairs[][2] = { { "leaf", "ica" }, { "leaf-of-rsa", "rsa-root" },
		{ "leaf-of-pss", "rsa-root" }, { "leaf-of-p384", "p384-root" },
		{ "leaf-of-p521", "p521-root" }, { "leaf-of-ed25519", "ed25519-root" },
		{ "leaf-of-ed448", "ed448-root" } };
	const size_t count = sizeof(pairs) / sizeof(pairs[0]);
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < count * count * count; i++) {
		size_t of = i % count, by = i / count % count, with = i / count / count;
		struct cert leaf = parse(&arena, pairs[of][0]);
		struct cert issuer = parse(&arena, pairs[by][1]);
		struct cert other = parse(&arena, pairs[with][0]);
		bool same_key = strcmp(pairs[of][1], pairs[by][1]) == 0;
		bool same = same_key && strcmp(leaf.algorithm.name, other.algorithm.name) == 0;

		if (signature_verify(&issuer.key, &other.algorithm, leaf.tbs, leaf.signature) !=
			same)
			fail_msg("%s with the key of %s and the algorithm of %s: got %d",
				pairs[of][0], pairs[by][1], pairs[with][0], !same);
	}
	arena_release(&arena);
}

static void
weak_algorithms_are_never_good(void **state)
{
	struct cert leaf, root;
	struct arena arena;

	(void)state;
	arena_init(&arena);
	leaf = parse(&arena, "leaf-sha1");
	root = parse(&arena, "rsa-root");
	assert_int_equal(leaf.algorithm.hash, HASH_SHA1);
	assert_false(signature_verify(&root.key, &leaf.algorithm, leaf.tbs, leaf.signature));
	arena_release(&arena);
}

/* The name of a scheme says what it signs with. */
static const struct {
	const char *in_name;
	enum signature_scheme scheme;
	enum signature_hash hash;
} words[] = {
	{ "rsa_pkcs1", SCHEME_RSA_PKCS1, HASH_UNKNOWN },
	{ "rsa_pss_", SCHEME_RSA_PSS, HASH_UNKNOWN },
	{ "ecdsa_secp", SCHEME_ECDSA, HASH_UNKNOWN },
	{ "ed25519", SCHEME_ED25519, HASH_INTRINSIC },
	{ "ed448", SCHEME_ED448, HASH_INTRINSIC },
	{ "_sha256", SCHEME_UNKNOWN, HASH_SHA256 },
	{ "_sha384", SCHEME_UNKNOWN, HASH_SHA384 },
	{ "_sha512", SCHEME_UNKNOWN, HASH_SHA512 },
};

static void
tls_schemes_sign_with_what_their_names_say(void **state)
{
	(void)state;
	for (const struct name_code *row = tls_signature_names; row->name != NULL; row++) {
		struct signature_algorithm want = { .scheme = SCHEME_UNKNOWN };
		struct signature_algorithm got = signature_algorithm_of_tls((uint16_t)row->code);

		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
			if (strstr(row->name, words[i].in_name) == NULL)
				continue;
			want.scheme =
				words[i].scheme != SCHEME_UNKNOWN ? words[i].scheme : want.scheme;
			want.hash = words[i].hash != HASH_UNKNOWN ? words[i].hash : want.hash;
		}
		if (!signature_algorithm_is_accepted(&want))
			want = (struct signature_algorithm){ .scheme = SCHEME_UNKNOWN };
		if (got.scheme != want.scheme || got.hash != want.hash)
			fail_msg("%s: got scheme %d and hash %d, want %d and %d", row->name,
				(int)got.scheme, (int)got.hash, (int)want.scheme, (int)want.hash);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_one_form_of_an_ecdsa_signature_is_good),
		cmocka_unit_test(a_signature_fits_one_key_and_one_algorithm),
		cmocka_unit_test(weak_algorithms_are_never_good),
		cmocka_unit_test(tls_schemes_sign_with_what_their_names_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
