/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gate/judge.h"

#include <string.h>

#include "gate/clock.h"

#define CAUSE_BITS 32

/* One target being judged. */
struct docket {
	const struct checklist *checklist;
	const struct evidence *evidence;
	struct arena *arena;
	uint32_t reported;                /* causes that a counted assertion carries already */
	const char *reporter[CAUSE_BITS]; /* its id, for each cause */
};

/* What was cut short could have gone either way: nothing is said of the server, and every
 * assertion says so for itself. */
static void
report_broken_step(const struct evidence *evidence, enum step step, struct finding *finding)
{
	const struct step_record *record = &evidence->session.steps[step];

	if (evidence->cut_short != NULL)
		finding_error(
			finding, CAUSE_NONE, "NotRun", "not decided: %s", evidence->cut_short);
	else
		finding_error(finding, 1u << step, "NoAnswer", "%s: %s", step_name(step),
			record->text != NULL ? record->text : "not reached");
}

bool
judge_step(
	const struct evidence *evidence, enum step step, const char *type, struct finding *finding)
{
	const struct step_record *record = &evidence->session.steps[step];

	if (record->outcome == OUTCOME_DONE)
		return true;
	if (record->outcome == OUTCOME_REFUSED)
		finding_fail(finding, 1u << step, type, "%s", record->text);
	else
		report_broken_step(evidence, step, finding);
	return false;
}

void
judge_proof(const struct evidence *evidence, const struct peer *peer, struct finding *finding)
{
	enum step broken = STEP_HANDSHAKE;
	const char *text;

	if (finding->verdict != VERDICT_PASS || peer->proven)
		return;
	evidence_broken_step(evidence, STEP_HANDSHAKE, &broken);
	text = evidence->session.steps[broken].text;
	finding_error(finding, 1u << broken, "NotProven",
		"the server showed this certificate, but nothing proves that it holds the key: %s: "
		"%s",
		step_name(broken), text != NULL ? text : "not with this certificate");
}

/* Calls the judge once everything that it takes for granted is there. */
static void
evaluate(const struct docket *docket, const struct assertion *assertion, struct finding *finding)
{
	const struct check *check = assertion->check;
	const struct peer *peer = evidence_peer(docket->evidence);
	enum step broken;

	finding_init(finding, docket->arena);
	if (check->judges_chain && peer->chain_count != 0) {
		check->judge_peer(assertion, docket->evidence, peer, finding);
		judge_proof(docket->evidence, peer, finding);
	} else if (evidence_broken_step(docket->evidence, check->step, &broken) &&
		   !(check->judges_outcome && broken == check->step)) {
		report_broken_step(docket->evidence, broken, finding);
	} else if (check->judges_chain) {
		check->judge_peer(assertion, docket->evidence, peer, finding);
	} else {
		check->judge(assertion, docket->evidence, finding);
	}
}

static bool
is_counted(const struct finding *finding)
{
	return finding->verdict == VERDICT_FAIL || finding->verdict == VERDICT_ERROR;
}

static void
skip(struct finding *finding, enum verdict verdict, const char *type, const char *message)
{
	finding->observed = finding->message;
	finding->message = message;
	finding->verdict = verdict;
	finding->type = type;
}

/* The ids that report the causes, each once, with commas between them. */
static const char *
reporters_of(const struct docket *docket, uint32_t causes)
{
	const char *ids = NULL;

	for (unsigned i = 0; i < CAUSE_BITS; i++) {
		const char *id = docket->reporter[i];

		if ((causes >> i & 1) == 0 || (ids != NULL && strstr(ids, id) != NULL))
			continue;
		ids = ids == NULL ? id : arena_printf(docket->arena, "%s, %s", ids, id);
	}
	return ids;
}

static void
mark_reported(struct docket *docket, const char *id, uint32_t causes)
{
	for (unsigned i = 0; i < CAUSE_BITS; i++)
		if ((causes & ~docket->reported) >> i & 1)
			docket->reporter[i] = id;
	docket->reported |= causes;
}

/* A waiver and the lesser severity first: what does not count cannot stand for others. */
static void
weigh(struct docket *docket, const struct assertion *assertion, struct finding *finding)
{
	struct arena *arena = docket->arena;

	if (assertion->waived)
		skip(finding, VERDICT_WAIVED, "Waived",
			arena_printf(arena, "waived until %s: %s", assertion->waive_until,
				assertion->waive_reason));
	else if (!is_counted(finding))
		return;
	else if (finding->causes != 0 && (finding->causes & ~docket->reported) == 0)
		skip(finding, VERDICT_SKIPPED, "SameCause",
			arena_printf(arena, "not evaluated: needs what %s reports",
				reporters_of(docket, finding->causes)));
	else if (assertion->advisory)
		skip(finding, VERDICT_WARNED, "Advisory",
			arena_printf(arena, "advisory, not counted: %s", finding->message));
	else
		mark_reported(docket, assertion->id, finding->causes);
}

/* The conversation that shows it best: that of its own attempt or hello, else the session's. */
static const char *
transcript_of(const struct docket *docket, const struct assertion *assertion,
	const struct finding *finding)
{
	const struct auth_attempt *attempt = evidence_attempt(docket->evidence, assertion);
	const struct buf *transcript = &docket->evidence->session.transcript;

	if (finding->shown_by != NULL)
		return finding->shown_by->transcript;
	if (attempt != NULL && attempt->conversation != NULL)
		transcript = &attempt->conversation->transcript;
	if (transcript->dropped != 0)
		return arena_printf(docket->arena, "%s\n... [%zu bytes omitted]", transcript->data,
			transcript->dropped);
	return transcript->len != 0 ? arena_strdup(docket->arena, transcript->data) : NULL;
}

static const char *
clean(const struct docket *docket, const char *text)
{
	return secrets_redact(&docket->checklist->secrets, docket->arena, text);
}

/* Of what decided it: the connection that shows it, its own attempt, else its step. */
static int64_t
ms_of(const struct docket *docket, const struct assertion *assertion, const struct finding *finding)
{
	const struct auth_attempt *attempt = evidence_attempt(docket->evidence, assertion);

	if (finding->shown_by != NULL)
		return finding->shown_by->ms;
	return attempt != NULL ? attempt->ms
			       : docket->evidence->session.steps[assertion->check->step].ms;
}

static void
fill_case(struct docket *docket, const struct assertion *assertion, const struct finding *finding,
	struct report_case *entry)
{
	const struct check *check = assertion->check;

	*entry = (struct report_case){
		.id = assertion->id,
		.title = assertion->title,
		.assertion = check->name,
		.verdict = finding->verdict,
		.type = finding->type,
		.message = clean(docket, finding->message),
		.expected = clean(docket, finding->expected),
		.observed = clean(docket, finding->observed),
		.why = check->why,
		.fix = clean(docket, finding->fix != NULL ? finding->fix : check->fix),
		.place = assertion->place,
		.ms = ms_of(docket, assertion, finding),
	};
	if (is_counted(finding))
		entry->transcript = clean(docket, transcript_of(docket, assertion, finding));
}

/* An observation that succeeded only when it was made again is told once, with the first
 * assertion that needs it. */
static void
attach_retries(const struct docket *docket, struct report_suite *suite)
{
	const struct evidence *evidence = docket->evidence;
	struct report_case *entry = suite->cases;

	if (evidence->retry_count == 0 || suite->case_count == 0)
		return;
	for (size_t i = 0; i < suite->case_count; i++) {
		const struct check *check = check_find(suite->cases[i].assertion);

		if (check->step >= evidence->retries[0].step) {
			entry = &suite->cases[i];
			break;
		}
	}
	entry->retries = arena_array(docket->arena, evidence->retry_count, sizeof(*entry->retries));
	entry->retry_count = evidence->retry_count;
	for (size_t i = 0; i < evidence->retry_count; i++)
		entry->retries[i] = (struct report_retry){ .type = "NoAnswer",
			.message = clean(
				docket, arena_strdup(docket->arena, evidence->retries[i].text)) };
}

static void
add_property(struct report_suite *suite, struct arena *arena, const char *name, const char *value)
{
	suite->properties = arena_grow(
		arena, suite->properties, suite->property_count, sizeof(*suite->properties));
	suite->properties[suite->property_count++] = (struct report_property){ name, value };
}

/* What there is to tell of a target without a server. */
static void
fill_file_properties(const struct docket *docket, struct report_suite *suite)
{
	const struct target *target = docket->evidence->target;
	char date[CLOCK_DATE_MAX];

	clock_format_date(date, docket->evidence->today);
	add_property(suite, docket->arena, "certificate.file",
		arena_strdup(docket->arena, target->certificate_file));
	add_property(suite, docket->arena, "judged.at", arena_strdup(docket->arena, date));
}

static void
fill_properties(const struct docket *docket, struct report_suite *suite)
{
	const struct evidence *evidence = docket->evidence;
	const struct target *target = evidence->target;
	struct arena *arena = docket->arena;

	add_property(suite, arena, "checklist.name", docket->checklist->name);
	if (docket->checklist->includes != NULL)
		add_property(suite, arena, "checklist.includes", docket->checklist->includes);
	add_property(suite, arena, "host", target->host);
	if (target->certificate_file != NULL) {
		fill_file_properties(docket, suite);
		return;
	}
	add_property(suite, arena, "port", arena_printf(arena, "%u", target->port));
	add_property(suite, arena, "address", arena_strdup(arena, evidence->session.address));
	add_property(suite, arena, "round.trips",
		arena_printf(arena, "%u", evidence->session.round_trips));
}

void
judge_target(const struct checklist *checklist, const struct evidence *evidence,
	struct report_suite *suite, struct arena *arena)
{
	struct docket docket = { .checklist = checklist, .evidence = evidence, .arena = arena };

	suite->checklist = checklist->stem;
	suite->target = evidence->target->name;
	suite->file = checklist->file;
	suite->ms = evidence->ms;
	suite->connections = evidence->connections;
	suite->cases = arena_array(arena, checklist->assertion_count, sizeof(*suite->cases));
	for (size_t i = 0; i < checklist->assertion_count; i++) {
		const struct assertion *assertion = &checklist->assertions[i];
		struct finding finding;

		if (!assertion_applies(assertion, evidence->target))
			continue;
		evaluate(&docket, assertion, &finding);
		weigh(&docket, assertion, &finding);
		fill_case(&docket, assertion, &finding, &suite->cases[suite->case_count++]);
	}
	attach_retries(&docket, suite);
	fill_properties(&docket, suite);
	if (evidence->session.transcript.len != 0)
		suite->transcript =
			clean(&docket, arena_strdup(arena, evidence->session.transcript.data));
}
