/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The connection.* family: connect, greeting, and the line endings of all replies.
 */
#include <regex.h>

#include "capabilities.h"
#include "checks/steps.h"
#include "evidence/cause.h"
#include "evidence/target.h"
#include "families.h"

static void
judge_established(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	(void)arguments;
	if (judge_step(evidence, STEP_CONNECT, "ConnectionRefused", finding))
		finding_pass(finding, "%s",
			conversation_connected(&evidence->session, evidence->target->host,
				evidence->target->port, finding->arena));
}

/* The most that the lines of a greeting come to. */
#define GREETING_TEXT_MAX (REPLY_LINES_MAX * (REPLY_LINE_MAX + 1))

/* Whether it matches somewhere in the lines, between which there are newlines. Each line also has a
 * beginning and an end of its own to match. */
static bool
greeting_matches(const struct reply *greeting, const char *pattern)
{
	struct buf text;
	regex_t regex;
	bool matches;

	if (regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB | REG_NEWLINE) != 0)
		return false;
	buf_init(&text, GREETING_TEXT_MAX);
	for (size_t i = 0; i < greeting->count; i++) {
		buf_add_string(&text, i == 0 ? "" : "\n");
		buf_add_string(&text, greeting->lines[i].text);
	}
	matches = regexec(&regex, text.data, 0, NULL, 0) == 0;
	buf_release(&text);
	regfree(&regex);
	return matches;
}

static void
judge_greeting(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct reply *greeting = &evidence->session.greeting;
	const struct dialect *dialect = evidence->target->dialect;
	const struct argument *given = argument_of(arguments, "code");
	long code = given->given ? given->number : dialect->greeting_code;
	const struct argument *matches = argument_of(arguments, "matches");
	enum outcome outcome = evidence->session.steps[STEP_GREETING].outcome;
	const char *shown = reply_shown(finding->arena, greeting);

	if (greeting->state != REPLY_COMPLETE ||
		(outcome == OUTCOME_BROKEN && !is_wanted(greeting, outcome, code))) {
		judge_step(evidence, STEP_GREETING, "GreetingMismatch", finding);
		return;
	}
	if (!is_wanted(greeting, outcome, code))
		finding_fail(finding, outcome == OUTCOME_DONE ? CAUSE_NONE : CAUSE_GREETING,
			"GreetingMismatch", "the server greets with \"%s\"", shown);
	else if (matches->given && !greeting_matches(greeting, matches->text))
		finding_fail(finding, CAUSE_NONE, "GreetingMismatch",
			"the greeting \"%s\" does not match", shown);
	else
		finding_pass(finding, "%s", shown);
	finding_expected(finding, "%s%s%s",
		given->given ? arena_printf(finding->arena, "%ld", code) : dialect->greets,
		matches->given ? " matching " : "", matches->given ? matches->text : "");
	finding_observed(finding, "%s", shown);
}

/* What any other reply of the run showed, whatever it was asked for. */
static void
judge_other_lines(const struct evidence *evidence, struct finding *finding)
{
	struct hearing hearing;

	for (size_t i = 0; evidence_hearing(evidence, i, &hearing); i++) {
		const struct heard *heard = hearing.heard;

		if (heard->bare_lf == NULL)
			continue;
		finding->shown_by = evidence_heard_on(
			evidence, &hearing, heard->bare_lf_connection, finding->arena);
		finding_fail(finding, CAUSE_NONE, "BareLineFeed", "lines end with LF alone%s: %s",
			finding->shown_by != NULL ? " on another connection" : "", heard->bare_lf);
		return;
	}
	finding_pass(finding, "all lines end with CR LF");
}

static void
judge_line_endings(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct conversation *session = &evidence->session;
	const struct dialect *dialect = evidence->target->dialect;
	const struct {
		const char *name;
		const struct reply *reply;
	} replies[] = {
		{ "the greeting", &session->greeting },
		{ step_name(STEP_EHLO, dialect), &session->ehlo },
		{ step_name(STEP_STARTTLS, dialect), &session->starttls },
		{ step_name(STEP_SESSION_EHLO, dialect), &session->session_ehlo },
	};
	const char *bare = NULL;

	(void)arguments;
	for (size_t i = 0; i < sizeof(replies) / sizeof(replies[0]); i++)
		if (replies[i].reply->bare_lf)
			bare = arena_printf(finding->arena, "%s%s%s%s", bare == NULL ? "" : bare,
				bare == NULL ? "" : ", ", i == 0 ? "" : "the reply to ",
				replies[i].name);
	if (bare != NULL)
		finding_fail(
			finding, CAUSE_NONE, "BareLineFeed", "lines end with LF alone: %s", bare);
	else
		judge_other_lines(evidence, finding);
	finding_expected(finding, "CR LF at the end of every line");
}

static const struct check checks[] = {
	{
		.name = "connection.established",
		.summary = "the server accepts a TCP connection",
		.why = "A server that does not answer takes no mail, and nothing else about it can be "
		       "checked.",
		.fix = "Check that the name leads to the right address, that the service runs and "
		       "listens on this port of that address, and that no firewall between here and "
		       "there drops or refuses the connection.",
		.source = "RFC 5321 section 3.1",
		.step = STEP_CONNECT,
		.judges_outcome = true,
		.judge = judge_established,
	},
	{
		.name = "connection.greeting",
		.summary = "the server greets with the expected reply",
		.why = "A server that greets with 421 or 554 takes no mail, whatever else works; an "
		       "unexpected text shows that the port leads to another server than was meant.",
		.fix = "554 refuses every message: look for an access list, a DNS block list or a "
		       "postscreen rule that matches the address of this client. 421 says that the "
		       "server is shutting down or at its connection limit. If the text is not the "
		       "expected one, check what the port is forwarded to.",
		.source = "RFC 5321 section 3.1",
		.step = STEP_GREETING,
		.judges_outcome = true,
		.needs = DIALECT_DIALOGUE,
		.judge = judge_greeting,
		.params = {
			{
				.name = "code",
				.type = PARAM_NUMBER,
				.minimum = 200,
				.maximum = 599,
				.needs = DIALECT_CODES,
				.help = "The reply code that the greeting must have: 220 unless given.",
				.example = "220",
			},
			{
				.name = "matches",
				.type = PARAM_REGEX,
				.help = "A POSIX extended regular expression that must match somewhere in "
					"the text of the greeting (without the code; its lines are joined "
					"by newlines).",
				.example = "\"^mail\\\\.example\\\\.com ESMTP\"",
			},
		},
	},
	{
		.name = "connection.line_endings",
		.summary = "every line of a reply ends with CR LF",
		.why = "What one program takes for the end of a line and another does not is how messages "
		       "and commands are smuggled past filters; strict clients also wait for the CR until "
		       "their time runs out.",
		.fix = "Update the server, and look for a proxy, filter or script in front of it that "
		       "writes replies of its own with \"\\n\" instead of \"\\r\\n\".",
		.source = "RFC 5321 section 2.3.8",
		.step = STEP_SESSION_EHLO,
		.needs = DIALECT_DIALOGUE,
		.judge = judge_line_endings,
	},
};

const struct check_family connection_family = {
	.name = "connection",
	.summary = "reaching the server",
	.checks = checks,
	.count = sizeof(checks) / sizeof(checks[0]),
};
