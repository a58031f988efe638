/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * raw_records: a connection on which a hello was answered, and then records of our own on it, for
 * probes that need to see what a server makes of more than a hello.
 */
#ifndef GATE_PROBE_RAW_RECORDS_H
#define GATE_PROBE_RAW_RECORDS_H

#include "hello_exchange.h"
#include "wire/flight_record.h"

struct raw_records {
	struct probe_connection connection;
	struct hello_exchange hello; /* the server's flight */
	enum stream_status status;   /* of the last read or write behind the hello */
	size_t taken;                /* bytes of the record handed out last */
	int64_t sent_ms;             /* when something was sent last */
	int64_t deadline_ms;         /* until when records are read */
	bool open;
};

/* Opens one more connection of the observation and makes the offer, with the endpoint's server name
 * and every suite that its versions can negotiate; the answer is read up to ServerHelloDone (below
 * TLS 1.3). OUTCOME_DONE: it came, and the connection is open. Otherwise the observation is
 * concluded. A server that has taken such an offer of this observation once has not refused it when
 * it does later: its nodes differ, and that is OUTCOME_BROKEN. Call raw_end in any case. */
enum outcome raw_begin(struct raw_records *raw, struct observation *observation,
	const struct endpoint *endpoint, const struct hello_offer *offer);

/* The same with the suites of the offer alone. */
enum outcome raw_begin_suites(struct raw_records *raw, struct observation *observation,
	const struct endpoint *endpoint, const struct hello_offer *offer);
void raw_end(struct raw_records *raw);

/* Sends bytes; false when that did not work or the buffer had dropped some. What comes back is read
 * for wait_ms in all from now on. */
bool raw_send(struct raw_records *raw, const struct buf *bytes, int64_t wait_ms);

/* Waits for the next record. False when none came, which `status` explains; STREAM_OK then means
 * that what came is no record. The record is good until the next call. */
bool raw_next(struct raw_records *raw, struct flight_record *record);

/* Ends the observation with that outcome and text. */
void raw_conclude(struct raw_records *raw, enum outcome outcome, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
