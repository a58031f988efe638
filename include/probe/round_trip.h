/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * round_trip: the observer of one message that is sent through the server and looked for in the mailbox
 * that it is for.
 */
#ifndef GATE_PROBE_ROUND_TRIP_H
#define GATE_PROBE_ROUND_TRIP_H

#include "probe/mailbox.h"
#include "wire/token_message.h"

/* How far the message came. */
enum round_trip_end {
	ROUND_TRIP_NOT_SENT, /* the server was not asked to take it, or gave no answer */
	ROUND_TRIP_REFUSED,  /* for good, or because there is no room */
	ROUND_TRIP_PUT_OFF,  /* each time that it was tried */
	/* From here on a message is on its way, and none is sent again. */
	ROUND_TRIP_UNCONFIRMED, /* it was handed over, and that was not answered */
	ROUND_TRIP_ACCEPTED,
};

/* OUTCOME_DONE: it came to REFUSED, PUT_OFF, or ACCEPTED and the mailbox could be looked into at the
 * end. */
struct round_trip_record {
	/* The question; borrowed. */
	struct login login; /* at the server */
	const char *from, *to;
	struct mailbox mailbox;
	int64_t within_ms;

	/* What was found. */
	enum round_trip_end end;
	char token[TOKEN_MAX];
	struct auth_attempt attempt;
	const char *command;  /* that got the next */
	struct answer answer; /* the last one, to what was refused, put off or taken */
	const char *queued;   /* all of the reply that took it: in it is the id of the queue */
	unsigned tries;
	int64_t put_off_ms;    /* from the first try to the last */
	const char *ehlo_name; /* that we gave */
	uint16_t tls_version;  /* of the session that took it */
	bool eight_bit;        /* 8BITMIME was offered, and used */
	struct span sent_body;
	size_t sent_trace;              /* the connection of the last try, among the traces */
	struct mailbox_trouble trouble; /* of the last look */
	bool arrived, late;             /* late: only a look after the time was over found it */
	int64_t arrived_ms;             /* from the beginning of the first try to that look */
	unsigned copies;
	bool in_junk;
	struct span message; /* as the mailbox has it */
	bool left;           /* a copy is still there, or may be */
};
extern const struct observer round_trip_observer;

#endif
