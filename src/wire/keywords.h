/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * keywords: a capability as a keyword with parameters behind it, blanks between them. Some servers
 * write "AUTH=PLAIN LOGIN", and IMAP always does: the equals sign ends the keyword as a blank would,
 * and PLAIN is a parameter like the others.
 */
#ifndef GATE_WIRE_KEYWORDS_H
#define GATE_WIRE_KEYWORDS_H

#include "wire/reply.h"

/* Whether that is the capability's keyword, without regard to case. */
bool keyword_is(const struct reply_line *capability, const char *keyword);

/* The next parameter at or behind `from` (NULL: the first); *found: its length, 0 at the end. */
const char *keyword_parameter(const struct reply_line *capability, const char *from, size_t *found);

/* Whether the capability has the wanted keyword, and each of the parameters wanted behind it. */
bool keyword_offers(const struct reply_line *capability, const char *wanted);

/* Whether the keyword has something in it that is no letter, digit or mark, or the capability a
 * control character. */
bool keyword_is_malformed(const struct reply_line *capability, const char *marks);

/* For rows of dialects: appends the capabilities that name mechanisms and have some. */
void keyword_logins(const struct reply *greeting, const struct reply *list, struct buf *out);

#endif
