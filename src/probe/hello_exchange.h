/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * hello_exchange: a ClientHello of our own where the TLS handshake would begin, and what the server
 * answers to it. The handshake is never completed.
 */
#ifndef GATE_PROBE_HELLO_EXCHANGE_H
#define GATE_PROBE_HELLO_EXCHANGE_H

#include <stdbool.h>

#include "probe/probe_connection.h"
#include "refusal.h"
#include "wire/client_hello.h"
#include "wire/flight.h"

struct hello_exchange {
	/* TRY_ANSWERED: a ServerHello (or, when the whole flight was asked for, all of it) or a
	 * HelloRetryRequest came, and `flight` has it. */
	enum try_end end;
	struct error error;               /* what happened, unless it was answered */
	uint8_t random[HELLO_RANDOM_LEN]; /* of the hello that was sent */
	struct flight flight;
};

/* Opens a connection of the observation, sends the offer with the endpoint's name of the server
 * and a fresh random, reads the answer and
 * closes. `whole`: see flight_init(). The observation is concluded with what happened, as
 * OUTCOME_BROKEN unless there was an answer. Release the exchange in any case. */
void hello_exchange(struct observation *observation, const struct endpoint *endpoint,
	struct hello_offer *offer, bool whole, struct hello_exchange *exchange);
void hello_exchange_release(struct hello_exchange *exchange);

/* The parts of it, for questions that go on on the same connection. The first takes the connection
 * to where the handshake would begin, false when it did not get there; close it in either case. */
bool hello_exchange_open(struct probe_connection *connection, struct observation *observation,
	const struct endpoint *endpoint, bool whole, struct hello_exchange *exchange);
void hello_exchange_make(struct probe_connection *connection, struct hello_offer *offer,
	struct hello_exchange *exchange);

/* Goes on where the answer was a HelloRetryRequest: sends the offer as the second hello, with the
 * random of the first, and reads what comes then. The flight of the request is gone. */
void hello_exchange_again(struct probe_connection *connection, struct hello_offer *offer,
	struct hello_exchange *exchange);

/* What the flight and the stream's end come to. */
void hello_exchange_weigh(struct hello_exchange *exchange, enum stream_status status);

/* Puts the offer, as often as it takes to decide (see refusal.h); `exchange` holds the last one, to
 * be released. */
enum outcome hello_ask(struct observation *observation, const struct endpoint *endpoint,
	struct hello_offer *offer, bool whole, struct hello_exchange *exchange);

/* Decides about an offer of every suite that its versions can negotiate without an account at the
 * server: more than fit into one hello. `ask` and `question` as for refusal_decide; they put *offer,
 * whose suites are exchanged for further ones as long as they are refused, and are the first ones again
 * when all were. */
enum outcome hello_decide_all_suites(struct observation *observation,
	const struct endpoint *endpoint, struct hello_offer *offer, refusal_try *ask,
	void *question);

/* hello_ask of every suite: *offer ends as that which was answered. */
enum outcome hello_ask_all_suites(struct observation *observation, const struct endpoint *endpoint,
	struct hello_offer *offer, bool whole, struct hello_exchange *exchange);

#endif
