/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * collect: carries out plans: runs their probes, side by side where that is allowed.
 */
#ifndef GATE_RUN_COLLECT_H
#define GATE_RUN_COLLECT_H

#include <stddef.h>
#include <stdint.h>

#include "checklist/checklist.h"
#include "evidence/evidence.h"

/* A planned target, and the checklist that it is of. */
struct target_run {
	const struct checklist *checklist;
	struct evidence evidence;
};

struct collect_settings {
	unsigned jobs;       /* probes at a time, at least 1; 1: no threads */
	int64_t deadline_ms; /* of the run, 0: each checklist's own */
	int64_t wait_ms;     /* how long a server may take to come up */
	/* Called once for each run, in their order, when it and all before it are complete and
	 * frozen. Calls do not overlap, but may come from different threads. */
	void (*done)(void *context, size_t index);
	/* Called after each probe, like `done`. May be NULL. */
	void (*progress)(void *context, size_t probes_done, size_t probes);
	void *context;
};

/* Fills the evidence of all runs. */
void collect(struct target_run *runs, size_t count, const struct collect_settings *settings);

#endif
