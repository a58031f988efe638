/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * expectation: what somebody expects of a reply, as one text.
 */
#ifndef GATE_WIRE_EXPECTATION_H
#define GATE_WIRE_EXPECTATION_H

#include <stdbool.h>

/* The longest text that a regular expression is held against: that takes time. */
#define EXPECTATION_TEXT_MAX 8192

enum expectation {
	EXPECTATION_CODE,  /* three digits, or OK, NO, BAD, BYE, +OK, -ERR or + */
	EXPECTATION_REGEX, /* between two slashes: matches somewhere, by lines */
	EXPECTATION_TEXT,  /* all else: stands somewhere in it */
};
enum expectation expectation_kind(const char *expect);

/* Whether a reply is what was expected: `codes` are those of its last line (reply_line_status), `text`
 * its lines with newlines between them. A regular expression that does not compile matches nothing. */
bool expectation_met(const char *expect, const char *codes, const char *text);

#endif
