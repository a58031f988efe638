/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A target of the command line without a checklist: what follows what.
 */
#include "loaded_checklist.h"

#include "checklist/load.h"
#include "evidence/target.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct target_case {
	const char *name;
	const char *word, *protocol, *tls, *server_name;
	const char *host;
	unsigned port;
	const char *dialect;
	bool implicit_tls;
	const char *sni; /* NULL: none is sent */
} targets[] = {
	{ "nothing said is submission", "mail.example.test", NULL, NULL, NULL, "mail.example.test",
		587, "smtp", false, "mail.example.test" },
	{ "protocol and TLS follow the port", "h:993", NULL, NULL, NULL, "h", 993, "imap", true,
		"h" },
	{ "the port follows the protocol", "h", "pop3", NULL, NULL, "h", 110, "pop3", false, "h" },
	{ "and TLS", "h", "pop3", "implicit", NULL, "h", 995, "pop3", true, "h" },
	{ "what is said comes before what a port is known for", "h:993", "smtp", "starttls", NULL,
		"h", 993, "smtp", false, "h" },
	{ "TLS alone begins at once", "h:4444", "tls", NULL, NULL, "h", 4444, "tls", true, "h" },
	{ "another name is sent", "h:25", NULL, NULL, "Other.example", "h", 25, "smtp", false,
		"other.example" },
	{ "an address is no name to send", "[::1]:25", NULL, NULL, NULL, "::1", 25, "smtp", false,
		NULL },
};

static void
what_is_not_said_follows(void **state)
{
	(void)state;
	memory_files_clear();
	memory_file_add("/etc/ssl/certs/ca-certificates.crt", AUTHORITY);
	for (size_t i = 0; i < COUNT(targets); i++) {
		const struct target_case *row = &targets[i];
		const struct overlay overlay = { .targets = &row->word,
			.target_count = 1,
			.targets_are_operands = true,
			.protocol = row->protocol,
			.tls = row->tls,
			.server_name = row->server_name };
		struct checklist checklist;
		struct problems problems;
		const struct target *target;

		problems_init(&problems);
		if (!checklist_load_none(&checklist, &overlay, &problems))
			fail_msg("%s: %s", row->name, problems.items[0].message);
		target = &checklist.targets[0];
		if (checklist.target_count != 1 || checklist.assertion_count != 0 ||
			strcmp(target->host, row->host) != 0 || target->port != row->port ||
			strcmp(target->dialect->name, row->dialect) != 0 ||
			target->implicit_tls != row->implicit_tls)
			fail_msg("%s: got %s port %u, %s, implicit %d", row->name, target->host,
				target->port, target->dialect->name, target->implicit_tls);
		if ((target->server_name == NULL) != (row->sni == NULL) ||
			(row->sni != NULL && strcmp(target->server_name, row->sni) != 0))
			fail_msg("%s: another name is sent", row->name);
		checklist_release(&checklist);
		problems_release(&problems);
	}
}

static void
problems_say_what_was_given(void **state)
{
	const char *word = "host:0";
	const struct overlay overlay = {
		.targets = &word, .target_count = 1, .targets_are_operands = true
	};
	struct checklist checklist;
	struct problems problems;

	(void)state;
	memory_files_clear();
	memory_file_add("/etc/ssl/certs/ca-certificates.crt", AUTHORITY);
	problems_init(&problems);
	assert_false(checklist_load_none(&checklist, &overlay, &problems));
	assert_string_equal(problems.items[0].message, "host:0: \"0\" is not a port (1 to 65535)");
	checklist_release(&checklist);
	problems_release(&problems);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_said_follows),
		cmocka_unit_test(problems_say_what_was_given),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
