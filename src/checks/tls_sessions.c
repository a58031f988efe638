/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a server does with sessions: resume them, renegotiate them, take early data, name a
 * protocol for them.
 */
#include <string.h>

#include "checks/arguments.h"
#include "evidence/cause.h"
#include "families.h"
#include "hellos.h"
#include "probe/session_probes.h"
#include "wire/tls_names.h"

static const char *const expectations[] = { "resumed", "refused", NULL };

/* no_application_protocol (RFC 7301 section 3.2). */
#define ALERT_NO_PROTOCOL 120

static bool
wants_resumed(const struct arguments *arguments)
{
	return strcmp(argument_of(arguments, "expected")->text, expectations[0]) == 0;
}

static void
ask_resumption(const struct arguments *arguments, struct questions *questions)
{
	const struct resumption_record question = { .thorough = !wants_resumed(arguments) };

	ask(questions, 0, &resumption_observer, &question);
}

/* A session that was resumed, in any try and version; NULL: there is none. */
static const struct resumption *
any_resumed(const struct resumption_record *record)
{
	for (size_t i = 0; i < RESUMPTION_VERSIONS; i++)
		if (record->versions[i].resumed != 0)
			return &record->versions[i];
	return NULL;
}

/* Whether sessions of that version were tried to the end; one of TLS 1.2 stands for all that is
 * older. */
static bool
was_tried(const struct resumption_record *record, uint16_t version)
{
	for (size_t i = 0; i < RESUMPTION_VERSIONS; i++)
		if (record->versions[i].outcome == OUTCOME_DONE &&
			(record->versions[i].version < TLS_VERSION_1_3) ==
				(version < TLS_VERSION_1_3))
			return true;
	return false;
}

/* Which version a node has is no matter of the node that was asked for a session: whatever the run
 * showed must have been tried. */
static bool
all_were_tried(const struct resumption_record *record, const struct evidence *evidence,
	struct finding *finding)
{
	struct seen_hello seen;
	size_t at = 0;

	while (next_hello(evidence, &at, &seen)) {
		if (was_tried(record, seen.hello->version))
			continue;
		finding_error(finding, CAUSE_NONE, "NoProof",
			"whether a session of %s is resumed is not known: it was not to be had, but "
			"chosen elsewhere",
			version_shown(finding->arena, seen.hello->version));
		finding->shown_by = seen.trace;
		return false;
	}
	return true;
}

/* Behind one name there may be nodes that do not know each other's sessions: that a server resumes
 * takes one try that does, and the first; that it refuses, that none did. */
static void
judge_resumption(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	bool wanted = wants_resumed(arguments);
	const struct observation *seen = evidence_answer(evidence, arguments, 0);
	const struct resumption_record *record = seen->record;
	const struct resumption *resumed = any_resumed(record);

	finding_expected(finding, "a session that is %s", wanted ? "resumed" : "refused");
	finding_observed(finding, "%s", seen->text != NULL ? seen->text : "nothing");
	finding->shown_by = observation_trace(seen);
	if (resumed != NULL && !wanted)
		finding_fail(finding, CAUSE_NONE, "Resumed", "a session of %s is resumed",
			version_shown(finding->arena, resumed->version));
	else if (seen->outcome != OUTCOME_DONE)
		judge_no_proof(evidence, seen, "either way", finding);
	else if (resumed != NULL && resumed->tries > 1)
		finding_fail(finding, CAUSE_NONE, "NotResumed",
			"a session of %s is resumed by some of the server's nodes only: in %u of %u "
			"tries",
			version_shown(finding->arena, resumed->version), resumed->resumed,
			resumed->tries);
	else if (resumed != NULL)
		finding_pass(finding, "a session of %s is resumed",
			version_shown(finding->arena, resumed->version));
	else if (wanted)
		finding_fail(
			finding, CAUSE_NONE, "NotResumed", "no session is resumed: %s", seen->text);
	else if (all_were_tried(record, evidence, finding))
		finding_pass(finding, "no session is resumed: %s", seen->text);
}

static void
judge_renegotiation(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct observation *seen = evidence_observed(evidence, &renegotiation_observer);

	(void)arguments;
	finding_expected(finding, "a ClientHello inside the session refused");
	if (seen->outcome != OUTCOME_DONE && seen->outcome != OUTCOME_REFUSED &&
		ordinary_answer(evidence, "renegotiation", finding) == NULL)
		return;
	finding_observed(finding, "%s", seen->text != NULL ? seen->text : "nothing");
	finding->shown_by = observation_trace(seen);
	if (seen->outcome == OUTCOME_DONE)
		finding_fail(finding, CAUSE_NONE, "RenegotiationAccepted",
			"the server renegotiates when a client asks for it");
	else if (seen->outcome == OUTCOME_REFUSED)
		finding_pass(finding, "a renegotiation that the client begins is refused: %s",
			seen->text);
	else
		judge_no_proof(evidence, seen, "that renegotiation is refused", finding);
}

/* Only TLS 1.3 has early data. A session of what is older shows that there is none, unless another
 * node has TLS 1.3. */
static void
judge_old_session(const struct evidence *evidence, uint16_t version, struct finding *finding)
{
	const char *shown = version_shown(finding->arena, version);
	struct seen_hello seen;
	size_t at = 0;

	while (next_hello(evidence, &at, &seen)) {
		if (seen.hello->version < TLS_VERSION_1_3)
			continue;
		finding_error(finding, CAUSE_NONE, "NoProof",
			"whether early data is off is not known: tickets were asked for in %s, but "
			"TLS 1.3 was chosen elsewhere",
			shown);
		finding->shown_by = seen.trace;
		return;
	}
	finding_pass(finding, "%s has no early data", shown);
}

/* Early data needs a ticket that allows it, and TLS 1.3. */
static void
judge_early_data(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct observation *seen = evidence_observed(evidence, &early_data_observer);
	const struct early_data_record *record = seen->record;
	uint32_t in_session = evidence->session.tls.tickets.max_early_data;

	(void)arguments;
	finding_expected(finding, "no ticket that allows early data");
	finding_observed(finding, "%s", seen->text != NULL ? seen->text : "nothing");
	if (in_session == 0)
		finding->shown_by = observation_trace(seen);
	if (record->max_size != 0 || in_session != 0)
		finding_fail(finding, CAUSE_NONE, "EarlyDataAllowed",
			"a ticket allows %u bytes of early data",
			in_session != 0 ? in_session : record->max_size);
	else if (seen->outcome != OUTCOME_DONE)
		judge_no_proof(evidence, seen, "that early data is off", finding);
	else if (record->version < TLS_VERSION_1_3)
		judge_old_session(evidence, record->version, finding);
	else
		finding_pass(finding, "none of %u tickets allows early data", record->tickets);
}

/* Parts of the questions: the protocol that is to be chosen, and those to be refused. */
enum { PART_SELECTS, PART_REFUSES };

static void
ask_protocols(const struct arguments *arguments, struct questions *questions)
{
	const struct argument *selects = argument_of(arguments, "selects");
	const struct argument *refuses = argument_of(arguments, "refuses");
	struct protocol_record question = { .protocol = selects->text };

	if (selects->given)
		ask(questions, PART_SELECTS, &protocol_observer, &question);
	for (size_t i = 0; i < refuses->count; i++) {
		question.protocol = refuses->items[i];
		ask(questions, PART_REFUSES, &protocol_observer, &question);
	}
}

/* Whether the protocol is chosen when it is offered. */
static bool
protocol_is_selected(
	const struct evidence *evidence, const struct observation *seen, struct finding *finding)
{
	const char *protocol = ((const struct protocol_record *)seen->record)->protocol;
	const char *chosen = seen->conversation.tls.protocol;

	finding->shown_by = observation_trace(seen);
	if (seen->outcome == OUTCOME_DONE && chosen != NULL && strcmp(chosen, protocol) == 0)
		return true;
	if (seen->outcome == OUTCOME_DONE || seen->conversation.tls.alert == ALERT_NO_PROTOCOL)
		finding_fail(finding, CAUSE_NONE, "ProtocolNotSelected",
			"the server does not choose %s: %s", protocol, seen->text);
	else
		judge_no_proof(evidence, seen, "either way", finding);
	return false;
}

/* Whether the protocol is refused. The handshake of the session, which offers none, is the
 * control; another alert than the one for this says too little. */
static bool
protocol_is_refused(
	const struct evidence *evidence, const struct observation *seen, struct finding *finding)
{
	const char *protocol = ((const struct protocol_record *)seen->record)->protocol;

	finding->shown_by = observation_trace(seen);
	if (seen->outcome == OUTCOME_REFUSED && seen->conversation.tls.alert == ALERT_NO_PROTOCOL)
		return true;
	if (seen->outcome == OUTCOME_DONE)
		finding_fail(finding, CAUSE_NONE, "ProtocolAccepted",
			"the server accepts a client that speaks only %s", protocol);
	else
		judge_no_proof(evidence, seen, "that the protocol is refused", finding);
	return false;
}

static void
judge_alpn(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct observation *seen = evidence_answer(evidence, arguments, PART_SELECTS);
	size_t at = 0;

	if (seen != NULL && !protocol_is_selected(evidence, seen, finding))
		return;
	while ((seen = evidence_next_answer(evidence, arguments, PART_REFUSES, &at)) != NULL)
		if (!protocol_is_refused(evidence, seen, finding))
			return;
	finding_pass(finding, "application protocols are chosen and refused as they should be");
}

static const char *
object_to_protocol(const char *text)
{
	return strlen(text) > 255 ? "a protocol's name has at most 255 bytes" : NULL;
}

static const struct check checks[] = {
	{
		.name = "tls.client_renegotiation_refused",
		.summary = "a renegotiation that the client begins is refused",
		.why = "A handshake costs the server far more than the client: with one connection and "
		       "renegotiation upon renegotiation a single client keeps it busy.",
		.fix = "Switch it off (Postfix: tls_ssl_options = NO_RENEGOTIATION; Exim: openssl_options "
		       "= +no_renegotiation; Dovecot: ssl_options = no_renegotiation), or update: OpenSSL "
		       "3 refuses by itself.",
		.source = "CVE-2011-1473, RFC 9325 section 3.6",
		.step = STEP_HANDSHAKE,
		.judges_outcome = true,
		.observers = { &ordinary_observer, &renegotiation_observer },
		.needs_control = true,
		.judge = judge_renegotiation,
	},
	{
		.name = "tls.session_resumption",
		.summary = "the server goes on with an earlier session, or does not, as expected",
		.why = "Resumption spares both sides a full handshake, which matters to busy servers; "
		       "tickets whose key is never changed take forward secrecy away.",
		.fix = "For resumption leave tickets on and keep their key for some hours (Postfix: "
		       "smtpd_tls_session_cache_timeout = 3600s; a value of 0 with tls_ssl_options = "
		       "NO_TICKET refuses it; Dovecot: ssl_options = no_ticket refuses it). Servers behind "
		       "one name need a ticket key in common.",
		.source = "RFC 8446 section 2.2, RFC 5077, RFC 9325 section 3.4",
		.step = STEP_HANDSHAKE,
		.ask = ask_resumption,
		.judge = judge_resumption,
		.params = {
			{
				.name = "expected",
				.type = PARAM_CHOICE,
				.choices = expectations,
				.fallback = "\"resumed\"",
				.help = "Whether a session must be resumed, or must be refused.",
				.example = "\"resumed\"",
			},
		},
	},
	{
		.name = "tls.early_data_disabled",
		.summary = "no session ticket allows early data (0-RTT)",
		.why = "Early data can be recorded and sent again by anyone, and the server takes it each "
		       "time; no mail protocol says what may be sent that way.",
		.fix = "Leave early data off: mail servers do not switch it on by themselves, so look at "
		       "the TLS proxy in front of them (nginx: ssl_early_data off; HAProxy: no "
		       "allow-0rtt on the bind line).",
		.source = "RFC 8446 section 8, RFC 9325 section 4.2.1",
		.step = STEP_HANDSHAKE,
		.observers = { &early_data_observer },
		.judge = judge_early_data,
	},
	{
		.name = "tls.alpn",
		.summary = "application protocols are chosen and refused as they should be (ALPN)",
		.why = "A server that completes the handshake with a client of another protocol can be "
		       "used to attack it: a browser takes the mail server's replies for those of the "
		       "web server with the same certificate.",
		.fix = "Use a server that knows ALPN and refuses what it does not speak; otherwise give "
		       "mail servers certificates for names that no web server has.",
		.source = "RFC 7301 section 3.2, ALPACA (USENIX Security 2021)",
		.step = STEP_HANDSHAKE,
		.needs_a_param = true,
		.ask = ask_protocols,
		.judge = judge_alpn,
		.params = {
			{
				.name = "selects",
				.type = PARAM_TEXT,
				.objection = object_to_protocol,
				.help = "A protocol that the server must choose when it is offered.",
				.example = "\"imap\"",
			},
			{
				.name = "refuses",
				.type = PARAM_LIST,
				.objection = object_to_protocol,
				.help = "Protocols each of which, offered alone, must be refused with the "
					"alert no_application_protocol.",
				.example = "[\"http/1.1\"]",
			},
		},
	},
};

const struct check_family tls_session_family = {
	.name = "tls",
	.summary = "what is done with TLS sessions",
	.checks = checks,
	.count = sizeof(checks) / sizeof(checks[0]),
};
