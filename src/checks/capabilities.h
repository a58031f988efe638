/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * capabilities: what the judges of EHLO replies share, before TLS and inside it.
 */
#ifndef GATE_CAPABILITIES_H
#define GATE_CAPABILITIES_H

#include "gate/checklist.h"
#include "gate/finding.h"
#include "gate/reply.h"

/* A line of a reply for people, without its code, at most 200 bytes of it. */
const char *line_shown(struct arena *arena, const struct reply_line *line);

/* The whole last line of a reply for people, at most 200 bytes of it. */
const char *reply_shown(struct arena *arena, const struct reply *reply);

/* The capabilities of an EHLO reply with commas between them. */
const char *capabilities_shown(struct arena *arena, const struct reply *ehlo);

/* All items of the assertion's `capabilities` must be offered, or none of them. */
void judge_included(
	const struct assertion *assertion, const struct reply *ehlo, struct finding *finding);
void judge_excluded(
	const struct assertion *assertion, const struct reply *ehlo, struct finding *finding);

#endif
