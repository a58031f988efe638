/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One rule for each thing that is chosen, in the order in which a client comes to it.
 */
#include "client_terms.h"

#include <string.h>

#include "base/names.h"
#include "hellos.h"
#include "wire/groups.h"
#include "wire/suites.h"
#include "x509/cert.h"

/* What the rules look at. */
struct choice {
	const struct client_profile *profile;
	const struct client_record *record;
	const struct server_hello *answer;
	uint32_t classes; /* of the suite */
	struct cert *certs;
	size_t cert_count; /* of those that can be read, up to the first that cannot */
	struct arena *arena;
};

static const struct client_objection none;

static struct client_objection
not_offered(const char *reason)
{
	return (struct client_objection){ .type = "NotOffered",
		.reason = reason,
		.fix = "The server broke TLS: it may only choose what was offered. Look for an update "
		       "of the server, or of what stands in front of it." };
}

static struct client_objection
unknown(const char *reason)
{
	return (struct client_objection){ .reason = reason, .undecided = true };
}

static bool
is_tls13(const struct choice *choice)
{
	return choice->answer->version >= TLS_VERSION_1_3;
}

static const char *
name_or_number(struct arena *arena, const struct name_code *names, uint16_t code)
{
	const char *name = name_of(names, code);

	return name != NULL ? name : arena_printf(arena, "0x%04x", code);
}

static struct client_objection
object_to_retry(const struct choice *choice)
{
	return choice->record->unfit != NULL ? not_offered(choice->record->unfit) : none;
}

/* A hello without supported_versions cannot say which versions are too old. */
static struct client_objection
object_to_version(const struct choice *choice)
{
	const struct client_profile *profile = choice->profile;
	uint16_t version = choice->answer->version;
	const char *reason = arena_printf(choice->arena, "the server chose %s, which it %s",
		version_shown(choice->arena, version),
		version > profile->maximum ? "did not offer" : "does not take");

	if (version >= profile->minimum && version <= profile->maximum)
		return none;
	if (version > profile->maximum || profile->maximum >= TLS_VERSION_1_3)
		return not_offered(reason);
	return (struct client_objection){ .type = "NoCommonVersion", .reason = reason };
}

/* RFC 8446 section 4.1.3: who has TLS 1.3 ends a connection whose server says that it could do more than it
 * chose, and who has TLS 1.2 one that ends below. */
static struct client_objection
object_to_downgrade(const struct choice *choice)
{
	uint16_t newest = choice->profile->maximum;

	if (newest < TLS_VERSION_1_3 || choice->record->downgrade == FLIGHT_DOWNGRADE_NONE)
		return none;
	return (struct client_objection){
		.type = "DowngradeSignalled",
		.reason = arena_printf(choice->arena,
			"the server chose %s, and says that it could do more",
			version_shown(choice->arena, choice->answer->version)),
		.fix = "Something on the way takes versions out of the hello, or the server does not "
		       "choose the newest that both have: look for a proxy or a filter in front of it."
	};
}

/* RFC 5246 section 7.4.1.4: an extension answers one of the client's, and secure renegotiation may also
 * be signalled among the suites (RFC 5746 section 3.3). */
static struct client_objection
object_to_extensions(const struct choice *choice)
{
	const struct tls_codes *answered = &choice->record->extensions;

	for (size_t i = 0; i < answered->count; i++) {
		uint16_t type = answered->codes[i];

		if (tls_codes_has(&choice->profile->extensions, type) ||
			(type == TLS_EXTENSION_RENEGOTIATION_INFO &&
				tls_codes_has(&choice->profile->suites, TLS_SIGNAL_RENEGOTIATION)))
			continue;
		return not_offered(arena_printf(choice->arena,
			"the server answers an extension that it did not send (%u)", type));
	}
	if (choice->answer->compression != 0)
		return not_offered("the server chose compression, which it did not offer");
	return none;
}

static struct client_objection
object_to_suite(const struct choice *choice)
{
	uint16_t suite = choice->answer->suite;
	bool is_signal = suite == TLS_SIGNAL_RENEGOTIATION || suite == TLS_SIGNAL_FALLBACK;

	if (!tls_codes_has(&choice->profile->suites, suite) || is_signal)
		return not_offered(
			arena_printf(choice->arena, "the server chose %s, which it did not offer",
				suite_shown(choice->arena, suite)));
	if (suite_by_id(suite) == NULL)
		return unknown(
			arena_printf(choice->arena, "the server chose %s, which is not known here",
				suite_shown(choice->arena, suite)));
	if (is_tls13(choice) != ((choice->classes & SUITE_TLS13) != 0))
		return not_offered(arena_printf(choice->arena, "the server chose %s in %s",
			suite_shown(choice->arena, suite),
			version_shown(choice->arena, choice->answer->version)));
	return none;
}

static struct client_objection
object_to_group(const struct choice *choice)
{
	uint16_t group = choice->answer->group;

	if (!is_tls13(choice) && (choice->classes & SUITE_ECDHE) == 0)
		return none;
	if (group == 0)
		return unknown("the server did not tell the group of the key exchange");
	if (!tls_codes_has(&choice->profile->groups, group))
		return not_offered(arena_printf(choice->arena,
			"the server chose the group %s, which it did not offer",
			name_or_number(choice->arena, group_names, group)));
	if (!choice->record->shared)
		return not_offered(arena_printf(choice->arena,
			"the server chose the group %s, which it sent no key share of",
			name_or_number(choice->arena, group_names, group)));
	return none;
}

/* Whether the server signs in a handshake with that suite, in a way that names a scheme. */
static bool
is_signed(const struct choice *choice)
{
	return is_tls13(choice) ||
	       (choice->answer->version == TLS_VERSION_1_2 &&
		       (choice->classes & (SUITE_ECDHE | SUITE_DHE)) != 0 &&
		       (choice->classes & (SUITE_ANONYMOUS | SUITES_SHARED_SECRET)) == 0);
}

/* RFC 8446 section 4.2.3: what TLS 1.3 has no more. */
static bool
is_before_tls13(uint16_t scheme)
{
	return scheme < 0x0704 && scheme != 0x0403 && scheme != 0x0503 && scheme != 0x0603;
}

static struct client_objection
object_to_signature(const struct choice *choice)
{
	uint16_t scheme = choice->answer->signature;

	if (!is_signed(choice))
		return none;
	if (scheme == 0)
		return unknown("the signature of the server was not seen");
	if ((choice->profile->signatures.count != 0 &&
		    !tls_codes_has(&choice->profile->signatures, scheme)) ||
		(is_tls13(choice) && is_before_tls13(scheme)))
		return not_offered(arena_printf(choice->arena,
			"the server signs with %s, which it did not offer%s",
			name_or_number(choice->arena, tls_signature_names, scheme),
			is_tls13(choice) ? " for TLS 1.3" : ""));
	return none;
}

static struct client_objection
object_to_prime(const struct choice *choice)
{
	const struct client_profile *profile = choice->profile;
	unsigned bits = choice->answer->bits;
	bool too_long = profile->maximum_dh_bits != 0 && bits > profile->maximum_dh_bits;

	if (is_tls13(choice) || (choice->classes & SUITE_DHE) == 0 ||
		(profile->minimum_dh_bits == 0 && profile->maximum_dh_bits == 0))
		return none;
	if (bits == 0)
		return unknown("the prime of DHE was not seen");
	if (!too_long && bits >= profile->minimum_dh_bits)
		return none;
	return (struct client_objection){ .type = "DhSizeRefused",
		.reason = arena_printf(choice->arena,
			"the server chose DHE with %u bits, and it takes %s %u", bits,
			too_long ? "no more than" : "no fewer than",
			too_long ? profile->maximum_dh_bits : profile->minimum_dh_bits),
		.fix = "Put ECDHE in front of DHE, or leave DHE out (Postfix: "
		       "smtpd_tls_exclude_ciphers = kDHE)." };
}

static struct client_objection
refused_certificate(const char *reason)
{
	return (struct client_objection){ .type = "CertificateRefused",
		.reason = reason,
		.fix = "Have a certificate issued that the client takes, perhaps beside the other one "
		       "(Postfix: smtpd_tls_chain_files; Dovecot: ssl_alt_cert)." };
}

/* Below TLS 1.3 the suite says what kind of key signs (RFC 5246 section 7.4.2); EdDSA goes with ECDSA
 * (RFC 8422 section 5.10). */
static bool
goes_with_suite(const struct choice *choice, const struct public_key *key)
{
	const char *algorithm = public_key_algorithm(key->kind);

	return is_tls13(choice) || algorithm == NULL ||
	       (strcmp(algorithm, "RSA") == 0) != ((choice->classes & SUITE_ECDSA) != 0);
}

/* Below TLS 1.3 the key of an ECDSA certificate is on one of the curves that were offered (RFC 8422 section
 * 5.3). */
static bool
is_on_offered_curve(const struct choice *choice, const struct public_key *key)
{
	static const struct {
		enum key_kind kind;
		uint16_t group;
	} curves[] = { { KEY_P256, GROUP_SECP256R1 }, { KEY_P384, GROUP_SECP384R1 },
		{ KEY_P521, GROUP_SECP521R1 } };

	for (size_t i = 0; i < sizeof(curves) / sizeof(curves[0]) && !is_tls13(choice); i++)
		if (curves[i].kind == key->kind)
			return tls_codes_has(&choice->profile->groups, curves[i].group);
	return true;
}

/* An anonymous suite has no certificate; with any other there is one that can be read. */
static struct client_objection
object_to_key(const struct choice *choice)
{
	const struct public_key *key = choice->cert_count != 0 ? &choice->certs[0].key : NULL;

	if ((choice->classes & (SUITE_ANONYMOUS | SUITES_SHARED_SECRET)) != 0)
		return none;
	if (key == NULL)
		return unknown("no certificate that can be read was seen");
	if (!goes_with_suite(choice, key))
		return not_offered(arena_printf(choice->arena,
			"the key of the certificate (%s) does not go with %s",
			public_key_text(key, choice->arena),
			suite_shown(choice->arena, choice->answer->suite)));
	if (!is_on_offered_curve(choice, key))
		return refused_certificate(arena_printf(choice->arena,
			"the key of the certificate (%s) is on a curve that it does not offer",
			public_key_text(key, choice->arena)));
	if ((key->kind == KEY_RSA || key->kind == KEY_RSA_PSS) &&
		key->bits < choice->profile->minimum_rsa_bits)
		return refused_certificate(arena_printf(choice->arena,
			"the key of the certificate is RSA with %u bits, and it takes no fewer than %u",
			key->bits, choice->profile->minimum_rsa_bits));
	return none;
}

/* The numbers in TLS for what a certificate is signed with; RSASSA-PSS has two, by the key. */
static const struct {
	enum signature_scheme scheme;
	enum signature_hash hash;
	uint16_t codes[2];
} numbers[] = {
	{ SCHEME_RSA_PKCS1, HASH_MD5, { 0x0101 } },
	{ SCHEME_RSA_PKCS1, HASH_SHA1, { 0x0201 } },
	{ SCHEME_RSA_PKCS1, HASH_SHA224, { 0x0301 } },
	{ SCHEME_RSA_PKCS1, HASH_SHA256, { 0x0401 } },
	{ SCHEME_RSA_PKCS1, HASH_SHA384, { 0x0501 } },
	{ SCHEME_RSA_PKCS1, HASH_SHA512, { 0x0601 } },
	{ SCHEME_RSA_PSS, HASH_SHA256, { 0x0804, 0x0809 } },
	{ SCHEME_RSA_PSS, HASH_SHA384, { 0x0805, 0x080a } },
	{ SCHEME_RSA_PSS, HASH_SHA512, { 0x0806, 0x080b } },
	{ SCHEME_ECDSA, HASH_SHA1, { 0x0203 } },
	{ SCHEME_ECDSA, HASH_SHA224, { 0x0303 } },
	{ SCHEME_ECDSA, HASH_SHA256, { 0x0403 } },
	{ SCHEME_ECDSA, HASH_SHA384, { 0x0503 } },
	{ SCHEME_ECDSA, HASH_SHA512, { 0x0603 } },
	{ SCHEME_ED25519, HASH_INTRINSIC, { 0x0807 } },
	{ SCHEME_ED448, HASH_INTRINSIC, { 0x0808 } },
};

/* NULL: there is none. */
static const uint16_t *
numbers_of(const struct signature_algorithm *algorithm)
{
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (numbers[i].scheme == algorithm->scheme && numbers[i].hash == algorithm->hash)
			return numbers[i].codes;
	return NULL;
}

static struct client_objection
object_to_cert(const struct choice *choice, size_t index, const struct tls_codes *taken)
{
	const struct signature_algorithm *algorithm = &choice->certs[index].algorithm;
	const uint16_t *codes = numbers_of(algorithm);

	if (codes == NULL)
		return unknown(arena_printf(choice->arena,
			"certificate %zu is signed in a way that is not known here", index + 1));
	if (tls_codes_has(taken, codes[0]) || (codes[1] != 0 && tls_codes_has(taken, codes[1])))
		return none;
	return refused_certificate(arena_printf(choice->arena,
		"certificate %zu is signed with %s, which it does not take", index + 1,
		algorithm->name != NULL
			? algorithm->name
			: name_or_number(choice->arena, tls_signature_names, codes[0])));
}

/* RFC 8446 section 4.4.2.2: the signature of a self-signed certificate is not looked at. A relay that
 * was not told to does not verify. */
static struct client_objection
object_to_chain(const struct choice *choice)
{
	const struct client_profile *profile = choice->profile;
	const struct tls_codes *taken = profile->chain_signatures.count != 0
						? &profile->chain_signatures
						: &profile->signatures;
	struct client_objection objection = none;

	if (profile->kind == CLIENT_RELAY || taken->count == 0)
		return none;
	for (size_t i = 0; i < choice->cert_count && objection.reason == NULL; i++)
		if (!cert_is_self_issued(&choice->certs[i]))
			objection = object_to_cert(choice, i, taken);
	return objection;
}

struct rule {
	struct client_objection (*object)(const struct choice *choice);
};

static const struct rule rules[] = {
	{ object_to_retry },
	{ object_to_version },
	{ object_to_downgrade },
	{ object_to_extensions },
	{ object_to_suite },
	{ object_to_group },
	{ object_to_signature },
	{ object_to_prime },
	{ object_to_key },
	{ object_to_chain },
};

static void
read_certs(struct choice *choice)
{
	const struct client_record *record = choice->record;

	choice->certs = arena_array(choice->arena, record->chain_count, sizeof(*choice->certs));
	while (choice->cert_count < record->chain_count) {
		struct error ignored = { .text = "" };

		if (!cert_parse(&choice->certs[choice->cert_count],
			    record->chain[choice->cert_count], choice->arena, &ignored))
			return;
		choice->cert_count++;
	}
}

struct client_objection
client_object(const struct client_record *record, struct arena *arena)
{
	const struct suite *suite = suite_by_id(record->answer.suite);
	struct choice *choice = arena_alloc(arena, sizeof(*choice));
	struct client_objection objection = none;

	*choice = (struct choice){ .profile = record->profile,
		.record = record,
		.answer = &record->answer,
		.classes = suite != NULL ? suite_classes(suite) : 0,
		.arena = arena };
	read_certs(choice);
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]) && objection.reason == NULL; i++)
		objection = rules[i].object(choice);
	return objection;
}
