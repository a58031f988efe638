/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the rows of the checks promise: names, examples and fallbacks that the loader takes.
 */
#include "evidence/target.h"
#include "loaded_checklist.h"

/* A key that nobody uses. */
#define PRIVATE_KEY                                                          \
	"-----BEGIN PRIVATE KEY-----\n"                                      \
	"MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgvUy+ooZlYA8olokM\n" \
	"53cD3nTQaF23YGtHLb55aogUkUihRANCAAScG5BT6wrxCPPIYFailiyNqBEc1gF1\n" \
	"XWx0LHgQaPhxDUaTO7PQPWPjGEJqWgRginTd+U4J9IoMGBJuspI/fyN4\n"         \
	"-----END PRIVATE KEY-----\n"

#define POLICY "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 604800\n"

/* A target of which the row can be asserted. */
static const char *
target_for(const struct check *check)
{
	if ((check->needs & (TARGET_DOMAIN | TARGET_NODES)) != 0)
		return "{\"mx\": \"example.com\"}";
	return check->target_objection == NULL || !check->judges_chain
		       ? "{\"host\": \"a.example\"}"
		       : "{\"host\": \"a.example\", \"certificate_file\": "
			 "\"fullchain.pem\", \"private_key_file\": \"key.pem\"}";
}

/* Loads an assertion of that row with the given members. */
static void
load_row(struct loaded *loaded, const struct check *check, const char *members)
{
	struct buf text;

	setenv("GATE_TEST_PASSWORD", "correct horse", 1);
	setenv("SSL_CERT_FILE", "dir/fullchain.pem", 1);
	buf_init(&text, 100000);
	buf_addf(&text,
		"{\"trust\": {\"system\": false}, "
		"\"secrets\": {\"password\": {\"env\": \"GATE_TEST_PASSWORD\"}}, "
		"\"targets\": [%s], "
		"\"assertions\": [{\"assert\": \"%s\"%s}]}",
		target_for(check), check->name, members);
	memory_files_clear();
	memory_file_add(MAIN_FILE, text.data);
	memory_file_add("dir/fullchain.pem", AUTHORITY); /* of examples */
	memory_file_add("dir/key.pem", PRIVATE_KEY);
	memory_file_add("dir/mta-sts.txt", POLICY);
	load(loaded, NULL);
	buf_release(&text);
	memory_files_clear();
}

static void
add_example(struct buf *members, const struct param *param)
{
	buf_addf(members, ", \"%s\": %s", param->name, param->example);
}

static void
for_each_row(void (*test)(const struct check *check))
{
	for (size_t i = 0; i < check_family_count; i++)
		for (size_t j = 0; j < check_families[i]->count; j++)
			test(&check_families[i]->checks[j]);
}

/* It stands in the place of another. */
static bool
is_alternative(const struct param *param)
{
	return param->required_with != NULL && !param->required;
}

static void
expect_all_examples_loaded(const struct check *check)
{
	struct loaded loaded;
	struct buf members;
	size_t count = 0;

	buf_init(&members, 10000);
	for (const struct param *param = check->params; param->name != NULL; param++, count++)
		if (!is_alternative(param))
			add_example(&members, param);
	load_row(&loaded, check, members.data);
	expect_problems(&loaded, check->name, "");
	for (size_t i = 0; i < count; i++)
		if (!is_alternative(&check->params[i]) &&
			!loaded.checklist.assertions[0].arguments.values[i].given)
			fail_msg("%s: the example of %s was not taken", check->name,
				check->params[i].name);
	loaded_release(&loaded);
	buf_release(&members);
}

static void
test_examples_are_taken_together(void **state)
{
	(void)state;
	for_each_row(expect_all_examples_loaded);
}

/* The required parameters, and where one is needed the first. */
static void
add_least(struct buf *members, const struct check *check)
{
	for (const struct param *param = check->params; param->name != NULL; param++)
		if (param->required || (check->needs_a_param && members->len == 0))
			add_example(members, param);
}

static void
expect_fallbacks_given(const struct check *check)
{
	struct loaded loaded;
	struct buf members;

	buf_init(&members, 10000);
	add_least(&members, check);
	load_row(&loaded, check, members.data);
	expect_problems(&loaded, check->name, "");
	for (const struct param *param = check->params; param->name != NULL; param++)
		if (param->fallback != NULL &&
			!argument_of(&loaded.checklist.assertions[0].arguments, param->name)->given)
			fail_msg("%s: the fallback of %s was not taken", check->name, param->name);
	loaded_release(&loaded);
	buf_release(&members);
}

static void
test_fallbacks_are_taken(void **state)
{
	(void)state;
	for_each_row(expect_fallbacks_given);
}

/* Without any one of them, the assertion is refused. */
static void
expect_required_are_required(const struct check *check)
{
	for (const struct param *left_out = check->params; left_out->name != NULL; left_out++) {
		struct loaded loaded;
		struct buf members;

		if (!left_out->required)
			continue;
		buf_init(&members, 10000);
		for (const struct param *param = check->params; param->name != NULL; param++)
			if (param != left_out && !is_alternative(param))
				add_example(&members, param);
		load_row(&loaded, check, members.data);
		if (loaded.fine)
			fail_msg("%s was loaded without %s", check->name, left_out->name);
		loaded_release(&loaded);
		buf_release(&members);
	}
}

static void
test_required_parameters_are_required(void **state)
{
	(void)state;
	for_each_row(expect_required_are_required);
}

static bool
begins_with_family(const struct check_family *family, const char *name)
{
	size_t len = strlen(family->name);

	return strncmp(name, family->name, len) == 0 && name[len] == '.' && name[len + 1] != '\0';
}

static void
test_rows_are_complete_and_their_names_unique(void **state)
{
	(void)state;
	for (size_t i = 0; i < check_family_count; i++)
		for (size_t j = 0; j < check_families[i]->count; j++) {
			const struct check *check = &check_families[i]->checks[j];

			if (!begins_with_family(check_families[i], check->name) ||
				check_find(check->name) != check)
				fail_msg("%s: not the name of one row of %s", check->name,
					check_families[i]->name);
			if (check->summary == NULL || check->why == NULL || check->fix == NULL ||
				check->source == NULL ||
				(check->judge == NULL) != check->judges_chain ||
				(check->judge_peer != NULL) != check->judges_chain)
				fail_msg("%s: the row is not complete", check->name);
			if (check->summary[strlen(check->summary) - 1] == '.')
				fail_msg("%s: the summary ends with a full stop", check->name);
		}
	assert_null(check_find("no.such"));
	assert_null(check_find(""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples_are_taken_together),
		cmocka_unit_test(test_fallbacks_are_taken),
		cmocka_unit_test(test_required_parameters_are_required),
		cmocka_unit_test(test_rows_are_complete_and_their_names_unique),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
