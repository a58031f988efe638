/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whether the certificate is one certain one: by pin, issuer, file or private key.
 */
#include <regex.h>
#include <string.h>

#include "certificate_view.h"
#include "checks/arguments.h"
#include "evidence/cause.h"
#include "evidence/target.h"
#include "families.h"
#include "objections.h"
#include "x509/pem.h"

static const char *
hex_shown(struct arena *arena, const uint8_t digest[SHA256_LEN])
{
	char text[2 * SHA256_LEN + 1];

	for (size_t i = 0; i < SHA256_LEN; i++) {
		text[2 * i] = "0123456789abcdef"[digest[i] >> 4];
		text[2 * i + 1] = "0123456789abcdef"[digest[i] & 15];
	}
	text[2 * SHA256_LEN] = '\0';
	return arena_strdup(arena, text);
}

static void
judge_pin(const struct arguments *arguments, const struct evidence *evidence,
	const struct peer *peer, struct finding *finding)
{
	const struct argument *pins = argument_of(arguments, "spki_sha256");
	uint8_t digest[SHA256_LEN], pinned[SHA256_LEN];
	struct cert leaf;

	(void)evidence;
	if (!view_leaf(peer, finding, &leaf))
		return;
	cert_spki_sha256(digest, &leaf);
	finding_fail(finding, CAUSE_NONE, "KeyNotPinned",
		"the key of the certificate is none of those pinned");
	for (size_t i = 0; i < pins->count; i++)
		if (parse_sha256(pins->items[i], pinned) && memcmp(pinned, digest, SHA256_LEN) == 0)
			finding_pass(finding, "the key is pinned: %s", pins->items[i]);
	finding_expected(finding, "one of %zu pinned keys", pins->count);
	finding_observed(finding, "SHA-256 of the key: %s", hex_shown(finding->arena, digest));
}

static void
judge_issuer(const struct arguments *arguments, const struct evidence *evidence,
	const struct peer *peer, struct finding *finding)
{
	const char *pattern = argument_of(arguments, "matches")->text, *issuer;
	struct cert leaf;
	regex_t regex;

	(void)evidence;
	if (!view_leaf(peer, finding, &leaf) ||
		regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB) != 0)
		return;
	issuer = cert_name_text(finding->arena, leaf.issuer);
	if (regexec(&regex, issuer, 0, NULL, 0) == 0)
		finding_pass(finding, "issued by %s", issuer);
	else
		finding_fail(
			finding, CAUSE_NONE, "IssuerUnexpected", "it was issued by %s", issuer);
	regfree(&regex);
	finding_expected(finding, "an issuer that matches %s", pattern);
	finding_observed(finding, "%s", issuer);
}

/* The first certificate of the file. */
static bool
read_file(const struct argument *file, struct arena *arena, struct span *der)
{
	struct error ignored = { .text = "" };
	struct pem_certs certs;

	if (!pem_read_certs(
		    &certs, (const char *)file->bytes.data, file->bytes.len, arena, &ignored) ||
		certs.count == 0)
		return false;
	*der = certs.der[0];
	return true;
}

static const char *
object_to_file(const struct arguments *arguments)
{
	const struct argument *file = argument_of(arguments, "file");
	const char *objection = NULL;
	struct arena arena;
	struct span der;

	arena_init(&arena);
	if (file->given && !read_file(file, &arena, &der))
		objection = "the file holds no certificate in PEM form";
	arena_release(&arena);
	return objection;
}

/* "serial 0f31, from 2026-01-01T00:00:00 on, issued by CN=Staging CA" */
static const char *
cert_shown(struct arena *arena, const struct cert *cert)
{
	uint8_t digest[SHA256_LEN];

	cert_sha256(digest, cert);
	return arena_printf(arena, "SHA-256 %s, issued by %s", hex_shown(arena, digest),
		cert_name_text(arena, cert->issuer));
}

static void
judge_matches_file(const struct arguments *arguments, const struct evidence *evidence,
	const struct peer *peer, struct finding *finding)
{
	const struct argument *file = argument_of(arguments, "file");
	struct error ignored = { .text = "" };
	struct cert leaf, released;
	struct span der;

	(void)evidence;
	if (!view_leaf(peer, finding, &leaf) || !read_file(file, finding->arena, &der))
		return;
	if (span_equal(leaf.der, der))
		finding_pass(finding, "it is the certificate of %s", file->text);
	else
		finding_fail(finding, CAUSE_NONE, "OtherCertificate",
			"it is not the certificate of %s", file->text);
	if (cert_parse(&released, der, finding->arena, &ignored))
		finding_expected(finding, "%s", cert_shown(finding->arena, &released));
	finding_observed(finding, "%s", cert_shown(finding->arena, &leaf));
}

static const char *
object_to_keyless(const struct arguments *arguments, const struct target *target)
{
	(void)arguments;
	return target->has_key ? NULL : "which has no \"private_key_file\"";
}

static void
judge_matches_key(const struct arguments *arguments, const struct evidence *evidence,
	const struct peer *peer, struct finding *finding)
{
	const struct target *target = evidence->target;
	struct cert leaf;

	(void)arguments;
	if (!view_leaf(peer, finding, &leaf))
		return;
	if (!target->has_key)
		finding_error(finding, CAUSE_NONE, "NoKey", "no private key was given");
	else if (target->key_matches)
		finding_pass(finding, "the private key belongs to the certificate");
	else
		finding_fail(finding, CAUSE_NONE, "OtherKey",
			"the private key does not belong to the certificate");
}

static const struct check checks[] = {
	{
		.name = "certificate.pin",
		.summary = "the key of the certificate is one of those pinned",
		.why = "Clients, TLSA records and partners that hold on to a key refuse the server when "
		       "a renewal brings another one.",
		.fix = "Install the certificate that belongs to the pinned key (and let the ACME client "
		       "keep the key at renewals: reuse-key), or add the new key to the checklist, and "
		       "to the TLSA records, before it is used.",
		.source = "RFC 7469 section 2.4, RFC 6698 section 2.1.2",
		.step = STEP_HANDSHAKE,
		.judges_chain = true,
		.judge_peer = judge_pin,
		.params = {
			{
				.name = "spki_sha256",
				.type = PARAM_LIST,
				.required = true,
				.objection = object_to_sha256,
				.help = "SHA-256 of the SubjectPublicKeyInfo of the keys, one of which must be "
					"used; in hex as TLSA records have it (3 1 1), or in base64.",
				.example = "[\"dKZ2sUfHIZwRSnZpx0DDKOVJ/SRpbvQIDHpf3WzoJkU=\"]",
			},
		},
	},
	{
		.name = "certificate.issuer",
		.summary = "the certificate comes from the expected authority",
		.why = "A certificate of a test authority, or of one that CAA records do not allow, is a "
		       "sign that the wrong configuration is about to be released.",
		.fix = "Have the certificate issued by the expected authority (an ACME client: its "
		       "server setting; staging authorities are for tests only).",
		.source = "RFC 5280 section 4.1.2.4",
		.step = STEP_HANDSHAKE,
		.judges_chain = true,
		.judge_peer = judge_issuer,
		.params = {
			{
				.name = "matches",
				.type = PARAM_REGEX,
				.required = true,
				.help = "A regular expression that the issuer's name matches, written as "
					"\"CN=Name, O=Organisation, C=XX\".",
				.example = "\"O=Let's Encrypt(,|$)\"",
			},
		},
	},
	{
		.name = "certificate.matches_file",
		.summary = "the server serves the certificate that is in the file",
		.why = "A certificate that was renewed on disk and not loaded is noticed on the day the "
		       "old one expires.",
		.fix = "Reload the mail server, and check that it reads the file that was compared; with "
		       "several servers behind one name, each of them. With several certificates, the "
		       "one chosen depends on the server name and on the client's algorithms.",
		.source = "RFC 8446 section 4.4.2",
		.step = STEP_HANDSHAKE,
		.judges_chain = true,
		.judge_peer = judge_matches_file,
		.objection = object_to_file,
		.params = {
			{
				.name = "file",
				.type = PARAM_FILE,
				.required = true,
				.help = "A PEM file whose first certificate is the one expected; a path from "
					"the directory of this file.",
				.example = "\"fullchain.pem\"",
			},
		},
	},
	{
		.name = "certificate.matches_key",
		.summary = "the private key belongs to the certificate",
		.why = "A server that is given a certificate and the key of another one does not start, "
		       "or fails each handshake.",
		.fix = "Deploy the key for which the certificate was requested; both files of one "
		       "renewal belong together. The first certificate of the file must be the "
		       "server's, not an intermediate.",
		.source = "RFC 5280 section 4.1.2.7",
		.step = STEP_HANDSHAKE,
		.judges_chain = true,
		.target_objection = object_to_keyless,
		.judge_peer = judge_matches_key,
	},
};

const struct check_family certificate_identity_family = {
	.name = "certificate",
	.summary = "which certificate it is",
	.checks = checks,
	.count = sizeof(checks) / sizeof(checks[0]),
};
