/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * resolve: from targets to what is run: those that stand for several servers are taken apart by what the
 * DNS says of them. A target that names one server is left as it is, and nothing is asked for it unless an
 * assertion is about its names.
 */
#ifndef GATE_RUN_RESOLVE_H
#define GATE_RUN_RESOLVE_H

#include <stddef.h>
#include <stdint.h>

#include "run/collect.h"
#include "run/shard.h"

/* The runs stand in the order of their targets, those of one target side by side: the lead, where
 * something is asserted of it, and its nodes. */
struct resolved {
	struct target_run *runs; /* whose evidence is not planned yet */
	size_t count;
	struct dns **dns; /* what the runs ask */
	size_t dns_count;
};

/* Asks side by side, mail servers first and then addresses, and waits no longer than each checklist's
 * dns.timeout for either, and not beyond the deadline (of the monotonic clock). What is made lives in the
 * arena but for what the release frees; the evidence of the runs is not initialised. */
void resolve(struct resolved *resolved, const struct run_target *targets, size_t count,
	int64_t deadline_ms, struct arena *arena);

/* Nobody may be asking any more. */
void resolved_release(struct resolved *resolved);

#endif
