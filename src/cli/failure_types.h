/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * failure_types: which types a report may give an assertion that did not pass. The table is written
 * from the judges when the program is built (src/cli/failure_types.awk).
 */
#ifndef GATE_CLI_FAILURE_TYPES_H
#define GATE_CLI_FAILURE_TYPES_H

struct failure_type {
	const char *type;      /* "StarttlsMissing" */
	const char *assertion; /* "starttls.advertised"; empty: any */
};

/* By type, then by assertion; ends with a row without a type. */
extern const struct failure_type failure_types[];

#endif
