/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reads the algorithm from a table, and checks size and point of the key by its kind.
 */
#include "x509/public_key.h"

#include <stddef.h>

#include "base/names.h"
#include "der.h"
#include "oid.h"

static const struct oid_code key_algorithms[] = {
	{ { 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1 } }, KEY_RSA },
	{ { 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10 } }, KEY_RSA_PSS },
	{ { 7, { 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1 } }, KEY_EC_OTHER },
	{ { 3, { 0x2b, 0x65, 0x70 } }, KEY_ED25519 },
	{ { 3, { 0x2b, 0x65, 0x71 } }, KEY_ED448 },
	{ { 7, { 0x2a, 0x86, 0x48, 0xce, 0x38, 4, 1 } }, KEY_DSA },
	{ { 0, { 0 } }, KEY_UNKNOWN },
};

static const struct oid_code curves[] = {
	{ { 8, { 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7 } }, KEY_P256 },
	{ { 5, { 0x2b, 0x81, 0x04, 0, 0x22 } }, KEY_P384 },
	{ { 5, { 0x2b, 0x81, 0x04, 0, 0x23 } }, KEY_P521 },
	{ { 0, { 0 } }, KEY_EC_OTHER },
};

static const struct name_code key_names[] = {
	{ "key of unknown algorithm", KEY_UNKNOWN },
	{ "RSA", KEY_RSA },
	{ "RSA for PSS only", KEY_RSA_PSS },
	{ "P-256", KEY_P256 },
	{ "P-384", KEY_P384 },
	{ "P-521", KEY_P521 },
	{ "Ed25519", KEY_ED25519 },
	{ "Ed448", KEY_ED448 },
	{ "EC key on another named curve", KEY_EC_OTHER },
	{ "EC key with explicit curve parameters", KEY_EC_EXPLICIT },
	{ "DSA", KEY_DSA },
	{ "malformed key", KEY_MALFORMED },
	{ NULL, 0 },
};

/* Bits of the field and length of the key, for kinds where both are fixed. */
static const struct {
	enum key_kind kind;
	unsigned bits;
	size_t len;
} fixed_sizes[] = {
	{ KEY_P256, 256, 65 },
	{ KEY_P384, 384, 97 },
	{ KEY_P521, 521, 133 },
	{ KEY_ED25519, 256, 32 },
	{ KEY_ED448, 456, 57 },
};

const char *
public_key_name(enum key_kind kind)
{
	return name_of(key_names, (int)kind);
}

const char *
public_key_text(const struct public_key *key, struct arena *arena)
{
	if (key->kind != KEY_RSA && key->kind != KEY_RSA_PSS)
		return public_key_name(key->kind);
	return arena_printf(arena, "%s with %u bits", public_key_name(key->kind), key->bits);
}

static const struct name_code algorithm_names[] = {
	{ "RSA", KEY_RSA },
	{ "RSA", KEY_RSA_PSS },
	{ "ECDSA", KEY_P256 },
	{ "ECDSA", KEY_P384 },
	{ "ECDSA", KEY_P521 },
	{ "EdDSA", KEY_ED25519 },
	{ "EdDSA", KEY_ED448 },
	{ NULL, 0 },
};

const char *
public_key_algorithm(enum key_kind kind)
{
	return name_of(algorithm_names, (int)kind);
}

static unsigned
bit_length(struct span number)
{
	unsigned bits = (unsigned)number.len * 8;

	for (unsigned top = number.data[0]; top < 0x80 && bits != 0; top = top << 1 | 1)
		bits--;
	return bits;
}

/* RFC 3279 section 2.3.1: SEQUENCE { modulus, publicExponent }. An even modulus or exponent is
 * no RSA key, nor is an exponent of 1. */
static void
measure_rsa(struct public_key *key)
{
	struct cursor outer = cursor_over(key->material);
	struct cursor numbers = der_enter(&outer, DER_SEQUENCE);
	struct span modulus = der_positive(&numbers);
	struct span exponent = der_positive(&numbers);

	der_leave(&outer, &numbers);
	if (!cursor_at_end(&outer) || modulus.len == 0 || modulus.len > 8192 ||
		(modulus.data[modulus.len - 1] & 1) == 0 ||
		(exponent.data[exponent.len - 1] & 1) == 0 ||
		(exponent.len == 1 && exponent.data[0] == 1)) {
		key->kind = KEY_MALFORMED;
		return;
	}
	key->bits = bit_length(modulus);
}

/* RFC 5480 section 2.1.1: a curve's name; never its parameters, never "implied". */
static enum key_kind
curve_of(struct cursor *parameters)
{
	if (!der_at(parameters, DER_OID))
		return KEY_EC_EXPLICIT;
	return (enum key_kind)oid_code(curves, der_read(parameters, DER_OID));
}

/* Points stand uncompressed; the other form is rare and not supported. */
static void
measure_fixed(struct public_key *key)
{
	for (size_t i = 0; i < sizeof(fixed_sizes) / sizeof(fixed_sizes[0]); i++) {
		bool is_point = key->kind != KEY_ED25519 && key->kind != KEY_ED448;

		if (fixed_sizes[i].kind != key->kind)
			continue;
		key->bits = fixed_sizes[i].bits;
		if (key->material.len != fixed_sizes[i].len ||
			(is_point && key->material.data[0] != 0x04))
			key->kind = KEY_MALFORMED;
		return;
	}
}

bool
public_key_parse(struct public_key *key, struct span spki)
{
	struct cursor outer = cursor_over(spki);
	struct cursor fields = der_enter(&outer, DER_SEQUENCE);
	struct cursor algorithm = der_enter(&fields, DER_SEQUENCE);

	*key = (struct public_key){ .spki = spki };
	key->algorithm = der_read(&algorithm, DER_OID);
	key->material = der_bytes(&fields);
	der_leave(&outer, &fields);
	if (!cursor_at_end(&outer) || algorithm.broken)
		return false;
	key->kind = (enum key_kind)oid_code(key_algorithms, key->algorithm);
	if (key->kind == KEY_EC_OTHER)
		key->kind = curve_of(&algorithm);
	if (key->kind == KEY_RSA || key->kind == KEY_RSA_PSS)
		measure_rsa(key);
	else
		measure_fixed(key);
	return true;
}
