/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "checklist/json.h"

struct parsed {
	struct arena arena;
	struct problems problems;
	const struct json *json;
};

static void
parse(struct parsed *parsed, const char *text)
{
	size_t len = strlen(text);
	char *exact = malloc(len);

	memcpy(exact, text, len);
	arena_init(&parsed->arena);
	problems_init(&parsed->problems);
	parsed->json = json_parse(&parsed->arena, "f.json", exact, len, &parsed->problems);
	problems_sort(&parsed->problems);
	free(exact);
}

static void
parsed_release(struct parsed *parsed)
{
	problems_release(&parsed->problems);
	arena_release(&parsed->arena);
}

static void
test_gives_types_values_and_places(void **state)
{
	struct parsed parsed;
	const struct json *list, *item;

	(void)state;
	parse(&parsed, "{\"name\": \"\\u00e9\",\n \"list\": [1.5, true, false, null, {}]}");
	assert_non_null(parsed.json);
	assert_int_equal(parsed.json->type, JSON_OBJECT);
	assert_int_equal(parsed.json->count, 2);
	item = json_member(parsed.json, "name");
	assert_int_equal(item->type, JSON_STRING);
	assert_string_equal(item->string, "\xc3\xa9");
	assert_int_equal(item->key_place.column, 2);
	assert_int_equal(item->place.column, 10);
	assert_int_equal(item->place.width, 8);
	list = json_member(parsed.json, "list");
	assert_int_equal(list->type, JSON_ARRAY);
	assert_int_equal(list->count, 5);
	assert_int_equal(list->place.line, 2);
	item = list->child;
	assert_int_equal(item->type, JSON_NUMBER);
	assert_true(item->number > 1.4 && item->number < 1.6);
	item = item->next;
	assert_true(item->type == JSON_BOOLEAN && item->boolean);
	item = item->next;
	assert_true(item->type == JSON_BOOLEAN && !item->boolean);
	item = item->next;
	assert_int_equal(item->type, JSON_NULL);
	item = item->next;
	assert_int_equal(item->type, JSON_OBJECT);
	assert_int_equal(item->place.column, 35);
	assert_null(item->next);
	parsed_release(&parsed);
}

static void
test_keys_are_found_with_regard_to_case(void **state)
{
	struct parsed parsed;

	(void)state;
	parse(&parsed, "{\"Name\": 1}");
	assert_non_null(json_member(parsed.json, "Name"));
	assert_null(json_member(parsed.json, "name"));
	assert_null(json_member(json_member(parsed.json, "Name"), "x"));
	assert_null(json_member(NULL, "x"));
	parsed_release(&parsed);
}

struct duplicate {
	const char *name;
	const char *text;
	unsigned line, column;
	const char *message;
};

static const struct duplicate duplicates[] = {
	{ "the same key twice", "{\"a\": 1,\n \"a\": 2}", 2, 2,
		"the key \"a\" is here for the second time" },
	{ "the same key in another spelling", "{\"a\": 1, \"\\u0061\": 2}", 1, 10,
		"the key \"a\" is here for the second time" },
	{ "deep inside", "[{\"b\": {\"x\": 0, \"y\": 0, \"x\": 0}}]", 1, 25,
		"the key \"x\" is here for the second time" },
};

static void
test_refuses_duplicate_keys(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(duplicates) / sizeof(duplicates[0]); i++) {
		const struct duplicate *want = &duplicates[i];
		struct parsed parsed;

		parse(&parsed, want->text);
		if (parsed.json != NULL || parsed.problems.count != 1)
			fail_msg("%s: got %zu problems, want 1", want->name, parsed.problems.count);
		assert_string_equal(parsed.problems.items[0].message, want->message);
		assert_int_equal(parsed.problems.items[0].place.line, want->line);
		assert_int_equal(parsed.problems.items[0].place.column, want->column);
		parsed_release(&parsed);
	}
}

static void
test_same_keys_of_different_objects_are_fine(void **state)
{
	struct parsed parsed;

	(void)state;
	parse(&parsed, "{\"a\": {\"a\": 1}, \"b\": {\"a\": 2}, \"A\": 3}");
	assert_non_null(parsed.json);
	assert_int_equal(parsed.problems.count, 0);
	parsed_release(&parsed);
}

static void
test_takes_the_longest_number_the_scanner_allows(void **state)
{
	struct parsed parsed;

	(void)state;
	parse(&parsed, "[1234567890123456789012345678901234567890]");
	assert_non_null(parsed.json);
	parsed_release(&parsed);
	parse(&parsed, "[1e999]");
	assert_non_null(parsed.json);
	assert_true(parsed.json->child->number > 1e300);
	parsed_release(&parsed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gives_types_values_and_places),
		cmocka_unit_test(test_keys_are_found_with_regard_to_case),
		cmocka_unit_test(test_refuses_duplicate_keys),
		cmocka_unit_test(test_same_keys_of_different_objects_are_fine),
		cmocka_unit_test(test_takes_the_longest_number_the_scanner_allows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
