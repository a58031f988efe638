/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The manual page, made from the same tables as --help and explain (man(7)).
 */
#include <stdio.h>

#include "commands.h"

/* Text of a man page: a backslash is spelt \e, a leading dot or quote is kept from being a
 * request, and a hyphen stays a hyphen when it is copied. */
static void
add_text(FILE *out, const char *text)
{
	if (*text == '.' || *text == '\'')
		fputs("\\&", out);
	for (; *text != '\0'; text++) {
		if (*text == '\\')
			fputs("\\e", out);
		else if (*text == '-')
			fputs("\\-", out);
		else
			fputc(*text, out);
	}
	fputc('\n', out);
}

static void
add_commands(FILE *out)
{
	fputs(".SH COMMANDS\n", out);
	for (const struct command *row = commands; row->name != NULL; row++) {
		fprintf(out, ".TP\n.B %s %s\n", row->name, row->operands);
		add_text(out, row->summary);
	}
}

static void
add_options(FILE *out)
{
	fputs(".SH OPTIONS\n", out);
	for (const struct option_row *row = option_rows; row->name != NULL; row++) {
		fputs(".TP\n", out);
		if (row->letter != 0)
			fprintf(out, ".BR \\-%c \", \" \\-\\-%s", row->letter, row->name);
		else
			fprintf(out, ".B \\-\\-%s", row->name);
		fprintf(out, "%s%s\n", row->value_name != NULL ? " " : "",
			row->value_name != NULL ? row->value_name : "");
		add_text(out, row->help);
	}
}

static void
add_assertions(FILE *out)
{
	fputs(".SH ASSERTIONS\n", out);
	for (size_t i = 0; i < check_family_count; i++) {
		const struct check_family *family = check_families[i];

		for (size_t j = 0; j < family->count; j++) {
			const struct check *check = &family->checks[j];

			fprintf(out, ".TP\n.B %s", check->name);
			for (const struct param *param = check->params; param->name != NULL;
				param++)
				fprintf(out, " [%s]", param->name);
			fputc('\n', out);
			add_text(out, check->summary);
			fputs("(", out);
			add_text(out, check->source);
			fputs(")\n", out);
		}
	}
}

static void
add_exit_statuses(FILE *out)
{
	fputs(".SH EXIT STATUS\n", out);
	for (const struct exit_meaning *row = exit_meanings; row->meaning != NULL; row++)
		fprintf(out, ".TP\n.B %d\n%s\n", row->status, row->meaning);
}

enum exit_status
command_manual(struct options *options)
{
	(void)options;
	fputs(".TH STARTTLS\\-GATE 1 \"\" \"starttls\\-gate " GATE_VERSION "\"\n"
	      ".SH NAME\nstarttls\\-gate \\- a release gate for mail servers\n"
	      ".SH SYNOPSIS\n.B starttls\\-gate\n.I COMMAND\n[\\fIOPTION\\fR...] "
	      "[\\fIOPERAND\\fR...]\n"
	      ".SH DESCRIPTION\nReads a checklist of assertions about a mail server's transport "
	      "security, runs each over real connections and writes a JUnit XML report.\n",
		stdout);
	add_commands(stdout);
	add_options(stdout);
	add_assertions(stdout);
	add_exit_statuses(stdout);
	fputs(".SH ENVIRONMENT\n.TP\n.B STARTTLS_GATE_VAR_\\fINAME\\fR\n"
	      "The value of the checklist's variable NAME.\n"
	      ".TP\n.B NO_COLOR\nNo colour, even on a terminal.\n",
		stdout);
	return EXIT_PASSED;
}
