/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the command line lays over a checklist.
 */
#include "checklist/load.h"
#include "checklist/overlay.h"
#include "checklist/shipped.h"
#include "loaded_checklist.h"

static const char two_targets[] =
	"{\"trust\": {\"system\": false}, \"variables\": {\"one\": \"one.example\"},\n"
	"\"target_defaults\": {\"port\": 25},\n"
	"\"targets\": [\n"
	"{\"name\": \"staging\", \"host\": \"${one}\", \"port\": 587},\n"
	"{\"name\": \"production\", \"host\": \"${undefined:-two.example}\", "
	"\"address\": \"192.0.2.2\"}],\n"
	"\"assertions\": [\n"
	"{\"assert\": \"tls.handshake\", \"tags\": [\"tls\"]},\n"
	"{\"assert\": \"session.ehlo\", \"targets\": [\"production\"]}]}";

/* --target. */
#define TO(word) .targets = (const char *const[]){ word }, .target_count = 1
#define TO_BOTH(one, other) .targets = (const char *const[]){ one, other }, .target_count = 2

struct overlaid {
	const char *name;
	struct overlay overlay;
	const char *want; /* problems, or "name host port address implicit;" of each target */
	size_t assertions;
};

static const char *const tls[] = { "tls" };
static const char *const nothing[] = { "nothing" };
static const char *const ehlo[] = { "session.*" };
static const char *const all[] = { "*" };
static const struct variable variables[] = { { "one", "other.example" } };

static const struct overlaid overlaid[] = {
	{ "nothing", { 0 }, "staging one.example 587 - 0;production two.example 25 192.0.2.2 0;",
		2 },
	{ "one of the targets", { TO("staging") }, "staging one.example 587 - 0;", 1 },
	{ "another of the targets", { TO("production") }, "production two.example 25 192.0.2.2 0;",
		2 },
	{ "another address", { TO("production"), .address = "192.0.2.9" },
		"production two.example 25 192.0.2.9 0;", 2 },
	{ "an address for all", { .address = "LOCALHOST" },
		"staging one.example 587 localhost 0;production two.example 25 localhost 0;", 2 },
	{ "a variable", { .variables = variables, .variable_count = 1, TO("staging") },
		"staging other.example 587 - 0;", 1 },
	{ "a host", { TO("new.example"), .tags = tls, .tag_count = 1 },
		"new.example:25 new.example 25 - 0;", 1 },
	{ "a host with a port of its own", { TO("NEW.example:465"), .tags = tls, .tag_count = 1 },
		"new.example:465 new.example 465 - 1;", 1 },
	{ "an IPv6 address", { TO("[2001:DB8::1]:26"), .tags = tls, .tag_count = 1 },
		"[2001:db8::1]:26 2001:db8::1 26 - 0;", 1 },
	{ "a host where an assertion is of certain targets", { TO("new.example") },
		"this is asserted of certain targets only, and --target new.example takes their "
		"place\n",
		0 },
	{ "two of the targets, in another order", { TO_BOTH("production", "staging") },
		"production two.example 25 192.0.2.2 0;staging one.example 587 - 0;", 2 },
	{ "one of the targets and a host", { TO_BOTH("production", "new.example:465") },
		"production two.example 25 192.0.2.2 0;new.example:465 new.example 465 - 1;", 2 },
	{ "two hosts", { TO_BOTH("a.example", "b.example:26"), .tags = tls, .tag_count = 1 },
		"a.example:25 a.example 25 - 0;b.example:26 b.example 26 - 0;", 1 },
	{ "one of the targets twice", { TO_BOTH("staging", "staging") },
		"--target: staging is given twice\n", 0 },
	{ "one host twice", { TO_BOTH("a.example", "A.example:25"), .tags = tls, .tag_count = 1 },
		"--target: a.example:25 is given twice\n", 0 },
	{ "one of the targets and a misspelt one", { TO_BOTH("staging", "prodution") },
		"--target: the checklist has no target \"prodution\"\n", 0 },
	{ "a target that what is selected does not apply to",
		{ TO_BOTH("staging", "production"), .only = ehlo, .only_count = 1 },
		"--target staging: none of the selected assertions applies to it\n", 0 },
	{ "a selection of what applies to one of the targets", { .only = ehlo, .only_count = 1 },
		"production two.example 25 192.0.2.2 0;", 1 },
	{ "all but some names", { .skip = ehlo, .skip_count = 1 },
		"staging one.example 587 - 0;production two.example 25 192.0.2.2 0;", 1 },
	{ "all but all", { .skip = all, .skip_count = 1 },
		"the selection leaves none of the 2 assertions of dir/test.json\n", 0 },
	{ "a misspelt target", { TO("stagin") },
		"--target: the checklist has no target \"stagin\"\n", 0 },
	{ "a host with a bad port", { TO("new.example:0") },
		"--target new.example:0: \"0\" is not a port (1 to 65535)\n", 0 },
	{ "a bad address", { .address = "a b" },
		"--address: RFC 1123 section 2.1: neither an address nor a host name of letters, "
		"digits and hyphens\n",
		0 },
	{ "a file of authorities that is not there", { .ca_file = "none.pem" },
		"--ca-file: none.pem cannot serve as a file of trusted authorities: No such file or "
		"directory\n",
		0 },
	{ "a tag that nothing has", { .tags = nothing, .tag_count = 1 },
		"the selection leaves none of the 2 assertions of dir/test.json\n", 0 },
	{ "a name that nothing has", { .only = nothing, .only_count = 1 },
		"the selection leaves none of the 2 assertions of dir/test.json\n", 0 },
};

static void
add_targets(struct buf *out, const struct checklist *checklist)
{
	for (size_t i = 0; i < checklist->target_count; i++) {
		const struct target *target = &checklist->targets[i];

		buf_addf(out, "%s %s %u %s %d;", target->name, target->host, target->port,
			target->address == NULL ? "-" : target->address, target->implicit_tls);
	}
}

/* Problems without their places, which are another test's matter. */
static void
add_messages(struct buf *out, const struct problems *problems)
{
	for (size_t i = 0; i < problems->count; i++)
		buf_addf(out, "%s\n", problems->items[i].message);
}

static void
test_the_command_line_comes_first(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(overlaid) / sizeof(overlaid[0]); i++) {
		const struct overlaid *row = &overlaid[i];
		struct loaded loaded;
		struct buf got;

		buf_init(&got, 10000);
		load_text(&loaded, two_targets, &row->overlay);
		add_messages(&got, &loaded.problems);
		if (loaded.fine)
			add_targets(&got, &loaded.checklist);
		if (strcmp(got.data, row->want) != 0)
			fail_msg("%s: got\n%s\nwant\n%s", row->name, got.data, row->want);
		if (loaded.fine && loaded.checklist.assertion_count != row->assertions)
			fail_msg("%s: got %zu assertions", row->name,
				loaded.checklist.assertion_count);
		buf_release(&got);
		loaded_release(&loaded);
	}
}

/* What the command line gives is noted as used if something answers to it, selected or not. */
static void
test_what_nothing_answers_to_shows(void **state)
{
	static const char *const tags[] = { "tls", "!none", "none", "!tls" };
	static const char *const only[] = { "tls.handshake", "tls.version" };
	static const char *const skip[] = { "auth.*", "session.*" };
	static const struct variable given[] = { { "one", "a.example" },
		{ "undefined", "b.example" }, { "two", "c.example" } };
	bool tags_used[4] = { false }, only_used[2] = { false }, skip_used[2] = { false },
	     given_used[3] = { false };
	const struct overlay overlay = { .tags = tags,
		.tag_count = 4,
		.only = only,
		.only_count = 2,
		.skip = skip,
		.skip_count = 2,
		.variables = given,
		.variable_count = 3,
		.tags_used = tags_used,
		.only_used = only_used,
		.skip_used = skip_used,
		.variables_used = given_used };
	struct loaded loaded;

	(void)state;
	load_text(&loaded, two_targets, &overlay);
	assert_memory_equal(tags_used, ((bool[]){ true, false, false, true }), sizeof(tags_used));
	assert_memory_equal(only_used, ((bool[]){ true, false }), sizeof(only_used));
	assert_memory_equal(skip_used, ((bool[]){ false, true }), sizeof(skip_used));
	assert_memory_equal(given_used, ((bool[]){ true, true, false }), sizeof(given_used));
	assert_int_equal(loaded.checklist.reference_count, 2);
	loaded_release(&loaded);
}

static void
test_targets_may_be_optional(void **state)
{
	const struct overlay overlay = { .targets_optional = true, .secrets_optional = true };
	struct loaded loaded;

	(void)state;
	load_text(&loaded,
		"{\"trust\": {\"system\": false}, \"secrets\": {\"p\": {\"env\": \"GATE_TEST_UNSET\"}},"
		"\"assertions\": [{\"assert\": \"auth.login\", \"username\": \"${undefined}\", "
		"\"password\": \"${p}\"}]}",
		&overlay);
	expect_problems(&loaded, "no targets", "");
	assert_int_equal(loaded.checklist.target_count, 0);
	assert_int_equal(loaded.checklist.assertion_count, 1);
	loaded_release(&loaded);
}

struct port_and_tls {
	const char *target; /* members */
	unsigned port;
	bool implicit;
	const char *protocol;
};

static const struct port_and_tls follows[] = {
	{ "", 587, false, "smtp" },
	{ ", \"tls\": \"starttls\"", 587, false, "smtp" },
	{ ", \"tls\": \"implicit\"", 465, true, "smtp" },
	{ ", \"port\": 465", 465, true, "smtp" },
	{ ", \"port\": 25", 25, false, "smtp" },
	{ ", \"port\": 2525", 2525, false, "smtp" },
	{ ", \"port\": 465, \"tls\": \"starttls\"", 465, false, "smtp" },
	{ ", \"port\": 25, \"tls\": \"implicit\"", 25, true, "smtp" },
	{ ", \"port\": 24", 24, false, "lmtp" },
	{ ", \"port\": 24, \"protocol\": \"smtp\"", 24, false, "smtp" },
	{ ", \"protocol\": \"lmtp\"", 24, false, "lmtp" },
	{ ", \"protocol\": \"lmtp\", \"port\": 587", 587, false, "lmtp" },
	{ ", \"protocol\": \"lmtp\", \"port\": 2424, \"tls\": \"implicit\"", 2424, true, "lmtp" },
	{ ", \"port\": 993", 993, true, "imap" },
	{ ", \"port\": 993, \"protocol\": \"smtp\"", 993, true, "smtp" },
	{ ", \"protocol\": \"imap\"", 143, false, "imap" },
	{ ", \"protocol\": \"imap\", \"tls\": \"implicit\"", 993, true, "imap" },
	{ ", \"protocol\": \"pop3\"", 110, false, "pop3" },
	{ ", \"port\": 995", 995, true, "pop3" },
	{ ", \"port\": 4190", 4190, false, "sieve" },
	{ ", \"port\": 21", 21, false, "ftp" },
	{ ", \"port\": 990", 990, true, "ftp" },
	{ ", \"port\": 443", 443, true, "tls" },
	{ ", \"protocol\": \"tls\"", 443, true, "tls" },
	{ ", \"protocol\": \"tls\", \"port\": 8443", 8443, true, "tls" },
};

static void
test_port_and_tls_follow_each_other(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(follows) / sizeof(follows[0]); i++) {
		struct loaded loaded;
		struct buf text;

		buf_init(&text, 10000);
		buf_addf(&text,
			"{\"trust\": {\"system\": false}, \"targets\": [{\"host\": \"a.example\"%s}],"
			"\"assertions\": [{\"assert\": \"tls.handshake\"}]}",
			follows[i].target);
		load_text(&loaded, text.data, NULL);
		expect_problems(&loaded, follows[i].target, "");
		if (loaded.checklist.targets[0].port != follows[i].port ||
			loaded.checklist.targets[0].implicit_tls != follows[i].implicit)
			fail_msg("{%s}: got %u, %d", follows[i].target,
				loaded.checklist.targets[0].port,
				loaded.checklist.targets[0].implicit_tls);
		assert_string_equal(loaded.checklist.targets[0].dialect->name, follows[i].protocol);
		buf_release(&text);
		loaded_release(&loaded);
	}
}

/* There is a file of that name too, which must not count. */
static void
load_shipped(struct loaded *loaded, const char *name, const struct overlay *overlay)
{
	memory_files_clear();
	memory_file_add(name, "{}");
	memory_file_add("/etc/ssl/certs/ca-certificates.crt", AUTHORITY);
	setenv("SMTP_PASSWORD", "correct horse", 1);
	setenv("MAIL_PASSWORD", "correct horse", 1);
	setenv("MAILBOX_PASSWORD", "correct horse", 1);
	unsetenv("SSL_CERT_FILE");
	problems_init(&loaded->problems);
	loaded->fine = checklist_load(&loaded->checklist, name, overlay, &loaded->problems);
}

/* A checklist, what the command line gives it, and the port and the way TLS starts that come of it. */
struct shipped_port {
	const char *name; /* of the program; NULL: `text` */
	const char *text; /* members of a file that includes one */
	const char *target;
	unsigned port;
	bool implicit;
	const char *protocol; /* NULL: smtp */
};

static const struct shipped_port shipped_ports[] = {
	{ .name = "posture",
		.target = "a.example:993",
		.port = 993,
		.implicit = true,
		.protocol = "imap" },
	{ .name = "posture", .target = "a.example:110", .port = 110, .protocol = "pop3" },
	{ .name = "posture",
		.target = "a.example:443",
		.port = 443,
		.implicit = true,
		.protocol = "tls" },
	{ .name = "imap", .target = "a.example", .port = 143, .protocol = "imap" },
	{ .name = "imap", .target = "a.example:1143", .port = 1143, .protocol = "imap" },
	{ .name = "ftps",
		.target = "a.example:990",
		.port = 990,
		.implicit = true,
		.protocol = "ftp" },
	{ .name = "ftps", .target = "a.example", .port = 21, .protocol = "ftp" },
	{ .name = "posture", .target = "a.example", .port = 587, .implicit = false },
	{ .name = "posture", .target = "a.example:465", .port = 465, .implicit = true },
	{ .name = "posture", .target = "a.example:25", .port = 25, .implicit = false },
	{ .name = "smtps", .target = "a.example", .port = 465, .implicit = true },
	{ .name = "smtps", .target = "a.example:4465", .port = 4465, .implicit = true },
	{ .name = "smtps", .target = "a.example:587", .port = 587, .implicit = false },
	{ .name = "policy/rfc8996", .target = "a.example:465", .port = 465, .implicit = true },
	{ .text = "\"include\": [\"smtps\"], \"targets\": [{\"host\": \"a.example\", \"port\": 25}]",
		.port = 25,
		.implicit = false },
	{ .text = "\"include\": [\"smtps\"], \"targets\": [{\"host\": \"a.example\", \"port\": 26}]",
		.port = 26,
		.implicit = true },
	{ .text = "\"include\": [\"smtps\"], \"targets\": [{\"host\": \"a.example\"}]",
		.port = 465,
		.implicit = true },
	{ .text = "\"include\": [\"posture\"], \"targets\": [{\"host\": \"a.example\", \"port\": 465}]",
		.port = 465,
		.implicit = true },
	{ .text = "\"include\": [\"smtps\"], \"target_defaults\": {\"port\": 587}, "
		  "\"targets\": [{\"host\": \"a.example\"}]",
		.port = 587,
		.implicit = false },
	{ .text = "\"include\": [\"smtps\"], \"target_defaults\": {\"tls\": \"implicit\"}",
		.target = "a.example:587",
		.port = 587,
		.implicit = true },
	{ .text = "\"include\": [\"posture\"], \"target_defaults\": {\"tls\": \"starttls\"}",
		.target = "a.example:465",
		.port = 465,
		.implicit = false },
	{ .text = "\"include\": [\"smtps\"], \"targets\": [{\"host\": \"a.example\", \"port\": 587, "
		  "\"tls\": \"implicit\"}]",
		.port = 587,
		.implicit = true },
};

static void
load_shipped_port(struct loaded *loaded, const struct shipped_port *row)
{
	static const struct variable account[] = { { "username", "gate" } };
	const struct overlay overlay = { .targets = &row->target,
		.target_count = row->target != NULL,
		.variables = account,
		.variable_count = 1,
		.secrets_optional = true };
	struct buf text;

	buf_init(&text, 10000);
	buf_addf(&text, "{\"trust\": {\"system\": false}, %s}", row->text);
	memory_files_clear();
	memory_file_add(MAIN_FILE, text.data);
	memory_file_add("/etc/ssl/certs/ca-certificates.crt", AUTHORITY);
	unsetenv("SSL_CERT_FILE");
	problems_init(&loaded->problems);
	loaded->fine = checklist_load(&loaded->checklist, row->name != NULL ? row->name : MAIN_FILE,
		&overlay, &loaded->problems);
	buf_release(&text);
}

static void
test_tls_follows_a_port_of_the_users(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(shipped_ports) / sizeof(shipped_ports[0]); i++) {
		const struct shipped_port *row = &shipped_ports[i];
		const char *name = row->name != NULL ? row->name : row->text;
		const struct target *target;
		struct loaded loaded;

		load_shipped_port(&loaded, row);
		expect_problems(&loaded, name, "");
		target = &loaded.checklist.targets[0];
		if (target->port != row->port || target->implicit_tls != row->implicit)
			fail_msg("%s --target %s: got %u, %d", name, row->target, target->port,
				target->implicit_tls);
		assert_string_equal(
			target->dialect->name, row->protocol != NULL ? row->protocol : "smtp");
		loaded_release(&loaded);
	}
}

static void
test_shipped_checklists_need_a_target_and_accounts_only(void **state)
{
	static const struct variable account[] = { { "username", "gate" },
		{ "from", "gate@a.example" }, { "to", "box@a.example" },
		{ "mailbox_host", "a.example" }, { "mailbox_username", "box" } };
	static const char *const domain = "mail.example";
	const struct overlay overlay = { TO("mail.example"), .variables = account,
		.variable_count = sizeof(account) / sizeof(account[0]) };
	const struct overlay of_domain = { .mx = &domain, .mx_count = 1 };

	(void)state;
	for (const struct shipped_checklist *row = shipped_checklists; row->name != NULL; row++) {
		bool is_policy = strncmp(row->name, "policy/", strlen("policy/")) == 0;
		struct loaded loaded;

		load_shipped(&loaded, row->name,
			strcmp(row->name, "mta-sts") == 0 || strcmp(row->name, "domain") == 0
				? &of_domain
				: &overlay);
		expect_problems(&loaded, row->name, "");
		assert_string_equal(loaded.checklist.name,
			is_policy ? row->name + strlen("policy/") : row->name);
		assert_null(loaded.checklist.file);
		assert_true(loaded.checklist.assertion_count > (is_policy ? 1 : 10));
		loaded_release(&loaded);
	}
}

static void
test_a_file_of_that_name_does_not_stand_in_for_a_shipped_checklist(void **state)
{
	const struct overlay overlay = { TO("mail.example") };
	struct loaded loaded;

	(void)state;
	load_shipped(&loaded, "mx", &overlay);
	assert_true(loaded.fine);
	loaded_release(&loaded);
	load_shipped(&loaded, "nx", &overlay);
	assert_false(loaded.fine);
	assert_string_equal(
		loaded.problems.items[0].message, "no checklist \"nx\" came with the program");
	loaded_release(&loaded);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_command_line_comes_first),
		cmocka_unit_test(test_what_nothing_answers_to_shows),
		cmocka_unit_test(test_targets_may_be_optional),
		cmocka_unit_test(test_port_and_tls_follow_each_other),
		cmocka_unit_test(test_tls_follows_a_port_of_the_users),
		cmocka_unit_test(test_shipped_checklists_need_a_target_and_accounts_only),
		cmocka_unit_test(
			test_a_file_of_that_name_does_not_stand_in_for_a_shipped_checklist),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
