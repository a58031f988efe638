/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * dial: from a host name to a connected stream.
 */
#ifndef GATE_DIAL_H
#define GATE_DIAL_H

#include <stdint.h>

#include "gate/error.h"
#include "gate/step.h"
#include "gate/stream.h"

/* Longest printed address: an IPv6 address with scope, and its terminator. */
#define DIAL_ADDRESS_MAX 64

struct dial_request {
	const char *host; /* a name or an address literal */
	unsigned port;    /* 1 to 65535 */
	int64_t look_up_deadline_ms;
	int64_t timeout_ms;  /* for each address tried */
	int64_t deadline_ms; /* for all of it */
};

/* Looks the host up and tries its addresses in the order that the system gives, until one takes
 * the connection. `address` tells which one was tried last ("" when none was).
 *
 * OUTCOME_DONE: the stream is open, the caller closes it. OUTCOME_REFUSED: the last address
 * refused or reset the connection. OUTCOME_BROKEN: anything else. `error` says what happened. */
enum outcome dial(const struct dial_request *request, struct stream *stream,
	char address[DIAL_ADDRESS_MAX], struct error *error);

#endif
