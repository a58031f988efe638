/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * session.dialogue: steps that somebody wrote down.
 */
#include "checks/ask.h"
#include "evidence/cause.h"
#include "evidence/finding.h"
#include "evidence/target.h"
#include "families.h"
#include "hellos.h"
#include "probe/dialogue_probe.h"
#include "wire/expectation.h"
#include "withheld.h"

#include <string.h>

static const char *
object_to_dialogue(const struct arguments *arguments)
{
	const struct argument *steps = argument_of(arguments, "steps");

	for (size_t i = 0; argument_of(arguments, "before_tls")->truth && i < steps->count; i++)
		if (argument_member(arguments, "steps", i, "send")->is_secret)
			return "a secret is never sent before TLS";
	return NULL;
}

static void
ask_dialogue(const struct arguments *arguments, struct questions *questions)
{
	size_t count = argument_of(arguments, "steps")->count;
	struct dialogue_step *steps =
		arena_array(&questions->evidence->arena, count, sizeof(*steps));
	struct dialogue_record question = { .steps = steps,
		.count = count,
		.before_tls = argument_of(arguments, "before_tls")->truth };

	for (size_t i = 0; i < count; i++) {
		const struct argument *send = argument_member(arguments, "steps", i, "send");

		steps[i] = (struct dialogue_step){ .send = send->text,
			.shown = send->shown,
			.is_secret = send->is_secret,
			.expect = argument_member(arguments, "steps", i, "expect")->text };
	}
	ask(questions, 0, &dialogue_observer, &question);
}

/* The last step that got a reply, and how that is not what was expected. A server that goes away, or
 * says more than there is time to look at, has not said no. */
static void
judge_mismatch(const struct dialogue_record *record, struct finding *finding)
{
	size_t last = record->reply_count - 1;
	const struct dialogue_step *step = &record->steps[last];
	const struct dialogue_reply *reply = &record->replies[last];
	int shown = (int)strcspn(step->shown, "\r\n");

	if (reply->meaning == REPLY_LEAVING)
		finding_error(finding, CAUSE_NONE, "Undecided",
			"step %zu (\"%.*s\"): the server went away: \"%s\"", last + 1, shown,
			step->shown, reply->shown);
	else if (expectation_kind(step->expect) == EXPECTATION_REGEX &&
		 strlen(reply->text) > EXPECTATION_TEXT_MAX)
		finding_error(finding, CAUSE_NONE, "Undecided",
			"step %zu (\"%.*s\"): the reply has more than the %d bytes that a regular "
			"expression is held against",
			last + 1, shown, step->shown, EXPECTATION_TEXT_MAX);
	else
		finding_fail(finding, CAUSE_NONE, "DialogueMismatch",
			"step %zu (\"%.*s\"): the server answered \"%s\", not %s", last + 1, shown,
			step->shown, reply->shown, step->expect);
}

static bool
is_met(const struct dialogue_record *record, size_t step)
{
	return step < record->reply_count &&
	       expectation_met(record->steps[step].expect, record->replies[step].codes,
		       record->replies[step].text);
}

static void
judge_dialogue(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct observation *seen = evidence_answer(evidence, arguments, 0);
	const struct dialogue_record *record = seen->record;
	size_t met = 0;

	while (met < record->count && is_met(record, met))
		met++;
	finding_expected(finding, "%s to step %zu",
		record->steps[met < record->count ? met : met - 1].expect,
		met < record->count ? met + 1 : met);
	finding_observed(finding, "%s", seen->text != NULL ? seen->text : "nothing");
	finding->shown_by = observation_trace(seen);
	if (record->withheld)
		judge_withheld(evidence, "a secret", record->distrust,
			arena_printf(finding->arena, "the certificate is not trusted for %s",
				evidence->target->host),
			finding);
	else if (seen->outcome != OUTCOME_DONE)
		judge_no_proof(evidence, seen, "that the dialogue goes as expected", finding);
	else if (met == record->count)
		finding_pass(finding, "all %zu steps got what was expected", met);
	else
		judge_mismatch(record, finding);
}

static const struct param step_members[] = {
	{
		.name = "send",
		.type = PARAM_LINE,
		.required = true,
		.help = "What is sent, without the line end (and in IMAP without a tag). After a reply that asks for "
			"more, as 334, 354 and + do, it goes on with the command before.",
		.example = "\"NOOP\"",
	},
	{
		.name = "expect",
		.type = PARAM_EXPECT,
		.required = true,
		.help = "What must come back: a code (three digits, or OK, NO, BAD, BYE, +OK, -ERR, +), a text that "
			"stands somewhere in the reply, or between slashes a regular expression that matches somewhere.",
		.example = "\"250\"",
	},
	{ .name = NULL },
};

static const struct check checks[] = {
	{
		.name = "session.dialogue",
		.summary = "the steps of a dialogue get the replies that are expected",
		.why = "What no other assertion covers can still stop users: a command that a filter in front "
		       "of the server does not know, a mailbox that is missing, a rule that is not active.",
		.fix = "The transcript shows the step at which the reply was another one, and the server's "
		       "log of the same moment why. If the reply is fine as well, correct \"expect\".",
		.source = "RFC 5321 section 4.1, RFC 9051 section 6, RFC 1939",
		.step = STEP_SESSION_EHLO,
		.needs = DIALECT_DIALOGUE,
		.ask = ask_dialogue,
		.judge = judge_dialogue,
		.objection = object_to_dialogue,
		.params = {
			{
				.name = "steps",
				.type = PARAM_OBJECTS,
				.required = true,
				.members = step_members,
				.help = "What is said, one step after the other, on a connection of its own.",
				.example = "[{ \"send\": \"NOOP\", \"expect\": \"250\" }]",
			},
			{
				.name = "before_tls",
				.type = PARAM_BOOLEAN,
				.fallback = "false",
				.needs = DIALECT_STARTTLS,
				.help = "Whether the steps are taken before TLS; secrets then are not allowed.",
				.example = "false",
			},
		},
	},
};

const struct check_family session_dialogue_family = {
	.name = "session",
	.summary = "a dialogue of one's own",
	.checks = checks,
	.count = sizeof(checks) / sizeof(checks[0]),
};
