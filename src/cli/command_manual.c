/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The manual page, made from the same tables as --help, explain and the schema (man(7)).
 */
#include <stdio.h>
#include <string.h>

#include "checklist/schema_objects.h"
#include "checklist/shipped.h"
#include "commands.h"
#include "report/report.h"

/* Text of a man page: a backslash is spelt \e, a leading dot or quote is kept from being a
 * request, and a hyphen stays a hyphen when it is copied. */
static void
add_words(FILE *out, const char *text)
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
}

static void
add_text(FILE *out, const char *text)
{
	add_words(out, text);
	fputc('\n', out);
}

/* A word in bold, or for what stands for something else, in italics. */
static void
add_in(FILE *out, char font, const char *word)
{
	fprintf(out, "\\f%c", font);
	add_words(out, word);
	fputs("\\fR", out);
}

static void
add_commands(FILE *out)
{
	fputs(".SH COMMANDS\n", out);
	for (const struct command *row = commands; row->name != NULL; row++) {
		fputs(".TP\n", out);
		add_in(out, 'B', row->name);
		if (row->operands[0] != '\0') {
			fputc(' ', out);
			add_in(out, 'I', row->operands);
		}
		fputc('\n', out);
		add_text(out, row->summary);
	}
}

/* "Of run, validate and list." where not every command takes it. */
static void
add_scope(FILE *out, const struct option_row *row)
{
	bool any = false;

	if (row->scope == SCOPE_ANY)
		return;
	for (const struct command *command = commands; command->name != NULL; command++) {
		if ((row->scope & command->scope) == 0)
			continue;
		fprintf(out, "%s%s", any ? ", " : "(", command->name);
		any = true;
	}
	fputs(")\n", out);
}

/* "-o, --report FORMAT=FILE" */
static void
add_option(FILE *out, const struct option_row *row)
{
	char letter[] = { '-', row->letter, '\0' };

	fputs(".TP\n", out);
	if (row->letter != 0) {
		add_in(out, 'B', letter);
		fputs(", ", out);
	}
	fputs("\\fB\\-\\-", out);
	add_words(out, row->name);
	fputs("\\fR", out);
	if (row->value_name != NULL) {
		fputc(' ', out);
		add_in(out, 'I', row->value_name);
	}
	fputc('\n', out);
	add_text(out, row->help);
	add_scope(out, row);
}

static void
add_options(FILE *out)
{
	fputs(".SH OPTIONS\nOptions and operands may be mixed; after \\fB\\-\\-\\fR all are "
	      "operands. What cannot be given more than once is an error when it is.\n",
		out);
	for (const struct option_row *row = option_rows; row->name != NULL; row++)
		add_option(out, row);
}

static void
add_report_formats(FILE *out)
{
	fputs(".SH REPORT FORMATS\n", out);
	for (const struct report_format *row = report_formats; row->name != NULL; row++) {
		fprintf(out, ".TP\n.B %s\n", row->name);
		add_text(out, row->summary);
	}
}

static void
add_form(FILE *out, const struct schema_object *form)
{
	static const char *const types[] = { [JSON_BOOLEAN] = "true or false",
		[JSON_NUMBER] = "number",
		[JSON_STRING] = "string",
		[JSON_ARRAY] = "array",
		[JSON_OBJECT] = "object" };

	fputs(".SS ", out);
	add_text(out, form->name);
	for (const struct member *member = form->members; member->key != NULL; member++) {
		if (member->key[0] == '$')
			continue;
		fputs(".TP\n", out);
		add_in(out, 'B', member->key);
		fprintf(out, " (%s%s)\n", types[member->type],
			member->required ? ", required" : "");
		add_text(out, member->help);
	}
}

static void
add_checklists(FILE *out)
{
	fputs(".SH CHECKLISTS\nA checklist is a JSON file. Strings take \\fB${\\fIname\\fB}\\fR from "
	      "\\fB\\-\\-var\\fR, the environment or \\fBvariables\\fR, in that order, and "
	      "\\fB${\\fIname\\fB:\\-\\fIdefault\\fB}\\fR; one such reference may stand for a "
	      "number. Any object may have a \\fB$comment\\fR.\n",
		out);
	for (size_t i = 0; schema_objects[i] != NULL; i++)
		add_form(out, schema_objects[i]);
	fputs(".SS Checklists that come with the program\n", out);
	for (const struct shipped_checklist *row = shipped_checklists; row->name != NULL; row++) {
		fputs(row == shipped_checklists ? "" : ".br\n", out);
		add_text(out, row->name);
	}
}

static void
add_param(FILE *out, const struct param *param)
{
	struct buf type;

	buf_init(&type, 1 << 16);
	add_param_type(&type, param);
	fputs(".br\n", out);
	add_in(out, 'I', param->name);
	fputs(": ", out);
	add_text(out, type.data);
	buf_release(&type);
}

static void
add_assertions(FILE *out)
{
	fputs(".SH ASSERTIONS\n", out);
	for (size_t i = 0; i < check_family_count; i++) {
		const struct check_family *family = check_families[i];

		for (size_t j = 0; j < family->count; j++) {
			const struct check *check = &family->checks[j];

			fprintf(out, ".TP\n.B %s\n", check->name);
			add_words(out, check->summary);
			fputs(" (", out);
			add_words(out, check->source);
			fputs(")\n", out);
			for (const struct param *param = check->params; param->name != NULL;
				param++)
				add_param(out, param);
		}
	}
}

static void
add_exit_statuses(FILE *out)
{
	fputs(".SH EXIT STATUS\n", out);
	for (const struct exit_meaning *row = exit_meanings; row->meaning != NULL; row++) {
		fprintf(out, ".TP\n.B %d\n", row->status);
		add_text(out, row->meaning);
	}
}

/* A name and what is to be said about it. */
struct entry {
	const char *name;
	const char *text;
};

static const struct entry environment[] = {
	{ "STARTTLS_GATE_VAR_NAME", "The value of the checklist's variable NAME." },
	{ "SSL_CERT_FILE",
		"The file of the authorities that this machine trusts, if not that below." },
	{ "COLUMNS", "How wide the text may be." },
	{ "NO_COLOR", "No colour, even on a terminal." },
	{ "CI_NODE_INDEX, CI_NODE_TOTAL",
		"The shard and their number, both from 1, for \"--shard auto\" alone." },
	{ "TERM", "A \"dumb\" terminal gets neither colour nor progress." },
	{ NULL, NULL },
};

static const struct entry files[] = {
	{ "/etc/ssl/certs/ca-certificates.crt",
		"The authorities that are trusted unless a checklist says otherwise." },
	{ "/etc/resolv.conf",
		"The resolvers that are asked for MX, TLSA and other records unless a checklist says "
		"otherwise." },
	{ "/usr/share/dns/root.key",
		"The trust anchor of DNSSEC unless a checklist names another; where it is not there, "
		"one that is built in." },
	{ "PREFIX/share/starttls-gate/checklist.schema.json",
		"The JSON Schema of checklists; editors find it by \"$schema\"." },
	{ "PREFIX/share/starttls-gate/report.schema.json", "The JSON Schema of JSON reports." },
	{ "PREFIX/share/starttls-gate/junit.xsd", "What JUnit reports conform to." },
	{ "A checklist, a file of targets, a report to merge, a secret, a key or a certificate",
		"may be a pipe as well, as in \"run /dev/stdin\": it is read up to its end. In a "
		"checklist from a pipe, relative paths begin in the working directory, else in that "
		"of the checklist." },
	{ NULL, NULL },
};

static const struct entry examples[] = {
	{ "starttls-gate run release.json --junit report.xml", "Puts a checklist to its servers." },
	{ "starttls-gate run posture --target mail.example.com:465",
		"Everything that can be said from outside of a server that no checklist is there "
		"for." },
	{ "starttls-gate run mx --mx example.com",
		"Every mail server of a domain, those that its MX records lead to." },
	{ "starttls-gate run submission --target mail.example.com --tag '!login'",
		"A shipped checklist, without what needs an account." },
	{ "starttls-gate run release.json --shard 2/3 --report json=shard-2.json",
		"The second of three parts of the targets." },
	{ "starttls-gate explain auth.login", "What is wrong when this fails." },
	{ NULL, NULL },
};

static void
add_entries(FILE *out, const char *heading, const struct entry *entry)
{
	fprintf(out, ".SH %s\n", heading);
	for (; entry->name != NULL; entry++) {
		fputs(".TP\n", out);
		add_in(out, 'B', entry->name);
		fputc('\n', out);
		add_text(out, entry->text);
	}
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
	      "security, runs each over real connections and writes a JUnit XML report. A "
	      "\\fICHECKLIST\\fR is the path of a file, with a '/' or \".json\" in it, or the name of "
	      "a checklist that comes with the program.\n",
		stdout);
	add_commands(stdout);
	add_options(stdout);
	add_report_formats(stdout);
	add_checklists(stdout);
	add_assertions(stdout);
	add_exit_statuses(stdout);
	add_entries(stdout, "ENVIRONMENT", environment);
	add_entries(stdout, "FILES", files);
	add_entries(stdout, "EXAMPLES", examples);
	return EXIT_PASSED;
}
