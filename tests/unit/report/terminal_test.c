/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "report/shown.h"
#include "report/terminal.h"
#include "report_sample.h"

/* A terminal that writes into memory. */
struct screen {
	struct terminal terminal;
	char *out, *err;
	size_t out_len, err_len;
};

static void
screen_init(struct screen *screen)
{
	FILE *out = open_memstream(&screen->out, &screen->out_len);
	FILE *err = open_memstream(&screen->err, &screen->err_len);

	assert_non_null(out);
	assert_non_null(err);
	terminal_init(&screen->terminal, out, err);
}

static void
screen_release(struct screen *screen)
{
	fclose(screen->terminal.out);
	fclose(screen->terminal.err);
	free(screen->out);
	free(screen->err);
}

static void
assert_shown(const struct screen *screen, const char *want)
{
	if (strstr(screen->out, want) == NULL)
		fail_msg("got:\n%s\nwant in it:\n%s", screen->out, want);
}

static void
show_report(struct screen *screen, const struct report *report)
{
	for (size_t i = 0; i < report->suite_count; i++)
		terminal_suite(&screen->terminal, &report->suites[i]);
	terminal_summary(&screen->terminal, report);
}

static const char golden[] =
	"release on mx1.example.org:25\n"
	"  pass   greeting-220    220 mx1.example.org ESMTP\n"
	"  FAIL   cert-hostname   certificate names mail.example.org, not mx1.example.org\n"
	"  skip   auth-after-tls  needs cert-hostname, which failed\n"
	"\n"
	"mx on [2001:db8::1]:25\n"
	"  pass   connection.established  connected to 192.0.2.1:25 (at try 2)\n"
	"  ERROR  tls.version             no reply within 30 s\n"
	"\n"
	"FAIL   cert-hostname, release on mx1.example.org:25\n"
	"       certificate names mail.example.org, not mx1.example.org\n"
	"       expected  a dNSName matching mx1.example.org\n"
	"       observed  mail.example.org, *.mail.example.org\n"
	"       why       clients that verify refuse to deliver\n"
	"       fix       add mx1.example.org to the certificate\n"
	"       at        checks/release.json:8:5 (cert-hostname)\n"
	"\n"
	"ERROR  tls.version, mx on [2001:db8::1]:25\n"
	"       no reply within 30 s\n"
	"       at        checklist mx (tls.version)\n"
	"\n"
	"FAIL   5 assertions: 2 passed, 1 failed, 1 error, 1 skipped\n"
	"       2 targets, 5 connections, 30.514 s\n";

static void
a_small_report_reads_exactly_so(void **state)
{
	struct screen screen;
	struct sample sample;

	(void)state;
	screen_init(&screen);
	show_report(&screen, sample_report(&sample));
	assert_string_equal(screen.out, golden);
	fflush(screen.terminal.err);
	assert_int_equal(screen.err_len, 0);
	screen_release(&screen);
}

static void
what_is_no_terminal_gets_no_colour_and_no_progress(void **state)
{
	struct screen screen;

	(void)state;
	screen_init(&screen);
	assert_false(screen.terminal.colour);
	assert_false(screen.terminal.progress);
	assert_int_equal(screen.terminal.width, 80);
	terminal_progress(&screen.terminal, 1, 2, "connecting");
	terminal_progress_end(&screen.terminal);
	fflush(screen.terminal.err);
	assert_int_equal(screen.err_len, 0);
	screen_release(&screen);
}

/* Without the escape sequences of ECMA-48. */
static void
add_without_colour(struct buf *out, const char *text)
{
	while (*text != '\0') {
		if (*text == '\033')
			text += strcspn(text, "m") + 1;
		else
			buf_add_char(out, *text++);
	}
}

static void
colour_changes_no_letter(void **state)
{
	struct screen screen;
	struct sample sample;
	struct buf plain;

	(void)state;
	screen_init(&screen);
	screen.terminal.colour = true;
	show_report(&screen, sample_report(&sample));
	assert_shown(&screen, "\033[1;31mFAIL \033[0m  cert-hostname");
	buf_init(&plain, 1 << 20);
	add_without_colour(&plain, screen.out);
	assert_string_equal(plain.data, golden);
	buf_release(&plain);
	screen_release(&screen);
}

static void
conversations_are_shown_when_asked_for(void **state)
{
	struct screen screen;
	struct sample sample;

	(void)state;
	screen_init(&screen);
	screen.terminal.verbose = true;
	sample_report(&sample);
	sample.cases[4].transcript = "S: its own\n";
	show_report(&screen, &sample.report);
	assert_shown(&screen, "failed\n\n      S: 220 mx1.example.org ESMTP\n"
			      "      C: EHLO gate.example.org\n\nmx on");
	assert_null(strstr(strstr(screen.out, "C: EHLO") + 1, "C: EHLO")); /* once */
	assert_shown(&screen, "(tls.version)\n\n      S: its own\n\nFAIL   5");
	screen_release(&screen);
}

/* Cuts the next line off; NULL at the end. */
static char *
next_line(char **rest)
{
	char *line = *rest;
	size_t len = strcspn(line, "\n");

	if (*line == '\0')
		return NULL;
	*rest = line + len + (line[len] != '\0');
	line[len] = '\0';
	return line;
}

/* Every text that a server or a checklist can choose. */
static void
fill_with(struct sample *sample, const char *text)
{
	sample_report(sample);
	for (size_t i = 0; i < 5; i++) {
		sample->cases[i].id = sample->cases[i].message = text;
		sample->cases[i].expected = sample->cases[i].observed = text;
		sample->cases[i].why = sample->cases[i].fix = text;
		sample->cases[i].transcript = sample->cases[i].place.file = text;
	}
	for (size_t i = 0; i < 2; i++) {
		sample->suites[i].checklist = sample->suites[i].target = text;
		sample->suites[i].file = sample->suites[i].transcript = text;
	}
}

static void
assert_harmless_line(const char *name, const char *line)
{
	const char *start = line + strspn(line, " ");

	if (start[0] == ':' && start[1] == ':')
		fail_msg("%s: a command at the start of \"%s\"", name, line);
	if (strstr(line, "##") != NULL)
		fail_msg("%s: a command in \"%s\"", name, line);
	for (const char *c = line; *c != '\0'; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			fail_msg("%s: a raw control in \"%s\"", name, line);
}

static void
no_text_controls_a_terminal_or_a_runner(void **state)
{
	static const struct {
		const char *name, *text;
	} rows[] = {
		{ "an escape sequence", "220 \033]0;title\007\033[2J" },
		{ "GitHub's old form", "220 ##[add-mask]x" },
		{ "GitHub's form", "::error::x" },
		{ "GitHub's form on a later line", "S: 220\n::error::x\n  ::debug::x" },
		{ "GitHub's form where a line is wrapped",
			"aaaaaaaaaaaaaa bbbbbbbbbbbbbbbb cccccccccccccccc ::error::x "
			"dddddddddddddddd eeeeeeeeeeeeeeeeeee ::error::y ffffffffffffffff" },
		{ "GitHub's form after blanks", " ::error::x" },
		{ "Azure's form", "##vso[task.setvariable]x" },
		{ "a carriage return", "a\r::error::x" },
		{ "bytes that are not UTF-8", "\xff\xfe\x9b" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct screen screen;
		struct sample sample;
		char *rest, *line;

		fill_with(&sample, rows[i].text);
		screen_init(&screen);
		screen.terminal.verbose = true;
		show_report(&screen, &sample.report);
		rest = screen.out;
		while ((line = next_line(&rest)) != NULL)
			assert_harmless_line(rows[i].name, line);
		screen_release(&screen);
	}
}

static void
long_texts_stay_within_the_width(void **state)
{
	static const char words[] =
		"a message of many short words goes on and on and on and on and on and on and "
		"on and on and on and on and on and on and on until it has said all that it has";
	static const unsigned widths[] = { 60, 80, 100, 120 };

	(void)state;
	for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		struct screen screen;
		struct sample sample;
		char *rest, *line;

		sample_report(&sample);
		for (size_t c = 0; c < 5; c++)
			sample.cases[c].message = sample.cases[c].why = words;
		sample.cases[0].id = "an-id-that-is-longer-than-the-column-for-ids";
		screen_init(&screen);
		screen.terminal.width = widths[i];
		show_report(&screen, &sample.report);
		rest = screen.out;
		while ((line = next_line(&rest)) != NULL)
			if (shown_columns(line, strlen(line)) > widths[i])
				fail_msg("beyond %u columns: \"%s\"", widths[i], line);
		screen_release(&screen);
	}
}

static void
progress_is_erased_before_anything_else_is_shown(void **state)
{
	struct screen screen;
	struct sample sample;

	(void)state;
	screen_init(&screen);
	screen.terminal.progress = true;
	sample_report(&sample);
	terminal_progress(&screen.terminal, 1, 20, "mx1.example.org:25 \033[2J");
	assert_string_equal(screen.err, "\r\033[K[1/20] mx1.example.org:25 \\x1b[2J");
	terminal_suite(&screen.terminal, &sample.suites[0]);
	assert_string_equal(screen.err + screen.err_len - 4, "\r\033[K");
	terminal_progress_end(&screen.terminal);
	assert_string_equal(screen.err, "\r\033[K[1/20] mx1.example.org:25 \\x1b[2J\r\033[K");
	screen_release(&screen);
}

static void
progress_fits_one_line(void **state)
{
	char what[200];
	struct screen screen;

	(void)state;
	memset(what, 'w', sizeof(what) - 1);
	what[sizeof(what) - 1] = '\0';
	screen_init(&screen);
	screen.terminal.progress = true;
	terminal_progress(&screen.terminal, 1, 2, what);
	assert_int_equal(screen.err_len, strlen("\r\033[K") + 79);
	screen_release(&screen);
}

static void
the_last_lines_say_what_it_comes_to(void **state)
{
	static const struct {
		const char *name;
		enum verdict verdict;
		size_t count;
		bool interrupted;
		const char *want;
	} rows[] = {
		{ "all passed", VERDICT_PASS, 1, false,
			"pass   1 assertion: 1 passed, 0 failed, 0 errors, 0 skipped\n"
			"       1 target, 1 connection, 0.007 s\n" },
		{ "one failed", VERDICT_FAIL, 1, false, "FAIL   1 assertion: 0 passed, 1 failed" },
		{ "one error", VERDICT_ERROR, 1, false,
			"ERROR  1 assertion: 0 passed, 0 failed, 1 error, 0 skipped" },
		{ "nothing is no success", VERDICT_PASS, 0, false, "ERROR  0 assertions: " },
		{ "half a run is no success", VERDICT_PASS, 1, true,
			"s\n       interrupted; what was not decided counts as an error\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct report_case one = { .id = "tls.version", .verdict = rows[i].verdict };
		struct report_suite suite = { .checklist = "a",
			.target = "b",
			.cases = &one,
			.case_count = rows[i].count,
			.connections = 1 };
		struct report report = { .suites = &suite,
			.suite_count = 1,
			.ms = 7,
			.interrupted = rows[i].interrupted };
		struct screen screen;

		screen_init(&screen);
		terminal_summary(&screen.terminal, &report);
		if (strstr(screen.out, rows[i].want) == NULL)
			fail_msg("%s: got \"%s\", want \"%s\"", rows[i].name, screen.out,
				rows[i].want);
		screen_release(&screen);
	}
}

/* So many targets with one failing case each; each release gives what was allocated. */
struct many {
	struct report report;
	struct report_suite *suites;
	struct report_case *cases;
	char (*names)[16];
	char (*messages)[32];
};

static void
many_init(struct many *many, size_t count, bool different)
{
	many->suites = calloc(count, sizeof(*many->suites));
	many->cases = calloc(count, sizeof(*many->cases));
	many->names = calloc(count, sizeof(*many->names));
	many->messages = calloc(count, sizeof(*many->messages));
	for (size_t i = 0; i < count; i++) {
		snprintf(many->names[i], sizeof(many->names[i]), "mx%zu", i + 1);
		snprintf(many->messages[i], sizeof(many->messages[i]), "TLS 1.0 is accepted%.*zu",
			different ? 6 : 0, different ? i + 1 : 0);
		many->cases[i] = (struct report_case){ .id = "tls.version",
			.verdict = VERDICT_FAIL,
			.type = "OldVersionAccepted",
			.message = many->messages[i],
			.expected = "TLS 1.2",
			.observed = many->names[i],
			.why = "it is broken",
			.fix = "switch it off" };
		many->suites[i] = (struct report_suite){ .checklist = "mx",
			.target = many->names[i],
			.cases = &many->cases[i],
			.case_count = 1 };
	}
	many->report = (struct report){ .suites = many->suites, .suite_count = count };
}

static void
many_release(struct many *many)
{
	free(many->suites);
	free(many->cases);
	free(many->names);
	free(many->messages);
}

static void
what_targets_have_in_common_is_said_once(void **state)
{
	struct screen screen;
	struct many many;

	(void)state;
	screen_init(&screen);
	many_init(&many, 3, false);
	terminal_summary(&screen.terminal, &many.report);
	assert_string_equal(screen.out,
		"FAIL   tls.version, mx on 3 targets\n"
		"       TLS 1.0 is accepted\n"
		"       targets   mx1, mx2, mx3\n"
		"       expected  TLS 1.2\n"
		"       why       it is broken\n"
		"       fix       switch it off\n"
		"       at        checklist mx (tls.version)\n"
		"\n"
		"FAIL   3 assertions: 0 passed, 3 failed, 0 errors, 0 skipped\n"
		"       3 targets, 0 connections, 0.000 s\n");
	screen_release(&screen);
	many_release(&many);
}

/* What two cases must have in common to be one group. */
static void
only_equal_cases_are_put_together(void **state)
{
	struct many many;

	(void)state;
	for (int difference = 0; difference < 6; difference++) {
		struct screen screen;

		screen_init(&screen);
		many_init(&many, 2, false);
		if (difference == 1)
			many.cases[1].id = "other";
		if (difference == 2)
			many.cases[1].type = NULL;
		if (difference == 3)
			many.cases[1].message = "other";
		if (difference == 4)
			many.suites[1].checklist = "other";
		if (difference == 5)
			many.cases[1].verdict = VERDICT_ERROR;
		terminal_summary(&screen.terminal, &many.report);
		if ((strstr(screen.out, "on 2 targets") != NULL) != (difference == 0))
			fail_msg("difference %d: got\n%s", difference, screen.out);
		screen_release(&screen);
		many_release(&many);
	}
}

static void
groups_come_in_the_order_of_the_report(void **state)
{
	const char *first, *second;
	struct screen screen;
	struct many many;

	(void)state;
	screen_init(&screen);
	many_init(&many, 4, false);
	many.cases[0].message = many.cases[2].message = "z";
	many.cases[1].message = many.cases[3].message = "a";
	terminal_summary(&screen.terminal, &many.report);
	first = strstr(screen.out, "       targets   mx1, mx3\n");
	second = strstr(screen.out, "       targets   mx2, mx4\n");
	assert_non_null(first);
	assert_non_null(second);
	assert_true(first < second);
	screen_release(&screen);
	many_release(&many);
}

static void
a_long_list_of_targets_is_cut(void **state)
{
	struct screen screen;
	struct many many;

	(void)state;
	screen_init(&screen);
	many_init(&many, 10000, false);
	terminal_summary(&screen.terminal, &many.report);
	assert_shown(&screen, "mx on 10000 targets\n");
	assert_shown(&screen, "mx12\n                 and 9988 more\n");
	assert_true(screen.out_len < 1000);
	screen_release(&screen);
	many_release(&many);
}

static void
ten_thousand_failures_stay_readable(void **state)
{
	struct screen screen;
	struct many many;

	(void)state;
	screen_init(&screen);
	many_init(&many, 10000, true);
	terminal_summary(&screen.terminal, &many.report);
	assert_shown(&screen, "TLS 1.0 is accepted000050\n       expected");
	assert_shown(&screen, "tls.version, mx on mx51: TLS 1.0 is accepted000051\n");
	assert_shown(&screen, "accepted000200\n       ... and 9800 more: a report");
	assert_shown(&screen, "FAIL   10000 assertions: 0 passed, 10000 failed");
	assert_true(screen.out_len < 100000);
	screen_release(&screen);
	many_release(&many);
}

static void
after_a_thousand_cases_a_target_is_one_line(void **state)
{
	struct screen screen;
	struct many many;
	char *rest, *line;
	size_t lines = 0;

	(void)state;
	screen_init(&screen);
	many_init(&many, 10000, false);
	for (size_t i = 0; i < 10000; i++)
		terminal_suite(&screen.terminal, &many.suites[i]);
	assert_shown(&screen, "mx on mx1000\n  FAIL   tls.version");
	assert_shown(&screen,
		"FAIL   mx on mx1001: 0 passed, 1 failed, 0 errors, 0 skipped\nFAIL   mx on mx1002");
	rest = screen.out;
	while ((line = next_line(&rest)) != NULL)
		lines++;
	assert_int_equal(lines, 1000 * 3 + 9000);
	assert_true(screen.out_len < 1000000);
	screen_release(&screen);
	many_release(&many);
}

static void
verbose_shows_every_case_all_the_same(void **state)
{
	struct screen screen;
	struct many many;

	(void)state;
	screen_init(&screen);
	screen.terminal.verbose = true;
	many_init(&many, 1001, false);
	for (size_t i = 0; i < 1001; i++)
		terminal_suite(&screen.terminal, &many.suites[i]);
	assert_shown(&screen, "mx on mx1001\n  FAIL   tls.version");
	screen_release(&screen);
	many_release(&many);
}

static void
quiet_shows_what_did_not_pass_alone(void **state)
{
	struct screen screen;
	struct sample sample;

	(void)state;
	screen_init(&screen);
	screen.terminal.quiet = true;
	screen.terminal.progress = true;
	terminal_progress(&screen.terminal, 1, 2, "probes");
	show_report(&screen, sample_report(&sample));
	assert_string_equal(screen.out, strstr(golden, "FAIL   cert-hostname, release"));
	fflush(screen.terminal.err);
	assert_int_equal(screen.err_len, 0);
	screen_release(&screen);
}

/* What does not count is yellow, is told with its fix, and comes before what counts. */
static void
warned_and_waived_are_told_apart(void **state)
{
	struct screen screen;
	struct sample sample;

	(void)state;
	screen_init(&screen);
	screen.terminal.colour = true;
	sample_report(&sample);
	sample.cases[1].verdict = VERDICT_WARNED;
	sample.cases[4].verdict = VERDICT_WAIVED;
	sample.cases[4].fix = "renew it";
	show_report(&screen, &sample.report);
	assert_shown(
		&screen, "\033[33mwarn \033[0m  cert-hostname, release on mx1.example.org:25\n");
	assert_shown(&screen, "fix       add mx1.example.org to the certificate\n");
	assert_shown(&screen, "\033[33mwaive\033[0m  tls.version, mx on [2001:db8::1]:25\n");
	assert_shown(&screen, "fix       renew it\n");
	assert_shown(&screen, "\033[32mpass \033[0m  5 assertions: 2 passed, 0 failed, 0 errors, "
			      "1 skipped, 1 warned, 1 waived\n");
	screen_release(&screen);
}

static void
red_comes_after_yellow(void **state)
{
	struct screen screen;
	struct sample sample;

	(void)state;
	screen_init(&screen);
	sample_report(&sample);
	sample.cases[4].verdict = VERDICT_WAIVED;
	terminal_summary(&screen.terminal, &sample.report);
	assert_true(strncmp(screen.out, "waive  tls.version", strlen("waive  tls.version")) == 0);
	assert_shown(&screen, "\n\nFAIL   cert-hostname");
	screen_release(&screen);
}

static void
columns_come_from_the_environment(void **state)
{
	static const struct {
		const char *columns;
		unsigned width;
	} rows[] = {
		{ "60", 60 },
		{ "200", 200 },
		{ "20", 40 },
		{ "99999", 500 },
		{ "0", 80 },
		{ "", 80 },
		{ "wide", 80 },
		{ "-100", 80 },
		{ "100x", 80 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct screen screen;

		setenv("COLUMNS", rows[i].columns, 1);
		screen_init(&screen);
		if (screen.terminal.width != rows[i].width)
			fail_msg("COLUMNS=%s: got %u", rows[i].columns, screen.terminal.width);
		screen_release(&screen);
	}
	unsetenv("COLUMNS");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_small_report_reads_exactly_so),
		cmocka_unit_test(what_is_no_terminal_gets_no_colour_and_no_progress),
		cmocka_unit_test(colour_changes_no_letter),
		cmocka_unit_test(conversations_are_shown_when_asked_for),
		cmocka_unit_test(no_text_controls_a_terminal_or_a_runner),
		cmocka_unit_test(long_texts_stay_within_the_width),
		cmocka_unit_test(progress_is_erased_before_anything_else_is_shown),
		cmocka_unit_test(progress_fits_one_line),
		cmocka_unit_test(the_last_lines_say_what_it_comes_to),
		cmocka_unit_test(what_targets_have_in_common_is_said_once),
		cmocka_unit_test(only_equal_cases_are_put_together),
		cmocka_unit_test(groups_come_in_the_order_of_the_report),
		cmocka_unit_test(a_long_list_of_targets_is_cut),
		cmocka_unit_test(ten_thousand_failures_stay_readable),
		cmocka_unit_test(after_a_thousand_cases_a_target_is_one_line),
		cmocka_unit_test(verbose_shows_every_case_all_the_same),
		cmocka_unit_test(quiet_shows_what_did_not_pass_alone),
		cmocka_unit_test(warned_and_waived_are_told_apart),
		cmocka_unit_test(red_comes_after_yellow),
		cmocka_unit_test(columns_come_from_the_environment),
	};

	unsetenv("COLUMNS");

	return cmocka_run_group_tests(tests, NULL, NULL);
}
