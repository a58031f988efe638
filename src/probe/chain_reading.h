/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * chain_reading: one hello for the certificates of a server, and what it made of it.
 */
#ifndef GATE_PROBE_CHAIN_READING_H
#define GATE_PROBE_CHAIN_READING_H

#include "hello_exchange.h"
#include "net/tls13_keys.h"
#include "probe/chain_probe.h"

/* A hello: the versions that it offers, and the groups of its shares. */
struct chain_attempt {
	uint16_t minimum, maximum;
	uint16_t groups[HELLO_SHARES_MAX];
};

/* The caller fills in the first four. */
struct chain_reading {
	struct observation *observation;
	struct chain_record *record;
	uint32_t without; /* kinds of keys (see chain_question.h) that are not wanted */
	bool alone;       /* the certificates are, without what comes along with them */
	struct probe_connection connection;
	struct hello_exchange asked;
	bool taken;   /* the certificates were */
	bool refused; /* inside the encryption, before any certificate */
	struct hello_offer offer;
	struct tls13_keys *keys; /* NULL below TLS 1.3 */
	struct buf hello;        /* what was sent, as a record; TLS 1.3 only */
	struct buf messages;     /* decrypted */
	int64_t deadline_ms;
};

/* Makes the attempt over a connection of its own and concludes the observation. Release it in any
 * case. */
void chain_reading_make(struct chain_reading *reading, const struct chain_attempt *attempt,
	const struct endpoint *endpoint);
void chain_reading_release(struct chain_reading *reading);

#endif
