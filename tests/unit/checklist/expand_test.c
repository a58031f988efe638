/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * References, seen through the title of an assertion.
 */
#include "checklist/overlay.h"
#include "loaded_checklist.h"

struct expansion {
	const char *name;
	const char *title; /* as JSON, without quotes */
	const char *want;  /* NULL: it is refused */
};

static const struct expansion expansions[] = {
	{ "nothing to replace", "a } $ { $a b", "a } $ { $a b" },
	{ "a variable of the file", "${file}", "from the file" },
	{ "a variable within a text", "<${file}>", "<from the file>" },
	{ "two next to each other", "${file}${file}", "from the filefrom the file" },
	{ "the environment comes before the file", "${environment}", "from the environment" },
	{ "--var comes before the environment", "${command_line}", "from --var" },
	{ "a default that is not needed", "${file:-default}", "from the file" },
	{ "a default that is needed", "${none:-default}", "default" },
	{ "a default of nothing", "a${none:-}b", "ab" },
	{ "a default with a colon and a dash", "${none:-a:-b}", "a:-b" },
	{ "an escaped reference", "$${file}", "${file}" },
	{ "an escaped reference beside a real one", "$${file}${file}", "${file}from the file" },
	{ "dollars before a reference", "$$${file}", "$${file}" },
	{ "a value is not looked at again", "${dollar}", "${file}" },
	{ "a variable that is empty has a value", "a${empty:-default}b", "ab" },
	{ "undefined", "${none}", NULL },
	{ "the case of a name matters", "${FILE}", NULL },
	{ "no name", "${}", NULL },
	{ "no name but a default", "${:-a}", NULL },
	{ "a name that begins with a digit", "${1a}", NULL },
	{ "a name with a blank", "${ file}", NULL },
	{ "no end", "${file", NULL },
	{ "no end after a good one", "${file}${", NULL },
	{ "a secret", "${secret}", NULL },
	{ "a secret with a default", "${secret:-a}", NULL },
};

static void
load_title(struct loaded *loaded, const char *title)
{
	static const struct variable variables[] = {
		{ "command_line", "from --var" },
		{ "dollar", "${file}" },
	};
	static const struct overlay overlay = { .variables = variables, .variable_count = 2 };
	struct buf text;

	setenv("STARTTLS_GATE_VAR_environment", "from the environment", 1);
	setenv("STARTTLS_GATE_VAR_command_line", "from the environment", 1);
	buf_init(&text, 100000);
	buf_addf(&text,
		"{\"trust\": {\"system\": false}, \"secrets\": {\"secret\": {\"env\": \"A\"}},"
		"\"variables\": {\"file\": \"from the file\", \"environment\": \"from the file\","
		" \"command_line\": \"from the file\", \"empty\": \"\"},"
		"\"targets\": [{\"host\": \"a.example\"}],"
		"\"assertions\": [{\"assert\": \"tls.handshake\", \"title\": \"%s\"}]}",
		title);
	load_text(loaded, text.data, &overlay);
	buf_release(&text);
	memory_files_clear();
}

static void
test_references_are_replaced(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(expansions) / sizeof(expansions[0]); i++) {
		const struct expansion *row = &expansions[i];
		struct loaded loaded;

		load_title(&loaded, row->title);
		if (loaded.fine != (row->want != NULL))
			fail_msg("%s: got fine = %d", row->name, loaded.fine);
		if (row->want != NULL)
			assert_string_equal(loaded.checklist.assertions[0].title, row->want);
		loaded_release(&loaded);
	}
}

static void
test_what_grows_without_end_is_refused(void **state)
{
	char value[40001];
	const struct variable variable = { "x", value };
	const struct overlay overlay = { .variables = &variable, .variable_count = 1 };
	struct loaded loaded;

	(void)state;
	memset(value, 'x', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	load_text(&loaded,
		"{\"trust\": {\"system\": false}, \"targets\": [{\"host\": \"a.example\"}],\n"
		"\"assertions\": [{\"assert\": \"tls.handshake\", \"title\": \"${x}${x}\"}]}",
		&overlay);
	expect_problems(&loaded, "80000 bytes",
		"2:53 with its references replaced, this has more than 65536 bytes\n");
	loaded_release(&loaded);
}

static void
test_a_file_that_is_included_gives_variables_to_those_that_include_it(void **state)
{
	struct loaded loaded;

	(void)state;
	memory_files_clear();
	memory_file_add(MAIN_FILE,
		"{\"trust\": {\"system\": false}, \"include\": [\"more/inner.json\"],"
		"\"targets\": [{\"host\": \"${host}\", \"ehlo_name\": \"${own}\"}],"
		"\"variables\": {\"own\": \"main\"},"
		"\"assertions\": [{\"assert\": \"tls.handshake\"}]}");
	memory_file_add("dir/more/inner.json",
		"{\"variables\": {\"host\": \"inner.example\", \"own\": \"inner\"},"
		"\"assertions\": [{\"assert\": \"session.ehlo\"}]}");
	load(&loaded, NULL);
	expect_problems(&loaded, "an included file", "");
	assert_string_equal(loaded.checklist.targets[0].host, "inner.example");
	assert_string_equal(loaded.checklist.targets[0].ehlo_name, "main");
	assert_string_equal(loaded.checklist.assertions[0].id, "session.ehlo");
	assert_string_equal(loaded.checklist.assertions[1].id, "tls.handshake");
	loaded_release(&loaded);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_references_are_replaced),
		cmocka_unit_test(test_what_grows_without_end_is_refused),
		cmocka_unit_test(
			test_a_file_that_is_included_gives_variables_to_those_that_include_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
