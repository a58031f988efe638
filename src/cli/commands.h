/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * commands: one function for each row of `commands`, and what they share.
 */
#ifndef GATE_CLI_COMMANDS_H
#define GATE_CLI_COMMANDS_H

#include <stdbool.h>
#include <stdio.h>

#include "checklist/checklist.h"
#include "checklist/overlay.h"
#include "checklist/problems.h"
#include "options.h"
#include "report/report.h"
#include "run/shard.h"

enum exit_status command_run(struct options *options);
enum exit_status command_validate(struct options *options);
enum exit_status command_list(struct options *options);
enum exit_status command_inspect(struct options *options);
enum exit_status command_merge(struct options *options);
enum exit_status command_explain(struct options *options);
enum exit_status command_schema(struct options *options);
enum exit_status command_manual(struct options *options);

/* The checklists that the operands name. */
struct loaded {
	struct checklist *checklists;
	size_t count;
	struct problems problems;

	/* All targets of the checklists; of a shard those that fall to it. */
	struct run_target *targets;
	size_t target_count;
	struct report_shard shard; /* of 0: there is no --shard */
};

/* What checklists are loaded for. */
enum purpose {
	PURPOSE_RUN,
	PURPOSE_VALIDATE, /* secrets need not be there */
	PURPOSE_LIST,     /* nor targets */
};

/* Loads them all with what the options lay over them. When something is wrong, everything that
 * is goes to standard error, a report to options->junit if there is one, and the result is
 * false. From here on SIGINT and SIGTERM throw the switch of gate/interrupt.h. Release in either
 * case. */
bool loaded_init(struct loaded *loaded, struct options *options, enum purpose purpose);
void loaded_release(struct loaded *loaded);

/* Adds a problem for each variable, tag or pattern of the command line that nothing in the
 * checklists answers to, unless they have problems of their own. */
void complain_of_unused(struct loaded *loaded, struct arena *arena, const struct overlay *overlay);

/* The shard that --shard gives, K/N or auto; `of` is 0 without it. False, with an error, when that is no
 * shard, or when the environment, which auto alone reads, does not give one. */
bool shard_of_options(
	const struct options *options, struct report_shard *shard, struct error *error);

/* Sorts problems and shows them on standard error. */
void problems_show(struct problems *problems);

/* From here on SIGINT and SIGTERM throw the switch of base/interrupt.h. False, after a complaint, when
 * that cannot be. */
bool handle_signals(void);

/* The status of what was interrupted; else the one given. */
enum exit_status interrupted_or(enum exit_status status);

/* Shows what would run: targets, assertions and the connections it takes. */
void show_plan(FILE *out, const struct loaded *loaded);

/* Appends what a checklist that came with the program is for and asserts; false when there is none
 * of that name, with "policy/" in front or without. */
bool explain_checklist(struct buf *out, const char *name);

/* Appends what a word of checklists ("addresses"), or an option ("--mx", or "mx"), is for; false when there is
 * none of that name. */
bool explain_word(struct buf *out, const char *word);

/* Appends what a parameter takes: "a whole number from 0 to 3650; 14 unless given". */
void add_param_type(struct buf *out, const struct param *param);

/* Appends a value that was given. */
void add_param_value(struct buf *out, const struct param *param, const struct argument *argument);

/* "starttls-gate: " and the text, on standard error. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* What the exit statuses mean; ends with a row without a meaning. */
struct exit_meaning {
	int status;
	const char *meaning;
};
extern const struct exit_meaning exit_meanings[];

/* The help of the program (NULL) or of one command, on `out`. */
void show_help(FILE *out, const struct command *command);

#endif
