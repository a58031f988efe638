/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Status, dates, and the signature with the key of whoever may have made it; every fault is told.
 */
#include <stdarg.h>

#include "base/clock.h"
#include "base/names.h"
#include "der.h"
#include "dn.h"
#include "path_rules.h"
#include "x509/ocsp.h"

#define CERTS_MAX 8

static const struct name_code kind_names[] = {
	{ "Malformed", OCSP_MALFORMED },
	{ "NotSuccessful", OCSP_NOT_SUCCESSFUL },
	{ "OtherCertificate", OCSP_OTHER_CERTIFICATE },
	{ "IsRevoked", OCSP_IS_REVOKED },
	{ "IsUnknown", OCSP_IS_UNKNOWN },
	{ "Stale", OCSP_STALE },
	{ "FromFuture", OCSP_FROM_FUTURE },
	{ "NoResponder", OCSP_NO_RESPONDER },
	{ "WeakSignature", OCSP_WEAK_SIGNATURE },
	{ "BadSignature", OCSP_BAD_SIGNATURE },
	{ NULL, 0 },
};

/* OCSPResponseStatus (section 4.2.1). */
static const struct name_code response_statuses[] = {
	{ "malformedRequest", 1 },
	{ "internalError", 2 },
	{ "tryLater", 3 },
	{ "sigRequired", 5 },
	{ "unauthorized", 6 },
	{ NULL, 0 },
};

struct judgement {
	const struct ocsp_query *query;
	struct arena *arena;
	struct ocsp_facts facts;
	struct ocsp_problem *problems;
	size_t count;
};

const char *
ocsp_problem_name(enum ocsp_problem_kind kind)
{
	return name_of(kind_names, (int)kind);
}

static void add(struct judgement *judgement, enum ocsp_problem_kind kind, const char *clause,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

static void
add(struct judgement *judgement, enum ocsp_problem_kind kind, const char *clause,
	const char *format, ...)
{
	struct arena *arena = judgement->arena;
	va_list args;
	char *fact;

	va_start(args, format);
	fact = arena_vprintf(arena, format, args);
	va_end(args);
	*ARENA_ADD(arena, judgement->problems, judgement->count) = (struct ocsp_problem){
		.kind = kind,
		.text = arena_printf(arena, "OCSP response: RFC 6960 section %s: %s", clause, fact),
	};
}

static bool
is_responder(const struct ocsp_facts *facts, const struct cert *cert)
{
	uint8_t digest[SHA1_LEN];

	if (facts->responder_name.len != 0)
		return dn_equal(facts->responder_name, cert->subject);
	sha1(digest, cert->key.material);
	return span_equal(facts->responder_key, (struct span){ digest, SHA1_LEN });
}

/* Section 4.2.2.2: issued by the very CA that issued the certificate, for this purpose. */
static bool
is_delegate(const struct judgement *judgement, const struct cert *cert)
{
	const struct cert *issuer = judgement->query->issuer;
	int64_t at = judgement->query->at;

	return is_responder(&judgement->facts, cert) &&
	       (cert->purposes & PURPOSE_OCSP_SIGNING) != 0 && cert->malformed == NULL &&
	       cert->unknown_critical.len == 0 && !cert->algorithms_differ &&
	       cert->not_before <= at && at <= cert->not_after &&
	       path_key_is_accepted(&cert->key) && dn_equal(cert->issuer, issuer->subject) &&
	       signature_verify(&issuer->key, &cert->algorithm, cert->tbs, cert->signature);
}

/* The key that should have signed; NULL when nobody who may is named. */
static const struct public_key *
find_responder(struct judgement *judgement)
{
	struct cursor certs = cursor_over(judgement->facts.certs);

	if (is_responder(&judgement->facts, judgement->query->issuer))
		return &judgement->query->issuer->key;
	for (size_t i = 0; i < CERTS_MAX && certs.left != 0; i++) {
		struct cert *cert = arena_alloc(judgement->arena, sizeof(*cert));
		struct error error = { { 0 } };

		if (cert_parse(cert, der_whole(&certs, DER_SEQUENCE), judgement->arena, &error) &&
			is_delegate(judgement, cert))
			return &cert->key;
	}
	return NULL;
}

static void
judge_signature(struct judgement *judgement)
{
	const struct ocsp_facts *facts = &judgement->facts;
	const struct public_key *key = find_responder(judgement);

	if (key == NULL)
		add(judgement, OCSP_NO_RESPONDER, "4.2.2.2",
			"signed neither by the issuer of the certificate nor by a responder that it "
			"certified for this");
	else if (!signature_algorithm_is_accepted(&facts->algorithm))
		add(judgement, OCSP_WEAK_SIGNATURE, "4.3", "signature algorithm %s is not accepted",
			facts->algorithm.name == NULL ? "(unknown)" : facts->algorithm.name);
	else if (!path_key_is_accepted(key) ||
		 !signature_verify(key, &facts->algorithm, facts->tbs, facts->signature))
		add(judgement, OCSP_BAD_SIGNATURE, "3.2", "the signature does not fit");
}

static void
judge_status(struct judgement *judgement)
{
	char date[CLOCK_DATE_MAX];

	switch (judgement->facts.status) {
	case OCSP_GOOD:
		break;
	case OCSP_NOTHING:
		add(judgement, OCSP_OTHER_CERTIFICATE, "3.2", "it is about another certificate");
		break;
	case OCSP_REVOKED:
		clock_format_date(date, judgement->facts.revoked_at);
		add(judgement, OCSP_IS_REVOKED, "2.2", "the certificate was revoked on %sZ", date);
		break;
	case OCSP_UNKNOWN:
		add(judgement, OCSP_IS_UNKNOWN, "2.2",
			"the responder does not know the certificate");
		break;
	}
}

static void
judge_dates(struct judgement *judgement)
{
	const struct ocsp_facts *facts = &judgement->facts;
	int64_t at = judgement->query->at;
	int64_t end =
		facts->has_next_update ? facts->next_update : facts->this_update + OCSP_FRESH_S;
	char date[CLOCK_DATE_MAX];

	if (facts->status == OCSP_NOTHING)
		return;
	clock_format_date(date, end);
	if (at > end)
		add(judgement, OCSP_STALE, "4.2.2.1", "stale: to be renewed by %sZ", date);
	clock_format_date(date, facts->this_update);
	if (facts->this_update > at + OCSP_SKEW_S)
		add(judgement, OCSP_FROM_FUTURE, "4.2.2.1", "it is of the future: %sZ", date);
}

static void
judge_response(struct judgement *judgement)
{
	const struct ocsp_query *query = judgement->query;
	const char *status;

	if (!ocsp_parse(&judgement->facts, query->response, query->cert, query->issuer)) {
		add(judgement, OCSP_MALFORMED, "4.2.1", "cannot be read");
		return;
	}
	if (judgement->facts.response_status != 0) {
		status = name_of(response_statuses, judgement->facts.response_status);
		add(judgement, OCSP_NOT_SUCCESSFUL, "4.2.1", "the responder said %s",
			status == NULL ? "an unknown status" : status);
		return;
	}
	judge_status(judgement);
	judge_dates(judgement);
	judge_signature(judgement);
}

struct ocsp_verdict
ocsp_judge(const struct ocsp_query *query, struct arena *arena)
{
	struct judgement judgement = { .query = query, .arena = arena };

	judge_response(&judgement);
	return (struct ocsp_verdict){
		.good = judgement.count == 0 && judgement.facts.status == OCSP_GOOD,
		.facts = judgement.facts,
		.problems = judgement.problems,
		.problem_count = judgement.count,
	};
}
