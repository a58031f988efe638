/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * weakness_hellos: the plain hellos that several assertions share, and what their answers prove.
 */
#ifndef GATE_WEAKNESS_HELLOS_H
#define GATE_WEAKNESS_HELLOS_H

#include "gate/evidence.h"
#include "gate/finding.h"
#include "gate/flight_hello.h"
#include "gate/plan.h"

enum shared_hello {
	SHARED_CONTROL,  /* TLS 1.2 and 1.3: to be accepted, or no refusal counts */
	SHARED_ORDINARY, /* up to TLS 1.2, with all suites, and with compression */
	SHARED_SSL3,     /* SSLv3 alone */
};

/* Plans that hello, and the control. */
void hellos_plan(struct plan *plan, enum shared_hello which);

const struct observation *hellos_seen(const struct evidence *evidence, enum shared_hello which);

/* The newest version that the control hello or the ordinary one was accepted with; 0 when
 * neither was. */
uint16_t hellos_newest_version(const struct evidence *evidence);

/* Whether an observation decides: true when it is as wanted, and when that is a refusal, a
 * control hello was accepted as well. Otherwise the finding is an error that says what is
 * missing to prove `claim` ("that RC4 is refused"). */
bool hellos_prove(const struct evidence *evidence, const struct observation *seen,
	enum outcome wanted, const char *claim, struct finding *finding);

/* Writes the error for an observation that does not decide, which says what is missing to prove
 * `claim`. */
void hellos_no_proof(const struct evidence *evidence, const struct observation *seen,
	const char *claim, struct finding *finding);

/* Whether a control hello was accepted, so that refusals count; else the finding is an error. */
bool hellos_control(const struct evidence *evidence, const char *claim, struct finding *finding);

/* The answer to the ordinary hello. NULL when there was none: then the finding is a pass if
 * TLS 1.2 and everything older was refused, because no version can have `weakness` then, and
 * else an error. */
const struct flight_hello *hellos_ordinary_answer(
	const struct evidence *evidence, const char *weakness, struct finding *finding);

/* Judges that the server does not agree to TLS compression. */
void hellos_judge_compression(const struct assertion *assertion, const struct evidence *evidence,
	struct finding *finding);

/* "TLS 1.2", "SSLv3", ... */
const char *hellos_version_shown(struct arena *arena, uint16_t version);

/* "TLS_RSA_WITH_RC4_128_SHA", or its number. */
const char *hellos_suite_shown(struct arena *arena, uint16_t suite);

#endif
