/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * reports: what the options say of reports, for every command that makes one.
 */
#ifndef GATE_CLI_REPORTS_H
#define GATE_CLI_REPORTS_H

#include <stdbool.h>

#include "checklist/problems.h"
#include "options.h"
#include "report/report.h"
#include "report/terminal.h"

/* Everything that can be known to go wrong with the reports of --junit and --report before anything
 * is read, their places over the operands and other files of the command line included; complains if
 * something does. *on_stdout: one of them goes to standard output. */
bool reports_check(const struct options *options, bool *on_stdout);

/* Whether a report would be written over a file that is read; complains if so. NULL is no file. */
bool reports_replace(const struct options *options, const char *input);

/* Whether none of them, and nothing on the terminal, has the connections of what passed, or facts. */
bool reports_are_brief(const struct options *options);

/* Writes all of them; false when one could not be, which was complained of. */
bool reports_write(const struct report *report, const struct options *options);

/* Writes the JUnit report, if there is one, of problems that kept everything from being done. */
void reports_write_problems(
	const struct options *options, enum report_input input, const struct problems *problems);

/* The terminal as the options want it; text goes to standard error where a report takes the place. */
void reports_terminal(
	struct terminal *terminal, const struct options *options, bool report_on_stdout);

/* What a report comes to, unless a report could not be written. */
enum exit_status reports_status(const struct report *report, bool written);

#endif
