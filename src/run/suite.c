/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From the verdicts on a target to the suite that reports them.
 */
#include <string.h>

#include "base/clock.h"
#include "case_times.h"
#include "checklist/shipped.h"
#include "evidence/names.h"
#include "evidence/target.h"
#include "facts.h"
#include "facts_text.h"
#include "net/proxy.h"
#include "run/judge.h"
#include "weigh.h"

/* A transcript that a case of the suite shows. */
struct shown_transcript {
	const void *of;   /* what it is the transcript of */
	const char *text; /* as shown */
	const char *id;   /* of the first case that shows it */
};

/* The suite while it is filled. */
struct filling {
	const struct checklist *checklist;
	const struct evidence *evidence;
	struct arena *arena;   /* of the report */
	struct arena *scratch; /* of what does not outlive the judging */
	struct report_suite *suite;
	struct weighed **weighed; /* in step with the suite's cases */
	struct shown_transcript *transcripts;
	size_t transcript_count;
	struct cleaner cleaner;
};

/* The same of a text that may be the row's, of which no copy is needed. */
static const char *
clean_unless(const struct filling *filling, const char *row, const char *text)
{
	return text == row ? row : cleaner_text(&filling->cleaner, text);
}

/* What a case shows already is not made again. */
static const char *
transcript_of_case(const struct filling *filling, const void *of)
{
	for (size_t i = 0; i < filling->transcript_count; i++)
		if (filling->transcripts[i].of == of)
			return filling->transcripts[i].text;
	return NULL;
}

/* The transcript of the connection that shows it, if this is the first case to show it; the id of
 * the case that does otherwise. */
static void
fill_transcript(struct filling *filling, const struct weighed *one, struct report_case *entry)
{
	const struct trace *trace = one->finding.shown_by;
	const struct buf *session = &weighed_conversation(filling->evidence, one)->transcript;
	const void *of = trace != NULL ? (const void *)trace : session;
	struct shown_transcript *shown;

	for (size_t i = 0; i < filling->transcript_count; i++)
		if (filling->transcripts[i].of == of) {
			entry->transcript_of = filling->transcripts[i].id;
			return;
		}
	entry->transcript =
		trace != NULL
			? cleaner_transcript(&filling->cleaner, trace->transcript, 0)
			: cleaner_transcript(&filling->cleaner, session->data, session->dropped);
	if (entry->transcript == NULL)
		return;
	shown = ARENA_ADD(filling->scratch, filling->transcripts, filling->transcript_count);
	*shown = (struct shown_transcript){ of, entry->transcript, entry->id };
}

static bool
is_red(const struct weighed *one)
{
	return one->finding.verdict == VERDICT_FAIL || one->finding.verdict == VERDICT_ERROR;
}

static bool
is_shipped(const char *file)
{
	for (const struct shipped_checklist *row = shipped_checklists; row->name != NULL; row++)
		if (file != NULL && strcmp(row->name, file) == 0)
			return true;
	return false;
}

/* What came with the program is no file of the user's. */
static struct place
place_of(const struct assertion *assertion)
{
	static const struct place nowhere;
	struct place place = assertion->place;

	return is_shipped(place.file) ? nowhere : place;
}

static void
fill_case(struct filling *filling, const struct weighed *one, struct report_case *entry)
{
	const struct assertion *assertion = one->assertion;
	const struct finding *finding = &one->finding;

	*entry = (struct report_case){
		.id = one->added ? arena_strdup(filling->arena, one->id) : one->id,
		.title = assertion->title,
		.titled = strcmp(assertion->title, assertion->arguments.check->summary) != 0,
		.added = one->added,
		.assertion = assertion->arguments.check->name,
		.verdict = finding->verdict,
		.type = finding->type,
		.message = cleaner_text(&filling->cleaner, finding->message),
		.expected = cleaner_text(&filling->cleaner, finding->expected),
		.observed = cleaner_text(&filling->cleaner, finding->observed),
		.why = clean_unless(filling, assertion->arguments.check->why, one->why),
		.fix = clean_unless(filling, assertion->arguments.check->fix, one->fix),
		.place = place_of(assertion),
	};
	if (is_red(one))
		fill_transcript(filling, one, entry);
}

static void
fill_cases(struct filling *filling)
{
	struct report_suite *suite = filling->suite;

	suite->cases = arena_array(filling->arena, suite->case_count, sizeof(*suite->cases));
	for (size_t i = 0; i < suite->case_count; i++)
		fill_case(filling, filling->weighed[i], &suite->cases[i]);
}

/* The first case, in the order of the rows, that needs the step and was decided; else the first
 * of all. */
static struct report_case *
case_for_retries(const struct filling *filling, enum step step)
{
	size_t best = 0, best_position = SIZE_MAX;

	for (size_t i = 0; i < filling->suite->case_count; i++) {
		const struct check *check = filling->weighed[i]->assertion->arguments.check;

		if (check->step < step || check_position(check) >= best_position ||
			filling->weighed[i]->finding.verdict == VERDICT_SKIPPED)
			continue;
		best = i;
		best_position = check_position(check);
	}
	return &filling->suite->cases[best];
}

/* An observation that succeeded only when it was made again is told once. */
static void
fill_retries(const struct filling *filling)
{
	const struct evidence *evidence = filling->evidence;
	struct report_case *entry;

	if (evidence->retry_count == 0 || filling->suite->case_count == 0)
		return;
	entry = case_for_retries(filling, evidence->retries[0].step);
	entry->retries =
		arena_array(filling->arena, evidence->retry_count, sizeof(*entry->retries));
	entry->retry_count = evidence->retry_count;
	for (size_t i = 0; i < evidence->retry_count; i++)
		entry->retries[i] = (struct report_retry){ .type = "NoAnswer",
			.message = cleaner_text(&filling->cleaner, evidence->retries[i].text) };
}

static void
add_property(const struct filling *filling, const char *name, const char *value)
{
	struct report_suite *suite = filling->suite;

	*ARENA_ADD(filling->arena, suite->properties, suite->property_count) =
		(struct report_property){ name, value };
}

/* "id (until 2027-03-01: OPS-99); ...": the waivers that have ended, or that nothing needs, for
 * formats that show nothing of a case that passed. */
static void
fill_waivers(const struct filling *filling, bool ended, const char *name)
{
	const char *list = NULL;

	for (size_t i = 0; i < filling->suite->case_count; i++) {
		const struct weighed *one = filling->weighed[i];
		const struct assertion *assertion = one->assertion;

		if (assertion->waive_until == NULL || assertion->waived == ended ||
			(!ended && one->finding.verdict != VERDICT_PASS))
			continue;
		list = arena_printf(filling->arena, "%s%s%s (until %s: %s)",
			list != NULL ? list : "", list != NULL ? "; " : "", one->id,
			assertion->waive_until, assertion->waive_reason);
	}
	if (list != NULL)
		add_property(filling, name, list);
}

/* What there is to tell of a target without a server. */
static void
fill_file_properties(const struct filling *filling)
{
	const struct target *target = filling->evidence->target;
	char date[CLOCK_DATE_MAX];

	clock_format_date(date, filling->evidence->today);
	add_property(filling, "certificate.file",
		arena_strdup(filling->arena, target->certificate_file));
	add_property(filling, "judged.at", arena_strdup(filling->arena, date));
	filling->suite->where = arena_strdup(filling->arena, target->certificate_file);
}

static void
fill_server_properties(const struct filling *filling)
{
	const struct evidence *evidence = filling->evidence;
	const struct target *target = evidence->target;
	struct arena *arena = filling->arena;
	const char *through = target->proxy == NULL ? NULL : target->proxy->dialler.through;
	bool is_literal = strchr(target->host, ':') != NULL;

	if (through != NULL)
		add_property(filling, "proxy", through);
	add_property(filling, "port", arena_printf(arena, "%u", target->port));
	add_property(filling, "address", arena_strdup(arena, evidence->session.address));
	add_property(
		filling, "round.trips", arena_printf(arena, "%u", evidence->session.round_trips));
	filling->suite->where = arena_printf(arena, "%s%s%s:%u%s%s%s%s", is_literal ? "[" : "",
		target->host, is_literal ? "]" : "", target->port,
		evidence->session.address[0] != '\0' ? ", " : "", evidence->session.address,
		through != NULL ? ", through " : "", through != NULL ? through : "");
	if (evidence->session.addresses <= 1)
		return;
	filling->suite->unseen = evidence->session.addresses - 1;
	add_property(
		filling, "addresses.unseen", arena_printf(arena, "%zu", filling->suite->unseen));
	add_property(
		filling, "addresses.setting", "\"addresses\": \"all\" has all of them checked");
}

/* "192.0.2.53@53, 192.0.2.54". */
static const char *
resolver_text(const struct dns_settings *dns, struct arena *arena)
{
	const char *text = NULL;

	for (size_t i = 0; i < dns->resolver_count; i++)
		text = text == NULL ? dns->resolvers[i]
				    : arena_printf(arena, "%s, %s", text, dns->resolvers[i]);
	return text != NULL ? text : "/etc/resolv.conf";
}

static void
fill_answer(const struct filling *filling, const char *name, const struct dns_answer *answer)
{
	add_property(filling, name, dns_state_name(answer->state));
}

/* What is known of the names of a domain and a host, and who said so. */
static void
fill_names(const struct filling *filling)
{
	const struct target *target = filling->evidence->target;
	struct arena *arena = filling->arena;

	if (target->mx != NULL) {
		add_property(filling, "mx.domain", target->domain);
		fill_answer(filling, "mx.dnssec", &target->mx->answer);
	}
	if (target->mx_host != NULL)
		add_property(filling, "mx.preference",
			arena_printf(arena, "%u", target->mx_host->preference));
	if (target->names != NULL) {
		fill_answer(filling, "a.dnssec", &target->names->a);
		fill_answer(filling, "aaaa.dnssec", &target->names->aaaa);
	}
	if (target->mx != NULL || target->names != NULL)
		add_property(
			filling, "dns.resolver", resolver_text(&filling->checklist->dns, arena));
}

/* What has no server of its own. */
static void
fill_lead_properties(const struct filling *filling)
{
	const struct evidence *evidence = filling->evidence;

	filling->suite->where = arena_strdup(filling->arena, evidence->target->host);
	add_property(filling, "nodes", arena_printf(filling->arena, "%zu", evidence->node_count));
}

static void
fill_properties(const struct filling *filling)
{
	const struct checklist *checklist = filling->checklist;

	add_property(filling, "checklist.name", checklist->name);
	if (checklist->includes != NULL)
		add_property(filling, "checklist.includes", checklist->includes);
	add_property(filling, "host", filling->evidence->target->host);
	if (filling->evidence->target->certificate_file != NULL)
		fill_file_properties(filling);
	else if (filling->evidence->target->part == TARGET_LEAD)
		fill_lead_properties(filling);
	else
		fill_server_properties(filling);
	fill_names(filling);
	fill_waivers(filling, true, "waivers.ended");
	fill_waivers(filling, false, "waivers.unneeded");
}

static void
fill_rest(struct filling *filling)
{
	const struct buf *session = &filling->evidence->session.transcript;
	struct report_suite *suite = filling->suite;

	suite->facts = facts_of(filling->evidence, &filling->cleaner);
	suite->transcript = transcript_of_case(filling, session);
	if (suite->transcript == NULL)
		suite->transcript =
			cleaner_transcript(&filling->cleaner, session->data, session->dropped);
}

void
judge_target(const struct checklist *checklist, const struct evidence *evidence,
	struct report_suite *suite, struct arena *arena)
{
	struct arena scratch;
	struct filling filling = { .checklist = checklist,
		.evidence = evidence,
		.arena = arena,
		.scratch = &scratch,
		.suite = suite };

	suite->checklist = checklist->stem;
	suite->target = evidence->target->name;
	suite->file = checklist->file;
	suite->ms = evidence->ms;
	suite->connections = evidence->connections;
	arena_init(&scratch);
	filling.weighed = weigh(checklist, evidence, &scratch, &suite->case_count);
	cleaner_init(&filling.cleaner, &checklist->secrets, evidence, arena, &scratch);
	fill_cases(&filling);
	case_times(evidence, filling.weighed, suite->cases, suite->case_count);
	fill_retries(&filling);
	fill_properties(&filling);
	if (!suite->is_brief)
		fill_rest(&filling);
	arena_release(&scratch);
}
