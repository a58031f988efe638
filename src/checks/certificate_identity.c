/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <regex.h>
#include <string.h>

#include "certificate_view.h"
#include "families.h"
#include "gate/checklist.h"
#include "gate/hostname.h"
#include "gate/pem.h"
#include "gate/text.h"
#include "objections.h"

/* Longest text of one subjectAltName that is compared. */
#define NAME_TEXT_MAX 1024

/* "DNS:mail.example.com": the form in which certificates show the item. */
static bool
san_is(const struct general_name *name, const char *item)
{
	bool is_host = name->kind == GENERAL_NAME_DNS || name->kind == GENERAL_NAME_IP;
	const char *text, *colon;
	struct buf shown;
	bool same;

	buf_init(&shown, NAME_TEXT_MAX);
	general_name_add_text(&shown, name);
	text = shown.data;
	colon = strchr(text, ':');
	same = text_same(text, item) || (is_host && colon != NULL && text_same(colon + 1, item));
	buf_release(&shown);
	return same;
}

/* Whether the certificate is one for the name; a wildcard stands for itself only. */
static bool
names_item(const struct cert *cert, const char *item)
{
	char normal[HOSTNAME_MAX];
	struct error ignored = { .text = "" };

	if (hostname_normalise(item, normal, &ignored) && hostname_matches(normal, cert))
		return true;
	for (struct cursor names = cert_names(cert); names.left != 0;) {
		struct general_name name = general_name_read(&names);

		if (!names.broken && san_is(&name, item))
			return true;
	}
	return false;
}

/* The items that the certificate does not name, with commas; NULL: none. */
static const char *
items_missing(struct arena *arena, const struct argument *includes, const struct cert *cert)
{
	const char *list = NULL;

	for (size_t i = 0; i < includes->count; i++)
		if (!names_item(cert, includes->items[i]))
			list = list == NULL
				       ? includes->items[i]
				       : arena_printf(arena, "%s, %s", list, includes->items[i]);
	return list;
}

static bool
is_among(const struct argument *only, const struct general_name *name)
{
	for (size_t i = 0; i < only->count; i++)
		if (san_is(name, only->items[i]))
			return true;
	return false;
}

/* The names beyond those allowed, with commas; NULL: none. */
static const char *
names_beyond(struct arena *arena, const struct argument *only, const struct cert *cert)
{
	struct cursor names = cert_names(cert);
	const char *list = NULL;
	struct buf shown;

	buf_init(&shown, NAME_TEXT_MAX);
	while (names.left != 0) {
		struct general_name name = general_name_read(&names);

		if (!names.broken && is_among(only, &name))
			continue;
		if (shown.len != 0)
			buf_add_string(&shown, ", ");
		if (names.broken)
			buf_add_string(&shown, "one that cannot be read");
		else
			general_name_add_text(&shown, &name);
	}
	if (shown.len != 0)
		list = arena_strdup(arena, shown.data);
	buf_release(&shown);
	return list;
}

static void
observe_names(struct finding *finding, const struct cert *cert)
{
	struct buf names;

	buf_init(&names, 1000);
	cert_add_names(&names, cert);
	finding_observed(finding, "%s", names.data);
	buf_release(&names);
}

static void
judge_san(
	const struct assertion *assertion, const struct evidence *evidence, struct finding *finding)
{
	const struct argument *includes = argument_of(assertion, "includes");
	const struct argument *only = argument_of(assertion, "only");
	const char *missing, *beyond;
	struct cert leaf;

	if (!view_leaf(evidence, finding, &leaf))
		return;
	missing = items_missing(finding->arena, includes, &leaf);
	beyond = only->given ? names_beyond(finding->arena, only, &leaf) : NULL;
	if (leaf.malformed != NULL)
		finding_fail(finding, CAUSE_PATH, "Malformed", "the names cannot be relied on: %s",
			leaf.malformed);
	else if (missing != NULL)
		finding_fail(finding, CAUSE_NONE, "NameMissing", "the certificate does not name %s",
			missing);
	else if (beyond != NULL)
		finding_fail(finding, CAUSE_NONE, "NameUnwanted", "the certificate also names %s",
			beyond);
	else
		finding_pass(finding, "the names are as they should be");
	observe_names(finding, &leaf);
}

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
judge_pin(
	const struct assertion *assertion, const struct evidence *evidence, struct finding *finding)
{
	const struct argument *pins = argument_of(assertion, "spki_sha256");
	uint8_t digest[SHA256_LEN], pinned[SHA256_LEN];
	struct cert leaf;

	if (!view_leaf(evidence, finding, &leaf))
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
judge_issuer(
	const struct assertion *assertion, const struct evidence *evidence, struct finding *finding)
{
	const char *pattern = argument_of(assertion, "matches")->text, *issuer;
	struct cert leaf;
	regex_t regex;

	if (!view_leaf(evidence, finding, &leaf) ||
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
object_to_file(const struct assertion *assertion)
{
	const struct argument *file = argument_of(assertion, "file");
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
judge_matches_file(
	const struct assertion *assertion, const struct evidence *evidence, struct finding *finding)
{
	const struct argument *file = argument_of(assertion, "file");
	struct error ignored = { .text = "" };
	struct cert leaf, released;
	struct span der;

	if (!view_leaf(evidence, finding, &leaf) || !read_file(file, finding->arena, &der))
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

static const struct check checks[] = {
	{
		.name = "certificate.san",
		.summary = "the certificate has the names it should have, and no others",
		.why = "Each name that is missing is a name under which clients cannot reach the "
		       "server; each name too many is one that can be impersonated with its key.",
		.fix = "Have the certificate issued again with exactly these names in its "
		       "subjectAltName (an ACME client: the list of domains of this certificate).",
		.source = "RFC 5280 section 4.2.1.6",
		.step = STEP_HANDSHAKE,
		.judges_chain = true,
		.needs_a_param = true,
		.judge = judge_san,
		.params = {
			{
				.name = "includes",
				.type = PARAM_LIST,
				.objection = object_to_san,
				.help = "Host names and IP addresses that the certificate must be good for; a "
					"wildcard must stand there as it is.",
				.example = "[\"mail.example.com\", \"mx.example.com\"]",
			},
			{
				.name = "only",
				.type = PARAM_LIST,
				.objection = object_to_san,
				.help = "All that the certificate may name, spelt as it stands there.",
				.example = "[\"mail.example.com\", \"*.example.com\"]",
			},
		},
	},
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
		.judge = judge_pin,
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
		.judge = judge_issuer,
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
		.judge = judge_matches_file,
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
};

const struct check_family certificate_identity_family = {
	.name = "certificate",
	.summary = "whom the certificate names, and which one it is",
	.checks = checks,
	.count = sizeof(checks) / sizeof(checks[0]),
};
