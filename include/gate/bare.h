/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * bare: a connection taken to the point where TLS would begin, and then records of our own on
 * it, for probes that need to see more than the answer to a hello.
 */
#ifndef GATE_BARE_H
#define GATE_BARE_H

#include "gate/asking.h"
#include "gate/flight_record.h"

struct bare {
	struct observation *observation;
	struct dialog dialog;
	struct asking hello;       /* the server's flight and what it came to */
	enum stream_status status; /* of the last read or write behind the hello */
	size_t taken;              /* bytes of the record handed out last */
};

/* Opens one more connection of the observation and makes the offer, with the endpoint's server
 * name; the answer is read up to ServerHelloDone (below TLS 1.3). True when it came. Otherwise
 * the observation is concluded: OUTCOME_REFUSED for a fatal alert or a close that repeated, else
 * OUTCOME_BROKEN. Call bare_end in either case. */
bool bare_begin(struct bare *bare, struct observation *observation, const struct endpoint *endpoint,
	struct hello_offer offer);
void bare_end(struct bare *bare);

/* Sends bytes; false when that did not work or the buffer had dropped some. */
bool bare_send(struct bare *bare, const struct buf *bytes);

/* Waits for the next record, for wait_ms at the longest. False when none came, which `status`
 * explains; STREAM_OK then means that what came is no record. The record is good until the next
 * call. */
bool bare_record(struct bare *bare, int64_t wait_ms, struct flight_record *record);

/* Ends the observation with that outcome and text. */
void bare_conclude(struct bare *bare, enum outcome outcome, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
