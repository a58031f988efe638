/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Picks the command by its row, and sees to it that standard output was written to its end.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/heap.h"
#include "base/text.h"
#include "checklist/checklist.h"
#include "checklist/shipped.h"
#include "commands.h"

const struct command commands[] = {
	{ "run", "CHECKLIST...", 1, 1000, SCOPE_RUN, "check the servers and report", command_run },
	{ "validate", "CHECKLIST...", 1, 1000, SCOPE_VALIDATE,
		"check the checklists alone; makes no connection", command_validate },
	{ "list", "[CHECKLIST...]", 0, 1000, SCOPE_LIST,
		"show what would run; without a checklist, all there is to assert", command_list },
	{ "inspect", "HOST[:PORT]", 1, 1, SCOPE_INSPECT,
		"show what a server says, its TLS and its certificates; judges nothing, and ends with 3 "
		"where there is no connection",
		command_inspect },
	{ "merge", "REPORT...", 1, 100000, SCOPE_MERGE,
		"put the JSON reports of the shards of a run together, as if one run had made them",
		command_merge },
	{ "explain", "NAME...", 1, 1000, 0,
		"an assertion, a failure type, a checklist of the program, or a word of checklists or "
		"of the command line: what it is, why, and how to fix it",
		command_explain },
	{ "schema", "", 0, 0, 0, "print the JSON Schema of checklists", command_schema },
	{ "manual", "", 0, 0, 0, "print the manual page (for man -l -)", command_manual },
	{ .name = NULL },
};

void
complain(const char *format, ...)
{
	va_list args;

	fputs("starttls-gate: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

static const struct command *
find_command(const char *word)
{
	for (const struct command *row = commands; row->name != NULL; row++)
		if (strcmp(row->name, word) == 0)
			return row;
	return NULL;
}

static enum exit_status
refuse_command(const char *word)
{
	for (const struct command *row = commands; row->name != NULL; row++) {
		if (text_resembles(word, row->name)) {
			complain("unknown command '%s': did you mean '%s'?", word, row->name);
			return EXIT_USAGE;
		}
	}
	for (const struct shipped_checklist *row = shipped_checklists; row->name != NULL; row++) {
		if (strcmp(word, row->name) == 0) {
			complain("'%s' is a checklist: 'starttls-gate run %s' runs it", word, word);
			return EXIT_USAGE;
		}
	}
	complain("unknown command '%s': see 'starttls-gate --help'", word);
	return EXIT_USAGE;
}

static enum exit_status
dispatch(const struct command *command, int argc, char **argv)
{
	struct error error = { .text = "" };
	enum exit_status status = EXIT_PASSED;
	struct options options;

	options_init(&options);
	if (!options_parse(&options, command, argc, argv, &error)) {
		complain("%s", error.text);
		status = EXIT_USAGE;
	} else if (options.help) {
		show_help(stdout, command);
	} else if (options.version) {
		puts("starttls-gate " GATE_VERSION);
	} else {
		status = command->run(&options);
	}
	options_release(&options);
	return status;
}

/* The number of a standard stream that is closed would go to a socket or a pipe of the run, which would
 * get what is meant for people. Opened for reading alone, it takes nothing either. */
static void
hold_closed_streams(void)
{
	int next;

	do
		next = open("/dev/null", O_RDONLY);
	while (next >= 0 && next <= STDERR_FILENO);
	if (next >= 0)
		close(next);
}

/* What was meant to be read and could not be written does not end as a success. */
static enum exit_status
close_output(enum exit_status status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	complain("standard output could not be written");
	return status == EXIT_PASSED ? EXIT_UNWRITTEN : status;
}

int
main(int argc, char **argv)
{
	const struct command *command;

	heap_keep_freed();
	hold_closed_streams();
	/* A reader of the output that goes away must not keep a report from being written. */
	signal(SIGPIPE, SIG_IGN);

	if (argc < 2) {
		show_help(stderr, NULL);
		return EXIT_USAGE;
	}
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
		puts("starttls-gate " GATE_VERSION);
		return EXIT_PASSED;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
		strcmp(argv[1], "help") == 0) {
		show_help(stdout, NULL);
		return EXIT_PASSED;
	}
	command = find_command(argv[1]);
	if (command == NULL)
		return (int)refuse_command(argv[1]);
	return (int)close_output(dispatch(command, argc - 2, argv + 2));
}
