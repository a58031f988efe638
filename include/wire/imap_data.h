/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * imap_data: what untagged lines of an IMAP reply tell of a mailbox (RFC 9051 sections 7.1, 7.3 and
 * 7.5). Only what the reply to the command that asked for it holds is looked at.
 */
#ifndef GATE_WIRE_IMAP_DATA_H
#define GATE_WIRE_IMAP_DATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "wire/reply.h"

/* The number in the code of that name ("UIDNEXT") of an untagged OK. False: there is none, or another
 * one as well. */
bool imap_code_number(const struct reply *reply, const char *name, uint32_t *number);

/* What FETCH told of one message. */
struct imap_fetched {
	uint32_t uid;     /* 0: not told */
	struct span body; /* of the first BODY section; no data: not told, or NIL */
};

/* The next FETCH of the reply; *at is 0 at first. False at the end. One that cannot be read has no
 * uid. Texts live in the arena of the reply. */
bool imap_next_fetched(const struct reply *reply, size_t *at, struct imap_fetched *fetched);

/* The next number of an untagged SEARCH; *line and *at are 0 at first. False at the end. */
bool imap_next_found(const struct reply *reply, size_t *line, size_t *at, uint32_t *number);

/* The name of the mailbox that LIST gives this attribute ("\\Junk"), in the arena of the reply; NULL:
 * none has it. */
const char *imap_listed(const struct reply *reply, const char *attribute);

#endif
