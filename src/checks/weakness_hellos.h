/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * weakness_hellos: the plain hellos that several assertions share, and what their answers prove.
 */
#ifndef GATE_CHECKS_WEAKNESS_HELLOS_H
#define GATE_CHECKS_WEAKNESS_HELLOS_H

#include "hellos.h"
#include "wire/flight_hello.h"

/* Plans the ordinary hello, which is for TLS 1.2 and older with every suite, and with compression;
 * and the control. */
void ordinary_plan(struct plan *plan);

const struct observation *ordinary_seen(const struct evidence *evidence);

/* The answer to the ordinary hello. NULL when there was none: then the finding is a pass if
 * TLS 1.2 and everything older was refused, because no version can have `weakness` then, and
 * else an error. */
const struct flight_hello *ordinary_answer(
	const struct evidence *evidence, const char *weakness, struct finding *finding);

/* Judges that the server does not agree to TLS compression. */
void judge_compression(const struct arguments *arguments, const struct evidence *evidence,
	struct finding *finding);

#endif
