/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * limits: the time limits and numbers of connections of a checklist.
 */
#ifndef GATE_CHECKLIST_LIMITS_H
#define GATE_CHECKLIST_LIMITS_H

#include "loader.h"

/* Fills the limits of the checklist: what its file gives, else the defaults. */
/* A span of time as a member of an object. */
struct span_limit {
	const char *key;
	const char *range; /* in words */
	int64_t minimum_ms, maximum_ms;
};

/* Puts the member into *value if it is there; it stays as it is, with a problem, where it is out of
 * range. */
void limits_load_span(struct loader *loader, const struct json *object,
	const struct span_limit *limit, int64_t *value);

void limits_load(struct loader *loader);

#endif
