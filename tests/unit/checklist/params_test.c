/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Parameters of every type, of a row made for this test.
 */
#include "base/buf.h"
#include "checklist/overlay.h"
#include "checklist/params.h"
#include "loaded_checklist.h"

static const char *const colours[] = { "red", "green", NULL };

static const char *
object_to_cold(const char *text)
{
	return strcmp(text, "cold") == 0 ? "it is too cold" : NULL;
}

static const struct check check = {
	.name = "test.row",
	.params = {
		{ .name = "number",
			.type = PARAM_NUMBER,
			.minimum = -5,
			.maximum = 5,
			.help = "h",
			.example = "1" },
		{ .name = "text",
			.type = PARAM_TEXT,
			.objection = object_to_cold,
			.help = "h",
			.example = "\"a\"" },
		{ .name = "regex", .type = PARAM_REGEX, .help = "h", .example = "\"a\"" },
		{ .name = "choice",
			.type = PARAM_CHOICE,
			.choices = colours,
			.help = "h",
			.example = "\"red\"" },
		{ .name = "list",
			.type = PARAM_LIST,
			.choices = colours,
			.help = "h",
			.example = "[\"red\"]" },
		{ .name = "free",
			.type = PARAM_LIST,
			.objection = object_to_cold,
			.help = "h",
			.example = "[\"a\"]" },
	},
};

struct given {
	const char *name;
	const char *json; /* of the assertion */
	const char *want; /* problems; none: the value is taken */
};

static const struct given given[] = {
	{ "a number", "{\"number\": 3}", "" },
	{ "a number at its lower end", "{\"number\": -5}", "" },
	{ "a number at its upper end", "{\"number\": 5}", "" },
	{ "a number below its lower end", "{\"number\": -6}",
		"1:12 \"number\" must be a whole number from -5 to 5\n" },
	{ "a number above its upper end", "{\"number\": 6}",
		"1:12 \"number\" must be a whole number from -5 to 5\n" },
	{ "a number with a fraction", "{\"number\": 0.5}",
		"1:12 \"number\" must be a whole number from -5 to 5\n" },
	{ "a number written with an exponent", "{\"number\": 5e0}", "" },
	{ "a text", "{\"text\": \"warm\"}", "" },
	{ "a text that is objected to", "{\"text\": \"cold\"}", "1:10 \"cold\": it is too cold\n" },
	{ "a text that is empty", "{\"text\": \"\"}", "1:10 \"text\" is empty\n" },
	{ "a text that is true", "{\"text\": true}",
		"1:10 \"text\" must be a string, not true or false\n" },
	{ "a regular expression", "{\"regex\": \"^(a|b)+$\"}", "" },
	{ "a choice", "{\"choice\": \"green\"}", "" },
	{ "a choice in capitals", "{\"choice\": \"GREEN\"}",
		"1:12 \"choice\" cannot be \"GREEN\"\n" },
	{ "a list of choices", "{\"list\": [\"green\", \"red\"]}", "" },
	{ "a list with another among them", "{\"list\": [\"green\", \"blue\"]}",
		"1:20 \"list\" cannot be \"blue\"\n" },
	{ "a list of others", "{\"list\": [\"blue\", \"black\"]}",
		"1:11 \"list\" cannot be \"blue\"\n1:19 \"list\" cannot be \"black\"\n" },
	{ "a list of anything", "{\"free\": [\"blue\"]}", "" },
	{ "a list with something that is objected to", "{\"free\": [\"warm\", \"cold\"]}",
		"1:19 \"cold\": it is too cold\n" },
	{ "a list of lists", "{\"free\": [[]]}",
		"1:11 an item of this list must be a string, not an array\n" },
};

static void
load_given(struct loaded *loaded, struct assertion *assertion, const char *text)
{
	static const struct overlay nothing;
	struct loader loader = { .checklist = &loaded->checklist,
		.arena = &loaded->checklist.arena,
		.overlay = &nothing,
		.problems = &loaded->problems };
	const struct json *json;

	*loaded = (struct loaded){ 0 };
	*assertion = (struct assertion){ .arguments.check = &check };
	problems_init(&loaded->problems);
	json = json_parse(loader.arena, "f", text, strlen(text), loader.problems);
	assert_non_null(json);
	params_load(&loader, assertion, json, &json->place);
	problems_sort(&loaded->problems);
	loaded->fine = problems_total(&loaded->problems) == 0;
}

static bool
any_given(const struct assertion *assertion)
{
	for (size_t i = 0; check.params[i].name != NULL; i++)
		if (assertion->arguments.values[i].given)
			return true;
	return false;
}

static void
test_values_are_taken_or_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(given) / sizeof(given[0]); i++) {
		struct assertion assertion;
		struct loaded loaded;

		load_given(&loaded, &assertion, given[i].json);
		expect_problems(&loaded, given[i].name, given[i].want);
		if (loaded.fine && !any_given(&assertion))
			fail_msg("%s: nothing was taken", given[i].name);
		loaded_release(&loaded);
	}
}

/* An assertion with a list of that many different items. */
static void
add_list(struct buf *out, size_t count)
{
	buf_add_string(out, "{\"free\": [\"0\"");
	for (size_t i = 1; i < count; i++)
		buf_addf(out, ", \"%zu\"", i);
	buf_add_string(out, "]}");
}

static void
test_lists_and_regular_expressions_have_an_end(void **state)
{
	static const struct {
		size_t items;
		const char *want;
	} rows[] = {
		{ LIST_ITEMS_MAX, "" },
		{ LIST_ITEMS_MAX + 1, "1:10 \"free\" has more than 256 items\n" },
	};
	struct assertion assertion;
	struct loaded loaded;
	struct buf text;

	(void)state;
	buf_init(&text, 100000);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_reset(&text);
		add_list(&text, rows[i].items);
		load_given(&loaded, &assertion, text.data);
		expect_problems(&loaded, "a long list", rows[i].want);
		loaded_release(&loaded);
	}
	buf_reset(&text);
	buf_addf(&text, "{\"regex\": \"%0*d\"}", REGEX_BYTES_MAX + 1, 0);
	load_given(&loaded, &assertion, text.data);
	expect_problems(&loaded, "a long regular expression",
		"1:11 this regular expression has more than 1000 bytes\n");
	loaded_release(&loaded);
	buf_release(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values_are_taken_or_refused),
		cmocka_unit_test(test_lists_and_regular_expressions_have_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
