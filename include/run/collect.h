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

/* A target, the checklist that it is of, and what is seen of it. */
struct target_run {
	const struct checklist *checklist;
	const struct target *target;
	size_t number;   /* of the checklist's target in the whole run, from 0 */
	size_t together; /* how many runs from this one on are judged together; 0: see those before */
	size_t siblings; /* how many others there are of the same target */
	struct dns *dns; /* that names are asked of; NULL: none are */
	struct evidence evidence;
};

struct collect_progress {
	size_t probes_done, probes;
	size_t runs_done, runs; /* complete */
};

struct collect_settings {
	unsigned jobs;       /* probes at a time, at least 1; 1: no threads */
	int64_t deadline_ms; /* of the run, 0: each checklist's own */
	int64_t wait_ms;     /* how long a server may take to come up */
	int64_t started_ms;  /* of the run, by the monotonic clock: its deadline counts from then */
	/* Called once for the runs that belong together, `count` from `first` on, as soon as all of them are
	 * complete and frozen, by whichever of the `jobs` threads (`worker`, counted from 0) ended the last:
	 * calls overlap. */
	void (*complete)(void *context, size_t first, size_t count, unsigned worker);
	/* Called once for each run, after `complete` of it, in the order in which they became it. Calls
	 * do not overlap, but may come from different threads. */
	void (*done)(void *context, size_t index);
	/* Called when probes have ended, not while `done` is, nor the other way round: of several that
	 * end meanwhile, once. May be NULL. */
	void (*progress)(void *context, const struct collect_progress *progress);
	void *context;
};

/* Fills the evidence of all runs. */
void collect(struct target_run *runs, size_t count, const struct collect_settings *settings);

#endif
