/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * certificate.key, .signature and .usage: the leaf's key and what it is for, the signatures along
 * the path.
 */
#include "base/names.h"
#include "base/text.h"
#include "certificate_view.h"
#include "checks/arguments.h"
#include "evidence/cause.h"
#include "families.h"

static const char *const algorithms[] = { "RSA", "ECDSA", "EdDSA", NULL };
static const char *const curves[] = { "P-256", "P-384", "P-521", "Ed25519", "Ed448", NULL };

static bool
is_rsa(const struct public_key *key)
{
	return key->kind == KEY_RSA || key->kind == KEY_RSA_PSS;
}

static void
judge_key(const struct arguments *arguments, const struct evidence *evidence,
	const struct peer *peer, struct finding *finding)
{
	const struct argument *allowed = argument_of(arguments, "algorithms");
	const struct argument *on = argument_of(arguments, "curves");
	long minimum = argument_of(arguments, "rsa_minimum")->number;
	const char *shown, *algorithm;
	struct cert leaf;

	(void)evidence;
	if (!view_leaf(peer, finding, &leaf))
		return;
	shown = public_key_text(&leaf.key, finding->arena);
	algorithm = public_key_algorithm(leaf.key.kind);
	if (algorithm == NULL)
		finding_fail(finding, CAUSE_NONE, "KeyNotAccepted",
			"the key is of a kind that is not accepted: %s", shown);
	else if (allowed->given && !argument_lists(allowed, algorithm))
		finding_fail(finding, CAUSE_NONE, "KeyAlgorithmNotAllowed", "the key is for %s: %s",
			algorithm, shown);
	else if (is_rsa(&leaf.key) && (long)leaf.key.bits < minimum)
		finding_fail(finding, CAUSE_NONE, "KeyTooShort", "the key is %s", shown);
	else if (on->given && !is_rsa(&leaf.key) &&
		 !argument_lists(on, public_key_name(leaf.key.kind)))
		finding_fail(finding, CAUSE_NONE, "CurveNotAllowed", "the key is on %s", shown);
	else
		finding_pass(finding, "the key is %s", shown);
	finding_expected(finding, "RSA with at least %ld bits, or an accepted curve", minimum);
	finding_observed(finding, "%s", shown);
}

static const char *const hashes[] = { "sha256", "sha384", "sha512", NULL };

static const struct name_code hash_names[] = {
	{ "an unknown hash", HASH_UNKNOWN },
	{ "md2", HASH_MD2 },
	{ "md5", HASH_MD5 },
	{ "sha1", HASH_SHA1 },
	{ "sha224", HASH_SHA224 },
	{ "sha256", HASH_SHA256 },
	{ "sha384", HASH_SHA384 },
	{ "sha512", HASH_SHA512 },
	{ "the hash of its algorithm", HASH_INTRINSIC },
	{ NULL, 0 },
};

static const char *
signature_shown(const struct signature_algorithm *algorithm)
{
	return algorithm->name != NULL ? algorithm->name
				       : name_of(hash_names, (int)algorithm->hash);
}

/* The enumeration ascends from the unknown to what is part of a modern algorithm. The signature
 * of a root upon itself protects nothing. */
static void
judge_signature(const struct arguments *arguments, const struct evidence *evidence,
	const struct peer *peer, struct finding *finding)
{
	const char *minimum = argument_of(arguments, "minimum")->text, *observed = NULL;
	struct links links;
	struct cert leaf;
	int least = HASH_INTRINSIC;

	(void)evidence;
	if (!view_leaf(peer, finding, &leaf))
		return;
	name_code(hash_names, minimum, &least);
	links = view_links(peer, finding->arena);
	finding_pass(
		finding, "the certificate is signed with %s", signature_shown(&leaf.algorithm));
	for (size_t i = links.count; i > 0; i--) {
		const struct path_member *member = &links.members[i - 1];
		const struct signature_algorithm *algorithm = &member->cert->algorithm;
		const char *who = link_shown(finding->arena, member);

		if (member->position > 0 && cert_is_self_issued(member->cert))
			continue;
		observed = text_joined(finding->arena, observed,
			arena_printf(finding->arena, "%s: %s", who, signature_shown(algorithm)));
		if ((int)algorithm->hash < least)
			finding_fail(finding, CAUSE_NONE, "SignatureTooWeak",
				"%s is signed with %s", who, signature_shown(algorithm));
	}
	finding_expected(finding, "%s or better, the whole chain", minimum);
	finding_observed(finding, "%s", observed);
}

static const char *const purposes[] = { "serverAuth", "clientAuth", "emailProtection",
	"OCSPSigning", NULL };
static const struct name_code purpose_names[] = {
	{ "serverAuth", PURPOSE_SERVER_AUTH },
	{ "clientAuth", PURPOSE_CLIENT_AUTH },
	{ "emailProtection", PURPOSE_EMAIL_PROTECTION },
	{ "OCSPSigning", PURPOSE_OCSP_SIGNING },
	{ "anyExtendedKeyUsage", PURPOSE_ANY },
	{ "others", PURPOSE_OTHER },
	{ NULL, 0 },
};

static const char *const key_usages[] = { "digitalSignature", "keyEncipherment", "keyAgreement",
	"contentCommitment", "dataEncipherment", NULL };
static const struct name_code key_usage_names[] = {
	{ "digitalSignature", KEY_USAGE_DIGITAL_SIGNATURE },
	{ "contentCommitment", KEY_USAGE_CONTENT_COMMITMENT },
	{ "keyEncipherment", KEY_USAGE_KEY_ENCIPHERMENT },
	{ "dataEncipherment", KEY_USAGE_DATA_ENCIPHERMENT },
	{ "keyAgreement", KEY_USAGE_KEY_AGREEMENT },
	{ "keyCertSign", KEY_USAGE_KEY_CERT_SIGN },
	{ "cRLSign", KEY_USAGE_CRL_SIGN },
	{ "encipherOnly", KEY_USAGE_ENCIPHER_ONLY },
	{ "decipherOnly", KEY_USAGE_DECIPHER_ONLY },
	{ NULL, 0 },
};

/* The names of the bits that are set, with commas. */
static const char *
bits_shown(struct arena *arena, const struct name_code *names, unsigned bits)
{
	const char *list = NULL;

	for (; names->name != NULL; names++)
		if (((unsigned)names->code & bits) != 0)
			list = list == NULL ? names->name
					    : arena_printf(arena, "%s, %s", list, names->name);
	return list != NULL ? list : "nothing";
}

static unsigned
bits_of(const struct name_code *names, const struct argument *argument)
{
	unsigned bits = 0;

	for (; names->name != NULL; names++)
		if (argument_lists(argument, names->name))
			bits |= (unsigned)names->code;
	return bits;
}

/* RFC 5280 section 4.2.1.12: without the extension, the key is good for any purpose. */
static unsigned
purposes_of(const struct cert *cert)
{
	const unsigned all = PURPOSE_SERVER_AUTH | PURPOSE_CLIENT_AUTH | PURPOSE_EMAIL_PROTECTION |
			     PURPOSE_OCSP_SIGNING;

	return !cert->extended_key_usage.present || (cert->purposes & PURPOSE_ANY) != 0
		       ? all
		       : cert->purposes;
}

static const char *
usage_shown(struct arena *arena, const struct cert *cert)
{
	return arena_printf(arena, "extended key usage: %s; key usage: %s",
		cert->extended_key_usage.present ? bits_shown(arena, purpose_names, cert->purposes)
						 : "any (absent)",
		cert->key_usage.present ? bits_shown(arena, key_usage_names, cert->usages)
					: "any (absent)");
}

static void
judge_usage(const struct arguments *arguments, const struct evidence *evidence,
	const struct peer *peer, struct finding *finding)
{
	unsigned wanted = bits_of(purpose_names, argument_of(arguments, "includes"));
	unsigned unwanted = bits_of(purpose_names, argument_of(arguments, "excludes"));
	unsigned usages = bits_of(key_usage_names, argument_of(arguments, "key_usage"));
	struct arena *arena = finding->arena;
	struct cert leaf;

	(void)evidence;
	if (!view_leaf(peer, finding, &leaf))
		return;
	if (leaf.malformed != NULL)
		finding_fail(finding, CAUSE_PATH, "Malformed",
			"what it says of its use cannot be relied on: %s", leaf.malformed);
	else if (leaf.is_ca)
		finding_fail(finding, CAUSE_NONE, "CertificateIsCa",
			"the certificate is one of an authority");
	else if ((wanted & ~purposes_of(&leaf)) != 0)
		finding_fail(finding, CAUSE_NONE, "PurposeMissing", "the certificate is not for %s",
			bits_shown(arena, purpose_names, wanted & ~purposes_of(&leaf)));
	else if ((unwanted & purposes_of(&leaf)) != 0)
		finding_fail(finding, CAUSE_NONE, "PurposeUnwanted",
			"the certificate is also for %s",
			bits_shown(arena, purpose_names, unwanted & purposes_of(&leaf)));
	else if (leaf.key_usage.present && (usages & ~(unsigned)leaf.usages) != 0)
		finding_fail(finding, CAUSE_NONE, "KeyUsageMissing",
			"the key may not be used for %s",
			bits_shown(arena, key_usage_names, usages & ~(unsigned)leaf.usages));
	else
		finding_pass(finding, "%s", usage_shown(arena, &leaf));
	finding_expected(finding, "purposes: %s; the key for: %s",
		bits_shown(arena, purpose_names, wanted),
		bits_shown(arena, key_usage_names, usages));
	finding_observed(finding, "%s", usage_shown(arena, &leaf));
}

static const struct check checks[] = {
	{
		.name = "certificate.key",
		.summary = "the key of the certificate is strong enough",
		.why = "Whoever computes the private key from a short or unusual public key can "
		       "impersonate the server.",
		.fix = "Make a new key (RSA with 2048 bits or more, or P-256), and have the certificate "
		       "issued for it; an ACME client does it when its key type is changed and the "
		       "renewal forced.",
		.source = "RFC 9325 section 4.5",
		.step = STEP_HANDSHAKE,
		.judges_chain = true,
		.judge_peer = judge_key,
		.params = {
			{
				.name = "rsa_minimum",
				.type = PARAM_NUMBER,
				.minimum = 1024,
				.maximum = 16384,
				.fallback = "2048",
				.help = "The fewest bits that an RSA key may have.",
				.example = "3072",
			},
			{
				.name = "curves",
				.type = PARAM_LIST,
				.choices = curves,
				.help = "The curves on which the key may be if it is not one of RSA; any of "
					"those known unless given.",
				.example = "[\"P-256\", \"P-384\"]",
			},
			{
				.name = "algorithms",
				.type = PARAM_LIST,
				.choices = algorithms,
				.help = "What the key may be made for; any of those known unless given.",
				.example = "[\"ECDSA\"]",
			},
		},
	},
	{
		.name = "certificate.signature",
		.summary = "the certificates are signed with a strong hash",
		.why = "A certificate signed over MD5 or SHA-1 can be forged; modern clients refuse it.",
		.fix = "Have the certificate issued again by an authority that signs with SHA-256 or "
		       "better, and install the intermediates that come with it.",
		.source = "RFC 9325 section 4.5",
		.step = STEP_HANDSHAKE,
		.judges_chain = true,
		.judge_peer = judge_signature,
		.params = {
			{
				.name = "minimum",
				.type = PARAM_CHOICE,
				.choices = hashes,
				.fallback = "\"sha256\"",
				.help = "The weakest hash that is acceptable, in all certificates below the "
					"root; Ed25519 and Ed448 always are.",
				.example = "\"sha384\"",
			},
		},
	},
	{
		.name = "certificate.usage",
		.summary = "the certificate is one for servers, and its key may sign",
		.why = "A certificate for another purpose is refused by clients that look; one that "
		       "serves more purposes than needed can be misused for them.",
		.fix = "Have the certificate issued with the profile of a TLS server: extKeyUsage "
		       "serverAuth, keyUsage digitalSignature, no CA. A server that also sends mail "
		       "with this certificate as a TLS client may need clientAuth, which public "
		       "authorities no longer grant: it needs one from an authority of its own.",
		.source = "RFC 5280 sections 4.2.1.3 and 4.2.1.12",
		.step = STEP_HANDSHAKE,
		.judges_chain = true,
		.judge_peer = judge_usage,
		.params = {
			{
				.name = "includes",
				.type = PARAM_LIST,
				.choices = purposes,
				.fallback = "[\"serverAuth\"]",
				.help = "The purposes (extended key usage) that the certificate must have; "
					"without that extension it has them all.",
				.example = "[\"serverAuth\", \"clientAuth\"]",
			},
			{
				.name = "excludes",
				.type = PARAM_LIST,
				.choices = purposes,
				.help = "The purposes that it must not have.",
				.example = "[\"clientAuth\"]",
			},
			{
				.name = "key_usage",
				.type = PARAM_LIST,
				.choices = key_usages,
				.fallback = "[\"digitalSignature\"]",
				.help = "What the key must be allowed to do; without that extension it is "
					"allowed everything.",
				.example = "[\"digitalSignature\", \"keyEncipherment\"]",
			},
		},
	},
};

const struct check_family certificate_key_family = {
	.name = "certificate",
	.summary = "the keys and signatures of the certificates, and what they are for",
	.checks = checks,
	.count = sizeof(checks) / sizeof(checks[0]),
};
