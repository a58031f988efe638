/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * court: a checklist of a test, the evidence of its one target made by hand, and the verdicts.
 */
#ifndef GATE_TESTS_COURT_H
#define GATE_TESTS_COURT_H

#include "loaded_checklist.h"

#include <stdio.h>

#include "checklist/overlay.h"
#include "probe/chain_probe.h"
#include "run/judge.h"
#include "run/plan.h"

/* Around the members of the target and the assertions. */
#define COURT_CHECKLIST                                                                 \
	"{\"trust\":{\"system\":false,\"ca_file\":\"ca.pem\"},"                         \
	"\"secrets\":{\"password\":{\"env\":\"GATE_TEST_PASSWORD\"}},"                  \
	"\"targets\":[{\"name\":\"t\",\"host\":\"mail.example.test\",\"port\":587%s}]," \
	"\"assertions\":[%s]}"

/* A checklist, its only target's planned evidence, and the verdicts on it. */
struct court {
	struct loaded loaded;
	struct evidence evidence;
	struct report_suite suite;
	struct arena arena;
};

/* How the search for further certificates ended, if there was one. */
static inline void
court_know_certificates(struct court *court, enum outcome outcome)
{
	struct evidence *evidence = &court->evidence;

	for (size_t i = 0; i < evidence->observation_count; i++)
		if (evidence->observations[i]->observer == &other_chains_observer)
			evidence->observations[i]->outcome = outcome;
}

/* `members` are more of the target: ",\"tls\":\"implicit\"". */
static inline void
court_open_target(struct court *court, const char *members, const char *assertions, int64_t today)
{
	static char text[8192];
	const struct overlay overlay = { .today = today };

	setenv("GATE_TEST_PASSWORD", "correct horse", 1);
	snprintf(text, sizeof(text), COURT_CHECKLIST, members, assertions);
	memory_files_clear();
	memory_file_add(MAIN_FILE, text);
	memory_file_add("dir/ca.pem", AUTHORITY);
	memset(court, 0, sizeof(*court));
	arena_init(&court->arena);
	load(&court->loaded, &overlay);
	expect_problems(&court->loaded, "the checklist of the test", "");
	evidence_init(&court->evidence, &court->loaded.checklist.targets[0], today);
	plan_target(&court->loaded.checklist, &court->evidence);
	court_know_certificates(court, OUTCOME_DONE);
}

static inline void
court_open(struct court *court, const char *assertions, int64_t today)
{
	court_open_target(court, "", assertions, today);
}

static inline void
court_judge(struct court *court)
{
	judge_target(&court->loaded.checklist, &court->evidence, &court->suite, &court->arena);
}

static inline void
court_close(struct court *court)
{
	evidence_release(&court->evidence);
	loaded_release(&court->loaded);
	arena_release(&court->arena);
}

/* Marks the steps before `step` as done, and that one as it ended. */
static inline void
end_at(struct court *court, enum step step, enum outcome outcome, const char *text)
{
	size_t count;
	const enum step *steps = conversation_steps(
		court->evidence.target->dialect, court->evidence.target->implicit_tls, &count);

	for (size_t i = 0; i < count && steps[i] != step; i++)
		court->evidence.session.steps[steps[i]].outcome = OUTCOME_DONE;
	court->evidence.session.steps[step] =
		(struct step_record){ .outcome = outcome, .text = text };
}

/* Makes a reply of the session out of its lines. */
static inline void
answer(struct reply *reply, const char *lines)
{
	reply_feed(reply, lines, strlen(lines));
}

/* The case of that id. */
static inline const struct report_case *
case_of(const struct court *court, const char *id)
{
	for (size_t i = 0; i < court->suite.case_count; i++)
		if (strcmp(court->suite.cases[i].id, id) == 0)
			return &court->suite.cases[i];
	fail_msg("there is no case %s", id);
	return NULL;
}

/* "id:verdict" of each case in its order, with blanks between them. */
static inline void
expect_cases(const struct court *court, const char *name, const char *want)
{
	struct buf got;

	buf_init(&got, 4000);
	for (size_t i = 0; i < court->suite.case_count; i++)
		buf_addf(&got, "%s%s:%s", i == 0 ? "" : " ", court->suite.cases[i].id,
			verdict_name(court->suite.cases[i].verdict));
	if (strcmp(got.data, want) != 0)
		fail_msg("%s: got \"%s\", want \"%s\"", name, got.data, want);
	buf_release(&got);
}

/* The verdicts in their order, with blanks between them. */
static inline void
expect_verdicts(const struct court *court, const char *name, const char *want)
{
	struct buf got;

	buf_init(&got, 1000);
	for (size_t i = 0; i < court->suite.case_count; i++)
		buf_addf(&got, "%s%s", i == 0 ? "" : " ",
			verdict_name(court->suite.cases[i].verdict));
	if (strcmp(got.data, want) != 0)
		fail_msg("%s: got \"%s\", want \"%s\"", name, got.data, want);
	buf_release(&got);
}

#endif
