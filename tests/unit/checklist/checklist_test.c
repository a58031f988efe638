/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loaded_checklist.h"

#include "checklist/load.h"
#include "checklist/overlay.h"
#include "x509/trust.h"

/* Everything that a checklist can say, once. */
static const char whole[] =
	"{\n"
	"  \"$schema\": \"x\", \"$comment\": \"y\", \"name\": \"staging mail\", \"description\": \"z\",\n"
	"  \"variables\": { \"host\": \"Mail.Example.Test\" },\n"
	"  \"secrets\": { \"password\": { \"env\": \"GATE_TEST_PASSWORD\", \"$comment\": \"\" } },\n"
	"  \"trust\": { \"system\": false, \"ca_file\": \"ca.pem\" },\n"
	"  \"limits\": { \"connect_timeout\": \"500ms\", \"reply_timeout\": \"3s\", \"deadline\": \"1h\",\n"
	"    \"connections\": 64, \"retries\": 10 },\n"
	"  \"target_defaults\": { \"ehlo_name\": \"gate.example.test\", \"port\": 25 },\n"
	"  \"targets\": [\n"
	"    { \"name\": \"one\", \"host\": \"${host}\", \"port\": 587, \"tls\": \"starttls\",\n"
	"      \"protocol\": \"smtp\", \"address\": \"127.0.0.1\", \"server_name\": \"sni.example.test\",\n"
	"      \"ehlo_name\": \"other.example.test\", \"send_credentials_untrusted\": true },\n"
	"    { \"host\": \"192.0.2.1\", \"tls\": \"implicit\" }\n"
	"  ],\n"
	"  \"assertions\": [\n"
	"    { \"assert\": \"certificate.expiry\", \"days\": 21, \"id\": \"expiry of ${host}\",\n"
	"      \"title\": \"t\", \"tags\": [\"a\", \"b.c\"], \"targets\": [\"one\"], \"severity\": \"advisory\",\n"
	"      \"waive\": { \"until\": \"2026-12-01\", \"reason\": \"r\" }, \"$comment\": \"\" },\n"
	"    { \"assert\": \"connection.greeting\" },\n"
	"    { \"assert\": \"auth.login\", \"username\": \"u\", \"password\": \"${password}\",\n"
	"      \"mechanism\": \"LOGIN\" },\n"
	"    { \"assert\": \"session.includes\", \"capabilities\": [\"AUTH\", \"SIZE\"] }\n"
	"  ]\n"
	"}\n";

/* 2026-11-21 */
static const struct overlay today = { .today = 1795219200 };

static void
load_whole(struct loaded *loaded, const struct overlay *overlay)
{
	setenv("GATE_TEST_PASSWORD", "correct horse", 1);
	memory_files_clear();
	memory_file_add(MAIN_FILE, whole);
	memory_file_add("dir/ca.pem", AUTHORITY);
	load(loaded, overlay);
	expect_problems(loaded, "the whole checklist", "");
}

static void
test_takes_names_limits_and_trust(void **state)
{
	const struct checklist *checklist;
	struct loaded loaded;

	(void)state;
	load_whole(&loaded, &today);
	checklist = &loaded.checklist;
	assert_string_equal(checklist->name, "staging mail");
	assert_string_equal(checklist->stem, "test");
	assert_string_equal(checklist->file, MAIN_FILE);
	assert_int_equal(checklist->limits.connect_timeout_ms, 500);
	assert_int_equal(checklist->limits.reply_timeout_ms, 3000);
	assert_int_equal(checklist->limits.deadline_ms, 60 * 60 * 1000);
	assert_int_equal(checklist->limits.connections, 64);
	assert_int_equal(checklist->limits.retries, 10);
	assert_int_equal(trust_store_count(checklist->trust), 1);
	loaded_release(&loaded);
}

static void
test_takes_all_of_a_target(void **state)
{
	const struct target *target;
	struct loaded loaded;

	(void)state;
	load_whole(&loaded, &today);
	assert_int_equal(loaded.checklist.target_count, 2);
	target = &loaded.checklist.targets[0];
	assert_string_equal(target->name, "one");
	assert_string_equal(target->host, "mail.example.test");
	assert_int_equal(target->port, 587);
	assert_false(target->implicit_tls);
	assert_string_equal(target->dialect->name, "smtp");
	assert_string_equal(target->address, "127.0.0.1");
	assert_string_equal(target->server_name, "sni.example.test");
	assert_string_equal(target->ehlo_name, "other.example.test");
	assert_true(target->send_credentials_untrusted);
	assert_int_equal(target->place.line, 10);
	assert_int_equal(target->place.column, 5);
	loaded_release(&loaded);
}

static void
test_takes_the_rest_of_a_target_from_the_defaults(void **state)
{
	const struct target *target;
	struct loaded loaded;

	(void)state;
	load_whole(&loaded, &today);
	target = &loaded.checklist.targets[1];
	assert_string_equal(target->name, "192.0.2.1:25");
	assert_true(target->implicit_tls);
	assert_null(target->address);
	assert_null(target->server_name);
	assert_string_equal(target->ehlo_name, "gate.example.test");
	assert_false(target->send_credentials_untrusted);
	loaded_release(&loaded);
}

static void
test_takes_all_of_an_assertion(void **state)
{
	const struct assertion *assertion;
	struct loaded loaded;

	(void)state;
	load_whole(&loaded, &today);
	assert_int_equal(loaded.checklist.assertion_count, 4);
	assertion = &loaded.checklist.assertions[0];
	assert_string_equal(assertion->arguments.check->name, "certificate.expiry");
	assert_string_equal(assertion->id, "expiry of Mail.Example.Test");
	assert_string_equal(assertion->title, "t");
	assert_int_equal(assertion->tag_count, 2);
	assert_string_equal(assertion->tags[1], "b.c");
	assert_true(assertion->advisory);
	assert_true(assertion->waived);
	assert_string_equal(assertion->waive_until, "2026-12-01");
	assert_string_equal(assertion->waive_reason, "r");
	assert_int_equal(assertion->place.line, 16);
	assert_int_equal(argument_of(&assertion->arguments, "days")->number, 21);
	assert_true(assertion_applies(assertion, &loaded.checklist.targets[0]));
	assert_false(assertion_applies(assertion, &loaded.checklist.targets[1]));
	loaded_release(&loaded);
}

static void
test_takes_the_rest_of_an_assertion_from_its_row(void **state)
{
	const struct assertion *assertion;
	struct loaded loaded;

	(void)state;
	load_whole(&loaded, &today);
	assertion = &loaded.checklist.assertions[1];
	assert_string_equal(assertion->id, "connection.greeting");
	assert_string_equal(assertion->title, assertion->arguments.check->summary);
	assert_false(assertion->advisory);
	assert_false(assertion->waived);
	assert_null(assertion->waive_until);
	assert_false(argument_of(&assertion->arguments, "code")->given);
	assert_false(argument_of(&assertion->arguments, "matches")->given);
	assert_true(assertion_applies(assertion, &loaded.checklist.targets[1]));
	loaded_release(&loaded);
}

/* From where each came is another test's matter. */
static void
test_takes_numbers_that_are_references(void **state)
{
	static const struct variable days[] = { { "days", "7" } };
	static const struct overlay overlay = { .variables = days, .variable_count = 1 };
	const struct checklist *checklist;
	struct loaded loaded;

	(void)state;
	load_text(&loaded,
		"{\"trust\": {\"system\": false}, \"variables\": {\"port\": \"2525\"},"
		"\"limits\": {\"connections\": \"${connections:-8}\"},"
		"\"targets\": [{\"host\": \"a.example\", \"port\": \"${port}\"}],"
		"\"assertions\": [{\"assert\": \"certificate.expiry\", \"days\": \"${days}\","
		"\"fraction\": \"${fraction:-0.25}\"}]}",
		&overlay);
	expect_problems(&loaded, "numbers that are references", "");
	checklist = &loaded.checklist;
	assert_int_equal(checklist->limits.connections, 8);
	assert_int_equal(checklist->targets[0].port, 2525);
	assert_int_equal(argument_of(&checklist->assertions[0].arguments, "days")->number, 7);
	assert_true(argument_of(&checklist->assertions[0].arguments, "fraction")->fraction == 0.25);
	loaded_release(&loaded);
}

static void
test_takes_texts_secrets_and_lists(void **state)
{
	const struct assertion *login, *includes;
	struct loaded loaded;

	(void)state;
	load_whole(&loaded, &today);
	login = &loaded.checklist.assertions[2];
	includes = &loaded.checklist.assertions[3];
	assert_string_equal(argument_of(&login->arguments, "username")->text, "u");
	assert_string_equal(argument_of(&login->arguments, "password")->text, "correct horse");
	assert_string_equal(argument_of(&login->arguments, "mechanism")->text, "LOGIN");
	assert_int_equal(argument_of(&includes->arguments, "capabilities")->count, 2);
	assert_true(argument_lists(argument_of(&includes->arguments, "capabilities"), "size"));
	assert_false(argument_lists(argument_of(&includes->arguments, "capabilities"), "DSN"));
	loaded_release(&loaded);
}

static void
test_a_waiver_ends_with_its_last_day(void **state)
{
	static const struct {
		int64_t today;
		bool waived;
	} moments[] = {
		{ 1796083200, true },  /* 2026-12-01T00:00:00 */
		{ 1796169599, true },  /* 2026-12-01T23:59:59 */
		{ 1796169600, false }, /* 2026-12-02T00:00:00 */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(moments) / sizeof(moments[0]); i++) {
		const struct overlay overlay = { .today = moments[i].today };
		struct loaded loaded;

		load_whole(&loaded, &overlay);
		assert_int_equal(loaded.checklist.assertions[0].waived, moments[i].waived);
		loaded_release(&loaded);
	}
}

/* The whole text is the only one of its prefixes that can be loaded, but for the newline. */
static void
test_no_prefix_can_be_loaded(void **state)
{
	size_t len = sizeof(whole) - 1;

	(void)state;
	setenv("GATE_TEST_PASSWORD", "correct horse", 1);
	memory_files_clear();
	memory_file_add("dir/ca.pem", AUTHORITY);
	for (size_t i = 0; i <= len; i++) {
		char *prefix = malloc(i + 1);
		struct loaded loaded;

		memcpy(prefix, whole, i);
		memory_files[1] = (struct memory_file){ MAIN_FILE, prefix, i };
		load(&loaded, &today);
		if (loaded.fine != (i >= len - 1) || loaded.fine != (loaded.problems.count == 0))
			fail_msg("the first %zu bytes: fine = %d with %zu problems", i, loaded.fine,
				loaded.problems.count);
		loaded_release(&loaded);
		free(prefix);
	}
	memory_files_clear();
}

/* Of two runs over the same wrong checklist, neither goes on. */
static void
test_a_problem_known_already_is_one_all_the_same(void **state)
{
	static const struct overlay nothing;
	struct checklist again;
	struct loaded loaded;

	(void)state;
	load_text(&loaded, "{}", NULL);
	assert_false(loaded.fine);
	assert_false(checklist_load(&again, MAIN_FILE, &nothing, &loaded.problems));
	checklist_release(&again);
	loaded_release(&loaded);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_takes_names_limits_and_trust),
		cmocka_unit_test(test_takes_all_of_a_target),
		cmocka_unit_test(test_takes_the_rest_of_a_target_from_the_defaults),
		cmocka_unit_test(test_takes_all_of_an_assertion),
		cmocka_unit_test(test_takes_the_rest_of_an_assertion_from_its_row),
		cmocka_unit_test(test_takes_numbers_that_are_references),
		cmocka_unit_test(test_takes_texts_secrets_and_lists),
		cmocka_unit_test(test_a_waiver_ends_with_its_last_day),
		cmocka_unit_test(test_no_prefix_can_be_loaded),
		cmocka_unit_test(test_a_problem_known_already_is_one_all_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
