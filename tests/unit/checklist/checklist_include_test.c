/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a checklist makes of the assertions that it includes: scopes and overrides.
 */
#include "bad_checklist.h"

#include "checklist/load.h"
#include "checklist/overlay.h"
#include "x509/trust.h"

/* A checklist to include. Its "certificate.expiry" is of one target only. */
static const char base[] =
	"{\"name\": \"base\", \"assertions\": [\n"
	"{\"assert\": \"tls.handshake\", \"tags\": [\"tls\"]},\n"
	"{\"assert\": \"tls.version\", \"minimum\": \"1.2\", \"maximum\": \"1.3\"},\n"
	"{\"assert\": \"certificate.expiry\", \"days\": 21, \"targets\": [\"one\"]}]}";

/* Two more that include it. */
static const char narrow[] =
	"{\"include\": [{\"checklist\": \"base.json\", \"targets\": [\"two\"], \"tags\": [\"n\"]}],\n"
	" \"overrides\": {\"tls.version\": {\"severity\": \"advisory\", \"title\": \"narrow\"}}}";
static const char wide[] = "{\"include\": [\"base.json\"]}";

/* Has the id of an assertion of base. */
static const char other[] =
	"{\"assertions\": [{\"assert\": \"tls.handshake\", \"title\": \"other\"}]}";

/* 2026-11-21 */
static const struct overlay today = { .today = 1795219200 };

/* The text holds members of a checklist for the targets one and two, from line 3 on. */
static void
load_members(struct loaded *loaded, const char *text, const struct overlay *overlay)
{
	struct buf whole;

	buf_init(&whole, 100000);
	buf_addf(&whole,
		"{\"trust\": {\"system\": false}, \"variables\": {\"t\": \"two\"},\n"
		"\"targets\": [{\"name\": \"one\", \"host\": \"a.example\"}, "
		"{\"name\": \"two\", \"host\": \"b.example\"}],\n%s}",
		text);
	memory_files_clear();
	memory_file_add(MAIN_FILE, whole.data);
	memory_file_add("dir/base.json", base);
	memory_file_add("dir/narrow.json", narrow);
	memory_file_add("dir/wide.json", wide);
	memory_file_add("dir/other.json", other);
	load(loaded, overlay);
	buf_release(&whole);
	memory_files_clear();
}

static void
add_words(struct buf *out, const char *before, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buf_addf(out, "%s%s", i == 0 ? before : ",", words[i]);
}

/* "id@targets#tags~" with a tilde if it is advisory, and "!" if it is waived. */
static void
add_assertions(struct buf *out, const struct checklist *checklist)
{
	for (size_t i = 0; i < checklist->assertion_count; i++) {
		const struct assertion *one = &checklist->assertions[i];

		buf_addf(out, "%s%s", i == 0 ? "" : " ", one->id);
		add_words(out, "@", one->targets, one->target_count);
		add_words(out, "#", one->tags, one->tag_count);
		buf_addf(out, "%s%s", one->advisory ? "~" : "", one->waived ? "!" : "");
	}
}

struct included {
	const char *name;
	const char *text;
	const char *want; /* as add_problems or add_assertions write it */
};

static const struct included includeds[] = {
	{ "a path alone", "\"include\": [\"base.json\"]",
		"tls.handshake#tls tls.version certificate.expiry@one" },
	{ "a path in an object", "\"include\": [{\"checklist\": \"base.json\"}]",
		"tls.handshake#tls tls.version certificate.expiry@one" },
	{ "for one target",
		"\"include\": [{\"checklist\": \"base.json\", \"targets\": [\"one\"]}], "
		"\"assertions\": [{\"assert\": \"session.ehlo\"}]",
		"tls.handshake@one#tls tls.version@one certificate.expiry@one session.ehlo" },
	{ "for another than one of its assertions is for",
		"\"include\": [{\"checklist\": \"base.json\", \"targets\": [\"${t}\"]}], "
		"\"assertions\": [{\"assert\": \"session.ehlo\"}]",
		"tls.handshake@two#tls tls.version@two session.ehlo" },
	{ "with tags", "\"include\": [{\"checklist\": \"base.json\", \"tags\": [\"a\", \"tls\"]}]",
		"tls.handshake#tls,a tls.version#a,tls certificate.expiry@one#a,tls" },
	{ "its own assertions get no tags from an entry",
		"\"include\": [{\"checklist\": \"base.json\", \"tags\": [\"a\"]}], "
		"\"assertions\": [{\"assert\": \"session.ehlo\"}]",
		"tls.handshake#tls,a tls.version#a certificate.expiry@one#a session.ehlo" },
	{ "an entry within an entry narrows further",
		"\"include\": [{\"checklist\": \"narrow.json\", \"tags\": [\"o\"]}], "
		"\"assertions\": [{\"assert\": \"session.ehlo\"}]",
		"tls.handshake@two#tls,o,n tls.version@two#o,n~ session.ehlo" },
	{ "an entry within an entry for another target leaves nothing",
		"\"include\": [{\"checklist\": \"narrow.json\", \"targets\": [\"one\"]}], "
		"\"assertions\": [{\"assert\": \"session.ehlo\"}]",
		"session.ehlo" },
	{ "two ways to one checklist are both gone",
		"\"include\": [\"narrow.json\", {\"checklist\": \"base.json\", "
		"\"targets\": [\"one\"]}]",
		"tls.handshake@one,two#tls,n tls.version@one,two#n~ certificate.expiry@one#n" },
	{ "in any order",
		"\"include\": [{\"checklist\": \"base.json\", \"targets\": [\"one\"]}, "
		"\"narrow.json\"]",
		"tls.handshake@one,two#tls,n tls.version@one,two#n~ certificate.expiry@one#n" },
	{ "the wider of two ways counts", "\"include\": [\"narrow.json\", \"wide.json\"]",
		"tls.handshake#tls,n tls.version#n~ certificate.expiry@one#n" },
	{ "the same id for different targets",
		"\"include\": [{\"checklist\": \"base.json\", \"targets\": [\"one\"]}, "
		"{\"checklist\": \"other.json\", \"targets\": [\"two\"]}]",
		"tls.handshake@one#tls tls.version@one certificate.expiry@one tls.handshake@two" },
	{ "the same id for one target",
		"\"include\": [{\"checklist\": \"base.json\", \"targets\": [\"one\"]},\n"
		"{\"checklist\": \"other.json\", \"targets\": [\"one\", \"two\"]}]",
		"1:28 the id \"tls.handshake\" is taken already\n" },
	{ "the same id in one file for different targets",
		"\"assertions\": [{\"assert\": \"tls.handshake\", \"targets\": [\"one\"]},\n"
		"{\"assert\": \"tls.handshake\", \"targets\": [\"two\"]}]",
		"4:12 the id \"tls.handshake\" is taken already\n" },
	{ "the same id as an assertion of its own",
		"\"include\": [{\"checklist\": \"base.json\", \"targets\": [\"one\"]}],\n"
		"\"assertions\": [{\"assert\": \"tls.handshake\"}]",
		"4:27 the id \"tls.handshake\" is taken already\n" },
	{ "a target that is not there",
		"\"include\": [{\"checklist\": \"base.json\", \"targets\": [\"tow\", \"one\"]}],\n"
		"\"assertions\": [{\"assert\": \"session.ehlo\"}]",
		"3:52 no target has the name \"tow\"\n" },
	{ "a tag that is none", "\"include\": [{\"checklist\": \"base.json\", \"tags\": [\"!a\"]}]",
		"3:49 \"!a\": a tag has letters, digits, '.', '_' and '-', and begins with a letter "
		"or digit\n" },
	{ "an object without a checklist", "\"include\": [{\"targets\": [\"one\"]}]",
		"3:13 an entry of \"include\" needs \"checklist\"\n" },
	{ "an object with a number for a checklist", "\"include\": [{\"checklist\": 1}]",
		"3:27 \"checklist\" must be a string, not a number\n" },
	{ "an object with an empty checklist", "\"include\": [{\"checklist\": \"\"}]",
		"3:27 what is included must be the name of a checklist or a path\n" },
	{ "an object with an unknown key",
		"\"include\": [{\"checklist\": \"base.json\", \"target\": [\"one\"]}]",
		"3:40 unknown key \"target\" in an entry of \"include\"\n" },
	{ "an object with no targets",
		"\"include\": [{\"checklist\": \"base.json\", \"targets\": []}]",
		"3:51 \"targets\" is empty: it would have no effect\n" },
};

static void
expect_loaded(const struct loaded *loaded, const char *name, const char *want)
{
	struct buf got;

	buf_init(&got, 100000);
	add_problems(&got, &loaded->problems);
	if (loaded->fine)
		add_assertions(&got, &loaded->checklist);
	if (strcmp(got.data, want) != 0)
		fail_msg("%s: got\n%s\nwant\n%s", name, got.data, want);
	buf_release(&got);
}

static void
test_entries_of_include_narrow_and_tag(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(includeds) / sizeof(includeds[0]); i++) {
		struct loaded loaded;

		load_members(&loaded, includeds[i].text, &today);
		expect_loaded(&loaded, includeds[i].name, includeds[i].want);
		loaded_release(&loaded);
	}
}

#define BASE "\"include\": [\"base.json\"],\n"

static const struct included overriddens[] = {
	{ "severity", BASE "\"overrides\": {\"tls.version\": {\"severity\": \"advisory\"}}",
		"tls.handshake#tls tls.version~ certificate.expiry@one" },
	{ "a waiver",
		BASE "\"overrides\": {\"tls.handshake\": {\"waive\": {\"until\": \"2026-12-01\", "
		     "\"reason\": \"r\"}}}",
		"tls.handshake#tls! tls.version certificate.expiry@one" },
	{ "behind the name of the checklist",
		BASE "\"overrides\": {\"base.tls.version\": {\"severity\": \"advisory\"}}",
		"tls.handshake#tls tls.version~ certificate.expiry@one" },
	{ "of what is included by another",
		"\"include\": [\"wide.json\"], \"overrides\": {\"tls.version\": "
		"{\"severity\": \"advisory\"}}",
		"tls.handshake#tls tls.version~ certificate.expiry@one" },
	{ "the file that includes wins over the included one",
		"\"include\": [\"narrow.json\", \"wide.json\"], \"overrides\": "
		"{\"tls.version\": {\"severity\": \"required\"}}",
		"tls.handshake#tls,n tls.version#n certificate.expiry@one#n" },
	{ "an id that is not there", BASE "\"overrides\": {\"tls.versoin\": {\"title\": \"t\"}}",
		"4:15 no assertion that is included has the id \"tls.versoin\"\n" },
	{ "an id of its own",
		BASE "\"assertions\": [{\"assert\": \"session.ehlo\"}],\n"
		     "\"overrides\": {\"session.ehlo\": {\"title\": \"t\"}}",
		"5:15 \"session.ehlo\" is an assertion of this file, not of one that it "
		"includes\n" },
	{ "an id where nothing is included",
		"\"assertions\": [{\"assert\": \"session.ehlo\"}],\n"
		"\"overrides\": {\"x\": {\"title\": \"t\"}}",
		"4:15 no assertion that is included has the id \"x\"\n" },
	{ "an id where what is included is not there",
		"\"include\": [\"base.jsn\"],\n"
		"\"overrides\": {\"tls.version\": {\"title\": \"t\"}}",
		"3:13 no checklist \"base.jsn\" came with the program\n" },
	{ "an id of two checklists",
		"\"include\": [{\"checklist\": \"base.json\", \"targets\": [\"one\"]}, "
		"{\"checklist\": \"other.json\", \"targets\": [\"two\"]}],\n"
		"\"overrides\": {\"tls.handshake\": {\"severity\": \"advisory\"}}",
		"4:15 \"tls.handshake\" is an assertion of base and of other\n" },
	{ "an id of one of two checklists",
		"\"include\": [{\"checklist\": \"base.json\", \"targets\": [\"one\"]}, "
		"{\"checklist\": \"other.json\", \"targets\": [\"two\"]}],\n"
		"\"overrides\": {\"other.tls.handshake\": {\"severity\": \"advisory\"}}",
		"tls.handshake@one#tls tls.version@one certificate.expiry@one "
		"tls.handshake@two~" },
	{ "one assertion by two keys",
		BASE "\"overrides\": {\"tls.version\": {\"title\": \"t\"},\n"
		     "\"base.tls.version\": {\"title\": \"u\"}}",
		"5:1 the assertion \"tls.version\" is overridden twice\n" },
	{ "one that the entry leaves no target",
		"\"include\": [{\"checklist\": \"base.json\", \"targets\": [\"two\"]}], "
		"\"assertions\": [{\"assert\": \"session.ehlo\"}],"
		"\"overrides\": {\"certificate.expiry\": {\"days\": 3}}",
		"tls.handshake@two#tls tls.version@two session.ehlo" },
	{ "an unknown parameter", BASE "\"overrides\": {\"tls.version\": {\"minimun\": \"1.3\"}}",
		"4:31 unknown key \"minimun\" in an override of tls.version\n" },
	{ "a parameter of another assertion",
		BASE "\"overrides\": {\"tls.version\": {\"days\": 3}}",
		"4:31 unknown key \"days\" in an override of tls.version\n" },
	{ "what only the assertion itself can say",
		BASE "\"overrides\": {\"tls.version\": {\"id\": \"v\", \"tags\": [\"t\"],\n"
		     "\"targets\": [\"one\"], \"assert\": \"tls.handshake\"}}",
		"4:31 unknown key \"id\" in an override of tls.version\n"
		"4:42 unknown key \"tags\" in an override of tls.version\n"
		"5:1 unknown key \"targets\" in an override of tls.version\n"
		"5:21 unknown key \"assert\" in an override of tls.version\n" },
	{ "a parameter of the wrong type",
		BASE "\"overrides\": {\"certificate.expiry\": {\"days\": \"3\"}}",
		"4:46 \"days\" must be a number, not a string\n" },
	{ "a parameter out of its range",
		BASE "\"overrides\": {\"certificate.expiry\": {\"days\": 9999}}",
		"4:46 \"days\" must be a whole number from 0 to 3650\n" },
	{ "a parameter that is none of its choices",
		BASE "\"overrides\": {\"tls.version\": {\"minimum\": \"1.4\"}}",
		"4:42 \"minimum\" cannot be \"1.4\"\n" },
	{ "a parameter that does not go with another",
		BASE "\"overrides\": {\"tls.version\": {\"maximum\": \"1.1\"}}",
		"4:30 tls.version: the maximum is below the minimum (which is 1.2 where none is "
		"given)\n" },
	{ "a severity of the wrong type",
		BASE "\"overrides\": {\"tls.version\": {\"severity\": 1}}",
		"4:43 \"severity\" must be a string, not a number\n" },
	{ "a waiver without a reason",
		BASE "\"overrides\": {\"tls.version\": {\"waive\": {\"until\": \"2026-12-01\"}}}",
		"4:40 \"waive\" needs \"reason\"\n" },
	{ "an empty title", BASE "\"overrides\": {\"tls.version\": {\"title\": \"\"}}",
		"4:40 \"title\" is empty\n" },
	{ "nothing", BASE "\"overrides\": {\"tls.version\": {}}",
		"4:30 the override of \"tls.version\" changes nothing\n" },
	{ "nothing but a comment", BASE "\"overrides\": {\"tls.version\": {\"$comment\": \"c\"}}",
		"4:30 the override of \"tls.version\" changes nothing\n" },
	{ "a string in place of an override", BASE "\"overrides\": {\"tls.version\": \"1.3\"}",
		"4:30 an override must be an object, not a string\n" },
	{ "no overrides", BASE "\"overrides\": {}",
		"4:14 \"overrides\" is empty: leave it out, or fill it\n" },
	{ "a list of overrides", BASE "\"overrides\": []",
		"4:14 \"overrides\" must be an object, not an array\n" },
};

static void
test_overrides_change_what_is_included(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(overriddens) / sizeof(overriddens[0]); i++) {
		struct loaded loaded;

		load_members(&loaded, overriddens[i].text, &today);
		expect_loaded(&loaded, overriddens[i].name, overriddens[i].want);
		loaded_release(&loaded);
	}
}

static void
test_overrides_change_values_and_leave_the_rest(void **state)
{
	const struct assertion *version, *expiry;
	struct loaded loaded;

	(void)state;
	load_members(&loaded,
		BASE "\"overrides\": {\"tls.version\": {\"minimum\": \"1.3\", \"title\": \"t\"},\n"
		     "\"certificate.expiry\": {\"fraction\": \"${f:-0.5}\"}}",
		&today);
	expect_problems(&loaded, "overrides of values", "");
	version = &loaded.checklist.assertions[1];
	expiry = &loaded.checklist.assertions[2];
	assert_string_equal(argument_of(&version->arguments, "minimum")->text, "1.3");
	assert_string_equal(argument_of(&version->arguments, "maximum")->text, "1.3");
	assert_string_equal(version->title, "t");
	assert_string_equal(version->place.file, "dir/base.json");
	assert_int_equal(version->place.line, 3);
	assert_int_equal(argument_of(&expiry->arguments, "days")->number, 21);
	assert_true(argument_of(&expiry->arguments, "fraction")->fraction == 0.5);
	loaded_release(&loaded);
}

static void
test_an_unknown_id_gets_a_suggestion(void **state)
{
	struct loaded loaded;

	(void)state;
	load_members(&loaded, BASE "\"overrides\": {\"tls.versoin\": {\"title\": \"t\"}}", &today);
	assert_string_equal(loaded.problems.items[0].label, "did you mean \"tls.version\"?");
	assert_string_equal(loaded.problems.items[0].note,
		"what is included has: tls.handshake, tls.version, certificate.expiry");
	loaded_release(&loaded);
}

static void
test_a_password_in_an_override_is_not_shown(void **state)
{
	struct loaded loaded;

	(void)state;
	load_members(&loaded,
		"\"include\": [\"submission\"],\n"
		"\"overrides\": {\"auth.login\": {\"password\": \"hunter2hunter2\"}}",
		&today);
	assert_false(loaded.fine);
	for (size_t i = 0; i < loaded.problems.count; i++) {
		struct buf shown;

		buf_init(&shown, 100000);
		problem_format(&shown, &loaded.problems.items[i]);
		if (strstr(shown.data, "hunter2") != NULL)
			fail_msg("got\n%s", shown.data);
		buf_release(&shown);
	}
	loaded_release(&loaded);
}

/* Annotations go where somebody can change something. */
static void
test_what_came_with_the_program_is_where_it_is_included(void **state)
{
	struct loaded loaded;

	(void)state;
	load_members(&loaded,
		"\"include\": [\"base.json\",\n {\"checklist\": \"policy/rfc8996\"},\n"
		" \"policy/internet-nl-mail\"]",
		&today);
	expect_problems(&loaded, "shipped checklists", "");
	for (size_t i = 0; i < loaded.checklist.assertion_count; i++) {
		const struct assertion *one = &loaded.checklist.assertions[i];
		unsigned want = strncmp(one->id, "rfc8996", 7) == 0 ? 4 : 5;

		if (i < 3)
			assert_string_equal(one->place.file, "dir/base.json");
		else if (strcmp(one->place.file, MAIN_FILE) != 0 || one->place.line != want ||
			 one->place.column != 2)
			fail_msg("%s: got %s:%u:%u", one->id, one->place.file, one->place.line,
				one->place.column);
	}
	loaded_release(&loaded);
}

static void
test_what_came_with_the_program_alone_is_nowhere(void **state)
{
	static const char *const targets[] = { "a.example" };
	const struct overlay overlay = { .targets = targets, .target_count = 1 };
	struct loaded loaded;

	(void)state;
	memory_files_clear();
	memory_file_add("/etc/ssl/certs/ca-certificates.crt", AUTHORITY);
	unsetenv("SSL_CERT_FILE");
	problems_init(&loaded.problems);
	loaded.fine = checklist_load(
		&loaded.checklist, "policy/internet-nl-mail", &overlay, &loaded.problems);
	expect_problems(&loaded, "a policy", "");
	for (size_t i = 0; i < loaded.checklist.assertion_count; i++) {
		const struct place *place = &loaded.checklist.assertions[i].place;

		assert_null(place->file);
		assert_int_equal(place->line, 0);
	}
	loaded_release(&loaded);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_entries_of_include_narrow_and_tag),
		cmocka_unit_test(test_overrides_change_what_is_included),
		cmocka_unit_test(test_overrides_change_values_and_leave_the_rest),
		cmocka_unit_test(test_an_unknown_id_gets_a_suggestion),
		cmocka_unit_test(test_a_password_in_an_override_is_not_shown),
		cmocka_unit_test(test_what_came_with_the_program_is_where_it_is_included),
		cmocka_unit_test(test_what_came_with_the_program_alone_is_nowhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
