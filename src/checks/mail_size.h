/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * mail_size: the largest message that a server says it takes (RFC 1870).
 */
#ifndef GATE_CHECKS_MAIL_SIZE_H
#define GATE_CHECKS_MAIL_SIZE_H

#include "checks/ask.h"
#include "evidence/finding.h"

/* Of the row mail.size. */
const char *object_to_size(const struct arguments *arguments);
void ask_size(const struct arguments *arguments, struct questions *questions);
void judge_size(const struct arguments *arguments, const struct evidence *evidence,
	struct finding *finding);

#endif
