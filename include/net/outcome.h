/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * outcome: how an exchange with a server ended, be it a connect, a step or a whole observation.
 */
#ifndef GATE_NET_OUTCOME_H
#define GATE_NET_OUTCOME_H

enum outcome {
	OUTCOME_NOT_REACHED, /* never tried: an earlier step broke, or it was not asked for */
	OUTCOME_DONE,
	OUTCOME_REFUSED, /* the peer answered, and the answer was no */
	OUTCOME_BROKEN,  /* no usable answer: time ran out, closed, malformed, our own limit */
};

#endif
