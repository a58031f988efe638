/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "x509_fixtures.h"

#include "gate/cert.h"
#include "gate/der.h"

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_one_form_of_an_ecdsa_signature_is_good),
		cmocka_unit_test(a_signature_fits_one_key_and_one_algorithm),
		cmocka_unit_test(weak_algorithms_are_never_good),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
