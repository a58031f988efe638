/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The replies of IMAP, POP3, ManageSieve and FTP: where they end, what they say, what they offer; in
 * whatever portions they come.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "wire/literal.h"
#include "wire/reply.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct row {
	const char *sentence;
	const char *protocol;
	enum reply_to to;
	const char *bytes;
	enum reply_status status; /* REPLY_NO_STATUS: the reply is malformed */
	enum reply_meaning meaning;
	const char *capabilities; /* with commas between them; NULL: none */
};

#define IMAP(to) "imap", REPLY_TO_##to
#define POP3(to) "pop3", REPLY_TO_##to
#define SIEVE(to) "sieve", REPLY_TO_##to
#define FTP(to) "ftp", REPLY_TO_##to
#define YES(meaning) REPLY_POSITIVE, REPLY_##meaning
#define NO(meaning) REPLY_NEGATIVE, REPLY_##meaning
#define LATER REPLY_TRANSIENT, REPLY_NO_MEANING
#define LEAVES REPLY_TRANSIENT, REPLY_LEAVING
#define GOES_ON REPLY_CONTINUE, REPLY_CHALLENGE
#define MALFORMED REPLY_NO_STATUS, REPLY_NO_MEANING
#define OF_ANOTHER REPLY_NO_STATUS, REPLY_STRAY

static const struct row rows[] = {
	{ "IMAP greets", IMAP(CONNECT), "* OK ready\r\n", YES(READY), NULL },
	{ "in any case", IMAP(CONNECT), "* ok\r\n", YES(READY), NULL },
	{ "with capabilities", IMAP(CONNECT), "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\r\n",
		YES(READY), "IMAP4rev1,AUTH=PLAIN" },
	{ "other codes are no capabilities", IMAP(CONNECT), "* OK [ALERT] CAPABILITY STARTTLS\r\n",
		YES(READY), NULL },
	{ "PREAUTH lets everybody in", IMAP(CONNECT), "* PREAUTH welcome\r\n", NO(LOGGED_IN),
		NULL },
	{ "BYE leaves", IMAP(CONNECT), "* BYE too many\r\n", LEAVES, NULL },
	{ "NO is no greeting", IMAP(CONNECT), "* NO\r\n", MALFORMED, NULL },
	{ "a greeting has no tag", IMAP(CONNECT), "g1 OK\r\n", MALFORMED, NULL },
	{ "nor a plus", IMAP(CONNECT), "+ OK\r\n", MALFORMED, NULL },
	{ "nor is it SMTP", IMAP(CONNECT), "220 ready\r\n", MALFORMED, NULL },
	{ "nor POP3", IMAP(CONNECT), "+OK ready\r\n", MALFORMED, NULL },
	{ "the tag ends a reply", IMAP(COMMAND), "g7 OK done\r\n", YES(OKAY), NULL },
	{ "OK alone does", IMAP(COMMAND), "g7 OK\r\n", YES(OKAY), NULL },
	{ "a bare LF does", IMAP(COMMAND), "g7 OK\n", YES(OKAY), NULL },
	{ "anything may come before it", IMAP(COMMAND),
		"* OK [ALERT] beware\r\n* 3 EXISTS\r\n* BAD what\r\n* NO hm\r\n* LIST () \"/\" x\r\n"
		"* CAPABILITY STARTTLS\r\ng7 OK\r\n",
		YES(OKAY), NULL },
	{ "literals belong to their line", IMAP(COMMAND),
		"* 1 FETCH (BODY {9}\r\ng7 NO x\r\n)\r\ng7 OK\r\n", YES(OKAY), NULL },
	{ "several of them do", IMAP(COMMAND),
		"* LIST () {2}\r\n\r\n {0}\r\n {3}\r\ng7 \r\ng7 OK\r\n", YES(OKAY), NULL },
	{ "a number in braces that ends a text is none", IMAP(COMMAND),
		"* OK [ALERT] see {3}\r\n* NO {9}\r\ng7 OK done {2}\r\n", YES(OKAY), NULL },
	{ "a literal of 4 GB is too long", IMAP(COMMAND), "* X {4294967296}\r\n", MALFORMED, NULL },
	{ "one of 20 digits is", IMAP(COMMAND), "* X {18446744073709551617}\r\n", MALFORMED, NULL },
	{ "one of 64 KiB and a byte is", IMAP(COMMAND), "* X {65537}\r\n", MALFORMED, NULL },
	{ "one of less than nothing is none", IMAP(COMMAND), "* X {-1}\r\n", MALFORMED, NULL },
	{ "one that is not closed is none", IMAP(COMMAND), "* X {1\r\n", MALFORMED, NULL },
	{ "braces around words are text", IMAP(COMMAND), "* OK {hello}\r\n* OK {\r\ng7 OK {}\r\n",
		YES(OKAY), NULL },
	{ "530 to a password is of the password", FTP(AUTH), "530 no\r\n", NO(BAD_CREDENTIALS),
		NULL },
	{ "to a name it is not", FTP(COMMAND), "530 no\r\n", NO(NO_MEANING), NULL },
	{ "NO is a no", IMAP(COMMAND), "g7 NO not now\r\n", NO(NO_MEANING), NULL },
	{ "BAD is one", IMAP(COMMAND), "g7 BAD what\r\n", NO(NO_MEANING), NULL },
	{ "a no may be for now", IMAP(COMMAND), "g7 NO [UNAVAILABLE] later\r\n", LATER, NULL },
	{ "or for want of TLS", IMAP(COMMAND), "g7 NO [PRIVACYREQUIRED] TLS first\r\n",
		NO(UNPROTECTED), NULL },
	{ "a plus goes on", IMAP(COMMAND), "+ go on\r\n", GOES_ON, NULL },
	{ "a bare one does", IMAP(AUTH), "+\r\n", GOES_ON, NULL },
	{ "a plus needs its blank", IMAP(AUTH), "+OK\r\n", MALFORMED, NULL },
	{ "BYE ends what was asked", IMAP(COMMAND), "* BYE\r\n", LEAVES, NULL },
	{ "but not LOGOUT", IMAP(QUIT), "* BYE\r\ng7 OK\r\n", YES(FAREWELL), NULL },
	{ "another tag is another's", IMAP(COMMAND), "g6 OK\r\n", OF_ANOTHER, NULL },
	{ "so is one in other case", IMAP(COMMAND), "G7 OK\r\n", OF_ANOTHER, NULL },
	{ "so is a longer one", IMAP(COMMAND), "g77 OK\r\n", OF_ANOTHER, NULL },
	{ "a line has something", IMAP(COMMAND), "\r\n", MALFORMED, NULL },
	{ "a tag alone is nothing", IMAP(COMMAND), "g7\r\n", MALFORMED, NULL },
	{ "a tag has a status", IMAP(COMMAND), "g7 OKAY\r\n", MALFORMED, NULL },
	{ "BYE has no tag", IMAP(COMMAND), "g7 BYE\r\n", MALFORMED, NULL },
	{ "the list is untagged", IMAP(HELLO), "* CAPABILITY IMAP4rev1 STARTTLS\r\ng7 OK\r\n",
		YES(OKAY), "IMAP4rev1,STARTTLS" },
	{ "the same twice is one", IMAP(HELLO), "* CAPABILITY A B\r\n* CAPABILITY A B\r\ng7 OK\r\n",
		YES(OKAY), "A,B" },
	{ "codes are none of it", IMAP(HELLO),
		"* OK [CAPABILITY STARTTLS] x\r\n* CAPABILITY A\r\ng7 OK [CAPABILITY B] y\r\n",
		YES(OKAY), "A" },
	{ "OK without a list is none", IMAP(HELLO), "g7 OK\r\n", MALFORMED, NULL },
	{ "NO needs none", IMAP(HELLO), "g7 NO\r\n", NO(NO_MEANING), NULL },
	{ "OK logs in", IMAP(AUTH), "* CAPABILITY X\r\ng7 OK [CAPABILITY Y]\r\n",
		YES(AUTHENTICATED), NULL },
	{ "a bare NO is to the password", IMAP(AUTH), "g7 NO Login failed.\r\n",
		NO(BAD_CREDENTIALS), NULL },
	{ "so is AUTHENTICATIONFAILED", IMAP(AUTH), "g7 NO [AUTHENTICATIONFAILED] x\r\n",
		NO(BAD_CREDENTIALS), NULL },
	{ "UNAVAILABLE is not", IMAP(AUTH), "g7 NO [UNAVAILABLE] x\r\n", LATER, NULL },
	{ "a code that is not closed is not", IMAP(AUTH), "g7 NO [UNAVAILABLE x\r\n",
		NO(NO_MEANING), NULL },
	{ "LIMIT is not", IMAP(AUTH), "g7 NO [LIMIT] x\r\n", LATER, NULL },
	{ "CONTACTADMIN is not", IMAP(AUTH), "g7 NO [CONTACTADMIN] x\r\n", LATER, NULL },
	{ "an unknown code is not", IMAP(AUTH), "g7 NO [ALERT] x\r\n", NO(NO_MEANING), NULL },
	{ "BAD is not", IMAP(AUTH), "g7 BAD x\r\n", NO(NO_MEANING), NULL },

	{ "POP3 greets", POP3(CONNECT), "+OK ready\r\n", YES(READY), NULL },
	{ "POP3 may refuse to", POP3(CONNECT), "-ERR go away\r\n", NO(NO_MEANING), NULL },
	{ "or put it off", POP3(CONNECT), "-ERR [SYS/TEMP] later\r\n", LATER, NULL },
	{ "a plus is no greeting", POP3(CONNECT), "+ x\r\n", MALFORMED, NULL },
	{ "IMAP is not POP3", POP3(CONNECT), "* OK\r\n", MALFORMED, NULL },
	{ "a word more is another", POP3(COMMAND), "+OKAY\r\n", MALFORMED, NULL },
	{ "one line is a reply", POP3(COMMAND), "+OK\r\n", YES(OKAY), NULL },
	{ "-ERR is a no", POP3(COMMAND), "-ERR\r\n", NO(NO_MEANING), NULL },
	{ "to what is no login [AUTH] says nothing", POP3(COMMAND), "-ERR [AUTH] TLS\r\n",
		NO(NO_MEANING), NULL },
	{ "a list ends with a dot", POP3(HELLO), "+OK\r\nSTLS\r\nSASL PLAIN\r\n.\r\n", YES(OKAY),
		"STLS,SASL PLAIN" },
	{ "dots are doubled in it", POP3(HELLO), "+OK\r\n..\r\n...x\r\n.y\r\n.\r\n", YES(OKAY),
		".,..x,y" },
	{ "what looks like a reply is a line of it", POP3(HELLO), "+OK\r\n-ERR\r\n.\r\n", YES(OKAY),
		"-ERR" },
	{ "an empty list is one", POP3(HELLO), "+OK\r\n.\r\n", YES(OKAY), NULL },
	{ "where there is none, -ERR says so", POP3(HELLO), "-ERR what\r\n", NO(NO_MEANING), NULL },
	{ "a challenge goes on", POP3(AUTH), "+ \r\n", GOES_ON, NULL },
	{ "a bare plus does too", POP3(AUTH), "+\r\n", GOES_ON, NULL },
	{ "+OK logs in", POP3(AUTH), "+OK\r\n", YES(AUTHENTICATED), NULL },
	{ "a bare -ERR is to the password", POP3(AUTH), "-ERR no\r\n", NO(BAD_CREDENTIALS), NULL },
	{ "so is [AUTH]", POP3(AUTH), "-ERR [AUTH] no\r\n", NO(BAD_CREDENTIALS), NULL },
	{ "[SYS/TEMP] is not", POP3(AUTH), "-ERR [SYS/TEMP] no\r\n", LATER, NULL },
	{ "[IN-USE] is not", POP3(AUTH), "-ERR [IN-USE] no\r\n", LATER, NULL },
	{ "an unknown code is not", POP3(AUTH), "-ERR [ODD] no\r\n", NO(NO_MEANING), NULL },
	{ "QUIT is answered", POP3(QUIT), "+OK bye\r\n", YES(FAREWELL), NULL },

	{ "Sieve greets with its list", SIEVE(CONNECT),
		"\"IMPLEMENTATION\" \"x y\"\r\n\"SASL\" \"PLAIN LOGIN\"\r\n\"STARTTLS\"\r\nOK\r\n",
		YES(READY), "IMPLEMENTATION x y,SASL PLAIN LOGIN,STARTTLS" },
	{ "literals are strings too", SIEVE(CONNECT), "{4}\r\nSASL {5}\r\nPLAIN\r\nOK \"x\"\r\n",
		YES(READY), "SASL PLAIN" },
	{ "quotes within them have a backslash", SIEVE(HELLO), "\"A\" \"b \\\"c\\\\\"\r\nOK\r\n",
		YES(OKAY), "A b \"c\\" },
	{ "an empty string is one", SIEVE(HELLO), "\"SASL\" \"\"\r\nOK\r\n", YES(OKAY), "SASL " },
	{ "OK without a list is no greeting", SIEVE(CONNECT), "OK\r\n", MALFORMED, NULL },
	{ "a string has an end", SIEVE(CONNECT), "\"SASL\r\nOK\r\n", MALFORMED, NULL },
	{ "a blank stands between two", SIEVE(CONNECT), "\"SASL\"\"PLAIN\"\r\nOK\r\n", MALFORMED,
		NULL },
	{ "BYE leaves", SIEVE(CONNECT), "BYE (TRYLATER) \"no\"\r\n", LEAVES, NULL },
	{ "NO is a no", SIEVE(COMMAND), "NO \"x\"\r\n", NO(NO_MEANING), NULL },
	{ "OK may have a code and a literal", SIEVE(COMMAND), "OK (TAG {1}\r\nx) \"Done\"\r\n",
		YES(OKAY), NULL },
	{ "a code may follow at once", SIEVE(COMMAND), "NO(TRYLATER)\r\n", LATER, NULL },
	{ "a string is a challenge", SIEVE(AUTH), "\"\"\r\n", GOES_ON, NULL },
	{ "a literal is one", SIEVE(AUTH), "{4}\r\nQUFB\r\n", GOES_ON, NULL },
	{ "OK logs in", SIEVE(AUTH), "OK (SASL \"x\")\r\n", YES(AUTHENTICATED), NULL },
	{ "a bare NO is to the password", SIEVE(AUTH), "NO \"bad\"\r\n", NO(BAD_CREDENTIALS),
		NULL },
	{ "TRYLATER is not", SIEVE(AUTH), "NO (TRYLATER) \"x\"\r\n", LATER, NULL },
	{ "ENCRYPT-NEEDED is for want of TLS", SIEVE(AUTH), "NO (ENCRYPT-NEEDED) \"x\"\r\n",
		NO(UNPROTECTED), NULL },
	{ "an unknown code is not", SIEVE(AUTH), "NO (QUOTA) \"x\"\r\n", NO(NO_MEANING), NULL },
	{ "LOGOUT is answered", SIEVE(QUIT), "OK\r\n", YES(FAREWELL), NULL },
	{ "anything else is not Sieve", SIEVE(COMMAND), "+OK\r\n", MALFORMED, NULL },
	{ "an empty line is not", SIEVE(COMMAND), "\r\n", MALFORMED, NULL },

	{ "FTP greets", FTP(CONNECT), "220 ready\r\n", YES(READY), NULL },
	{ "after a while", FTP(CONNECT), "120 wait\r\n220 ready\r\n", YES(READY), NULL },
	{ "with more to say of it", FTP(CONNECT), "120-wait\r\na little\r\n120 so\r\n220 ready\r\n",
		YES(READY), NULL },
	{ "421 leaves", FTP(CONNECT), "421 no\r\n", LEAVES, NULL },
	{ "lines within a reply are free", FTP(COMMAND),
		"220-a\r\n530 b\r\n220x\r\n220-c\r\n\r\n220 d\r\n", YES(READY), NULL },
	{ "features have a blank in front", FTP(HELLO),
		"211-Features:\r\n AUTH TLS;TLS-C;\r\n REST STREAM\r\nPBSZ\r\n211 End\r\n",
		YES(OKAY), "AUTH TLS TLS-C ,REST STREAM" },
	{ "one line has none", FTP(HELLO), "211 no features\r\n", YES(OKAY), NULL },
	{ "an unknown command has none", FTP(HELLO), "500 what\r\n", NO(NO_MEANING), NULL },
	{ "234 begins TLS", FTP(COMMAND), "234 go\r\n", YES(OKAY), NULL },
	{ "331 waits for a password", FTP(COMMAND), "331 and?\r\n", GOES_ON, NULL },
	{ "530 is a no", FTP(COMMAND), "530 no\r\n", NO(NO_MEANING), NULL },
	{ "text is no reply", FTP(COMMAND), "OOPS: vsftpd\r\n", MALFORMED, NULL },
};

struct reading {
	struct arena arena;
	struct reply reply;
};

static void
reading_begin(struct reading *reading, const struct row *row)
{
	arena_init(&reading->arena);
	reply_init(&reading->reply, dialect_find(row->protocol), &reading->arena);
	reading->reply.to = row->to;
	snprintf(reading->reply.tag, sizeof(reading->reply.tag), "g7");
}

static void
reading_end(struct reading *reading)
{
	reply_release(&reading->reply);
	arena_release(&reading->arena);
}

static const char *
capabilities_of(struct reading *reading)
{
	const struct reply *reply = &reading->reply;
	const char *text = NULL;

	for (size_t i = 0; i < reply->capability_count; i++)
		text = arena_printf(&reading->arena, "%s%s%s", text == NULL ? "" : text,
			text == NULL ? "" : ",", reply->capabilities[i].text);
	return text;
}

static void
check(const struct row *row, struct reading *reading, size_t cut)
{
	const struct reply *reply = &reading->reply;
	bool malformed = row->status == REPLY_NO_STATUS;
	const char *got = malformed ? NULL : capabilities_of(reading);
	const char *want = row->capabilities;

	if (reply->state != (malformed ? REPLY_MALFORMED : REPLY_COMPLETE) ||
		(!malformed && (reply->status != row->status || reply->meaning != row->meaning)) ||
		(malformed && (reply->meaning == REPLY_STRAY) != (row->meaning == REPLY_STRAY)))
		fail_msg("%s %s, cut at %zu: got state %d (%s), status %d, meaning %d",
			row->protocol, row->sentence, cut, (int)reply->state,
			reply->problem != NULL ? reply->problem : "", (int)reply->status,
			(int)reply->meaning);
	if ((got == NULL) != (want == NULL) || (got != NULL && strcmp(got, want) != 0))
		fail_msg("%s %s, cut at %zu: got \"%s\"", row->protocol, row->sentence, cut,
			got != NULL ? got : "none");
}

static void
replies_are_the_same_however_they_are_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t len = strlen(rows[i].bytes);

		for (size_t cut = 0; cut <= len; cut++) {
			struct reading reading;
			size_t taken;

			reading_begin(&reading, &rows[i]);
			taken = reply_feed(&reading.reply, rows[i].bytes, cut);
			if (rows[i].status != REPLY_NO_STATUS && cut < len)
				assert_int_equal(reading.reply.state, REPLY_INCOMPLETE);
			reply_feed(&reading.reply, rows[i].bytes + taken, len - taken);
			check(&rows[i], &reading, cut);
			reading_end(&reading);
		}
	}
}

static void
replies_are_the_same_byte_by_byte(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct reading reading;

		reading_begin(&reading, &rows[i]);
		for (const char *byte = rows[i].bytes; *byte != '\0'; byte++)
			reply_feed(&reading.reply, byte, 1);
		check(&rows[i], &reading, 1);
		reading_end(&reading);
	}
}

static void
what_follows_a_reply_is_left_alone(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t len = strlen(rows[i].bytes);
		struct reading reading;
		char bytes[512];

		snprintf(bytes, sizeof(bytes), "%s* injected\r\n", rows[i].bytes);
		reading_begin(&reading, &rows[i]);
		if (rows[i].status != REPLY_NO_STATUS)
			assert_int_equal(reply_feed(&reading.reply, bytes, strlen(bytes)), len);
		reading_end(&reading);
	}
}

/* As much of these as a server likes, in vain: neither time nor memory goes on. */
static void
what_never_ends_is_refused(void **state)
{
	static const struct {
		const char *protocol;
		enum reply_to to;
		const char *first, *next;
	} streams[] = {
		{ IMAP(COMMAND), "", "* OK still here\r\n" },
		{ IMAP(HELLO), "", "* CAPABILITY A B C\r\n" },
		{ IMAP(HELLO), "* CAPABILITY", " X" },
		{ IMAP(COMMAND), "* X", " {0}\r\n" },
		{ IMAP(COMMAND), "* X", " {1000}\r\nx" },
		{ POP3(HELLO), "+OK\r\n", "X\r\n" },
		{ POP3(HELLO), "+OK\r\n", "X" },
		{ SIEVE(CONNECT), "", "\"A\" \"B\"\r\n" },
		{ SIEVE(CONNECT), "\"A\" \"", "x" },
		{ FTP(CONNECT), "", "120 wait\r\n" },
		{ FTP(HELLO), "211-\r\n", " X\r\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(streams); i++) {
		const struct row row = { .protocol = streams[i].protocol, .to = streams[i].to };
		struct reading reading;
		size_t fed = 0;

		reading_begin(&reading, &row);
		reply_feed(&reading.reply, streams[i].first, strlen(streams[i].first));
		while (reading.reply.state == REPLY_INCOMPLETE && fed < 4 * 1024 * 1024)
			fed += reply_feed(&reading.reply, streams[i].next, strlen(streams[i].next));
		if (reading.reply.state != REPLY_MALFORMED || fed > 1024 * 1024)
			fail_msg("\"%s\" over and over: %zu bytes, state %d", streams[i].next, fed,
				(int)reading.reply.state);
		reading_end(&reading);
	}
}

static void
the_literals_of_a_reply_have_one_limit(void **state)
{
	const struct row row = { .protocol = "imap", .to = REPLY_TO_COMMAND };
	char *literal = calloc(1, 30001);
	struct reading reading;
	size_t lines = 0;

	(void)state;
	memset(literal, 'x', 30000);
	reading_begin(&reading, &row);
	while (reading.reply.state == REPLY_INCOMPLETE && lines < 10) {
		reply_feed(&reading.reply, "* X {30000}\r\n", 13);
		reply_feed(&reading.reply, literal, 30000);
		reply_feed(&reading.reply, "\r\n", 2);
		lines++;
	}
	assert_int_equal(reading.reply.state, REPLY_MALFORMED);
	assert_int_equal(lines, 3);
	reading_end(&reading);
	free(literal);
}

struct offer_row {
	const char *protocol;
	const char *greeting;
	const char *list;
	const char *logins;
};

static const struct offer_row offers[] = {
	{ "smtp", "220 x\r\n", "250-x\r\n250-AUTH PLAIN LOGIN\r\n250 AUTH=PLAIN\r\n",
		"AUTH PLAIN LOGIN" },
	{ "smtp", "220 x\r\n", "250-x\r\n250 STARTTLS\r\n", "" },
	{ "imap", "* OK\r\n", "* CAPABILITY A LOGINDISABLED\r\ng7 OK\r\n", "" },
	{ "imap", "* OK\r\n", "* CAPABILITY A\r\ng7 OK\r\n", "LOGIN" },
	{ "imap", "* OK\r\n", "* CAPABILITY AUTH=PLAIN LOGINDISABLED\r\ng7 OK\r\n", "AUTH=PLAIN" },
	{ "imap", "* OK\r\n", "* CAPABILITY AUTH=PLAIN AUTH=X\r\ng7 OK\r\n",
		"AUTH=PLAIN, AUTH=X, LOGIN" },
	{ "imap", "* OK [CAPABILITY AUTH=PLAIN] x\r\n", "* CAPABILITY LOGINDISABLED\r\ng7 OK\r\n",
		"AUTH=PLAIN, LOGIN" },
	{ "imap", "* OK [CAPABILITY LOGINDISABLED] x\r\n",
		"* CAPABILITY LOGINDISABLED\r\ng7 OK\r\n", "" },
	{ "pop3", "+OK\r\n", "+OK\r\nSASL\r\nSTLS\r\n.\r\n", "" },
	{ "pop3", "+OK\r\n", "+OK\r\nSASL PLAIN\r\nUSER\r\n.\r\n", "SASL PLAIN, USER" },
	{ "pop3", "+OK <1.2@x>\r\n", "+OK\r\n.\r\n", "APOP" },
	{ "pop3", "+OK <1.2> x@y\r\n", "+OK\r\n.\r\n", "" },
	{ "sieve", "\"A\"\r\nOK\r\n", "\"SASL\" \"\"\r\nOK\r\n", "" },
	{ "sieve", "\"A\"\r\nOK\r\n", "\"SASL\" \"PLAIN\"\r\nOK\r\n", "SASL PLAIN" },
};

static void
logins_are_offered_as_the_table_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(offers); i++) {
		const struct row hello = { .protocol = offers[i].protocol, .to = REPLY_TO_CONNECT };
		const struct row asked = { .protocol = offers[i].protocol, .to = REPLY_TO_HELLO };
		struct reading greeting, list;
		struct buf logins;

		reading_begin(&greeting, &hello);
		reading_begin(&list, &asked);
		buf_init(&logins, 1000);
		reply_feed(&greeting.reply, offers[i].greeting, strlen(offers[i].greeting));
		reply_feed(&list.reply, offers[i].list, strlen(offers[i].list));
		assert_int_equal(list.reply.state, REPLY_COMPLETE);
		list.reply.dialect->logins(&greeting.reply, &list.reply, &logins);
		if (strcmp(logins.data != NULL ? logins.data : "", offers[i].logins) != 0)
			fail_msg("row %zu: got \"%s\"", i, logins.data);
		buf_release(&logins);
		reading_end(&greeting);
		reading_end(&list);
	}
}

static const struct {
	const char *protocol, *list, *keyword;
	bool offered;
} lookups[] = {
	{ "imap", "* CAPABILITY IMAP4rev1 AUTH=PLAIN LITERAL+\r\ng7 OK\r\n", "AUTH=PLAIN", true },
	{ "imap", "* CAPABILITY IMAP4rev1 AUTH=PLAIN LITERAL+\r\ng7 OK\r\n", "auth", true },
	{ "imap", "* CAPABILITY IMAP4rev1 AUTH=PLAIN LITERAL+\r\ng7 OK\r\n", "AUTH=LOGIN", false },
	{ "imap", "* CAPABILITY IMAP4rev1 AUTH=PLAIN LITERAL+\r\ng7 OK\r\n", "LITERAL+", true },
	{ "imap", "* CAPABILITY IMAP4rev1 AUTH=PLAIN LITERAL+\r\ng7 OK\r\n", "LITERAL", false },
	{ "imap", "* CAPABILITY IMAP4rev1 XSTARTTLS\r\ng7 OK\r\n", "STARTTLS", false },
	{ "smtp", "250-x\r\n250 AUTH PLAIN\r\n", "AUTH=PLAIN", true },
	{ "smtp", "250-x\r\n250 AUTH PLAIN\r\n", "AUTH=LOGIN", false },
	{ "ftp", "211-x\r\n AUTH TLS\r\n211 x\r\n", "AUTH TLS", true },
	{ "ftp", "211-x\r\n AUTH SSL;TLS;\r\n211 x\r\n", "AUTH TLS", true },
	{ "ftp", "211-x\r\n AUTH SSL;\r\n211 x\r\n", "AUTH TLS", false },
};

static void
capabilities_are_found_as_the_table_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(lookups); i++) {
		const struct row row = { .protocol = lookups[i].protocol, .to = REPLY_TO_HELLO };
		struct reading reading;

		reading_begin(&reading, &row);
		reply_feed(&reading.reply, lookups[i].list, strlen(lookups[i].list));
		if ((reply_capability(&reading.reply, lookups[i].keyword) != NULL) !=
			lookups[i].offered)
			fail_msg("%s in %s: got the opposite", lookups[i].keyword, lookups[i].list);
		reading_end(&reading);
	}
}

static void
another_list_leaves_open_what_is_offered(void **state)
{
	static const struct {
		const char *bytes;
		bool clear;
	} lists[] = {
		{ "* CAPABILITY A B\r\n* CAPABILITY A B\r\ng7 OK\r\n", true },
		{ "* CAPABILITY A\r\n* CAPABILITY A B\r\ng7 OK\r\n", false },
		{ "* CAPABILITY A B\r\n* CAPABILITY A\r\ng7 OK\r\n", false },
		{ "* CAPABILITY A B\\\r\ng7 OK\r\n", false },
		{ "* CAPABILITY A \x01\r\ng7 OK\r\n", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(lists); i++) {
		const struct row row = { .protocol = "imap", .to = REPLY_TO_HELLO };
		struct reading reading;

		reading_begin(&reading, &row);
		reply_feed(&reading.reply, lists[i].bytes, strlen(lists[i].bytes));
		assert_int_equal(
			reply_malformed_capability(&reading.reply) == NULL, lists[i].clear);
		reading_end(&reading);
	}
}

/* What else tells capabilities in IMAP, wherever it stands (RFC 9051 sections 7 and 7.1); "|" between
 * the lists. */
static const struct {
	enum reply_to to;
	const char *bytes;
	const char *asides;
} asides[] = {
	{ REPLY_TO_HELLO, "* CAPABILITY A\r\ng7 OK done\r\n", "" },
	{ REPLY_TO_HELLO, "* CAPABILITY A\r\ng7 OK [CAPABILITY A AUTH=B] done\r\n", "A,AUTH=B" },
	{ REPLY_TO_HELLO, "* CAPABILITY A\r\n* OK [CAPABILITY B] x\r\ng7 OK\r\n", "B" },
	{ REPLY_TO_HELLO, "* OK [capability B C] x\r\n* CAPABILITY A\r\ng7 OK\r\n", "B,C" },
	{ REPLY_TO_HELLO, "* OK [CAPABILITY B] x\r\n* CAPABILITY A\r\ng7 OK [CAPABILITY C]\r\n",
		"B|C" },
	{ REPLY_TO_COMMAND, "g7 OK [CAPABILITY A B] go\r\n", "A,B" },
	{ REPLY_TO_COMMAND, "* CAPABILITY A B\r\ng7 OK go\r\n", "A,B" },
	{ REPLY_TO_COMMAND, "* CAPABILITY A\r\n* CAPABILITY B\r\ng7 OK go\r\n", "A|B" },
	{ REPLY_TO_COMMAND, "* NO [CAPABILITY A] x\r\ng7 OK go\r\n", "A" },
	{ REPLY_TO_COMMAND, "g7 NO [CAPABILITY A] x\r\n", "A" },
	{ REPLY_TO_COMMAND, "g7 BAD [CAPABILITY A] x\r\n", "A" },
	{ REPLY_TO_AUTH, "* CAPABILITY A\r\n+ \r\n", "A" },
	{ REPLY_TO_QUIT, "* BYE [CAPABILITY A] x\r\ng7 OK\r\n", "A" },
	{ REPLY_TO_COMMAND, "* OK [ALERT] [CAPABILITY A]\r\ng7 OK go\r\n", "" },
	{ REPLY_TO_COMMAND, "* OK CAPABILITY A\r\ng7 OK CAPABILITY A\r\n", "" },
	{ REPLY_TO_COMMAND, "* OK [CAPABILITYX A]\r\ng7 OK [CAPABILITY A\r\n", "" },
	{ REPLY_TO_COMMAND, "* 1 FETCH [CAPABILITY A]\r\ng7 OK go\r\n", "" },
	{ REPLY_TO_COMMAND, "* CAPABILITY\r\ng7 OK [CAPABILITY]\r\n", "" },
	{ REPLY_TO_CONNECT, "* OK [CAPABILITY A] x\r\n", "" },
};

static void
lists_that_were_not_asked_for_are_kept_beside_the_one_that_was(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(asides); i++) {
		const struct row row = { .protocol = "imap", .to = asides[i].to };
		struct reading reading;
		struct buf got;

		reading_begin(&reading, &row);
		reply_feed(&reading.reply, asides[i].bytes, strlen(asides[i].bytes));
		buf_init(&got, 1000);
		for (size_t j = 0; j < reading.reply.aside_count; j++) {
			const struct reply *aside = &reading.reply.asides[j];

			for (size_t k = 0; k < aside->capability_count; k++)
				buf_addf(&got, "%s%s",
					k != 0   ? ","
					: j != 0 ? "|"
						 : "",
					aside->capabilities[k].text);
		}
		if (reading.reply.state != REPLY_COMPLETE ||
			strcmp(got.data, asides[i].asides) != 0)
			fail_msg("%s: got \"%s\", want \"%s\"", asides[i].bytes, got.data,
				asides[i].asides);
		buf_release(&got);
		reading_end(&reading);
	}
}

static const struct {
	const char *protocol;
	enum reply_to to;
	const char *line, *status;
} statuses[] = {
	{ IMAP(AUTH), "g7 NO [AUTHENTICATIONFAILED] hunter2", "NO [AUTHENTICATIONFAILED]" },
	{ IMAP(AUTH), "g7 NO [HUNTER2] hunter2", "NO" },
	{ IMAP(AUTH), "g7 OK hunter2", "OK" },
	{ IMAP(AUTH), "* OK hunter2", "* OK" },
	{ IMAP(AUTH), "* HUNTER2 hunter2", "*" },
	{ IMAP(AUTH), "+ aHVudGVyMg==", "+" },
	{ IMAP(AUTH), "hunter2 hunter2", "" },
	{ POP3(AUTH), "-ERR [AUTH] hunter2", "-ERR [AUTH]" },
	{ POP3(AUTH), "-ERR hunter2", "-ERR" },
	{ POP3(AUTH), "+ aHVudGVyMg==", "+" },
	{ POP3(AUTH), "hunter2", "" },
	{ SIEVE(AUTH), "NO (TRYLATER) \"hunter2\"", "NO (TRYLATER)" },
	{ SIEVE(AUTH), "NO (HUNTER2) \"hunter2\"", "NO" },
	{ SIEVE(AUTH), "\"hunter2\"", "" },
	{ SIEVE(AUTH), "hunter2", "" },
	{ FTP(AUTH), "530 hunter2", "530" },
	{ FTP(AUTH), "hunter2", "" },
};

static void
a_status_shows_no_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(statuses); i++) {
		const struct row row = { .protocol = statuses[i].protocol, .to = statuses[i].to };
		struct reading reading;
		struct buf shown;

		reading_begin(&reading, &row);
		buf_init(&shown, 1000);
		reply_feed(&reading.reply, statuses[i].line, strlen(statuses[i].line));
		reply_feed(&reading.reply, "\r\n", 2);
		reply_line_status(&reading.reply, &reading.reply.lines[0], &shown);
		if (strcmp(shown.data != NULL ? shown.data : "", statuses[i].status) != 0)
			fail_msg("%s: got \"%s\"", statuses[i].line, shown.data);
		buf_release(&shown);
		reading_end(&reading);
	}
}

static const struct {
	const char *protocol, *bytes;
	bool unasked;
} early[] = {
	{ "smtp", "421 bye\r\n", true },
	{ "smtp", "250 yes\r\n", false },
	{ "imap", "* OK [ALERT] x\r\n* BYE\r\n", true },
	{ "imap", "* half a li", true },
	{ "imap", "*", true },
	{ "imap", "* OK\r\ng7 OK\r\n", false },
	{ "imap", "g7 OK\r\n", false },
	{ "imap", "+ go on\r\n", false },
	{ "imap", "*OK\r\n", false },
	{ "pop3", "+OK\r\n", false },
	{ "pop3", "-ERR\r\n", false },
	{ "sieve", "BYE\r\n", true },
	{ "sieve", "OK\r\n", false },
	{ "sieve", "\"A\"\r\n", false },
	{ "ftp", "421 bye\r\n", true },
	{ "ftp", "230 welcome\r\n", false },
};

static void
only_some_words_may_come_unasked(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(early); i++)
		if (dialect_find(early[i].protocol)
				->comes_unasked(early[i].bytes, strlen(early[i].bytes)) !=
			early[i].unasked)
			fail_msg("%s: %s: got the opposite", early[i].protocol, early[i].bytes);
}

static void
strings_are_quoted_or_announced(void **state)
{
	static const struct {
		const char *text, *string;
	} strings[] = {
		{ "", "\"\"" },
		{ "a b", "\"a b\"" },
		{ "a\"b\\", "\"a\\\"b\\\\\"" },
		{ "a\nb", "{3+}\r\na\nb" },
		{ "\xc3\xa9", "{2+}\r\n\xc3\xa9" },
	};
	char *large = calloc(1, 1026);
	struct buf out;

	(void)state;
	for (size_t i = 0; i < COUNT(strings); i++) {
		buf_init(&out, 100);
		literal_add(&out, strings[i].text, strlen(strings[i].text));
		assert_string_equal(out.data, strings[i].string);
		buf_release(&out);
	}
	memset(large, 'x', 1025);
	buf_init(&out, 4000);
	literal_add(&out, large, 1024);
	assert_int_equal(out.data[0], '"');
	buf_reset(&out);
	literal_add(&out, large, 1025);
	assert_true(text_starts_with(out.data, "{1025+}\r\nxxx"));
	buf_release(&out);
	free(large);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(replies_are_the_same_however_they_are_cut),
		cmocka_unit_test(replies_are_the_same_byte_by_byte),
		cmocka_unit_test(what_follows_a_reply_is_left_alone),
		cmocka_unit_test(what_never_ends_is_refused),
		cmocka_unit_test(the_literals_of_a_reply_have_one_limit),
		cmocka_unit_test(logins_are_offered_as_the_table_says),
		cmocka_unit_test(capabilities_are_found_as_the_table_says),
		cmocka_unit_test(another_list_leaves_open_what_is_offered),
		cmocka_unit_test(lists_that_were_not_asked_for_are_kept_beside_the_one_that_was),
		cmocka_unit_test(a_status_shows_no_text),
		cmocka_unit_test(only_some_words_may_come_unasked),
		cmocka_unit_test(strings_are_quoted_or_announced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
