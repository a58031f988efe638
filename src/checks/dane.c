/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The dane.* family, as far as the DNS alone tells: dane.published and dane.covers_file.
 */
#include <string.h>

#include "base/clock.h"
#include "certificate_view.h"
#include "dane_view.h"
#include "evidence/cause.h"
#include "evidence/target.h"
#include "families.h"
#include "x509/pem.h"

/* As RFC 7218 calls usages 2 and 3. */
static const char *const usages[] = { "dane-ta", "dane-ee", NULL };

static bool
has_usage(const struct dane_view *view, const struct tlsa_verdict *verdict, enum tlsa_usage usage)
{
	for (size_t i = 0; i < view->count; i++)
		if (view->records[i].usage == usage && tlsa_is_usable(verdict->findings[i].outcome))
			return true;
	return false;
}

/* The first usage that is wanted, and that no usable record has; NULL: none. */
static const char *
find_lacking(const struct argument *wanted, const struct dane_view *view,
	const struct tlsa_verdict *verdict)
{
	static const enum tlsa_usage numbers[] = { TLSA_DANE_TA, TLSA_DANE_EE };

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (argument_lists(wanted, usages[i]) && !has_usage(view, verdict, numbers[i]))
			return usages[i];
	return NULL;
}

/* A TTL that is not known is one of 0, unless the answer may be kept. */
static bool
knows_ttl(const struct dns_answer *answer, struct finding *finding)
{
	if (answer->published_ttl != 0 || answer->ttl == 0)
		return true;
	finding_error(finding, CAUSE_NONE, "TtlUnknown",
		"the TTL that the zone gives is not known: no signature in the answer tells it");
	return false;
}

static void
judge_published(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct argument *maximum = argument_of(arguments, "ttl_maximum");
	const struct tlsa_query nothing = { .chain_count = 0 };
	struct tlsa_verdict verdict;
	struct dane_view view;
	const char *lacking;

	if (!view_tlsa(&view, arguments, evidence, finding))
		return;
	verdict = view_verdict(&view, evidence, &nothing, finding->arena);
	lacking = find_lacking(argument_of(arguments, "usages"), &view, &verdict);
	if (lacking != NULL)
		finding_fail(finding, CAUSE_NONE, "UsageMissing",
			"%s has no record of usage %s that senders can use", view.lookup->name,
			lacking);
	else if (maximum->given && !knows_ttl(&view.lookup->answer, finding))
		return;
	else if (maximum->given && view.lookup->answer.published_ttl > (uint32_t)maximum->number)
		finding_fail(finding, CAUSE_NONE, "TtlTooLong",
			"the TTL of %s is %u seconds, more than %ld: a record that turns out "
			"wrong stays with senders for so long",
			view.lookup->name, view.lookup->answer.published_ttl, maximum->number);
	else
		finding_pass(finding, "%s: %zu usable record%s", view.lookup->name, view.usable,
			view.usable == 1 ? "" : "s");
	finding_observed(finding, "%s", records_shown(finding->arena, &view, NULL));
}

/* What is about to be deployed: certificates, the first of which is the leaf, or a public key. */
static bool
read_file(const struct argument *file, struct arena *arena, struct tlsa_query *shown)
{
	const char *text = (const char *)file->bytes.data;
	struct error ignored = { .text = "" };
	struct public_key key;
	struct pem_certs certs;

	*shown = (struct tlsa_query){ .chain_count = 0 };
	if (!pem_read_certs(&certs, text, file->bytes.len, arena, &ignored))
		return false;
	shown->chain = certs.der;
	shown->chain_count = certs.count;
	return certs.count != 0 ||
	       (pem_read_public_key(&shown->key, text, file->bytes.len, arena, &ignored) &&
		       public_key_parse(&key, shown->key));
}

static const char *
object_to_file(const struct arguments *arguments)
{
	const struct argument *file = argument_of(arguments, "file");
	const char *objection = NULL;
	struct tlsa_query shown;
	struct arena arena;

	arena_init(&arena);
	if (file->given && !read_file(file, &arena, &shown))
		objection = "the file holds neither certificates nor a public key in PEM form";
	arena_release(&arena);
	return objection;
}

static const char *
object_to_date(const char *text)
{
	int64_t date;

	return clock_parse_date(text, &date)
		       ? NULL
		       : "this is no date that exists, as YYYY-MM-DD, or with the time and its offset";
}

static const char *
date_shown(struct arena *arena, int64_t date)
{
	char text[CLOCK_DATE_MAX];

	clock_format_date(text, date);
	return arena_strdup(arena, text);
}

/* Whether no sender has the records of before any more (RFC 7671 section 8.1). */
static bool
judge_age(const struct argument *since, const struct evidence *evidence,
	const struct dns_answer *answer, struct finding *finding)
{
	int64_t date = 0, until;

	if (!since->given)
		return true;
	if (!knows_ttl(answer, finding))
		return false;
	clock_parse_date(since->text, &date);
	until = date + 2 * (int64_t)answer->published_ttl;
	if (evidence->now >= until)
		return true;
	finding_fail(finding, CAUSE_NONE, "TooEarly",
		"a record matches, but senders may have the records of before until %s UTC, two TTLs "
		"(%u seconds each) after it was published",
		date_shown(finding->arena, until), answer->published_ttl);
	finding_expected(finding, "a date from %s UTC on", date_shown(finding->arena, until));
	finding_observed(finding, "%s UTC", date_shown(finding->arena, evidence->now));
	finding_fix(finding,
		"Wait until then before the new certificate is deployed; keep the old one, and its "
		"record, in place meanwhile.");
	return false;
}

static void
advise_record(const struct dane_view *view, const struct tlsa_query *shown, struct finding *finding)
{
	const char *line = shown->chain_count == 0
				   ? NULL
				   : line_to_publish(finding->arena, view, shown->chain[0]);

	if (line != NULL)
		finding_fix(finding,
			"Publish beside the records that are there, and deploy the certificate two "
			"TTLs later: %s",
			line);
}

static void
judge_covers_file(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct argument *file = argument_of(arguments, "file");
	struct tlsa_verdict verdict;
	struct tlsa_query shown;
	struct dane_view view;

	if (!view_tlsa(&view, arguments, evidence, finding) ||
		!read_file(file, finding->arena, &shown))
		return;
	verdict = view_verdict(&view, evidence, &shown, finding->arena);
	if (verdict.matches) {
		if (!judge_age(argument_of(arguments, "published_since"), evidence,
			    &view.lookup->answer, finding))
			return;
		finding_pass(finding, "a record of %s matches %s", view.lookup->name, file->text);
	} else if (verdict.undecided || has_pkix_usage(&view)) {
		finding_error(finding, CAUSE_NONE, "Undecided",
			"whether a record of %s matches %s is not known%s", view.lookup->name,
			file->text,
			shown.chain_count == 0
				? ": the records name more than a key; give the certificate"
				: "");
	} else {
		finding_fail(finding, CAUSE_NONE, "NotCovered",
			"no record of %s matches %s: senders will hold mail back once it is deployed",
			view.lookup->name, file->text);
		advise_record(&view, &shown, finding);
	}
	finding_expected(finding, "a TLSA record that matches the file");
	finding_observed(finding, "%s", records_shown(finding->arena, &view, &verdict));
}

static const struct check checks[] = {
	{
		.name = "dane.published",
		.summary = "senders find TLSA records of the server that they can use",
		.why = "Without records that DNSSEC vouches for, anybody on the way can have mail "
		       "handed over without TLS, or to a server of his own. Records that are there "
		       "and cannot be had make senders hold mail back.",
		.fix = "Sign the zones of the domain and of the server, and publish at "
		       "_25._tcp.HOST a record 3 1 1 with the SHA-256 of the server's public key "
		       "(openssl x509 -in cert.pem -noout -pubkey | openssl pkey -pubin -outform DER | "
		       "sha256sum): one for each certificate that the server has, as of RSA and ECDSA.",
		.source = "RFC 7672 section 2.2, RFC 7671 section 5",
		.subject = SUBJECT_NAMES,
		.ask = ask_tlsa,
		.judge = judge_published,
		.params = {
			{
				.name = "usages",
				.type = PARAM_LIST,
				.choices = usages,
				.help = "The usages that there must be a usable record of: dane-ee (3) "
					"names the server's own key or certificate, dane-ta (2) an issuer.",
				.example = "[\"dane-ee\"]",
			},
			TLSA_PORT_PARAM,
			{
				.name = "ttl_maximum",
				.type = PARAM_NUMBER,
				.minimum = 0,
				.maximum = 604800,
				.help = "The longest TTL, in seconds, that the zone may give the records.",
				.example = "3600",
			},
		},
	},
	{
		.name = "dane.covers_file",
		.summary = "a published TLSA record matches the certificate that is to be deployed",
		.why = "A new key that is deployed before its record is known everywhere, or without "
		       "one, makes every sender that knows DANE hold mail back.",
		.fix = "Publish the record of the new certificate beside that of the old one, wait for "
		       "two TTLs, deploy, and take the old record away only then. Or keep the key at "
		       "renewals (reuse-key of ACME clients), with a record 3 1 1.",
		.source = "RFC 7671 section 8.1",
		.subject = SUBJECT_NAMES,
		.ask = ask_tlsa,
		.judge = judge_covers_file,
		.objection = object_to_file,
		.params = {
			{
				.name = "file",
				.type = PARAM_FILE,
				.required = true,
				.help = "A PEM file with the certificate and its intermediates, as they "
					"are going to be sent, or with the public key; a path from the "
					"directory of this file.",
				.example = "\"fullchain.pem\"",
			},
			{
				.name = "published_since",
				.type = PARAM_TEXT,
				.objection = object_to_date,
				.help = "When its record was published, which the DNS does not tell: a "
					"date, or a date with time (RFC 3339). Two TTLs of the records "
					"must have passed since.",
				.example = "\"2026-11-01T12:00:00Z\"",
			},
			TLSA_PORT_PARAM,
		},
	},
};

const struct check_family dane_family = {
	.name = "dane",
	.summary = "TLSA records, by which senders know the server",
	.checks = checks,
	.count = sizeof(checks) / sizeof(checks[0]),
};
