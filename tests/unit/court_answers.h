/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * court_answers: a court in which all went well and every observation ended alike, to which a test
 * adds the answer that is to decide.
 */
#ifndef GATE_TESTS_COURT_ANSWERS_H
#define GATE_TESTS_COURT_ANSWERS_H

#include "court.h"

#include "wire/tls_names.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define TODAY 1795219200 /* 2026-11-21 */

static const struct server_hello of_today = { .version = TLS_VERSION_1_3, .suite = 0x1301 };

/* A court whose session went well, and whose observations all ended like that. */
static inline void
open_at(struct court *court, const char *assertions, enum outcome outcome)
{
	struct evidence *evidence = &court->evidence;

	court_open(court, assertions, TODAY);
	end_at(court, STEP_AUTH, OUTCOME_NOT_REACHED, NULL);
	evidence->session_hello = of_today;
	evidence->session.tls = (struct tls_facts){
		.version = TLS_VERSION_1_3, .suite = 0x1301, .alert = -1, .late_alert = -1
	};
	for (size_t i = 0; i < evidence->observation_count; i++) {
		evidence->observations[i]->outcome = outcome;
		evidence->observations[i]->text = "what happened";
		evidence->observations[i]->connections = 1;
	}
}

static inline struct observation *
observed_by(struct court *court, const struct observer *observer)
{
	struct evidence *evidence = &court->evidence;

	for (size_t i = 0; i < evidence->observation_count; i++)
		if (evidence->observations[i]->observer == observer)
			return evidence->observations[i];
	fail_msg("it is not observed by %s", observer->name);
	return NULL;
}

/* One more answer on the connections of the last observation. */
static inline void
see(struct court *court, struct server_hello hello)
{
	struct evidence *evidence = &court->evidence;
	struct observation *last = evidence->observations[evidence->observation_count - 1];

	last->hellos =
		arena_grow(&last->arena, last->hellos, last->hello_count, sizeof(*last->hellos));
	last->hellos[last->hello_count++] = hello;
}

static inline void
expect(struct court *court, const char *sentence, const char *want)
{
	const char *message;

	court_judge(court);
	message = court->suite.cases[0].message;
	if (strcmp(verdict_name(court->suite.cases[0].verdict), want) != 0)
		fail_msg("%s: got %s, want %s: %s", sentence,
			verdict_name(court->suite.cases[0].verdict), want,
			message != NULL ? message : "");
	court_close(court);
}

#endif
