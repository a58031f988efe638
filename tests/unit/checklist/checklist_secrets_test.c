/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bad_checklist.h"

#include "base/text.h"
#include "checklist/overlay.h"

#define CLEAR "hunter2hunter2hunter2hunter2hunter2"

/* Passwords in the clear, in all kinds of wrong places. */
static const struct bad_checklist clear[] = {
	{ .name = "as the value of a secret",
		.part = MEMBER,
		.text = "\"secrets\": {\"p\": \"" CLEAR "\"}," },
	{ .name = "under a key that a secret does not have",
		.part = MEMBER,
		.text = "\"secrets\": {\"p\": {\"value\": \"" CLEAR "\"}}," },
	{ .name = "in an array", .part = MEMBER, .text = "\"secrets\": {\"p\": [\"" CLEAR "\"]}," },
	{ .name = "as a parameter",
		.part = ASSERTION,
		.text = "{\"assert\": \"auth.login\", \"username\": \"u\", \"password\": \"" CLEAR
			"\"}" },
	{ .name = "as a default",
		.part = ASSERTION,
		.text = "{\"assert\": \"auth.login\", \"username\": \"u\", "
			"\"password\": \"${x:-" CLEAR "}\"}" },
	{ .name = "in an array as a parameter",
		.part = ASSERTION,
		.text = "{\"assert\": \"auth.login\", \"username\": \"u\", \"password\": [\"" CLEAR
			"\"]}" },
	{ .name = "under a misspelt key",
		.part = ASSERTION,
		.text = "{\"assert\": \"auth.login\", \"username\": \"u\", \"pasword\": \"" CLEAR
			"\"}" },
	{ .name = "of an assertion that does not exist",
		.part = ASSERTION,
		.text = "{\"assert\": \"auth.logn\", \"username\": \"u\", \"password\": \"" CLEAR
			"\"}" },
	{ .name = "written with escapes",
		.part = ASSERTION,
		.text = "{\"assert\": \"auth.login\", \"username\": \"u\", "
			"\"password\": \"h\\u0075nter2hunter2hunter2hunter2hunter2\", \"x\": 1}" },
	{ .name = "on a line that is cut within it",
		.part = ASSERTION,
		.text = "{\"assert\": \"auth.login\", \"x\": 1, \"username\": "
			"\"uuuuuuuuuuuuuuuuuuuuuuuuuuuuu\", \"password\": \"" CLEAR "\"}" },
	{ .name = "on the line of another problem",
		.part = ASSERTION,
		.text = "{\"assert\": \"tls.handshak\"}, {\"assert\": \"auth.login\", "
			"\"username\": \"u\", \"password\": \"" CLEAR "\"}" },
	{ .name = "that is used as an id as well",
		.part = ASSERTION,
		.text = "{\"assert\": \"auth.login\", \"username\": \"u\",\n\"password\": \"" CLEAR
			"\"},\n"
			"{\"assert\": \"tls.handshake\", \"id\": \"" CLEAR "\"},\n"
			"{\"assert\": \"session.ehlo\", \"id\": \"" CLEAR "\"}" },
	{ .name = "read from the environment, and written into the file as well",
		.part = ASSERTION,
		.text = "{\"assert\": \"auth.login\", \"username\": \"u\", "
			"\"password\": \"${password}\"},\n"
			"{\"assert\": \"tls.handshake\", \"correct horse\": \"correct horse\"}" },
};

static void
expect_hidden(const char *name, const struct loaded *loaded)
{
	struct buf shown;

	buf_init(&shown, 100000);
	for (size_t i = 0; i < loaded->problems.count; i++)
		problem_format(&shown, &loaded->problems.items[i]);
	if (strstr(shown.data, "unter2") != NULL || strstr(shown.data, "horse") != NULL)
		fail_msg("%s: got\n%s", name, shown.data);
	buf_release(&shown);
}

static void
test_no_problem_shows_a_password(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(clear) / sizeof(clear[0]); i++) {
		struct loaded loaded;

		bad_checklist_load(&loaded, clear[i].part, clear[i].text);
		if (loaded.fine)
			fail_msg("%s: was loaded", clear[i].name);
		expect_hidden(clear[i].name, &loaded);
		loaded_release(&loaded);
	}
}

static void
test_a_problem_elsewhere_keeps_its_frame(void **state)
{
	struct loaded loaded;

	(void)state;
	bad_checklist_load(&loaded, ASSERTION,
		"{\"assert\": \"auth.login\", \"username\": \"u\", \"password\": \"hunter2\"},\n"
		"{\"assert\": \"tls.handshake\", \"x\": 1}");
	assert_int_equal(loaded.problems.count, 2);
	assert_null(loaded.problems.items[0].line_text);
	assert_non_null(loaded.problems.items[1].line_text);
	loaded_release(&loaded);
}

/* What `text` is once everything secret has been taken out of it. */
static void
expect_redacted(struct loaded *loaded, const char *text, const char *want)
{
	struct checklist *checklist = &loaded->checklist;
	const char *got = secrets_redact(&checklist->secrets, &checklist->arena, text);

	if (strcmp(got, want) != 0)
		fail_msg("%s: got %s, want %s", text, got, want);
}

static void
add_plain(struct buf *out, const char *authzid)
{
	char message[64];
	size_t len = strlen(authzid);

	memcpy(message, authzid, len + 1);
	memcpy(message + len + 1, "gate\0correct horse", 18);
	text_add_base64(out, message, len + 1 + 18);
}

/* RFC 4616 section 2: the message of PLAIN. */
static void
test_what_a_login_sends_is_a_secret(void **state)
{
	struct loaded loaded;
	struct buf echo;

	(void)state;
	buf_init(&echo, 1000);
	bad_checklist_load(&loaded, ASSERTION,
		"{\"assert\": \"auth.login\", \"username\": \"gate\", "
		"\"password\": \"${password}\"}");
	expect_problems(&loaded, "a login", "");
	expect_redacted(&loaded, "correct horse", "[secret]");
	expect_redacted(&loaded, "Y29ycmVjdCBob3JzZQ==", "[secret]");
	add_plain(&echo, "");
	expect_redacted(&loaded, echo.data, "[secret]");
	buf_reset(&echo);
	add_plain(&echo, "gate");
	expect_redacted(&loaded, echo.data, "[secret]");
	expect_redacted(&loaded, "gate", "gate");
	loaded_release(&loaded);
	buf_release(&echo);
}

struct origin {
	const char *name;
	const char *secret; /* the members of the declaration */
	const char *want;   /* problems; none: the value is "correct horse" */
};

static const struct origin origins[] = {
	{ "from the environment", "\"env\": \"GATE_TEST_PASSWORD\"", "" },
	{ "from a file, without its newline", "\"file\": \"password\"", "" },
	{ "from a file without a newline", "\"file\": \"bare\"", "" },
	{ "from a file with the newline of Windows", "\"file\": \"windows\"", "" },
	{ "from a variable that is not set", "\"env\": \"GATE_TEST_UNSET\"",
		"2:26 the secret \"p\" is not there: the environment variable GATE_TEST_UNSET is not "
		"set\n" },
	{ "from a variable that is empty", "\"env\": \"GATE_TEST_EMPTY\"",
		"2:26 the secret \"p\" is not there: the environment variable GATE_TEST_EMPTY is "
		"empty\n" },
	{ "from a file that is empty", "\"file\": \"empty\"",
		"2:27 the secret \"p\" cannot be read from dir/empty: it is empty\n" },
	{ "from a file that is not there", "\"file\": \"none\"",
		"2:27 the secret \"p\" cannot be read from dir/none: No such file or directory\n" },
};

static void
load_origin(struct loaded *loaded, const struct origin *origin)
{
	struct buf text;

	setenv("GATE_TEST_PASSWORD", "correct horse", 1);
	setenv("GATE_TEST_EMPTY", "", 1);
	buf_init(&text, 10000);
	buf_addf(&text,
		"{\"trust\": {\"system\": false},\n\"secrets\": {\"p\": {%s}},\n"
		"\"targets\": [{\"host\": \"a.example\"}], \"assertions\": [\n"
		"{\"assert\": \"auth.login\", \"username\": \"u\", \"password\": \"${p}\"}]}",
		origin->secret);
	memory_files_clear();
	memory_file_add(MAIN_FILE, text.data);
	memory_file_add("dir/password", "correct horse\n");
	memory_file_add("dir/windows", "correct horse\r\n");
	memory_file_add("dir/bare", "correct horse");
	memory_file_add("dir/empty", "\n");
	load(loaded, NULL);
	buf_release(&text);
}

static void
test_secrets_come_from_the_environment_or_a_file(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(origins) / sizeof(origins[0]); i++) {
		struct loaded loaded;

		load_origin(&loaded, &origins[i]);
		expect_problems(&loaded, origins[i].name, origins[i].want);
		if (loaded.fine)
			assert_string_equal(
				argument_of(&loaded.checklist.assertions[0].arguments, "password")
					->text,
				"correct horse");
		loaded_release(&loaded);
	}
}

/* A checklist can be validated, and parts of it run, where its secrets are not at hand. */
static void
test_a_secret_that_nothing_selected_uses_is_not_read(void **state)
{
	static const char *const tags[] = { "!login" };
	const struct overlay overlay = { .tags = tags, .tag_count = 1 };
	struct loaded loaded;

	(void)state;
	load_text(&loaded,
		"{\"trust\": {\"system\": false}, \"secrets\": {\"p\": {\"env\": "
		"\"GATE_TEST_UNSET\"}},"
		"\"targets\": [{\"host\": \"a.example\"}], \"assertions\": ["
		"{\"assert\": \"tls.handshake\"}, {\"assert\": \"auth.login\", \"username\": "
		"\"${undefined}\", \"password\": \"${p}\", \"tags\": [\"login\"]}]}",
		&overlay);
	expect_problems(&loaded, "a login that is not selected", "");
	assert_int_equal(loaded.checklist.assertion_count, 1);
	loaded_release(&loaded);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_problem_shows_a_password),
		cmocka_unit_test(test_a_problem_elsewhere_keeps_its_frame),
		cmocka_unit_test(test_what_a_login_sends_is_a_secret),
		cmocka_unit_test(test_secrets_come_from_the_environment_or_a_file),
		cmocka_unit_test(test_a_secret_that_nothing_selected_uses_is_not_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
