/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * mail.round_trip: a message that is sent and comes back by a mailbox.
 */
#include <string.h>

#include "base/clock.h"
#include "checks/ask.h"
#include "evidence/cause.h"
#include "evidence/finding.h"
#include "evidence/target.h"
#include "families.h"
#include "hellos.h"
#include "mail_login.h"
#include "objections.h"
#include "round_trip_message.h"
#include "x509/hostname.h"

static const char *const mailbox_protocols[] = { "imap", "pop3", NULL };
static const char *const ways_of_tls[] = { "starttls", "implicit", NULL };

static const char *
object_to_span(const char *text)
{
	int64_t span_ms;

	if (clock_parse_span(text, &span_ms) && span_ms >= 1000)
		return NULL;
	return "this is no span of time of a second or more, such as \"60s\" or \"5m\"";
}

/* How TLS begins follows the port, as that of a target does; unless anything is said, with the first
 * byte. */
static bool
begins_with_tls(const struct arguments *arguments)
{
	const struct argument *tls = argument_member(arguments, "mailbox", 0, "tls");
	const struct argument *port = argument_member(arguments, "mailbox", 0, "port");
	bool implicit = true;

	if (tls->given)
		return strcmp(tls->text, ways_of_tls[1]) == 0;
	if (port->given)
		dialect_of_port((unsigned)port->number, &implicit);
	return implicit;
}

static struct mailbox
mailbox_of(const struct arguments *arguments, struct arena *arena)
{
	const char *host = argument_member(arguments, "mailbox", 0, "host")->text;
	const struct argument *port = argument_member(arguments, "mailbox", 0, "port");
	struct mailbox mailbox = {
		.dialect = dialect_find(argument_member(arguments, "mailbox", 0, "protocol")->text),
		.address = argument_member(arguments, "mailbox", 0, "address")->text,
		.implicit_tls = begins_with_tls(arguments),
		.login = { argument_member(arguments, "mailbox", 0, "mechanism")->text,
			argument_member(arguments, "mailbox", 0, "username")->text,
			argument_member(arguments, "mailbox", 0, "password")->text },
	};
	char normal[HOSTNAME_MAX];
	struct error ignored = { .text = "" };

	mailbox.host =
		hostname_normalise(host, normal, &ignored) ? arena_strdup(arena, normal) : host;
	mailbox.port = port->given ? (unsigned)port->number
				   : dialect_port(mailbox.dialect, mailbox.implicit_tls);
	return mailbox;
}

static void
ask_round_trip(const struct arguments *arguments, struct questions *questions)
{
	struct round_trip_record question = { .login = login_of(arguments),
		.from = argument_of(arguments, "from")->text,
		.to = argument_of(arguments, "to")->text,
		.mailbox = mailbox_of(arguments, &questions->evidence->arena) };

	clock_parse_span(argument_of(arguments, "within")->text, &question.within_ms);
	ask(questions, 0, &round_trip_observer, &question);
}

/* What there is to add of a message that nobody deleted. */
static const char *
left_shown(const struct round_trip_record *record, struct arena *arena)
{
	if (!record->left)
		return "";
	return arena_printf(
		arena, "; the message %s could not be deleted from the mailbox", record->token);
}

static void
report_mailbox(const struct round_trip_record *record, struct finding *finding)
{
	if (record->trouble.distrusted)
		finding_error(finding, CAUSE_NONE, "CredentialsWithheld",
			"the password of the mailbox was not sent: the certificate is not trusted for "
			"%s",
			record->mailbox.host);
	else
		finding_error(finding, CAUSE_NONE, "MailboxUnreadable",
			"the mailbox at %s could not be looked into: %s", record->mailbox.host,
			record->trouble.text);
	finding_fix(finding,
		"See that the mailbox server runs, that this machine may connect to it, that its "
		"certificate is trusted (trust.ca_file) and names \"host\", and that \"username\" and "
		"\"password\" of \"mailbox\" are right.");
}

static void
report_refusal(const struct round_trip_record *record, struct finding *finding)
{
	if (record->answer.meaning == REPLY_FULL)
		finding_fail(finding, CAUSE_NONE, "MailboxFull",
			"there is no room for the message: the server answered %s with \"%s\"",
			record->command, record->answer.text);
	else
		finding_fail(finding, CAUSE_NONE, "MessageRefused",
			"the server answered %s with \"%s\"", record->command, record->answer.text);
}

/* 450 and 451 are what greylisting says; so is any other "later", as far as anybody knows. */
static void
report_put_off(const struct round_trip_record *record, struct finding *finding)
{
	finding_error(finding, CAUSE_NONE, "Greylisted",
		"greylisted, or put off for another reason, since the first of %u %s, %lld.%lld s ago: "
		"the server answered %s with \"%s\"",
		record->tries, record->tries == 1 ? "try" : "tries",
		(long long)(record->put_off_ms / 1000), (long long)(record->put_off_ms / 100 % 10),
		record->command, record->answer.text);
	finding_fix(finding,
		"Greylisting lets a sender in after some minutes: allow more time (\"within\", "
		"limits.deadline), or let this client past it (postgrey: "
		"/etc/postgrey/whitelist_clients). Otherwise see the server's log.");
}

/* Whether the message was taken and is there, once and in time. */
static bool
judge_arrival(const struct round_trip_record *record, struct finding *finding)
{
	const char *left = left_shown(record, finding->arena);

	if (record->in_junk)
		finding_fail(finding, CAUSE_NONE, "InJunk", "the message arrived among the junk%s",
			left);
	else if (!record->arrived && record->trouble.text != NULL)
		report_mailbox(record, finding);
	else if (!record->arrived)
		finding_fail(finding, CAUSE_NONE, "MessageLost",
			"the message %s was taken, and has not arrived after %lld s", record->token,
			(long long)(record->arrived_ms / 1000));
	else if (record->late)
		finding_fail(finding, CAUSE_NONE, "MessageLate",
			"the message arrived after %lld s, and not within %lld s%s",
			(long long)(record->arrived_ms / 1000),
			(long long)(record->within_ms / 1000), left);
	else if (record->copies > 1)
		finding_fail(finding, CAUSE_NONE, "MessageDuplicated",
			"the message arrived %u times%s", record->copies, left);
	else
		return true;
	return false;
}

static void
judge_arrived(const struct arguments *arguments, const struct round_trip_record *record,
	struct finding *finding)
{
	const char *by = "", *left = left_shown(record, finding->arena);

	if (!judge_arrival(record, finding))
		return;
	if (!judge_message(record, argument_of(arguments, "tls_version")->truth, finding, &by))
		finding->message = arena_printf(finding->arena, "%s%s", finding->message, left);
	else if (record->left)
		finding_error(finding, CAUSE_NONE, "MessageLeft",
			"the message arrived as it was sent%s", left);
	else
		finding_pass(finding,
			"the message arrived after %lld.%lld s, once and as it was sent, with %s%s",
			(long long)(record->arrived_ms / 1000),
			(long long)(record->arrived_ms / 100 % 10), by,
			record->eight_bit ? "" : " (8BITMIME is not offered: in ASCII)");
}

/* What happened behind the sending names the message, which may still arrive. */
static void
judge_trip(const struct arguments *arguments, const struct evidence *evidence,
	const struct observation *seen, struct finding *finding)
{
	const struct round_trip_record *record = seen->record;

	switch (record->end) {
	case ROUND_TRIP_NOT_SENT:
		if (record->trouble.text != NULL && evidence->cut_short == NULL)
			report_mailbox(record, finding);
		else
			judge_no_proof(evidence, seen, "that a message comes through", finding);
		return;
	case ROUND_TRIP_REFUSED:
		report_refusal(record, finding);
		return;
	case ROUND_TRIP_PUT_OFF:
		report_put_off(record, finding);
		return;
	case ROUND_TRIP_UNCONFIRMED:
		finding_error(finding, CAUSE_NONE, "Unconfirmed",
			"whether the message %s was taken is not known%s%s", record->token,
			record->arrived ? "; it arrived" : "; it has not arrived",
			left_shown(record, finding->arena));
		return;
	case ROUND_TRIP_ACCEPTED:
		break;
	}
	judge_arrived(arguments, record, finding);
}

/* An answer that came stands, whenever the run ended; that something did not come is not known of a run
 * that was cut short. */
static bool
is_cut_short(const struct evidence *evidence, const struct round_trip_record *record)
{
	return evidence->cut_short != NULL && record->end != ROUND_TRIP_REFUSED &&
	       record->end != ROUND_TRIP_NOT_SENT && !record->arrived && !record->in_junk;
}

static void
judge_round_trip(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct observation *seen = evidence_answer(evidence, arguments, 0);
	const struct round_trip_record *record = seen->record;
	bool is_sent = record->end > ROUND_TRIP_PUT_OFF;

	finding_expected(finding,
		"the message in the mailbox within %lld s, once and as it was sent",
		(long long)(record->within_ms / 1000));
	finding_observed(finding, "%s", seen->text != NULL ? seen->text : "nothing");
	finding->shown_by = is_sent || record->end == ROUND_TRIP_NOT_SENT ||
					    record->sent_trace >= seen->trace_count
				    ? observation_trace(seen)
				    : &seen->traces[record->sent_trace];
	if (!judge_logged_in(evidence, &record->attempt, finding))
		return;
	if (is_cut_short(evidence, record))
		finding_error(finding, CAUSE_CUT_SHORT, "NotRun", "not decided: %s%s%s",
			evidence->cut_short, is_sent ? "; the message is " : "",
			is_sent ? record->token : "");
	else
		judge_trip(arguments, evidence, seen, finding);
}

static const struct param mailbox_members[] = {
	{
		.name = "protocol",
		.type = PARAM_CHOICE,
		.required = true,
		.choices = mailbox_protocols,
		.help = "How it is read.",
		.example = "\"imap\"",
	},
	{
		.name = "host",
		.type = PARAM_TEXT,
		.required = true,
		.objection = object_to_host,
		.help = "The host name that its certificate must carry.",
		.example = "\"imap.example.com\"",
	},
	{
		.name = "address",
		.type = PARAM_TEXT,
		.help = "Where to connect, if not where the host leads.",
		.example = "\"192.0.2.7\"",
	},
	{
		.name = "port",
		.type = PARAM_NUMBER,
		.minimum = 1,
		.maximum = 65535,
		.help = "The port; unless given 993, 143, 995 or 110.",
		.example = "993",
	},
	{
		.name = "tls",
		.type = PARAM_CHOICE,
		.choices = ways_of_tls,
		.help = "How TLS begins; unless given it follows the port, or is implicit.",
		.example = "\"implicit\"",
	},
	{
		.name = "username",
		.type = PARAM_TEXT,
		.required = true,
		.help = "The account that the mailbox is of.",
		.example = "\"gate@example.com\"",
	},
	{
		.name = "password",
		.type = PARAM_SECRET,
		.required = true,
		.help = "Its password.",
		.example = "\"${password}\"",
	},
	{
		.name = "mechanism",
		.type = PARAM_CHOICE,
		.choices = mail_mechanisms,
		.fallback = "\"PLAIN\"",
		.help = "The SASL mechanism to log in with.",
		.example = "\"PLAIN\"",
	},
	{ .name = NULL },
};

static const struct check checks[] = {
	{
		.name = "mail.round_trip",
		.summary = "a message that is sent arrives in time, once, unchanged, and by TLS",
		.why = "A server can take mail with the best of TLS and then lose it, change it, deliver it "
		       "twice or hours later; nobody sees that until somebody misses a message.",
		.fix = "Follow the message by its token in the logs of every server on its way (Postfix: the "
		       "id in the reply to DATA, and postqueue -p). A body that was changed: look for "
		       "filters that add text, and for next hops without 8BITMIME. A header without TLS: "
		       "another server in front took the connection. A full mailbox: raise its quota, "
		       "or empty it.",
		.source = "RFC 5321 section 4.4, RFC 3848, RFC 6152",
		.step = STEP_SESSION_EHLO,
		.needs = DIALECT_MAIL,
		.ask = ask_round_trip,
		.judge = judge_round_trip,
		.objection = object_to_login,
		.params = {
			{
				.name = "from",
				.type = PARAM_TEXT,
				.required = true,
				.objection = object_to_address,
				.help = "The sender.",
				.example = "\"gate@example.com\"",
			},
			{
				.name = "to",
				.type = PARAM_TEXT,
				.required = true,
				.objection = object_to_address,
				.help = "The recipient, whose mail goes into the mailbox.",
				.example = "\"gate-inbox@example.com\"",
			},
			{
				.name = "mailbox",
				.type = PARAM_OBJECT,
				.required = true,
				.members = mailbox_members,
				.help = "Where the message is looked for; nothing else in it is touched.",
				.example = "{ \"protocol\": \"imap\", \"host\": \"imap.example.com\", "
					   "\"username\": \"gate-inbox\", \"password\": \"${password}\" }",
			},
			{
				.name = "within",
				.type = PARAM_TEXT,
				.fallback = "\"60s\"",
				.objection = object_to_span,
				.help = "The time that it may take, greylisting included.",
				.example = "\"60s\"",
			},
			{
				.name = "tls_version",
				.type = PARAM_BOOLEAN,
				.fallback = "false",
				.help = "Whether the Received field must tell the version of TLS that the message "
					"was sent by.",
				.example = "true",
			},
			MAIL_LOGIN_PARAMS,
		},
	},
};

const struct check_family round_trip_family = {
	.name = "mail",
	.summary = "a message, there and back",
	.checks = checks,
	.count = sizeof(checks) / sizeof(checks[0]),
};
