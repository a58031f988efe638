/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The protocols, each a row.
 */
#include "wire/dialect.h"

#include "base/text.h"
#include "ftp.h"
#include "imap.h"
#include "keywords.h"
#include "pop3.h"
#include "sieve.h"
#include "smtp.h"
#include "wire/literal.h"

/* What LMTP has in common with SMTP (RFC 2033 section 4). */
#define LIKE_SMTP                                                                  \
	.starttls = "STARTTLS", .quit = "QUIT", .farewell = "221", .idle = "NOOP", \
	.sasl = { .command = "AUTH",                                               \
		.keyword = "AUTH",                                                 \
		.command_max = 512,                                                \
		.data = smtp_sasl_data },                                          \
	.greets = "220", .agrees = "220", .logged_in = "235", .bad_login = "535",  \
	.greeting_code = 220, .starttls_code = 220, .keyword_marks = "-_.",        \
	.keyword_clause = "RFC 5321 section 4.1.1.1", .take_line = smtp_take_line, \
	.comes_unasked = smtp_comes_unasked, .line_status = smtp_line_status,      \
	.logins = smtp_logins

/* A protocol that is not spoken: all there is of it is TLS. */
static void
take_no_line(struct reply *reply, const char *line, size_t len)
{
	reply_keep_line(reply, line, len);
	reply_refuse(reply, "nothing is said here");
}

const struct dialect dialects[] = {
	{
		.name = "smtp",
		.title = "SMTP",
		.features = DIALECT_DIALOGUE | DIALECT_STARTTLS | DIALECT_MAIL | DIALECT_SASL |
			    DIALECT_CODES | DIALECT_WITHDRAWS | DIALECT_LOGIN | DIALECT_RELAYS,
		.ports = { { 587, false }, { 25, false }, { 465, true } },
		.hello = "EHLO",
		.hello_inside = "EHLO inside TLS",
		.names_client = true,
		LIKE_SMTP,
	},
	/* RFC 2033: SMTP but for its hello, and for the replies to DATA. */
	{
		.name = "lmtp",
		.title = "LMTP",
		.features = DIALECT_DIALOGUE | DIALECT_STARTTLS | DIALECT_MAIL | DIALECT_SASL |
			    DIALECT_CODES | DIALECT_WITHDRAWS | DIALECT_LOGIN,
		.servers = SERVERS_OF_MAILBOXES,
		.ports = { { 24, false } },
		.hello = "LHLO",
		.hello_inside = "LHLO inside TLS",
		.names_client = true,
		LIKE_SMTP,
	},
	/* RFC 9051, RFC 3501. */
	{
		.name = "imap",
		.title = "IMAP",
		.features = DIALECT_DIALOGUE | DIALECT_STARTTLS | DIALECT_SASL | DIALECT_WITHDRAWS |
			    DIALECT_LOGIN,
		.servers = SERVERS_OF_MAILBOXES,
		.ports = { { 143, false }, { 993, true } },
		.tagged = true,
		.hello = "CAPABILITY",
		.hello_inside = "CAPABILITY inside TLS",
		.greets_with_list = true,
		.starttls = "STARTTLS",
		.quit = "LOGOUT",
		.farewell = "* BYE",
		.idle = "idle NOOP",
		.sasl = { .command = "AUTHENTICATE",
			.keyword = "AUTH",
			.command_max = 512,
			.initial = "SASL-IR",
			.data = reply_continuation },
		.login = { .name = "IMAP LOGIN", .command = "LOGIN", .without = "LOGINDISABLED" },
		.trials = { "LOGIN gate.invalid x" },
		.trials_barred = "LOGINDISABLED",
		.untried = "LOGIN",
		.greets = "* OK",
		.agrees = "OK",
		.logged_in = "OK",
		.bad_login = "NO",
		.keyword_marks = "-_.+",
		.keyword_clause = "RFC 9051 section 7.2.2",
		.take_line = imap_take_line,
		.literal = imap_literal,
		.comes_unasked = imap_comes_unasked,
		.line_status = imap_line_status,
		.logins = imap_logins,
	},
	/* RFC 1939, RFC 2449, RFC 2595 section 4, RFC 5034. */
	{
		.name = "pop3",
		.title = "POP3",
		.features = DIALECT_DIALOGUE | DIALECT_STARTTLS | DIALECT_SASL | DIALECT_WITHDRAWS |
			    DIALECT_LOGIN | DIALECT_MAY_LIST,
		.servers = SERVERS_OF_MAILBOXES,
		.ports = { { 110, false }, { 995, true } },
		.hello = "CAPA",
		.hello_inside = "CAPA inside TLS",
		.starttls = "STLS",
		.quit = "QUIT",
		.farewell = "+OK",
		.idle = "LIST",
		.sasl = { .command = "AUTH",
			.keyword = "SASL",
			.command_max = 255,
			.data = reply_continuation },
		.login = { .name = "USER", .command = "USER", .then = "PASS", .with = "USER" },
		.trials = { "USER gate.invalid" },
		.untried = "APOP",
		.greets = "+OK",
		.agrees = "+OK",
		.logged_in = "+OK",
		.bad_login = "-ERR",
		.keyword_marks = "-_.",
		.keyword_clause = "RFC 2449 section 3",
		.take_line = pop3_take_line,
		.comes_unasked = pop3_comes_unasked,
		.brings_list = pop3_brings_list,
		.line_status = pop3_line_status,
		.logins = pop3_logins,
	},
	/* RFC 5804. */
	{
		.name = "sieve",
		.title = "ManageSieve",
		.features = DIALECT_DIALOGUE | DIALECT_STARTTLS | DIALECT_SASL | DIALECT_WITHDRAWS |
			    DIALECT_LOGIN,
		.servers = SERVERS_OF_MAILBOXES,
		.ports = { { 4190, false } },
		.hello = "CAPABILITY",
		.hello_inside = "the capabilities inside TLS",
		.greets_with_list = true,
		.lists_unasked = true,
		.starttls = "STARTTLS",
		.quit = "LOGOUT",
		.farewell = "OK",
		.idle = "LISTSCRIPTS",
		.sasl = { .command = "AUTHENTICATE",
			.keyword = "SASL",
			.command_max = 1024,
			.quoted = true,
			.data = sieve_sasl_data },
		.greets = "OK behind the capabilities",
		.agrees = "OK",
		.logged_in = "OK",
		.bad_login = "NO",
		.keyword_marks = "-_.",
		.keyword_clause = "RFC 5804 section 1.7",
		.take_line = sieve_take_line,
		.literal = literal_announced,
		.comes_unasked = sieve_comes_unasked,
		.line_status = sieve_line_status,
		.logins = keyword_logins,
	},
	/* RFC 959, RFC 2389, RFC 4217. */
	{
		.name = "ftp",
		.title = "FTP",
		.features = DIALECT_DIALOGUE | DIALECT_STARTTLS | DIALECT_CODES | DIALECT_LOGIN |
			    DIALECT_MAY_LIST,
		.servers = SERVERS_OF_FILES,
		.ports = { { 21, false }, { 990, true } },
		.hello = "FEAT",
		.hello_inside = "FEAT inside TLS",
		.starttls = "AUTH TLS",
		.quit = "QUIT",
		.farewell = "221",
		.idle = "NOOP",
		.login = { .name = "USER", .command = "USER", .then = "PASS" },
		.trials = { "USER gate.invalid" },
		.greets = "220",
		.agrees = "234",
		.logged_in = "230",
		.bad_login = "530",
		.greeting_code = 220,
		.starttls_code = 234,
		.keyword_marks = "-_.",
		.keyword_clause = "RFC 2389 section 3.2",
		.take_line = ftp_take_line,
		.comes_unasked = smtp_comes_unasked,
		.line_status = ftp_line_status,
	},
	/* Any service with TLS from the first byte; what is said inside is not known. */
	{
		.name = "tls",
		.title = "TLS alone",
		.servers = SERVERS_OF_TLS,
		.ports = { { 443, true } },
		.idle = "NOOP",
		.take_line = take_no_line,
	},
	{ .name = NULL },
};

const struct dialect *
dialect_find(const char *name)
{
	for (const struct dialect *row = dialects; row->name != NULL; row++)
		if (text_same(row->name, name))
			return row;
	return NULL;
}

const struct dialect *
dialect_of_port(unsigned port, bool *implicit_tls)
{
	for (const struct dialect *row = dialects; row->name != NULL; row++)
		for (const struct dialect_port *own = row->ports; own->number != 0; own++) {
			if (own->number != port)
				continue;
			*implicit_tls = own->implicit_tls;
			return row;
		}
	return NULL;
}

unsigned
dialect_port(const struct dialect *dialect, bool implicit_tls)
{
	const struct dialect_port *own = dialect->ports;

	while (own->number != 0 && own->implicit_tls != implicit_tls)
		own++;
	return own->number;
}
