/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "checklist/targets.h"

struct endpoint {
	const char *text;
	const char *host; /* NULL: it is refused */
	unsigned port;    /* 0: none is given */
};

static const struct endpoint endpoints[] = {
	{ "mail.example.com", "mail.example.com", 0 },
	{ "mail.example.com:25", "mail.example.com", 25 },
	{ "mail.example.com:65535", "mail.example.com", 65535 },
	{ "192.0.2.1:587", "192.0.2.1", 587 },
	{ "2001:db8::1", "2001:db8::1", 0 },
	{ "::1", "::1", 0 },
	{ "[2001:db8::1]", "2001:db8::1", 0 },
	{ "[2001:db8::1]:465", "2001:db8::1", 465 },
	{ "mail.example.com:", NULL, 0 },
	{ "mail.example.com:0", NULL, 0 },
	{ "mail.example.com:65536", NULL, 0 },
	{ "mail.example.com:smtp", NULL, 0 },
	{ "mail.example.com:-1", NULL, 0 },
	{ "mail.example.com: 25", NULL, 0 },
	{ "[2001:db8::1", NULL, 0 },
	{ "[2001:db8::1]25", NULL, 0 },
	{ "[]:25", NULL, 0 },
	{ ":25", NULL, 0 },
	{ "", NULL, 0 },
};

static void
test_host_and_port_are_taken_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(endpoints) / sizeof(endpoints[0]); i++) {
		const struct endpoint *row = &endpoints[i];
		struct error error = { 0 };
		const char *host = NULL;
		unsigned port = 0;
		struct arena arena;
		bool fine;

		arena_init(&arena);
		fine = target_parse_endpoint(&arena, row->text, &host, &port, &error);
		if (fine != (row->host != NULL) || fine == error_is_set(&error))
			fail_msg("\"%s\": got %d, \"%s\"", row->text, fine, error.text);
		if (fine && (strcmp(host, row->host) != 0 || port != row->port))
			fail_msg("\"%s\": got \"%s\" and %u", row->text, host, port);
		arena_release(&arena);
	}
}

static void
test_a_port_that_is_not_given_is_left_alone(void **state)
{
	struct error error = { 0 };
	const char *host = NULL;
	unsigned port = 25;
	struct arena arena;

	(void)state;
	arena_init(&arena);
	assert_true(target_parse_endpoint(&arena, "a.example", &host, &port, &error));
	assert_int_equal(port, 25);
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_host_and_port_are_taken_apart),
		cmocka_unit_test(test_a_port_that_is_not_given_is_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
