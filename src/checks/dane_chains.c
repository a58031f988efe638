/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The dane.* family over connections: dane.valid, dane.complete and dane.rollover hold each chain that the
 * server shows against its TLSA records.
 */
#include <string.h>

#include "base/text.h"
#include "certificate_view.h"
#include "dane_view.h"
#include "evidence/cause.h"
#include "evidence/target.h"
#include "families.h"
#include "probe/chain_probe.h"
#include "x509/public_key.h"

/* The server chose the certificate by SNI, and senders send the TLSA base domain (RFC 7672 section 8.1). */
static bool
view_server_name(
	const struct dane_view *view, const struct evidence *evidence, struct finding *finding)
{
	const char *sent = evidence->target->server_name, *base = view->lookup->base;

	if (sent != NULL && text_same(sent, base))
		return true;
	finding_error(finding, CAUSE_NONE, "OtherServerName",
		"the certificate was asked for %s%s, and senders ask for %s, where the TLSA records "
		"are",
		sent != NULL ? "as that of " : "without a name", sent != NULL ? sent : "", base);
	finding_fix(finding,
		"Have the target ask for that name: \"server_name\": \"%s\", or that name as its "
		"\"host\". A mail server of a domain must have no alias for its name.",
		base);
	return false;
}

/* Records and a chain that may be held against each other. */
static bool
view_chain(struct dane_view *view, const struct arguments *arguments,
	const struct evidence *evidence, const struct peer *peer, struct finding *finding)
{
	struct cert ignored;

	return view_tlsa(view, arguments, evidence, finding) &&
	       view_leaf(peer, finding, &ignored) && view_server_name(view, evidence, finding);
}

static struct tlsa_verdict
verdict_of(const struct dane_view *view, const struct evidence *evidence, const struct peer *peer,
	struct arena *arena)
{
	const struct tlsa_query shown = { .chain = peer->chain, .chain_count = peer->chain_count };

	return view_verdict(view, evidence, &shown, arena);
}

/* Why a record that names something of this chain is no match, the nearest first. */
struct miss {
	enum tlsa_outcome outcome;
	const char *type;
	const char *fact;
	const char *fix;
};

static const struct miss misses[] = {
	{ TLSA_BAD_NAME, "TlsaNameMismatch",
		"its issuer is named by a record of usage 2, but it names neither the host nor the "
		"domain",
		"Have a certificate issued for the host's name, or publish a record of usage 3." },
	{ TLSA_BAD_PATH, "TlsaPathInvalid",
		"its issuer is named by a record of usage 2, but the path to it has faults",
		"Renew what has expired, and have the server send all intermediates; a record of "
		"usage 3 asks neither for dates nor for a path." },
	{ TLSA_IS_LEAF, "TlsaIsNoIssuer",
		"it is named by a record of usage 2, which is for an issuer and not for the server's "
		"own certificate",
		"Publish it under usage 3." },
	{ TLSA_NO_MATCH, "TlsaMismatch", "no record names it, or an issuer that was sent",
		"If the certificate was renewed, its record was not: keep the key at renewals "
		"(reuse-key) with a record 3 1 1, or publish two TTLs before. Of usage 2, the issuer "
		"has to be sent too, a root as well, and the leaf alone does not do." },
};

static const struct miss *
nearest_miss(const struct tlsa_verdict *verdict)
{
	const struct miss *end = misses + sizeof(misses) / sizeof(misses[0]) - 1, *miss;

	for (miss = misses; miss < end; miss++)
		for (size_t i = 0; i < verdict->count; i++)
			if (verdict->findings[i].outcome == miss->outcome)
				return miss;
	return miss;
}

static const char *
problems_shown(struct arena *arena, const struct tlsa_verdict *verdict)
{
	const char *list = NULL;

	for (size_t i = 0; i < verdict->count; i++) {
		const struct tlsa_finding *finding = &verdict->findings[i];

		for (size_t j = 0; finding->outcome != TLSA_MATCH && j < finding->problem_count;
			j++)
			if (list == NULL || strstr(list, finding->problems[j].text) == NULL)
				list = text_joined(arena, list, finding->problems[j].text);
	}
	return list;
}

static void
tell_undecided(
	const struct dane_view *view, const struct tlsa_verdict *verdict, struct finding *finding)
{
	const char *problems = problems_shown(finding->arena, verdict);

	if (!verdict->undecided)
		finding_error(finding, CAUSE_TLSA_MATCH, "PkixUsage",
			"no record of usage 2 or 3 matches, and those of usages 0 and 1, which count "
			"at %s, are not judged",
			view->lookup->name);
	else
		finding_error(finding, CAUSE_TLSA_MATCH, "Undecided",
			"whether a record matches is not known%s%s", problems != NULL ? ": " : "",
			problems != NULL ? problems : "");
}

static void
tell_miss(const struct dane_view *view, const struct tlsa_verdict *verdict,
	const struct evidence *evidence, struct finding *finding)
{
	const struct miss *miss = nearest_miss(verdict);
	const char *lines = lines_to_publish(finding->arena, view, evidence);
	const char *problems = problems_shown(finding->arena, verdict);

	finding_fail(finding, CAUSE_TLSA_MATCH, miss->type,
		"no TLSA record matches the certificate: %s%s%s", miss->fact,
		problems != NULL ? ": " : "", problems != NULL ? problems : "");
	finding_fix(finding, "%s Of what was seen, publish: %s", miss->fix,
		lines != NULL ? lines : "nothing, since it cannot be read");
}

/* Whether one of the records matches; the finding is written where not. */
static bool
judge_match(const struct dane_view *view, const struct tlsa_verdict *verdict,
	const struct evidence *evidence, struct finding *finding)
{
	if (verdict->matches)
		return true;
	if (verdict->undecided || has_pkix_usage(view))
		tell_undecided(view, verdict, finding);
	else
		tell_miss(view, verdict, evidence, finding);
	finding_expected(finding, "a TLSA record that matches");
	finding_observed(finding, "%s", records_shown(finding->arena, view, verdict));
	return false;
}

static const char *const key_types[] = { "rsa", "ecdsa", NULL };

static bool
shows_key_type(const struct evidence *evidence, const char *type, struct arena *arena)
{
	size_t count;
	const struct peer **peers = evidence_peers(evidence, arena, &count);

	for (size_t i = 0; i < count; i++) {
		struct error ignored = { .text = "" };
		struct cert leaf;
		const char *algorithm = cert_parse(&leaf, peers[i]->chain[0], arena, &ignored)
						? public_key_algorithm(leaf.key.kind)
						: NULL;

		if (algorithm != NULL && text_same(algorithm, type))
			return true;
	}
	return false;
}

/* Whether the server has a certificate of each kind that is wanted. That there is none is known only when
 * each kind was asked for. */
static bool
judge_key_types(
	const struct argument *wanted, const struct evidence *evidence, struct finding *finding)
{
	const struct observation *others = evidence_observed(evidence, &other_chains_observer);

	for (size_t i = 0; i < wanted->count; i++) {
		if (shows_key_type(evidence, wanted->items[i], finding->arena))
			continue;
		if (others == NULL || others->outcome != OUTCOME_DONE)
			return true; /* which is no proof, and not taken for one */
		finding_fail(finding, CAUSE_NONE, "KeyTypeMissing",
			"the server shows no certificate with a key for %s", wanted->items[i]);
		finding_fix(finding,
			"Install a certificate of that kind beside the other (Postfix: "
			"smtpd_tls_chain_files takes both), or leave the kind out of \"key_types\".");
		return false;
	}
	return true;
}

static void
judge_valid(const struct arguments *arguments, const struct evidence *evidence,
	const struct peer *peer, struct finding *finding)
{
	struct tlsa_verdict verdict;
	struct dane_view view;
	size_t match = 0;

	if (!view_chain(&view, arguments, evidence, peer, finding))
		return;
	verdict = verdict_of(&view, evidence, peer, finding->arena);
	if (!judge_match(&view, &verdict, evidence, finding) ||
		!judge_key_types(argument_of(arguments, "key_types"), evidence, finding))
		return;
	while (verdict.findings[match].outcome != TLSA_MATCH)
		match++;
	finding_pass(finding, "matched by %s", record_shown(finding->arena, &view.records[match]));
	finding_observed(finding, "%s", records_shown(finding->arena, &view, &verdict));
}

static void
tell_incomplete(
	const struct dane_view *view, const struct tlsa_verdict *verdict, struct finding *finding)
{
	const struct tlsa_record *record = &view->records[verdict->incomplete];
	const char *shown = record_shown(finding->arena, record);

	switch (verdict->completeness) {
	case TLSA_NO_MATCH_IN_GROUP:
		finding_fail(finding, CAUSE_NONE, "GroupWithoutMatch",
			"no record of usage %u and selector %u matches now: %s", record->usage,
			record->selector, shown);
		break;
	case TLSA_NO_MATCH_OF_TYPE:
		finding_fail(finding, CAUSE_NONE, "TypeWithoutMatch",
			"no record of matching type %u matches beside one of another type: %s",
			record->matching, shown);
		break;
	case TLSA_UNEVEN_DIGESTS:
		finding_fail(finding, CAUSE_NONE, "UnevenDigests",
			"fewer objects have a record of matching type %u than of the other digest: %s",
			record->matching, shown);
		break;
	case TLSA_NOTHING_USABLE:
	case TLSA_COMPLETENESS_UNKNOWN:
	case TLSA_COMPLETE:
		finding_error(finding, CAUSE_NONE, "Undecided",
			"whether the records are complete is not known: %s", shown);
		break;
	}
}

static void
judge_complete(const struct arguments *arguments, const struct evidence *evidence,
	const struct peer *peer, struct finding *finding)
{
	struct tlsa_verdict verdict;
	struct dane_view view;

	if (!view_chain(&view, arguments, evidence, peer, finding))
		return;
	verdict = verdict_of(&view, evidence, peer, finding->arena);
	if (!judge_match(&view, &verdict, evidence, finding))
		return;
	if (verdict.completeness != TLSA_COMPLETE)
		tell_incomplete(&view, &verdict, finding);
	else if (has_pkix_usage(&view))
		finding_error(finding, CAUSE_NONE, "PkixUsage",
			"records of usages 0 and 1, which count at %s, are not judged",
			view.lookup->name);
	else
		finding_pass(finding,
			"each usage, selector and matching type has a record that matches");
	finding_expected(finding, "a match now for each usage, selector and matching type");
	finding_observed(finding, "%s", records_shown(finding->arena, &view, &verdict));
}

/* Verdicts in the making, one for each chain. */
struct verdicts {
	struct tlsa_verdict *items;
	size_t count;
};

static void
add_verdicts(struct verdicts *verdicts, const struct dane_view *view,
	const struct evidence *evidence, const struct evidence *node, struct arena *arena)
{
	size_t count;
	const struct peer **peers = evidence_peers(node, arena, &count);

	for (size_t i = 0; i < count; i++)
		*ARENA_ADD(arena, verdicts->items, verdicts->count) =
			verdict_of(view, evidence, peers[i], arena);
}

/* Of all chains together, those of the target's other servers too: what matches one of them is not the
 * next. */
static struct tlsa_rollover
rollover_of(const struct dane_view *view, const struct evidence *evidence, struct arena *arena)
{
	struct verdicts verdicts = { .count = 0 };

	add_verdicts(&verdicts, view, evidence, evidence, arena);
	for (size_t i = 0; i < evidence->node_count; i++)
		if (evidence->nodes[i] != evidence)
			add_verdicts(&verdicts, view, evidence, evidence->nodes[i], arena);
	return tlsa_rollover(view->records, verdicts.items, verdicts.count);
}

static const char *const schemes[] = { "next", "issuer", "any", NULL };

static const char *
describe_scheme(const char *choice, struct arena *arena)
{
	(void)arena;
	if (strcmp(choice, schemes[0]) == 0)
		return "Beside a record that matches there is one, of the same usage and selector, for "
		       "the key or issuer that comes next.";
	if (strcmp(choice, schemes[1]) == 0)
		return "A record of usage 3 and one of usage 2 match both, so that a certificate of the "
		       "same issuer with another key does as well.";
	return "One of the two.";
}

static void
judge_rollover(const struct arguments *arguments, const struct evidence *evidence,
	const struct peer *peer, struct finding *finding)
{
	const char *scheme = argument_of(arguments, "scheme")->text;
	struct tlsa_rollover rollover;
	struct tlsa_verdict verdict;
	struct dane_view view;

	if (!view_chain(&view, arguments, evidence, peer, finding))
		return;
	verdict = verdict_of(&view, evidence, peer, finding->arena);
	if (!judge_match(&view, &verdict, evidence, finding))
		return;
	rollover = rollover_of(&view, evidence, finding->arena);
	if (rollover.next && strcmp(scheme, schemes[1]) != 0)
		finding_pass(finding, "a record is there for what comes next");
	else if (rollover.issuer && strcmp(scheme, schemes[0]) != 0)
		finding_pass(finding, "records of usages 3 and 2 match both");
	else
		finding_fail(finding, CAUSE_NONE, "NoRollover",
			"there is no record by which the next certificate could be known beside this "
			"one");
	finding_expected(finding, "%s",
		strcmp(scheme, schemes[0]) == 0   ? "a second record, for the key that comes next"
		: strcmp(scheme, schemes[1]) == 0 ? "records of usage 3 and 2 that match both"
						  : "a record for the next key, or for the issuer");
	finding_observed(finding, "%s", records_shown(finding->arena, &view, &verdict));
}

static const struct check checks[] = {
	{
		.name = "dane.valid",
		.summary = "each certificate of the server is one that TLSA records name",
		.why = "Senders that know DANE (Postfix, Exim, Exchange Online) hold mail "
		       "back when no record matches; and which certificate they are shown hangs on the "
		       "kind of key that they prefer.",
		.fix = "Publish a record 3 1 1 for the key of each certificate, before it is deployed.",
		.source = "RFC 7672 section 3, RFC 7671 sections 5 and 9",
		.step = STEP_HANDSHAKE,
		.judges_chain = true,
		.needs_names = true,
		.ask = ask_tlsa,
		.judge_peer = judge_valid,
		.params = {
			TLSA_PORT_PARAM,
			{
				.name = "key_types",
				.type = PARAM_LIST,
				.choices = key_types,
				.help = "The kinds of keys that there must be a certificate of; each that "
					"the server shows is judged in any case.",
				.example = "[\"rsa\", \"ecdsa\"]",
			},
		},
	},
	{
		.name = "dane.complete",
		.summary = "whatever kind of TLSA record a sender goes by, one matches",
		.why = "Senders do not all know the same usages and digests: where one kind of record "
		       "names the certificate of the day and another that of last year, some of them "
		       "hold mail back.",
		.fix = "Take away the records of what is no longer in use, and give each object that "
		       "has a record the same matching types; 3 1 1 alone is enough.",
		.source = "RFC 7671 sections 8.4 and 9",
		.step = STEP_HANDSHAKE,
		.judges_chain = true,
		.needs_names = true,
		.ask = ask_tlsa,
		.judge_peer = judge_complete,
		.params = { TLSA_PORT_PARAM },
	},
	{
		.name = "dane.rollover",
		.summary = "a TLSA record for the next certificate is there beside that of this one",
		.why = "A certificate that has to be replaced in a hurry cannot wait until records have "
		       "left all caches; without a second one, mail stays out for so long.",
		.fix = "Publish a second record 3 1 1 for a key that is kept in store, or one 2 1 1 for "
		       "the issuer, whose certificate the server sends.",
		.source = "RFC 7671 section 8.1",
		.step = STEP_HANDSHAKE,
		.judges_chain = true,
		.needs_names = true,
		.ask = ask_tlsa,
		.judge_peer = judge_rollover,
		.params = {
			{
				.name = "scheme",
				.type = PARAM_CHOICE,
				.choices = schemes,
				.describe = describe_scheme,
				.fallback = "\"any\"",
				.help = "How the next certificate is going to be known.",
				.example = "\"next\"",
			},
			TLSA_PORT_PARAM,
		},
	},
};

const struct check_family dane_chains_family = {
	.name = "dane",
	.summary = "whether TLSA records name the certificates of the server",
	.checks = checks,
	.count = sizeof(checks) / sizeof(checks[0]),
};
