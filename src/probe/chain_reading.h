/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * chain_reading: one hello, and what the server sends up to its signature: in TLS 1.3 that is
 * decrypted.
 */
#ifndef GATE_PROBE_CHAIN_READING_H
#define GATE_PROBE_CHAIN_READING_H

#include "hello_exchange.h"
#include "net/tls13_keys.h"
#include "probe/chain_probe.h"
#include "wire/handshake.h"

/* A hello: the versions that it offers, and the groups of its shares. */
#define CHAIN_SHARES 2
struct chain_attempt {
	uint16_t minimum, maximum;
	uint16_t groups[CHAIN_SHARES];
};

/* The caller fills in the first four; for chain_reading_put the offer too, and whose it is. */
struct chain_reading {
	struct observation *observation;
	struct chain_record *record;
	uint32_t without; /* kinds of keys (see chain_question.h) that are not wanted */
	bool alone;       /* the certificates are, without what comes along with them */
	struct hello_offer offer;
	const char *whose; /* for the transcript */
	struct probe_connection connection;
	struct hello_exchange asked;
	bool taken;   /* the certificates were */
	bool refused; /* inside the encryption, before any certificate */
	/* TLS 1.3 was agreed on in a way that cannot be read here: there are no keys of its group, or
	 * the certificates are in another form. */
	bool unreadable;
	uint16_t wanted;         /* the group that a HelloRetryRequest named, if one was followed */
	struct tls13_keys *keys; /* NULL below TLS 1.3 */
	struct buf hello;        /* the hellos, as messages; TLS 1.3 only */
	struct buf messages;     /* decrypted */
	int64_t deadline_ms;
};

/* Makes the attempt over a connection of its own and concludes the observation. Release it in any
 * case. */
void chain_reading_make(struct chain_reading *reading, const struct chain_attempt *attempt,
	const struct endpoint *endpoint);

/* The same with the offer that the reading holds. Where the server wants the key share of another
 * group that was offered, it gets that, as a client does. What is agreed on in a group that there are no
 * keys of (see tls13_keys_can) cannot be read. */
void chain_reading_put(struct chain_reading *reading, const struct endpoint *endpoint);

/* What chain_reading_put does with a HelloRetryRequest (see chain_retry.c): where a client ends the
 * connection, the flight stays the request, and the error says why. */
void chain_follow_retry(struct chain_reading *reading);

/* The keys of those of the offer's shares that there can be keys of; NULL: of none. */
struct tls13_keys *chain_keys_of(const struct hello_offer *offer);

/* Adds the ClientHello that was sent, as a message: the same offer gives the same bytes. */
void chain_add_hello(const struct chain_reading *reading, struct buf *out);

/* The ServerHello of a flight that has one, and what an extension in it says; empty: nothing. */
struct handshake_message chain_server_hello(const struct flight *flight);
struct span chain_server_extension(const struct flight *flight, uint16_t extension);

void chain_reading_release(struct chain_reading *reading);

#endif
