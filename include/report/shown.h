/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * shown: what becomes of text on its way into a report. Servers chose many of the bytes, so
 * each writer takes them through here first. What text_add_printable would show as it is stays,
 * all else becomes visible ("\x1b", "\r", "\xff"), with one difference: a backslash is not
 * doubled, because the patterns of a checklist are read by people. The result is well-formed
 * UTF-8 of characters that XML 1.0 (section 2.2) allows and does not discourage.
 */
#ifndef GATE_REPORT_SHOWN_H
#define GATE_REPORT_SHOWN_H

#include <stddef.h>

#include "base/buf.h"

/* Appends text of any number of lines: newlines and tabs stay. */
void shown_add_lines(struct buf *out, const char *text);

/* Appends text as one line: each run of newlines, carriage returns, tabs and blanks is a
 * blank, and there is none at either end. */
void shown_add_line(struct buf *out, const char *text);

/* Appends one line of at most `columns` code points (at least 4); a longer one ends in "...". */
void shown_add_short(struct buf *out, const char *text, size_t columns);

/* Takes bytes out of the middle of shown text so that at most `most` (at least 64) are left;
 * "... [N bytes omitted]" between two characters `around` (a newline or a blank) stands in their
 * place. The end is kept as well as the beginning, since a conversation breaks off at its end.
 * No character is cut in two. */
void shown_cut(struct buf *shown, size_t most, char around);

/* Code points in shown text. */
size_t shown_columns(const char *shown, size_t len);

/* Appends one line of shown text so that no CI runner takes it for a command: "::" at the
 * beginning (GitHub Actions, blanks in front or not) and "##" anywhere ("##[" of GitHub
 * Actions, "##vso[" of Azure Pipelines, "##teamcity[") lose a character to its \xNN form. */
void shown_add_uncommanding(struct buf *out, const char *line, size_t len);

/* Appends shown text with every "[[" broken: "[[ATTACHMENT|path]]" in the output of a test case
 * makes GitLab and Jenkins attach a file, "[[PROPERTY|...]]" sets a property elsewhere. */
void shown_add_unattaching(struct buf *out, const char *shown);

#endif
