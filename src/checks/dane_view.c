/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From the MX records down to the TLSA records: the first link at which senders stop decides.
 */
#include "dane_view.h"

#include <string.h>

#include "certificate_view.h"
#include "checks/arguments.h"
#include "dns_answers.h"
#include "evidence/cause.h"
#include "evidence/target.h"
#include "x509/hostname.h"

/* Of data as a whole only the beginning is shown: SHA-512 just fits. */
#define SHOWN_BYTES 64

static unsigned
port_of(const struct arguments *arguments, const struct evidence *evidence)
{
	const struct argument *port = argument_of(arguments, "tlsa_port");

	return port->given ? (unsigned)port->number : evidence->target->port;
}

void
ask_tlsa(const struct arguments *arguments, struct questions *questions)
{
	ask(questions, 0, &tlsa_observer,
		&(struct tlsa_lookup){ .port = port_of(arguments, questions->evidence) });
}

static const struct observation *
find_lookup(const struct evidence *evidence, unsigned port)
{
	for (size_t i = 0; i < evidence->observation_count; i++) {
		const struct observation *observation = evidence->observations[i];
		const struct tlsa_lookup *lookup = observation->record;

		if (observation->observer == &tlsa_observer && lookup->port == port)
			return observation;
	}
	return NULL;
}

/* What is before the TLSA records: addresses, and the MX records that led to them. */
static bool
view_names(const struct evidence *evidence, struct finding *finding)
{
	const struct target *target = evidence->target;
	const struct host_names *names = target->names;

	if (names == NULL)
		finding_error(finding, CAUSE_ADDRESSES, "NotAsked",
			"the addresses of the host were not asked for");
	else if (!judge_answer(evidence, host_names_worse(names),
			 arena_printf(finding->arena, "the addresses of %s", names->host),
			 CAUSE_ADDRESSES, finding))
		return false;
	else if (names->address_count == 0 && target->address == NULL)
		finding_fail(finding, CAUSE_ADDRESSES, "NoAddress", "%s%s", names->host,
			names->a.no_name ? " does not exist" : " has no address");
	else if (target->mx != NULL && target->mx->answer.unanchored)
		error_unanchored(finding, CAUSE_TLSA,
			answer_title(finding->arena, DNS_MX, target->mx->domain));
	else if (target->mx != NULL && !is_answer_secure(&target->mx->answer))
		finding_fail(finding, CAUSE_TLSA, "MxNotSigned",
			"the MX records of %s are not signed: whoever forges them leads mail past "
			"this server, whatever its TLSA records say",
			target->mx->domain);
	else
		return true;
	return false;
}

/* Whether something vouches for the host, so that senders ask for TLSA records. */
static bool
view_host(
	const struct evidence *evidence, const struct tlsa_lookup *lookup, struct finding *finding)
{
	const struct host_names *names = evidence->target->names;
	const struct dns_answer *answer = is_answer_secure(&names->a) ? &names->aaaa : &names->a;

	if (lookup->name != NULL)
		return true;
	if (host_names_alias(names) &&
		!judge_answer(evidence, &lookup->alias,
			answer_title(finding->arena, DNS_CNAME, names->host), CAUSE_TLSA, finding))
		return false;
	if (answer->unanchored) {
		error_unanchored(finding, CAUSE_TLSA,
			arena_printf(finding->arena, "the addresses of %s", names->host));
		return false;
	}
	finding_fail(finding, CAUSE_TLSA, "HostNotSigned",
		"the addresses of %s are not signed: senders do not ask for its TLSA records",
		names->host);
	finding_observed(
		finding, "addresses: %s, at %s", dns_state_name(answer->state), answer->canonical);
	return false;
}

/* A failure of this look-up where others worked is the name server's, more often than not. */
static void
advise_failed(const struct tlsa_lookup *lookup, struct finding *finding)
{
	if (lookup->answer.failure != DNS_SERVER_ERROR && lookup->answer.failure != DNS_TIMED_OUT)
		return;
	finding_why(finding,
		"The addresses of the host were answered, this was not. Senders that know DANE take "
		"such a look-up for an attack, and hold back all mail until it works.");
	finding_fix(finding,
		"Ask all name servers of the zone for type TLSA at %s, and for type A at the same "
		"name: each has to answer with records, or with a signed denial. Old name servers, "
		"load balancers and firewalls that drop or refuse types they do not know, and zones "
		"with a broken chain of NSEC or NSEC3 records, fail so. Run it again if it was the "
		"resolver.",
		lookup->name);
}

static void
advise_publishing(
	const struct evidence *evidence, const struct dane_view *view, struct finding *finding)
{
	const char *lines = lines_to_publish(finding->arena, view, evidence);

	if (lines != NULL)
		finding_fix(finding,
			"If the certificate that was seen is the right one, publish: %s", lines);
}

static bool
view_answer(const struct evidence *evidence, const struct dane_view *view, struct finding *finding)
{
	const struct tlsa_lookup *lookup = view->lookup;
	const struct dns_answer *answer = &lookup->answer;

	if (!judge_answer(evidence, answer, answer_title(finding->arena, DNS_TLSA, lookup->name),
		    CAUSE_TLSA, finding)) {
		if (answer->state == DNS_FAILED && (finding->causes & CAUSE_TLSA) != 0)
			advise_failed(lookup, finding);
		return false;
	}
	if (answer->state == DNS_SECURE && answer->count != 0)
		return true;
	if (answer->unanchored) {
		error_unanchored(
			finding, CAUSE_TLSA, answer_title(finding->arena, DNS_TLSA, lookup->name));
		return false;
	}
	if (answer->count != 0 || !is_answer_secure(answer)) {
		finding_fail(finding, CAUSE_TLSA, "TlsaNotSigned",
			"%s %s, and is not signed: senders leave it out", lookup->name,
			answer->count != 0 ? "has TLSA records" : "has no TLSA record");
		finding_observed(
			finding, "%s, at %s", dns_state_name(answer->state), answer->canonical);
		return false;
	}
	finding_fail(finding, CAUSE_TLSA, "NoTlsa", "%s %s", lookup->name,
		answer->no_name ? "does not exist" : "has no TLSA record");
	advise_publishing(evidence, view, finding);
	return false;
}

static void
read_records(struct dane_view *view, struct arena *arena)
{
	const struct dns_answer *answer = &view->lookup->answer;
	struct tlsa_record *records = arena_array(arena, answer->count, sizeof(*records));

	for (size_t i = 0; i < answer->count; i++) {
		if (tlsa_record_read(&records[view->count], answer->records[i]))
			view->count++;
		else
			view->malformed++;
	}
	view->records = records;
}

bool
has_pkix_usage(const struct dane_view *view)
{
	for (size_t i = 0; view->lookup->port != MX_PORT && i < view->count; i++)
		if (view->records[i].usage == TLSA_PKIX_TA ||
			view->records[i].usage == TLSA_PKIX_EE)
			return true;
	return false;
}

/* Whether one of the records is of use to senders. */
static bool
view_records(const struct evidence *evidence, struct dane_view *view, struct finding *finding)
{
	const struct tlsa_query nothing = { .chain_count = 0 };
	struct tlsa_verdict verdict;

	read_records(view, finding->arena);
	verdict = view_verdict(view, evidence, &nothing, finding->arena);
	view->usable = verdict.usable;
	if (view->count + view->malformed > TLSA_RECORDS_MAX)
		finding_error(finding, CAUSE_TLSA, "TooMany",
			"%s has %zu records: no more than %d are judged", view->lookup->name,
			view->count + view->malformed, TLSA_RECORDS_MAX);
	else if (verdict.usable != 0)
		return true;
	else if (has_pkix_usage(view))
		finding_error(finding, CAUSE_TLSA, "PkixUsage",
			"%s has records of usages 0 and 1 alone, which count there and are not "
			"judged: usages 2 and 3 are, as those of mail servers",
			view->lookup->name);
	else
		finding_fail(finding, CAUSE_TLSA, "NothingUsable",
			"%s has no record that senders can use", view->lookup->name);
	finding_expected(finding, "usage 2 or 3, selector 0 or 1, matching type 0, 1 or 2");
	finding_observed(finding, "%s", records_shown(finding->arena, view, &verdict));
	if (finding->verdict == VERDICT_FAIL)
		advise_publishing(evidence, view, finding);
	return false;
}

bool
view_tlsa(struct dane_view *view, const struct arguments *arguments,
	const struct evidence *evidence, struct finding *finding)
{
	const struct observation *observation = find_lookup(evidence, port_of(arguments, evidence));

	*view = (struct dane_view){ .count = 0 };
	if (!view_names(evidence, finding))
		return false;
	if (observation == NULL || observation->outcome == OUTCOME_NOT_REACHED) {
		finding_error(finding, evidence->cut_short != NULL ? CAUSE_CUT_SHORT : CAUSE_TLSA,
			"NotRun", "not decided: %s",
			evidence->cut_short != NULL ? evidence->cut_short
						    : "the TLSA records were not asked for");
		return false;
	}
	view->lookup = observation->record;
	return view_host(evidence, view->lookup, finding) && view_answer(evidence, view, finding) &&
	       view_records(evidence, view, finding);
}

/* Names that a certificate under usage 2 may carry (RFC 7672 section 3.2.2): that of the TLSA records, the
 * host, and the domain, whose MX records are signed where it comes to this. */
static size_t
names_of(const struct dane_view *view, const struct target *target, char names[3][HOSTNAME_MAX])
{
	const char *const known[] = { view->lookup->base, target->names->host,
		target->mx != NULL ? target->mx->domain : NULL };
	struct error ignored = { { 0 } };
	size_t count = 0;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i] != NULL && hostname_normalise(known[i], names[count], &ignored))
			count++;
	return count;
}

struct tlsa_verdict
view_verdict(const struct dane_view *view, const struct evidence *evidence,
	const struct tlsa_query *shown, struct arena *arena)
{
	char texts[3][HOSTNAME_MAX];
	const char *const names[] = { texts[0], texts[1], texts[2] };
	struct tlsa_query query = *shown;

	query.records = view->records;
	query.count = view->count;
	query.names = names;
	query.name_count = names_of(view, evidence->target, texts);
	query.at = evidence->today;
	return tlsa_judge(&query, arena);
}

const char *
record_shown(struct arena *arena, const struct tlsa_record *record)
{
	struct tlsa_record shown = *record;
	bool is_cut = shown.data.len > SHOWN_BYTES;
	const char *text;
	struct buf buf;

	if (is_cut)
		shown.data.len = SHOWN_BYTES;
	buf_init(&buf, 1000);
	tlsa_add_text(&buf, &shown);
	text = arena_printf(arena, "%s%s", buf.data, is_cut ? "..." : "");
	buf_release(&buf);
	return text;
}

const char *
records_shown(struct arena *arena, const struct dane_view *view, const struct tlsa_verdict *verdict)
{
	const char *list = NULL;

	for (size_t i = 0; i < view->count && i < TLSA_RECORDS_MAX; i++) {
		const char *text = record_shown(arena, &view->records[i]);

		if (verdict != NULL)
			text = arena_printf(arena, "%s (%s)", text,
				tlsa_outcome_name(verdict->findings[i].outcome));
		list = text_joined(arena, list, text);
	}
	if (view->malformed != 0)
		list = text_joined(
			arena, list, arena_printf(arena, "%zu malformed", view->malformed));
	return list;
}

const char *
line_to_publish(struct arena *arena, const struct dane_view *view, struct span leaf)
{
	struct tlsa_record record;

	if (!tlsa_for_leaf(&record, leaf, arena))
		return NULL;
	return arena_printf(
		arena, "%s. IN TLSA %s", view->lookup->name, record_shown(arena, &record));
}

const char *
lines_to_publish(struct arena *arena, const struct dane_view *view, const struct evidence *evidence)
{
	const char *lines = NULL;
	size_t count;
	const struct peer **peers = evidence_peers(evidence, arena, &count);

	for (size_t i = 0; i < count; i++) {
		const char *line = line_to_publish(arena, view, peers[i]->chain[0]);

		if (line != NULL && (lines == NULL || strstr(lines, line) == NULL))
			lines = text_joined(arena, lines, line);
	}
	return lines;
}
