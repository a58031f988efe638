/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cleaner: copies of texts that may be reported: freed of secrets whole, and only then cut.
 */
#ifndef GATE_RUN_FACTS_TEXT_H
#define GATE_RUN_FACTS_TEXT_H

#include "base/arena.h"
#include "base/secrets.h"
#include "evidence/evidence.h"

struct cleaner {
	const struct secrets *secrets;
	struct secrets pieces; /* of secrets that the server spread over lines */
	struct arena *arena;   /* of the copies */
	struct arena *scratch;
};

/* Looks through the transcripts of the evidence for pieces of secrets. */
void cleaner_init(struct cleaner *cleaner, const struct secrets *secrets,
	const struct evidence *evidence, struct arena *arena, struct arena *scratch);

/* A copy, at most 64 KiB long, with carriage returns as "\\r". NULL gives NULL. */
const char *cleaner_text(const struct cleaner *cleaner, const char *text);

/* A copy of any length; what was left out behind it is counted. */
const char *cleaner_transcript(const struct cleaner *cleaner, const char *text, size_t dropped);

#endif
