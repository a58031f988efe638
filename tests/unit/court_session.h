/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * court_session: tables of judges of the session conversation. A row is a finding, what the server
 * said, and the step at which it ended.
 */
#ifndef GATE_TESTS_COURT_SESSION_H
#define GATE_TESTS_COURT_SESSION_H

#include "court_findings.h"

#include "evidence/target.h"

#define ASSERT(name) "{\"assert\":\"" name "\"}"
#define ASSERT_WITH(name, members) "{\"assert\":\"" name "\"," members "}"

/* The beginnings of rows: findings that are to come out. */
#define PASSES(sentence, assertion, says)                                                     \
	{                                                                                     \
		sentence, assertion, OUTCOME_DONE, NULL, VERDICT_PASS, NULL, CAUSE_NONE, says \
	}
#define FAILS(sentence, assertion, type, causes, says)                                    \
	{                                                                                 \
		sentence, assertion, OUTCOME_DONE, NULL, VERDICT_FAIL, type, causes, says \
	}
#define IS_OPEN(sentence, assertion, type, causes, says)                                   \
	{                                                                                  \
		sentence, assertion, OUTCOME_DONE, NULL, VERDICT_ERROR, type, causes, says \
	}

/* Members of session_said: where it ended, and how. */
#define ENDS(at, how, why, what) .step = at, .end = { .outcome = how, .status = why, .text = what }

#define DEADLINE "the deadline of the run has passed"
#define CLOSED "the server closed the connection"
#define SILENT "no answer within the time allowed"

/* What a server said and did, where it differs from one that is in order. */
struct session_said {
	/* Lines; NULL: as usual, where the step was done. */
	const char *greeting, *ehlo, *starttls, *session_ehlo;
	/* The step that was not done; OUTCOME_NOT_REACHED without a text: all were. */
	enum step step;
	struct step_record end;
	const char *cut_short;
	bool implicit_tls;
};

struct session_row {
	struct finding_row finding;
	struct session_said said;
};

static inline void
hear(const struct conversation *session, struct reply *reply, enum step step, const char *said,
	const char *usual)
{
	if (said != NULL)
		answer(reply, said);
	else if (session->steps[step].outcome == OUTCOME_DONE)
		answer(reply, usual);
}

/* Up to the step at which it ended, and nothing of what would have come behind that. */
static inline void
end_session(struct court *court, const struct session_said *said)
{
	struct conversation *session = &court->evidence.session;

	memset(session->steps, 0, sizeof(session->steps));
	end_at(court, said->step, said->end.outcome, said->end.text);
	session->steps[said->step].status = said->end.status;
	if (session->steps[STEP_HANDSHAKE].outcome == OUTCOME_DONE)
		return;
	court->evidence.session_hello.version = 0;
	session->tls = (struct tls_facts){ .alert = -1, .late_alert = -1 };
}

static inline void
hold_session(struct court *court, const struct session_said *said)
{
	struct evidence *evidence = &court->evidence;
	struct conversation *session = &evidence->session;

	court->loaded.checklist.targets[0].implicit_tls = said->implicit_tls;
	evidence->cut_short = said->cut_short;
	if (said->end.outcome != OUTCOME_NOT_REACHED || said->end.text != NULL ||
		said->cut_short != NULL)
		end_session(court, said);
	if (session->steps[STEP_CONNECT].outcome == OUTCOME_DONE)
		snprintf(session->address, sizeof(session->address), "192.0.2.1");
	hear(session, &session->greeting, STEP_GREETING, said->greeting,
		"220 mail.example.test ESMTP\r\n");
	hear(session, &session->session_ehlo, STEP_SESSION_EHLO, said->session_ehlo,
		"250-mail.example.test\r\n250-AUTH PLAIN LOGIN\r\n250 SIZE 1000\r\n");
	if (said->implicit_tls)
		return;
	hear(session, &session->ehlo, STEP_EHLO, said->ehlo,
		"250-mail.example.test\r\n250-STARTTLS\r\n250 SIZE 1000\r\n");
	hear(session, &session->starttls, STEP_STARTTLS, said->starttls, "220 go ahead\r\n");
}

static inline void
expect_session_findings(const struct session_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct finding_row *finding = &rows[i].finding;
		struct court court;

		open_at(&court, finding->assertion, finding->outcome);
		hold_session(&court, &rows[i].said);
		if (finding->arrange != NULL)
			finding->arrange(&court);
		expect_finding(&court, finding);
		court_close(&court);
	}
}

#endif
