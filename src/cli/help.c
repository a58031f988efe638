/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * --help, made from the tables of commands and options.
 */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "report/terminal.h"
#include "report/wrap.h"

#define HELP_COLUMN 24

const struct exit_meaning exit_meanings[] = {
	{ EXIT_PASSED, "all passed" },
	{ EXIT_FAILED, "an assertion failed" },
	{ EXIT_USAGE, "the command line or a checklist is wrong; nothing ran" },
	{ EXIT_UNDECIDED, "none failed, but some could not be evaluated" },
	{ EXIT_UNWRITTEN, "a report could not be written" },
	{ 130, "interrupted (143: terminated); the report was written" },
	{ .meaning = NULL },
};

/* "  left     text", the text wrapped in its column. */
static void
show_row(FILE *out, const char *left, const char *text)
{
	struct buf line;

	buf_init(&line, 4096);
	if (strlen(left) > HELP_COLUMN - 4)
		buf_addf(&line, "  %s\n%*s", left, HELP_COLUMN, "");
	else
		buf_addf(&line, "  %-*s", HELP_COLUMN - 2, left);
	wrap_add(&line, text, HELP_COLUMN, terminal_width(out));
	fprintf(out, "%s\n", line.data);
	buf_release(&line);
}

static void
show_text(FILE *out, const char *text)
{
	struct buf lines;

	buf_init(&lines, 4096);
	wrap_add(&lines, text, 0, terminal_width(out));
	fprintf(out, "%s\n", lines.data);
	buf_release(&lines);
}

static void
show_option(FILE *out, const struct option_row *row)
{
	char left[64];
	char letter[8] = "    ";

	if (row->letter != 0)
		snprintf(letter, sizeof(letter), "-%c, ", row->letter);
	snprintf(left, sizeof(left), "%s--%s%s%s", letter, row->name,
		row->value_name != NULL ? " " : "", row->value_name != NULL ? row->value_name : "");
	show_row(out, left, row->help);
}

static void
show_program(FILE *out)
{
	fputs("usage: starttls-gate COMMAND [OPTION...] [OPERAND...]\n\n", out);
	show_text(out, "Checks mail servers against a checklist over real connections and reports "
		       "in JUnit XML. 'starttls-gate COMMAND --help' tells more.");
	fputs("\ncommands:\n", out);
	for (const struct command *row = commands; row->name != NULL; row++) {
		char left[64];

		snprintf(left, sizeof(left), "%s %s", row->name, row->operands);
		show_row(out, left, row->summary);
	}
}

static void
show_command(FILE *out, const struct command *command)
{
	fprintf(out, "usage: starttls-gate %s [OPTION...] %s\n\n%s: %s\n\noptions:\n",
		command->name, command->operands, command->name, command->summary);
	for (const struct option_row *row = option_rows; row->name != NULL; row++)
		if (row->scope == SCOPE_ANY || (row->scope & command->scope) != 0)
			show_option(out, row);
}

void
show_help(FILE *out, const struct command *command)
{
	if (command != NULL)
		show_command(out, command);
	else
		show_program(out);
	fputs("\nexit status:\n", out);
	for (const struct exit_meaning *row = exit_meanings; row->meaning != NULL; row++) {
		char left[16];

		snprintf(left, sizeof(left), "%d", row->status);
		show_row(out, left, row->meaning);
	}
}
