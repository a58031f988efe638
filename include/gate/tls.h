/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tls: a TLS client handshake over a stream, and the facts of it as plain data. It verifies
 * nothing: the chain is handed out as it came, for the judgement in path.h.
 */
#ifndef GATE_TLS_H
#define GATE_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gate/arena.h"
#include "gate/cursor.h"
#include "gate/error.h"
#include "gate/step.h"
#include "gate/stream.h"

/* How many of the peer's first bytes are kept, to tell TLS from something else. */
#define TLS_FIRST_BYTES_MAX 128

struct tls_facts {
	uint16_t version;   /* negotiated, enum tls_version */
	uint16_t suite;     /* negotiated, IANA number */
	const char *group;  /* of the key exchange, as the library names it; NULL: not known */
	struct span *chain; /* DER, as sent: the leaf first; also kept of a failed handshake */
	size_t chain_count;
	int alert;               /* description of the fatal alert received; -1: none */
	struct span first_bytes; /* what the peer sent first */
	bool undigested;         /* the library gave up on what the peer sent */
	struct span plaintext;   /* what came before the first TLS record, and was passed over */
};

/* Makes the whole handshake, offering everything from TLS 1.1 to 1.3 that the library has, with
 * that server name (RFC 6066 section 3; NULL: none). Bytes that lie unread in the stream are not
 * part of it. A fresh context each time: nothing of one server is remembered for another.
 *
 * OUTCOME_DONE: the stream now carries what is inside TLS, and closing it closes all of it.
 * OUTCOME_REFUSED: the peer answered with an alert or with something that is not TLS.
 * OUTCOME_BROKEN: it did not answer, closed, or sent what the library cannot take. `error` says
 * what happened; `facts` holds what was seen up to then. Facts live in the arena. */
enum outcome tls_handshake(struct stream *stream, const char *server_name, int64_t deadline_ms,
	struct arena *arena, struct tls_facts *facts, struct error *error);

#endif
