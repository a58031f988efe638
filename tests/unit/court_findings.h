/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * court_findings: tables of judges. A row is a sentence, an assertion, what is done to a court in
 * which all went well (court_answers.h), and the finding that is to come out.
 */
#ifndef GATE_TESTS_COURT_FINDINGS_H
#define GATE_TESTS_COURT_FINDINGS_H

#include "court_answers.h"

#include "evidence/cause.h"
#include "evidence/finding.h"

struct finding_row {
	const char *sentence;
	const char *assertion;                /* JSON; the first of several is judged */
	enum outcome outcome;                 /* of all observations */
	void (*arrange)(struct court *court); /* what is different; NULL: nothing */
	enum verdict verdict;
	const char *type; /* NULL of a pass */
	uint32_t causes;
	const char *says; /* stands in the message */
};

static inline void
expect_found(const struct finding *got, const struct finding_row *row)
{
	if (got->verdict != row->verdict)
		fail_msg("%s: got %s, want %s: %s", row->sentence, verdict_name(got->verdict),
			verdict_name(row->verdict), got->message);
	if ((got->type == NULL) != (row->type == NULL) ||
		(row->type != NULL && strcmp(got->type, row->type) != 0))
		fail_msg("%s: got type %s, want %s", row->sentence,
			got->type != NULL ? got->type : "none",
			row->type != NULL ? row->type : "none");
	if (got->causes != row->causes)
		fail_msg("%s: got causes %x, want %x", row->sentence, (unsigned)got->causes,
			(unsigned)row->causes);
	if (strstr(got->message, row->says) == NULL)
		fail_msg("%s: \"%s\" does not say \"%s\"", row->sentence, got->message, row->says);
}

static inline void
expect_finding(struct court *court, const struct finding_row *row)
{
	struct finding got;

	judge_arguments(&court->evidence, &court->loaded.checklist.assertions[0].arguments,
		&court->arena, &got);
	expect_found(&got, row);
}

static inline void
expect_findings(const struct finding_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct court court;

		open_at(&court, rows[i].assertion, rows[i].outcome);
		if (rows[i].arrange != NULL)
			rows[i].arrange(&court);
		expect_finding(&court, &rows[i]);
		court_close(&court);
	}
}

/* Hellos, surveys and their answers, for tables of what is asked by hellos of our own. */

#include "probe/hello_probe.h"
#include "probe/survey.h"

/* The observation of that observer with so many others of it before it, in the order of the plan. */
static inline struct observation *
nth_observed_by(struct court *court, const struct observer *observer, size_t before)
{
	struct evidence *evidence = &court->evidence;

	for (size_t i = 0; i < evidence->observation_count; i++)
		if (evidence->observations[i]->observer == observer && before-- == 0)
			return evidence->observations[i];
	fail_msg("it is not observed so often by %s", observer->name);
	return NULL;
}

/* The newest version that an offer has. */
static inline uint16_t
newest_offered(const struct hello_offer *offer)
{
	return offer->versions.count != 0 ? offer->versions.codes[0] : offer->legacy_version;
}

/* The single hello that offers nothing newer than that version. */
static inline struct observation *
hello_up_to(struct court *court, uint16_t version, bool every_suite)
{
	struct evidence *evidence = &court->evidence;

	for (size_t i = 0; i < evidence->observation_count; i++) {
		const struct hello_record *record = evidence->observations[i]->record;

		if (evidence->observations[i]->observer == &hello_observer &&
			record->every_suite == every_suite &&
			newest_offered(&record->offer) == version)
			return evidence->observations[i];
	}
	fail_msg("there is no hello up to version %x", (unsigned)version);
	return NULL;
}

/* The survey whose first hello offers nothing newer than that version. */
static inline struct observation *
survey_up_to(struct court *court, uint16_t version)
{
	struct evidence *evidence = &court->evidence;

	for (size_t i = 0; i < evidence->observation_count; i++) {
		const struct survey_record *record = evidence->observations[i]->record;

		if (evidence->observations[i]->observer == &survey_observer &&
			newest_offered(&record->hellos[0].offer) == version)
			return evidence->observations[i];
	}
	fail_msg("there is no survey up to version %x", (unsigned)version);
	return NULL;
}

/* One more answer on the connections of that observation. */
static inline void
see_on(struct observation *observation, struct server_hello hello)
{
	observation->hellos = arena_grow(
		&observation->arena, observation->hellos, observation->hello_count, sizeof(hello));
	observation->hellos[observation->hello_count++] = hello;
}

/* A single hello that was accepted. */
static inline void
accept_hello(struct observation *observation, struct server_hello hello)
{
	struct hello_record *record = observation->record;

	observation->outcome = OUTCOME_DONE;
	record->answer = (struct flight_hello){ .seen = true,
		.version = hello.version,
		.suite = hello.suite,
		.compression = hello.compression };
	see_on(observation, hello);
}

/* One more choice of a survey, which came to its end. */
static inline void
choose(struct observation *observation, struct server_hello hello)
{
	struct survey_record *record = observation->record;

	observation->outcome = OUTCOME_DONE;
	record->choices[record->choice_count++] = hello;
	see_on(observation, hello);
}

/* The handshake of the session, and of all that wolfSSL makes, is of TLS 1.2. */
static inline void
session_of_tls12(struct court *court)
{
	court->evidence.session_hello =
		(struct server_hello){ .version = TLS_VERSION_1_2, .suite = 0xc02f };
	court->evidence.session.tls.version = TLS_VERSION_1_2;
	court->evidence.session.tls.suite = 0xc02f;
}

/* No ServerHello came in the whole run, unless another function of the row adds one. */
static inline void
no_hello_accepted(struct court *court)
{
	court->evidence.session_hello = (struct server_hello){ .version = 0 };
}

/* Nothing was observed: neither refused nor answered. */
static inline void
nothing_asked(struct court *court)
{
	for (size_t i = 0; i < court->evidence.observation_count; i++) {
		court->evidence.observations[i]->outcome = OUTCOME_NOT_REACHED;
		court->evidence.observations[i]->text = NULL;
		court->evidence.observations[i]->connections = 0;
	}
}

/* A server that had fallen silent before, and was not asked any further. */
static inline void
not_asked_any_further(struct court *court)
{
	nothing_asked(court);
	for (size_t i = 0; i < court->evidence.observation_count; i++) {
		court->evidence.observations[i]->text = "the server says nothing";
	}
}

/* The run ended before anything was observed. */
static inline void
cut_short(struct court *court)
{
	nothing_asked(court);
	court->evidence.cut_short = "the deadline of the run has passed";
}

/* The session got no further than the handshake, and nothing else was observed. */
static inline void
handshake_broke(struct court *court)
{
	nothing_asked(court);
	no_hello_accepted(court);
	end_at(court, STEP_HANDSHAKE, OUTCOME_BROKEN, "the server closed the connection");
	court->evidence.session.tls = (struct tls_facts){ .alert = -1, .late_alert = -1 };
}

/* There was no connection at all. */
static inline void
connection_broke(struct court *court)
{
	handshake_broke(court);
	end_at(court, STEP_CONNECT, OUTCOME_BROKEN, "no answer in time");
}

/* The same rows for another assertion; their own does not count. */
static inline void
expect_findings_of(const char *assertion, const struct finding_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct finding_row row = rows[i];
		char sentence[300];

		snprintf(sentence, sizeof(sentence), "%s: %s", assertion, rows[i].sentence);
		row.sentence = sentence;
		row.assertion = assertion;
		expect_findings(&row, 1);
	}
}

#endif
