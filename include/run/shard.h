/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * shard: shares the targets of a run out among machines. Each target goes to one shard, whatever order
 * checklists and options have. One target more or less moves few others: at most one over each
 * border between two shards.
 */
#ifndef GATE_RUN_SHARD_H
#define GATE_RUN_SHARD_H

#include <stddef.h>

#include "checklist/checklist.h"
#include "report/report.h"

/* A target of a checklist of the run. */
struct run_target {
	const struct checklist *checklist;
	const struct target *target;
	size_t number; /* in the whole run, from 0 */
};

/* Leaves of all targets of a run, shard->targets of them, those of the shard, in their order, and
 * says how many they are: shard_size() of it. */
size_t shard_choose(struct run_target *targets, const struct report_shard *shard);

#endif
