/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Targets from files, one a line.
 */
#include "loaded_checklist.h"

#define REST \
	"\"trust\": {\"system\": false}, \"assertions\": [{\"assert\": \"connection.greeting\"}]}"

/* Checklists, as they have to do with files of targets. */
static const char with_file[] = "{\"targets_file\": \"hosts\", " REST;
static const char with_both[] =
	"{\"targets_file\": \"hosts\", \"targets\": [{\"host\": \"one.example\", \"name\": \"one\"},\n"
	"{\"host\": \"two.example\", \"name\": \"two\", \"port\": 26}], " REST;
static const char with_defaults[] =
	"{\"targets_file\": \"hosts\", \"target_defaults\": {\"port\": 465, "
	"\"address\": \"192.0.2.9\", \"ehlo_name\": \"${name:-a.example}\"}, " REST;
static const char with_a_bad_default[] =
	"{\"targets_file\": \"hosts\", \"target_defaults\": {\"port\": 0}, " REST;
static const char with_nothing[] = "{" REST;
static const char with_an_empty_path[] = "{\"targets_file\": \"\", " REST;

struct lines {
	const char *name;
	const char *checklist;
	const char *hosts; /* in the file */
	const char *more;  /* in that of --targets-file; NULL: none is given */
	const char *word;  /* of --target; NULL: none is given */
	const char *want;  /* "name host port address implicit;", or "line:column message" */
};

static const struct lines rows[] = {
	{ "hosts, ports and addresses", with_file,
		"A.example\nb.example:465\n[2001:DB8::1]:26\n2001:db8::2\n192.0.2.1:25\n", NULL,
		NULL,
		"a.example:587 a.example 587 - 0;b.example:465 b.example 465 - 1;"
		"[2001:db8::1]:26 2001:db8::1 26 - 0;[2001:db8::2]:587 2001:db8::2 587 - 0;"
		"192.0.2.1:25 192.0.2.1 25 - 0;" },
	{ "comments, blanks and no newline at the end", with_file,
		"# a\n\n \t\r\n\ta.example # b\r\n#b.example\nc.example#d", NULL, NULL,
		"a.example:587 a.example 587 - 0;c.example:587 c.example 587 - 0;" },
	{ "behind targets", with_both, "a.example\n", NULL, NULL,
		"one one.example 587 - 0;two two.example 26 - 0;a.example:587 a.example 587 - 0;" },
	{ "with defaults", with_defaults, "a.example\nb.example:25\nc.example\n", NULL, NULL,
		"a.example:465 a.example 465 192.0.2.9 1;b.example:25 b.example 25 192.0.2.9 0;"
		"c.example:465 c.example 465 192.0.2.9 1;" },
	{ "a line by its name", with_both, "a.example\nb.example:26\n", NULL, "b.example:26",
		"b.example:26 b.example 26 - 0;" },
	{ "of the command line alone", with_both, "a.example\n", "c.example\n", NULL,
		"c.example:587 c.example 587 - 0;" },
	{ "of the command line, where there are none", with_nothing, "", "c.example\n", NULL,
		"c.example:587 c.example 587 - 0;" },
	{ "of the command line, with a word", with_both, "a.example\n", "c.example\n", "two",
		"two two.example 26 - 0;c.example:587 c.example 587 - 0;" },
	{ "of the command line, with defaults", with_defaults, "a.example\n", "c.example:25\n",
		NULL, "c.example:25 c.example 25 192.0.2.9 0;" },
	{ "no host", with_file, "a.example\n\t a b \n", NULL, NULL,
		"2:3 this is no target: RFC 1123 section 2.1: neither an address nor a host name of "
		"letters, digits and hyphens\n" },
	{ "letters beyond ASCII count as one", with_file, " \xc3\xa4.example:x # \n", NULL, NULL,
		"1:2 this is no target: \"x\" is not a port (1 to 65535)\n" },
	{ "all bad lines", with_file, ":1\na.example:0\n[::1\n", NULL, NULL,
		"1:1 this is no target: the host is missing\n"
		"2:1 this is no target: \"0\" is not a port (1 to 65535)\n"
		"3:1 this is no target: an IPv6 address is written [ADDRESS]:PORT\n" },
	{ "no line", with_file, "# a\n", NULL, NULL, "0:0 the file has no target\n" },
	{ "no line of the command line", with_file, "a.example\n", "", NULL,
		"0:0 the file has no target\n" },
	{ "a host twice", with_file, "a.example\nb.example\nA.example:587\n", NULL, NULL,
		"3:1 the target name \"a.example:587\" is taken already\n" },
	{ "a host twice on the command line", with_file, "d.example\n",
		"a.example\nb.example\na.example.\n a.example\n", NULL,
		"3:1 a.example:587 is given twice\n4:2 a.example:587 is given twice\n" },
	{ "a host as a word and a line", with_file, "d.example\n", "a.example\n", "a.example",
		"1:1 a.example:587 is given twice\n" },
	{ "a bad default is said once", with_a_bad_default, "a.example\nb.example\nc.example:25\n",
		NULL, NULL, "1:55 \"port\" must be a whole number from 1 to 65535\n" },
	{ "an empty path", with_an_empty_path, "", NULL, NULL, "1:18 \"targets_file\" is empty\n" },
};

static void
add_targets(struct buf *out, const struct checklist *checklist)
{
	for (size_t i = 0; i < checklist->target_count; i++) {
		const struct target *target = &checklist->targets[i];

		buf_addf(out, "%s %s %u %s %d;", target->name, target->host, target->port,
			target->address == NULL ? "-" : target->address, target->implicit_tls);
		if (strchr(target->host, ':') == NULL && target->host[0] > '9')
			assert_string_equal(target->server_name, target->host);
		else
			assert_null(target->server_name);
		assert_non_null(target->ehlo_name);
	}
}

static void
lines_are_targets(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct overlay overlay = { .targets = &rows[i].word,
			.target_count = rows[i].word != NULL,
			.targets_file = rows[i].more != NULL ? "more" : NULL };
		struct loaded loaded;
		struct buf got;

		memory_files_clear();
		memory_file_add(MAIN_FILE, rows[i].checklist);
		memory_file_add("dir/hosts", rows[i].hosts);
		if (rows[i].more != NULL)
			memory_file_add("more", rows[i].more);
		load(&loaded, &overlay);
		buf_init(&got, 10000);
		if (loaded.fine)
			add_targets(&got, &loaded.checklist);
		else
			add_problems(&got, &loaded.problems);
		if (strcmp(got.data, rows[i].want) != 0)
			fail_msg("%s: got\n%s\nwant\n%s", rows[i].name, got.data, rows[i].want);
		buf_release(&got);
		loaded_release(&loaded);
	}
}

static void
the_place_of_a_target_is_its_line(void **state)
{
	struct loaded loaded;

	(void)state;
	memory_files_clear();
	memory_file_add(MAIN_FILE, with_file);
	memory_file_add("dir/hosts", "\n  \xc3\xa4.example # a\n");
	load(&loaded, NULL);
	assert_true(loaded.fine);
	assert_string_equal(loaded.checklist.targets_file, "dir/hosts");
	assert_string_equal(loaded.checklist.targets->place.file, "dir/hosts");
	assert_int_equal(loaded.checklist.targets->place.line, 2);
	assert_int_equal(loaded.checklist.targets->place.column, 3);
	assert_int_equal(loaded.checklist.targets->place.width, 9);
	loaded_release(&loaded);
}

static void
a_nul_ends_no_line(void **state)
{
	static const char hosts[] = "a.example\0.b.example\n";
	struct loaded loaded;

	(void)state;
	memory_files_clear();
	memory_file_add(MAIN_FILE, with_file);
	memory_files[1] = (struct memory_file){ "dir/hosts", hosts, sizeof(hosts) - 1 };
	load(&loaded, NULL);
	expect_problems(&loaded, "a NUL", "1:1 this is no target: a NUL is no part of a host\n");
	loaded_release(&loaded);
}

/* What is not used need not be there. */
static void
a_file_that_is_not_there(void **state)
{
	static const char *const word = "a.example";
	struct overlay elsewhere = { .targets = &word, .target_count = 1 };
	struct overlay more = { .targets_file = "more" };
	struct loaded loaded;

	(void)state;
	load_text(&loaded, with_file, NULL);
	expect_problems(&loaded, "in a checklist",
		"1:18 the targets in dir/hosts cannot be read: No such file or directory\n");
	loaded_release(&loaded);
	load_text(&loaded, with_file, &elsewhere);
	expect_problems(&loaded, "in the place of it", "");
	loaded_release(&loaded);
	load_text(&loaded, with_nothing, &more);
	expect_problems(&loaded, "on the command line",
		"the targets in more cannot be read: No such file or directory\n");
	loaded_release(&loaded);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_targets),
		cmocka_unit_test(the_place_of_a_target_is_its_line),
		cmocka_unit_test(a_nul_ends_no_line),
		cmocka_unit_test(a_file_that_is_not_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
