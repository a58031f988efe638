/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tls.clients: whether the server and named clients come to terms. The server must choose what the
 * client offered, and what the client takes of that.
 */
#include <string.h>

#include "base/names.h"
#include "checks/arguments.h"
#include "client_terms.h"
#include "evidence/cause.h"
#include "families.h"
#include "hellos.h"
#include "probe/client_probe.h"

/* What locks a client out, when the server refused its hello. */
struct refusal {
	const char *type;
	const char *reason;
	const char *fix; /* NULL: the row's */
};

static const struct refusal refusals[] = {
	[CLIENT_OBSTACLE_UNKNOWN] = { "ClientRefused", "its hello is refused", NULL },
	[CLIENT_OBSTACLE_NODES] = { "NodesDiffer",
		"one connection refused it, the next one took the same hello",
		"Connections lead to servers that do not agree, or one server changes its mind: give "
		"all nodes behind the address the same version and settings of TLS." },
	[CLIENT_OBSTACLE_VERSION] = { "NoCommonVersion", "no common version",
		"Allow a version that the client has: TLS 1.2 beside TLS 1.3 for clients of up to 2019 "
		"(Postfix: smtpd_tls_mandatory_protocols = >=TLSv1.2, and smtpd_tls_protocols; Dovecot: "
		"ssl_min_protocol). What has nothing newer than TLS 1.0 is better replaced." },
	[CLIENT_OBSTACLE_SUITE] = { "NoCommonSuite", "no common suite",
		"Allow a suite that both have. Windows up to 8.1 and Server 2012 R2 has no ECDHE_RSA with "
		"GCM: an ECDSA certificate beside the RSA one (Postfix: smtpd_tls_chain_files; Dovecot: "
		"ssl_alt_cert) keeps every Windows with TLS 1.2 in, without weaker suites." },
	[CLIENT_OBSTACLE_GROUP] = { "NoCommonGroup", "no common group",
		"Allow secp256r1 beside x25519 (Postfix: tls_eecdh_auto_curves; Dovecot: "
		"ssl_curve_list; nginx: ssl_ecdh_curve): all clients have it. A certificate with a key "
		"on another curve needs clients with that curve." },
	[CLIENT_OBSTACLE_SIGNATURE] = { "NoCommonSignature", "no common signature",
		"Allow a signature scheme that the client has (OpenSSL: SignatureAlgorithms), or add a "
		"certificate of another kind of key: Ed25519 is what few mail clients know." },
};

static void
ask_clients(const struct arguments *arguments, struct questions *questions)
{
	const struct argument *names = argument_of(arguments, "names");

	for (size_t i = 0; i < names->count; i++) {
		const struct client_record question = { .profile = client_profile_find(
								names->items[i]) };

		ask(questions, (unsigned)i, &client_observer, &question);
	}
}

/* "Java 7u25 (no common version)". */
static const char *
with_reason(struct arena *arena, const char *list, const char *name, const char *reason)
{
	return list_with(arena, list, arena_printf(arena, "%s (%s)", name, reason));
}

/* What has been found of the clients so far. */
struct tally {
	const struct evidence *evidence;
	struct finding *finding;
	const char *locked_out, *admitted; /* lists; NULL: nobody */
	const char *seen;                  /* of the refusals */
	const char *type, *fix;            /* of the first that is locked out */
	const struct trace *shown_by;
	const struct observation *undecided; /* the first */
	const char *undecided_name, *undecided_why;
	bool refused; /* one of them was, so that it takes a control */
};

static const char *
choice_shown(struct arena *arena, const struct server_hello *hello)
{
	return arena_printf(arena, "%s with %s", version_shown(arena, hello->version),
		suite_shown(arena, hello->suite));
}

static void
lock_out(struct tally *tally, const struct observation *made, const char *type, const char *fix,
	const char *reason)
{
	const struct client_record *record = made->record;

	if (tally->type == NULL) {
		tally->type = type;
		tally->fix = fix;
		if (record->shown_by < made->trace_count)
			tally->shown_by = &made->traces[record->shown_by];
	}
	tally->locked_out = with_reason(
		tally->finding->arena, tally->locked_out, record->profile->name, reason);
}

/* What the server said, and what it would have taken. */
static void
count_refusal(struct tally *tally, const struct observation *made)
{
	const struct client_record *record = made->record;
	const struct refusal *refusal = &refusals[record->obstacle];
	struct arena *arena = tally->finding->arena;
	const char *seen = made->text;

	if (record->instead.version != 0)
		seen = arena_printf(arena, "%s; %s the server chose %s", seen,
			record->obstacle == CLIENT_OBSTACLE_NODES ? "the next time"
								  : "of more on offer",
			choice_shown(arena, &record->instead));
	tally->refused = true;
	tally->seen = with_reason(arena, tally->seen, record->profile->name, seen);
	lock_out(tally, made, refusal->type, refusal->fix, refusal->reason);
}

static void
count_choice(struct tally *tally, const struct observation *made)
{
	const struct client_record *record = made->record;
	struct arena *arena = tally->finding->arena;
	struct client_objection objection = client_object(record, arena);

	if (objection.reason == NULL)
		tally->admitted = with_reason(arena, tally->admitted, record->profile->name,
			choice_shown(arena, &record->answer));
	else if (!objection.undecided)
		lock_out(tally, made, objection.type, objection.fix, objection.reason);
	else if (tally->undecided_name == NULL) {
		tally->undecided = made;
		tally->undecided_name = record->profile->name;
		tally->undecided_why = objection.reason;
	}
}

static void
count_client(struct tally *tally, const struct observation *made, const char *name)
{
	if (made != NULL && made->outcome == OUTCOME_REFUSED)
		count_refusal(tally, made);
	else if (made != NULL && made->outcome == OUTCOME_DONE)
		count_choice(tally, made);
	else if (tally->undecided_name == NULL) {
		tally->undecided = made;
		tally->undecided_name = name;
	}
}

/* Somebody is neither in nor out. */
static void
judge_open(const struct tally *tally)
{
	struct finding *finding = tally->finding;

	if (tally->undecided_why == NULL) {
		judge_undecided(tally->evidence, tally->undecided,
			arena_printf(finding->arena, "whether %s gets in", tally->undecided_name),
			finding);
		return;
	}
	finding_error(finding, CAUSE_NONE, "NoProof", "whether %s gets in is not known: %s",
		tally->undecided_name, tally->undecided_why);
	finding->shown_by = observation_trace(tally->undecided);
}

static void
judge_clients(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct argument *names = argument_of(arguments, "names");
	struct tally tally = { .evidence = evidence, .finding = finding };

	finding_expected(
		finding, "the server takes the hello of each client, and the client its choice");
	for (size_t i = 0; i < names->count; i++)
		count_client(
			&tally, evidence_answer(evidence, arguments, (unsigned)i), names->items[i]);
	if (tally.seen != NULL || tally.admitted != NULL)
		finding_observed(finding, "%s%s%s", tally.seen != NULL ? tally.seen : "",
			tally.seen != NULL && tally.admitted != NULL ? ", " : "",
			tally.admitted != NULL ? tally.admitted : "");
	if (tally.type != NULL) {
		if (tally.refused && !judge_control(evidence, finding))
			return;
		finding_fail(finding, CAUSE_NONE, tally.type, "locked out: %s", tally.locked_out);
		if (tally.fix != NULL)
			finding_fix(finding, "%s", tally.fix);
		finding->shown_by = tally.shown_by;
	} else if (tally.undecided_name != NULL) {
		judge_open(&tally);
	} else if (names->count == 1) {
		finding_pass(finding, "%s gets in", tally.admitted);
	} else {
		finding_pass(finding, "all %zu of them get in", names->count);
	}
}

/* "TLS 1.0 to TLS 1.2, as of 2019: cisco/joy ...". */
static const char *
describe_client(const char *name, struct arena *arena)
{
	const struct client_profile *profile = client_profile_find(name);
	bool one = profile->minimum == profile->maximum;

	return arena_printf(arena, "%s%s%s, as of %s: %s.%s%s",
		one ? "" : version_shown(arena, profile->minimum), one ? "" : " to ",
		version_shown(arena, profile->maximum), profile->date, profile->source,
		profile->notes != NULL ? " " : "", profile->notes != NULL ? profile->notes : "");
}

static const struct check checks[] = {
	{
		.name = "tls.clients",
		.summary = "named clients can agree on TLS with the server",
		.why = "Tighter settings lock people out: a program that finds no version, suite, group or "
		       "signature in common cannot fetch or send mail, and a relay sends it in clear, or "
		       "not at all.",
		.fix = "See in the message what the client lacks, and allow it, or decide that this client "
		       "need not get in and take it out of the list. A profile is what such a client "
		       "offered on the day of its source; registry, policy and updates change it.",
		.source = "RFC 8446 sections 4.1.1 and 9.2, RFC 5246 section 7.4.1; profiles from the "
			  "sources that each names",
		.step = STEP_CONNECT,
		.needs_control = true,
		.ask = ask_clients,
		.judge = judge_clients,
		.params = {
			{
				.name = "names",
				.type = PARAM_LIST,
				.required = true,
				.choices = client_names,
				.describe = describe_client,
				.help = "Clients that must get in. Whether they trust the certificate's "
					"authority is not judged: that is certificate.trusted.",
				.example = "[\"Outlook on Windows 10 1809\", \"Java 11.0.24\"]",
			},
		},
	},
};

const struct check_family tls_clients_family = {
	.name = "tls",
	.summary = "what the server would negotiate: with clients of today and before",
	.checks = checks,
	.count = sizeof(checks) / sizeof(checks[0]),
};
