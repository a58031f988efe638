/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * job: one thing that is asked of a target, until it is answered or there is no use in asking again.
 */
#ifndef GATE_RUN_JOB_H
#define GATE_RUN_JOB_H

#include "pacing.h"
#include "run/collect.h"

struct dial_route;

struct job {
	struct target_run *run;
	struct observation *observation; /* NULL: the session conversation, or the wrong password */
	bool is_wrong_password;          /* the last job of a run */
	const struct auth_attempt *known; /* that was made at the server before; NULL: none */
	struct dial_route *route;         /* of the run */
	struct signature_memo *memo;      /* of all of them */
	struct pacing pacing;
	struct preconnect preconnect;
	int64_t wait_until_ms; /* for the server to come up */
};

/* Fills the job's own record of the evidence, and no other. */
void job_run(struct job *job);

#endif
