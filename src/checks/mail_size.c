/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What SIZE says, and what MAIL says to a size. A server that takes the one and refuses the other does
 * not take such messages.
 */
#include "mail_size.h"

#include <string.h>

#include "base/text.h"
#include "capabilities.h"
#include "evidence/cause.h"
#include "evidence/target.h"
#include "hellos.h"
#include "mail_login.h"
#include "probe/mail_probes.h"

#define KEYWORD "SIZE"
#define DIGITS_MAX 20 /* size-value ::= 1*20DIGIT (RFC 1870 section 3) */

/* What the capabilities tell of the size. */
struct told {
	const struct reply_line *line; /* the first; NULL: SIZE is not offered */
	bool unreadable, differs;      /* one of the lines; it from the first */
	bool has_limit;                /* a number is told, even if it is 0: no limit */
	uint64_t limit;
};

const char *
object_to_size(const struct arguments *arguments)
{
	if (argument_of(arguments, "username")->given && !argument_of(arguments, "from")->given)
		return "a login is for MAIL alone: give \"from\" as well";
	return object_to_login(arguments);
}

void
ask_size(const struct arguments *arguments, struct questions *questions)
{
	struct transaction_record question = { .login = login_of(arguments),
		.from = argument_of(arguments, "from")->text,
		.size = argument_of(arguments, "minimum")->number };

	if (question.from != NULL)
		ask(questions, 0, &transaction_observer, &question);
}

/* What does not fit counts as the largest there is. */
static bool
read_number(const char *text, size_t len, uint64_t *number)
{
	*number = 0;
	if (len == 0 || len > DIGITS_MAX)
		return false;
	for (size_t i = 0; i < len; i++) {
		uint64_t digit = (uint64_t)(text[i] - '0');

		if (text[i] < '0' || text[i] > '9')
			return false;
		*number = *number > (UINT64_MAX - digit) / 10 ? UINT64_MAX : *number * 10 + digit;
	}
	return true;
}

static void
read_line(struct told *told, const struct reply_line *line)
{
	size_t keyword = strlen(KEYWORD);
	uint64_t limit = 0;
	bool has_limit = line->len > keyword;

	if (has_limit && !read_number(line->text + keyword + 1, line->len - keyword - 1, &limit)) {
		told->unreadable = true;
		return;
	}
	if (told->line != NULL)
		told->differs =
			told->differs || told->has_limit != has_limit || told->limit != limit;
	else
		*told = (struct told){ line, told->unreadable, false, has_limit, limit };
}

static bool
is_size(const struct reply_line *line)
{
	size_t keyword = strlen(KEYWORD);

	return line->len >= keyword && text_same_len(line->text, keyword, KEYWORD) &&
	       (line->len == keyword || line->text[keyword] == ' ');
}

static struct told
read_told(const struct reply *ehlo)
{
	struct told told = { .line = NULL };

	for (size_t i = 0; i < ehlo->capability_count; i++)
		if (is_size(&ehlo->capabilities[i]))
			read_line(&told, &ehlo->capabilities[i]);
	return told;
}

/* Whether what is told is clear, and not too small by itself. */
static bool
judge_told(const struct reply *ehlo, const struct told *told, uint64_t minimum,
	struct finding *finding)
{
	if (told->unreadable)
		finding_error(finding, CAUSE_NONE, "SizeUnclear",
			"what follows " KEYWORD " is no number: %s",
			capabilities_shown(finding->arena, ehlo));
	else if (told->line == NULL && judge_readable(ehlo, STEP_SESSION_EHLO, finding))
		finding_fail(
			finding, CAUSE_NONE, "SizeMissing", KEYWORD " is not offered inside TLS");
	else if (told->differs)
		finding_error(finding, CAUSE_NONE, "SizeUnclear",
			KEYWORD " is offered in two ways that differ: %s",
			capabilities_shown(finding->arena, ehlo));
	else if (told->line != NULL && told->limit != 0 && told->limit < minimum)
		finding_fail(finding, CAUSE_NONE, "SizeTooSmall",
			"the server takes no messages above %llu bytes",
			(unsigned long long)told->limit);
	else
		return told->line != NULL;
	return false;
}

/* What MAIL got with that size. */
static void
judge_announced(const struct transaction_record *record, struct finding *finding)
{
	const struct answer *mail = &record->mail;

	if (mail->meaning == REPLY_OKAY)
		finding_pass(
			finding, "MAIL with SIZE=%ld is taken: \"%s\"", record->size, mail->text);
	else if (mail->reply == REPLY_NEGATIVE && mail->meaning == REPLY_FULL)
		finding_fail(finding, CAUSE_NONE, "SizeRefused",
			"the server refused MAIL with SIZE=%ld: \"%s\"", record->size, mail->text);
	else
		finding_error(finding, CAUSE_NONE, "Undecided",
			"what MAIL with SIZE=%ld got does not tell whether the size is taken: \"%s\"",
			record->size, mail->text);
}

static void
judge_without_mail(const struct told *told, struct finding *finding)
{
	if (!told->has_limit)
		finding_error(finding, CAUSE_NONE, "SizeUntold",
			KEYWORD " tells no number: only MAIL shows what is taken (\"from\")");
	else if (told->limit == 0)
		finding_pass(finding, "the server has no limit");
	else
		finding_pass(finding, "the server takes messages of up to %llu bytes",
			(unsigned long long)told->limit);
}

void
judge_size(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct observation *seen = evidence_answer(evidence, arguments, 0);
	const struct reply *ehlo = &evidence->session.session_ehlo;
	const struct transaction_record *record = seen == NULL ? NULL : seen->record;
	struct told told = read_told(ehlo);
	long minimum = argument_of(arguments, "minimum")->number;

	finding_expected(finding, KEYWORD " of %ld bytes or more, or without a limit", minimum);
	finding_observed(finding, "%s",
		told.line == NULL ? "no " KEYWORD : line_shown(finding->arena, told.line));
	if (!judge_told(ehlo, &told, (uint64_t)minimum, finding))
		return;
	if (record == NULL) {
		judge_without_mail(&told, finding);
		return;
	}
	finding->shown_by = observation_trace(seen);
	if (!judge_logged_in(evidence, &record->attempt, finding))
		return;
	if (seen->outcome == OUTCOME_DONE)
		judge_announced(record, finding);
	else
		judge_no_proof(evidence, seen, "that MAIL with that size is taken", finding);
}
