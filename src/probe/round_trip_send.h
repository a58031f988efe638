/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * round_trip_send: hands the message of a round trip to the server.
 */
#ifndef GATE_PROBE_ROUND_TRIP_SEND_H
#define GATE_PROBE_ROUND_TRIP_SEND_H

#include "probe/round_trip.h"

/* Tries until the server takes or refuses it, or the time is over: a server that puts it off is asked
 * again on a new connection. The end stands in the record; unless there is an answer, the observation
 * is concluded as OUTCOME_BROKEN. */
void round_trip_send(
	struct observation *observation, const struct endpoint *endpoint, int64_t deadline_ms);

#endif
