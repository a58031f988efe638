/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "wire/dialect.h"
#include "wire/reply.h"

static void
every_row_is_whole(void **state)
{
	(void)state;
	for (const struct dialect *row = dialects; row->name != NULL; row++) {
		assert_ptr_equal(dialect_find(row->name), row);
		assert_non_null(row->title);
		assert_non_null(row->take_line);
		assert_int_equal((row->features & DIALECT_STARTTLS) != 0, row->starttls != NULL);
		assert_int_equal(row->ports[DIALECT_PORTS_MAX - 1].number, 0);
		if ((row->features & DIALECT_DIALOGUE) == 0)
			continue;
		assert_non_null(row->hello);
		assert_non_null(row->hello_inside);
		assert_non_null(row->quit);
		assert_non_null(row->farewell);
		assert_non_null(row->idle);
		assert_non_null(row->greets);
		assert_non_null(row->agrees);
		assert_non_null(row->keyword_marks);
		assert_non_null(row->keyword_clause);
		assert_non_null(row->comes_unasked);
		assert_non_null(row->line_status);
		assert_int_equal((row->features & DIALECT_CODES) != 0, row->greeting_code != 0);
		assert_int_equal((row->features & DIALECT_CODES) != 0, row->starttls_code != 0);
		assert_int_equal((row->features & DIALECT_SASL) != 0, row->sasl.command != NULL);
		assert_int_equal((row->features & DIALECT_SASL) != 0, row->logins != NULL);
		assert_true((row->features & DIALECT_SASL) != 0 || row->trials[0] != NULL);
	}
	assert_null(dialect_find("gopher"));
}

static void
a_port_is_of_one_protocol(void **state)
{
	static const struct {
		unsigned port;
		const char *name;
		bool implicit_tls;
	} ports[] = {
		{ 24, "lmtp", false },
		{ 25, "smtp", false },
		{ 587, "smtp", false },
		{ 465, "smtp", true },
		{ 143, "imap", false },
		{ 993, "imap", true },
		{ 110, "pop3", false },
		{ 995, "pop3", true },
		{ 4190, "sieve", false },
		{ 21, "ftp", false },
		{ 990, "ftp", true },
		{ 443, "tls", true },
		{ 2525, NULL, false },
		{ 0, NULL, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++) {
		bool implicit_tls = !ports[i].implicit_tls;
		const struct dialect *row = dialect_of_port(ports[i].port, &implicit_tls);

		if (ports[i].name == NULL) {
			assert_null(row);
			continue;
		}
		assert_string_equal(row->name, ports[i].name);
		assert_int_equal(implicit_tls, ports[i].implicit_tls);
	}
	for (const struct dialect *row = dialects; row->name != NULL; row++)
		for (const struct dialect_port *own = row->ports; own->number != 0; own++) {
			bool ignored;

			assert_ptr_equal(dialect_of_port(own->number, &ignored), row);
		}
}

static void
a_protocol_has_its_ports(void **state)
{
	(void)state;
	assert_int_equal(dialect_port(dialect_find("smtp"), false), 587);
	assert_int_equal(dialect_port(dialect_find("smtp"), true), 465);
	assert_int_equal(dialect_port(dialect_find("lmtp"), false), 24);
	assert_int_equal(dialect_port(dialect_find("lmtp"), true), 0);
}

struct said {
	const char *line;
	enum reply_status status;
	enum reply_meaning meaning;
};

static const struct said replies[] = {
	{ "220 mail.example.test", REPLY_POSITIVE, REPLY_READY },
	{ "221 bye", REPLY_POSITIVE, REPLY_FAREWELL },
	{ "235 2.7.0 welcome", REPLY_POSITIVE, REPLY_AUTHENTICATED },
	{ "250 ok", REPLY_POSITIVE, REPLY_OKAY },
	{ "251 forwarded", REPLY_POSITIVE, REPLY_FORWARDS },
	{ "334 VXNlcm5hbWU6", REPLY_CONTINUE, REPLY_CHALLENGE },
	{ "354 go on", REPLY_CONTINUE, REPLY_NO_MEANING },
	{ "421 4.3.2 down", REPLY_TRANSIENT, REPLY_LEAVING },
	{ "430 Authentication required", REPLY_TRANSIENT, REPLY_LOGIN_MISSING },
	{ "454 4.7.0 not now", REPLY_TRANSIENT, REPLY_NO_MEANING },
	{ "503 5.5.1 MAIL first", REPLY_NEGATIVE, REPLY_BAD_SEQUENCE },
	{ "530 5.7.0 STARTTLS first", REPLY_NEGATIVE, REPLY_UNPROTECTED },
	{ "538 5.7.11 encrypt", REPLY_NEGATIVE, REPLY_UNPROTECTED },
	{ "535 5.7.8 no", REPLY_NEGATIVE, REPLY_BAD_CREDENTIALS },
	{ "550 5.7.0 log in", REPLY_NEGATIVE, REPLY_LOGIN_MISSING },
	{ "554 5.7.9 log in better", REPLY_NEGATIVE, REPLY_LOGIN_MISSING },
	{ "554 5.7.1 no", REPLY_NEGATIVE, REPLY_DENIED },
	{ "454 5.7.0 what", REPLY_TRANSIENT, REPLY_NO_MEANING },
	{ "550 5.7.00 what", REPLY_NEGATIVE, REPLY_DENIED },
	{ "550 relay not permitted", REPLY_NEGATIVE, REPLY_DENIED },
	{ "551 user not local", REPLY_NEGATIVE, REPLY_DENIED },
	{ "553 not among my hosts", REPLY_NEGATIVE, REPLY_DENIED },
	{ "513 Relaying denied.", REPLY_NEGATIVE, REPLY_DENIED },
	{ "571 5.7.1 not you", REPLY_NEGATIVE, REPLY_DENIED },
	{ "550 5.1.1 unknown", REPLY_NEGATIVE, REPLY_NO_MEANING },
	{ "554 5.2.2 full", REPLY_NEGATIVE, REPLY_FULL },
	{ "450 4.2.2 full", REPLY_TRANSIENT, REPLY_FULL },
	{ "452 no room", REPLY_TRANSIENT, REPLY_FULL },
	{ "452 4.3.1 no room", REPLY_TRANSIENT, REPLY_FULL },
	{ "452 4.5.3 too many recipients", REPLY_TRANSIENT, REPLY_NO_MEANING },
	{ "552 too large", REPLY_NEGATIVE, REPLY_FULL },
	{ "552 5.3.4 too large", REPLY_NEGATIVE, REPLY_FULL },
	{ "552 5.7.1 not wanted", REPLY_NEGATIVE, REPLY_NO_MEANING },
	{ "450 4.3.1 no room", REPLY_TRANSIENT, REPLY_NO_MEANING },
	{ "500 what", REPLY_NEGATIVE, REPLY_NO_MEANING },
};

static void
codes_have_a_status_and_a_meaning(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(replies) / sizeof(replies[0]); i++) {
		struct arena arena;
		struct reply reply;

		arena_init(&arena);
		reply_init(&reply, dialect_find("smtp"), &arena);
		assert_int_equal(reply.status, REPLY_NO_STATUS);
		reply_feed(&reply, replies[i].line, strlen(replies[i].line));
		assert_int_equal(reply.status, REPLY_NO_STATUS);
		reply_feed(&reply, "\r\n", 2);
		if (reply.state != REPLY_COMPLETE || reply.status != replies[i].status ||
			reply.meaning != replies[i].meaning)
			fail_msg("%s: got status %d, meaning %d", replies[i].line, reply.status,
				reply.meaning);
		assert_int_equal(reply_is_positive(&reply), replies[i].status == REPLY_POSITIVE);
		reply_release(&reply);
		arena_release(&arena);
	}
}

static void
the_last_line_tells_the_meaning(void **state)
{
	static const char bytes[] = "550-5.7.1 no\r\n550 5.7.0 log in\r\n";
	struct arena arena;
	struct reply reply;

	(void)state;
	arena_init(&arena);
	reply_init(&reply, dialect_find("smtp"), &arena);
	reply_feed(&reply, bytes, sizeof(bytes) - 1);
	assert_int_equal(reply.meaning, REPLY_LOGIN_MISSING);
	reply_release(&reply);
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_is_whole),
		cmocka_unit_test(a_port_is_of_one_protocol),
		cmocka_unit_test(a_protocol_has_its_ports),
		cmocka_unit_test(codes_have_a_status_and_a_meaning),
		cmocka_unit_test(the_last_line_tells_the_meaning),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
