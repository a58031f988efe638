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
expect_finding(struct court *court, const struct finding_row *row)
{
	struct finding got;

	judge_arguments(&court->evidence, &court->loaded.checklist.assertions[0].arguments,
		&court->arena, &got);
	if (got.verdict != row->verdict)
		fail_msg("%s: got %s, want %s: %s", row->sentence, verdict_name(got.verdict),
			verdict_name(row->verdict), got.message);
	if ((got.type == NULL) != (row->type == NULL) ||
		(row->type != NULL && strcmp(got.type, row->type) != 0))
		fail_msg("%s: got type %s, want %s", row->sentence,
			got.type != NULL ? got.type : "none",
			row->type != NULL ? row->type : "none");
	if (got.causes != row->causes)
		fail_msg("%s: got causes %x, want %x", row->sentence, (unsigned)got.causes,
			(unsigned)row->causes);
	if (strstr(got.message, row->says) == NULL)
		fail_msg("%s: \"%s\" does not say \"%s\"", row->sentence, got.message, row->says);
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

#endif
