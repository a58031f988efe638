/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The table of causes, with hints read off outcomes, codes and first bytes.
 */
#include "checks/causes.h"

#include <string.h>

#include "base/text.h"
#include "evidence/cause.h"
#include "evidence/names.h"
#include "evidence/target.h"
#include "probe/tlsa_probe.h"

/* Content types of records (RFC 8446 section 5.1) and the major version of all TLS. */
#define RECORD_FIRST 20
#define RECORD_LAST 23
#define RECORD_MAJOR 3

static bool
is_tls_record(const char *bytes, size_t len)
{
	return len >= 2 && bytes[0] >= RECORD_FIRST && bytes[0] <= RECORD_LAST &&
	       bytes[1] == RECORD_MAJOR;
}

static struct span
first_bytes(const struct reply *reply)
{
	if (reply->count != 0)
		return (struct span){ (const uint8_t *)reply->lines[0].raw,
			reply->lines[0].raw_len };
	return buf_span(&reply->partial);
}

/* Whether a reply begins with a record of TLS. */
static bool
is_tls(const struct reply *reply)
{
	struct span bytes = first_bytes(reply);

	return is_tls_record((const char *)bytes.data, bytes.len);
}

static bool
is_empty(const struct reply *reply)
{
	return reply->count == 0 && reply->partial.len == 0;
}

static bool
begins_with(struct span bytes, const char *text)
{
	size_t len = strlen(text);

	return bytes.len >= len && memcmp(bytes.data, text, len) == 0;
}

/* The greetings of SMTP, FTP and LMTP, IMAP, POP3 and ManageSieve. */
static bool
is_greeting(struct span bytes)
{
	static const char *const words[] = { "* OK", "* PREAUTH", "* BYE", "+OK", "-ERR",
		"\"IMPLEMENTATION\"" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (begins_with(bytes, words[i]))
			return true;
	return bytes.len >= 4 && bytes.data[0] >= '2' && bytes.data[0] <= '5' &&
	       bytes.data[1] >= '0' && bytes.data[1] <= '9' && bytes.data[2] >= '0' &&
	       bytes.data[2] <= '9' && (bytes.data[3] == ' ' || bytes.data[3] == '-');
}

/* What speaks where SMTP should; NULL: nothing that is known. */
static const char *
other_protocol(struct span bytes)
{
	static const struct {
		const char *begins, *name;
	} protocols[] = {
		{ "* OK", "IMAP" },
		{ "* PREAUTH", "IMAP" },
		{ "* BYE", "IMAP" },
		{ "+OK", "POP3" },
		{ "-ERR", "POP3" },
		{ "\"IMPLEMENTATION\"", "ManageSieve" },
		{ "SSH-", "SSH" },
		{ "HTTP/", "HTTP" },
	};

	for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++)
		if (begins_with(bytes, protocols[i].begins))
			return protocols[i].name;
	return NULL;
}

/* Whether the network that this runs in may be what is shut: no server of several took a connection to the
 * port, or a single one said nothing. */
static bool
is_shut_everywhere(const struct evidence *evidence)
{
	const struct step_record *connect = &evidence->session.steps[STEP_CONNECT];
	size_t asked = 0;

	for (size_t i = 0; i < evidence->node_count; i++) {
		const struct evidence *node = evidence->nodes[i];

		if (node->wants_session &&
			node->session.steps[STEP_CONNECT].outcome == OUTCOME_DONE)
			return false;
		asked += node->wants_session;
	}
	return asked > 1 || connect->status == STREAM_TIMEOUT;
}

static const char *
hint_of_connect(const struct evidence *evidence, struct arena *arena)
{
	static const char *const hints[] = {
		[DIAL_FAULT_NONE] = NULL,
		[DIAL_FAULT_NAME] =
			"No address was found to connect to. Check how the name of the host is spelt "
			"and that it has an A or AAAA record that this machine can look up; a server "
			"that is not in the DNS yet is reached by the target's \"address\".",
		[DIAL_FAULT_SERVER] = NULL,
		[DIAL_FAULT_FILES] =
			"This machine could open no more files and sockets; nothing is known of the "
			"server. Allow more (ulimit -n, LimitNOFILE of systemd, --ulimit nofile of a "
			"container), or have fewer connections at a time with -j.",
		[DIAL_FAULT_PROXY] =
			"The proxy is what failed; nothing is known of the server. Check the host and "
			"the port of \"proxy\" (or --proxy), that the proxy runs, and that it speaks "
			"the protocol that the URL begins with.",
		[DIAL_FAULT_PROXY_LOGIN] =
			"The proxy wants a login, or another one; nothing is known of the server. Give "
			"\"proxy\" a user and the reference to a secret, as in "
			"http://user:${password}@host:port, and see the log of the proxy.",
		[DIAL_FAULT_PROXY_RULES] =
			"The proxy does not make this connection for us; nothing is known of the server. "
			"Allow this host and port in the rules of the proxy: many allow CONNECT to "
			"port 443 alone.",
		[DIAL_FAULT_BEYOND_PROXY] =
			"The proxy did not get through to the server, or does not tell how that went. "
			"See its log, and whether the server can be reached from there; with socks5h "
			"and http it is the proxy that looks the host up.",
	};

	(void)arena;
	if (evidence->session.fault != DIAL_FAULT_SERVER)
		return hints[evidence->session.fault];
	if (evidence->session.no_route && is_ipv6_address(evidence->session.address))
		return "This machine has no route to IPv6 addresses, as runners of hosted CI have "
		       "none: run the gate where there is one, or set \"ipv6\": \"if_routed\" for the "
		       "target, which has such addresses skipped.";
	if (evidence->target->port == MX_PORT && is_shut_everywhere(evidence))
		return "Most likely the network that this runs in lets nobody connect to port 25, as "
		       "hosting providers and hosted CI do: nothing was reached there. Run the gate "
		       "where port 25 is open (a runner of your own), or connect through a \"proxy\".";
	return NULL;
}

static const char *
hint_of_tls(const struct reply *reply)
{
	return is_tls(reply)
		       ? "The server answers with a record of TLS: this port speaks TLS from the "
			 "first byte. Set \"tls\": \"implicit\" for the target, or connect to "
			 "its port for STARTTLS."
		       : NULL;
}

/* With implicit TLS, the greeting comes inside it. */
static const char *
hint_of_greeting(const struct evidence *evidence, struct arena *arena)
{
	const struct reply *greeting = &evidence->session.greeting;
	const char *protocol = other_protocol(first_bytes(greeting));

	if (protocol != NULL && strcmp(protocol, evidence->target->dialect->title) != 0)
		return arena_printf(arena,
			"This port greets in %s, which is not %s: connect to the port of the "
			"mail server, and see what the port is forwarded to.",
			protocol, evidence->target->dialect->title);
	if (greeting->meaning == REPLY_LOGGED_IN)
		return "The server takes this client for logged in before it said who it is: so it "
		       "takes no STARTTLS, and whoever connects reads mail. Look for a setting that "
		       "logs clients in by their address (Dovecot: login_trusted_networks, a "
		       "passdb for all; a preauth process behind inetd), and for somebody on the "
		       "way who answers in the server's place.";
	if (evidence->target->implicit_tls)
		return NULL;
	if (is_empty(greeting) && evidence->session.steps[STEP_GREETING].outcome == OUTCOME_BROKEN)
		return "No greeting came. A server that waits for TLS from the first byte is silent "
		       "like this: set \"tls\": \"implicit\" for the target if it is one. So is one "
		       "that waits for the header of the PROXY protocol: connect to its port for "
		       "clients, or through the proxy. If it is neither, see the server's log: it "
		       "may wait for a look-up, or turn this client away.";
	return hint_of_tls(greeting);
}

static const char *
hint_of_ehlo(const struct evidence *evidence, struct arena *arena)
{
	(void)arena;
	return hint_of_tls(&evidence->session.ehlo);
}

static const char *
hint_of_starttls(const struct evidence *evidence, struct arena *arena)
{
	(void)arena;
	return hint_of_tls(&evidence->session.starttls);
}

/* The handshake then breaks on our side. */
static bool
has_key_beyond_limits(const struct peer *peer, struct arena *arena)
{
	struct error ignored = { .text = "" };
	struct cert leaf;

	return peer->chain_count != 0 && cert_parse(&leaf, peer->chain[0], arena, &ignored) &&
	       (leaf.key.kind == KEY_RSA || leaf.key.kind == KEY_RSA_PSS) &&
	       leaf.key.bits > signature_rsa_bits_max();
}

static const char *
hint_of_handshake(const struct evidence *evidence, struct arena *arena)
{
	struct span first = evidence->session.tls.first_bytes;

	if (has_key_beyond_limits(evidence_peer(evidence), arena))
		return arena_printf(arena,
			"The key of the certificate is longer than the %u bits that this build computes "
			"with: that is a limit of this program, and nothing is wrong with the server. "
			"Use a build whose wolfSSL computes with longer keys.",
			signature_rsa_bits_max());
	if (!evidence->target->implicit_tls)
		return NULL;
	if (is_greeting(first))
		return "The server answers a ClientHello with a greeting in plaintext: this port speaks "
		       "STARTTLS. Set \"tls\": \"starttls\" for the target, or connect to its port "
		       "for TLS from the first byte.";
	if (first.len == 0 && evidence->session.steps[STEP_HANDSHAKE].outcome == OUTCOME_BROKEN)
		return "The server answers a ClientHello with nothing. One that waits for the header of "
		       "the PROXY protocol does so: connect to its port for clients, or through the "
		       "proxy. If it is none, see the server's log for the same moment.";
	return NULL;
}

/* The mechanisms that somebody wanted to log in with. */
static void
prepare_mechanisms(
	struct arguments *arguments, const struct evidence *evidence, struct arena *arena)
{
	static const char *const known[] = { "PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1",
		"SCRAM-SHA-256", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS", "OAUTHBEARER", "XOAUTH2",
		"EXTERNAL" };
	const struct check *check = arguments->check;
	struct argument *includes =
		&arguments->values[check_param(check, "includes") - check->params];
	const char **items = arena_array(arena, sizeof(known) / sizeof(known[0]), sizeof(*items));

	for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); k++)
		for (size_t i = 0; i < evidence->attempt_count; i++) {
			if (!text_same(evidence->attempts[i].mechanism, known[k]))
				continue;
			items[includes->count++] = known[k];
			break;
		}
	includes->items = items;
	includes->given = includes->count != 0;
}

/* The port that somebody asked about, where nobody asked about the target's. */
static void
prepare_tlsa_port(struct arguments *arguments, const struct evidence *evidence, struct arena *arena)
{
	const struct check *check = arguments->check;
	struct argument *port = &arguments->values[check_param(check, "tlsa_port") - check->params];

	(void)arena;
	for (size_t i = 0; i < evidence->observation_count; i++) {
		const struct tlsa_lookup *lookup = evidence->observations[i]->record;

		if (evidence->observations[i]->observer != &tlsa_observer)
			continue;
		if (lookup->port == evidence->target->port) {
			port->given = false;
			return;
		}
		if (!port->given)
			*port = (struct argument){ .given = true, .number = (long)lookup->port };
	}
}

const struct cause_row cause_rows[] = {
	{ .cause = CAUSE_MX, .owners = { "dns.mx" } },
	{ .cause = CAUSE_ADDRESSES, .owners = { "dns.addresses" } },
	{ .cause = CAUSE_STS_RECORD, .owners = { "mta_sts.record" } },
	{ .cause = CAUSE_STS_POLICY, .owners = { "mta_sts.policy" } },
	{ .cause = CAUSE_CONNECT, .owners = { "connection.established" }, .hint = hint_of_connect },
	{ .cause = CAUSE_GREETING, .owners = { "connection.greeting" }, .hint = hint_of_greeting },
	{ .cause = CAUSE_EHLO, .owners = { "ehlo.accepted" }, .hint = hint_of_ehlo },
	{ .cause = CAUSE_NO_STARTTLS, .owners = { "starttls.advertised" } },
	{ .cause = CAUSE_LOGIN_OFFERED, .owners = { "auth.not_before_tls" } },
	{ .cause = CAUSE_LOGIN_TAKEN, .owners = { "starttls.required", "auth.not_before_tls" } },
	{ .cause = CAUSE_STARTTLS, .owners = { "starttls.accepted" }, .hint = hint_of_starttls },
	{ .cause = CAUSE_HANDSHAKE, .owners = { "tls.handshake" }, .hint = hint_of_handshake },
	{ .cause = CAUSE_LEAF_DATES, .owners = { "certificate.expiry", "certificate.not_before" } },
	{ .cause = CAUSE_PATH,
		.owners = { "certificate.trusted", "certificate.chain", "certificate.expiry",
			"certificate.not_before" } },
	{ .cause = CAUSE_HOSTNAME, .owners = { "certificate.hostname" } },
	{ .cause = CAUSE_TLSA, .owners = { "dane.published" }, .prepare = prepare_tlsa_port },
	{ .cause = CAUSE_TLSA_MATCH, .owners = { "dane.valid" }, .prepare = prepare_tlsa_port },
	{ .cause = CAUSE_SESSION_EHLO, .owners = { "session.ehlo" } },
	{ .cause = CAUSE_AUTH, .owners = { "auth.mechanisms" }, .prepare = prepare_mechanisms },
	{ .cause = CAUSE_CUT_SHORT,
		.why = "What was not looked at is not known to hold, and nothing passes unseen.",
		.fix = "Run it again. If it was the deadline, allow more time (limits.deadline, or "
		       "--deadline), and look for what took it: a server that is slow or silent, "
		       "or a low limit of connections or pace." },
	{ .cause = CAUSE_OTHER_CERTIFICATE,
		.why = "A server can have a certificate for each kind of key, and clients see the one "
		       "that their offer leads to: one that was not looked at may be the bad one.",
		.fix = "Run it again. If the answer stays out, see the server's log for a connection "
		       "that it ended during the handshake, and whether something in front of it "
		       "limits connections." },
};
const size_t cause_row_count = sizeof(cause_rows) / sizeof(cause_rows[0]);

_Static_assert(sizeof(cause_rows) / sizeof(cause_rows[0]) <= CAUSE_ROWS_MAX, "causes are bits");

const struct cause_row undecided_row = {
	.why = "What could not be evaluated is not known to hold, and nothing passes unseen.",
	.fix = "Run it again, with more time or further tries if the server was slow "
	       "(limits.reply_timeout, limits.retries). If the answer stays out, the transcript shows "
	       "where it ended, and the server's log of the same moment why.",
};

uint32_t
cause_of_step(const struct conversation *conversation, enum step step)
{
	const struct reply *ehlo = &conversation->ehlo;

	if (step != STEP_STARTTLS || reply_offers_tls(ehlo) ||
		conversation_lists_nothing(conversation))
		return 1u << step;
	/* It may be what the line that cannot be read says. */
	return reply_malformed_capability(ehlo) != NULL ? CAUSE_EHLO : CAUSE_NO_STARTTLS;
}

/* Whether the conversation ended before that step because it was to go no further. One that got
 * nowhere was not made; our own hellos are no step. */
static bool
was_to_end(const struct conversation *conversation, enum step step)
{
	return step != STEP_CONNECT && step != STEP_HANDSHAKE &&
	       conversation->steps[step].outcome == OUTCOME_NOT_REACHED;
}

uint32_t
cause_shared(const struct evidence *evidence, const struct conversation *other, enum step last)
{
	enum step here, there;

	if (!evidence_broken_step(evidence, last, &here) ||
		!conversation_broken_step(other, evidence->target->implicit_tls, last, &there) ||
		here != there || was_to_end(other, there) ||
		evidence->session.steps[here].outcome == OUTCOME_NOT_REACHED)
		return CAUSE_NONE;
	return cause_of_step(&evidence->session, here);
}

/* Numbers and truths alone: no owner falls back on anything else. */
static struct argument
fallback_of(const struct param *param)
{
	struct argument argument = { .given = param->fallback != NULL };

	if (param->fallback != NULL && param->type == PARAM_NUMBER)
		text_parse_number(param->fallback, &argument.number);
	else if (param->fallback != NULL && param->type == PARAM_BOOLEAN)
		argument.truth = strcmp(param->fallback, "true") == 0;
	else
		argument.given = false;
	return argument;
}

struct arguments
cause_arguments(const struct cause_row *row, const struct evidence *evidence, struct arena *arena)
{
	struct arguments arguments = { .check = check_find(row->owners[0]) };
	const struct param *params = arguments.check->params;

	for (size_t i = 0; params[i].name != NULL; i++)
		arguments.values[i] = fallback_of(&params[i]);
	if (row->prepare != NULL)
		row->prepare(&arguments, evidence, arena);
	return arguments;
}

bool
cause_belongs_to(const struct cause_row *row, const struct check *check)
{
	for (size_t i = 0; row->owners[i] != NULL; i++)
		if (strcmp(row->owners[i], check->name) == 0)
			return true;
	return false;
}

bool
cause_is_owned(uint32_t cause, const struct check *check)
{
	for (size_t i = 0; i < cause_row_count; i++)
		if (cause_rows[i].cause == cause)
			return cause_rows[i].owners[0] != NULL &&
			       strcmp(cause_rows[i].owners[0], check->name) == 0;
	return false;
}
