/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * asking: asks a server one thing where the TLS handshake would begin, over a connection of
 * its own, and reads what it answers. What counts as a refusal is narrow: a fatal alert, or a
 * close right after the hello that happens again on a second connection. All else is no answer.
 */
#ifndef GATE_ASKING_H
#define GATE_ASKING_H

#include <stdbool.h>

#include "gate/evidence.h"
#include "gate/flight.h"
#include "gate/hello.h"

struct asking {
	/* OUTCOME_DONE: a ServerHello (or, when the whole flight was asked for, all of it) or a
	 * HelloRetryRequest came, and `flight` has it. OUTCOME_REFUSED: as said above.
	 * OUTCOME_BROKEN: anything else. */
	enum outcome outcome;
	bool hung_up;                     /* the server closed on the hello instead of answering */
	struct error error;               /* what happened, unless the outcome is OUTCOME_DONE */
	uint8_t random[HELLO_RANDOM_LEN]; /* of the hello that was sent */
	struct flight flight;
};

/* Sends the offer as a ClientHello with a fresh random. `whole`: see flight_init(). The
 * observation gets the conversation and the count of connections. Release what was asked. */
void asking_hello(struct observation *observation, const struct endpoint *endpoint,
	const struct hello_offer *offer, bool whole, struct asking *asked);

void asking_release(struct asking *asked);

/* One connection up to where the handshake would begin, for questions that are not a ClientHello.
 * False, with the outcome and error filled in, when it did not get that far. The dialog must be
 * ended in either case. */
bool asking_approach(struct observation *observation, const struct endpoint *endpoint,
	struct dialog *dialog, struct asking *asked);

/* Sends the offer on a dialog that got that far, and weighs what the server answers. */
void asking_exchange(struct dialog *dialog, const struct hello_offer *offer, struct asking *asked);

/* What the flight and the stream's end come to. */
void asking_weigh(struct asking *asked, enum stream_status status);

/* "the server chose TLS 1.2 with TLS_RSA_...". */
const char *asking_answer_shown(const struct flight_hello *answer, struct arena *arena);

#endif
