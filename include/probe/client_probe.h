/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * client_probe: the hello of a named client, and what the server makes of it: what it chose, up to its
 * signature and its certificates, or what stands in the client's way.
 */
#ifndef GATE_PROBE_CLIENT_PROBE_H
#define GATE_PROBE_CLIENT_PROBE_H

#include "evidence/evidence.h"
#include "wire/client_profile.h"
#include "wire/server_hello.h"

/* Which of the things that a refused client offers is to blame: with more of it the server takes
 * the hello. */
enum client_obstacle {
	CLIENT_OBSTACLE_UNKNOWN, /* several together, or it could not be found out */
	CLIENT_OBSTACLE_NODES,   /* none: the same hello was taken over the next connection */
	CLIENT_OBSTACLE_VERSION, /* whatever else is offered with its versions is refused too */
	CLIENT_OBSTACLE_SUITE,
	CLIENT_OBSTACLE_GROUP,
	CLIENT_OBSTACLE_SIGNATURE,
};
#define CLIENT_OBSTACLE_COUNT (CLIENT_OBSTACLE_SIGNATURE + 1)

/* OUTCOME_DONE: the server made a choice, which need not be one that was offered. OUTCOME_REFUSED: see
 * refusal.h. */
struct client_record {
	const struct client_profile *profile; /* the question */

	size_t shown_by; /* which of the traces shows the answer */

	/* OUTCOME_DONE; what could not be seen is 0. */
	struct server_hello answer;  /* with its signature in TLS 1.3 too */
	struct tls_codes extensions; /* of the ServerHello */
	const char *unfit; /* why no client follows the HelloRetryRequest that came; or NULL */
	const struct span *chain; /* DER, the leaf first */
	size_t chain_count;
	enum flight_downgrade downgrade;
	bool shared; /* the group of TLS 1.3 is one that a key share was sent of */

	/* OUTCOME_REFUSED */
	enum client_obstacle obstacle;
	struct server_hello instead; /* chosen where more was offered; version 0: nothing */
};
extern const struct observer client_observer;

#endif
