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

/* What a handshake asks for beside the usual. A zeroed wish asks for nothing. */
struct tls_session;
struct tls_wish {
	uint16_t maximum;                 /* the newest version offered; 0: TLS 1.3 */
	bool ticket;                      /* a session ticket (RFC 5077) */
	bool renegotiable;                /* for tls_renegotiate: RFC 5746, AES-GCM alone */
	const char *protocol;             /* ALPN (RFC 7301); NULL: none */
	const struct tls_session *resume; /* a session to go on with; NULL: none */
};

struct tls_facts {
	uint16_t version;   /* negotiated, enum tls_version */
	uint16_t suite;     /* negotiated, IANA number */
	const char *group;  /* of the key exchange, as the library names it; NULL: not known */
	struct span *chain; /* DER, as sent: the leaf first; also kept of a failed handshake */
	size_t chain_count;
	bool resumed;            /* the server went on with the session of the wish */
	const char *protocol;    /* chosen by ALPN; NULL: none */
	struct span ticket;      /* up to TLS 1.2 */
	int alert;               /* description of the fatal alert received; -1: none */
	struct span first_bytes; /* what the peer sent first */
	bool undigested;         /* the library gave up on what the peer sent */
	struct span plaintext;   /* what came before the first TLS record, and was passed over */
};

/* Makes the whole handshake, offering everything from TLS 1.1 to 1.3 that the library has, with
 * that server name (RFC 6066 section 3; NULL: none). Bytes that lie unread in the stream are not
 * part of it. `wish` may be NULL. A fresh context each time: nothing of one server is remembered for another.
 *
 * OUTCOME_DONE: the stream now carries what is inside TLS, and closing it closes all of it.
 * OUTCOME_REFUSED: the peer answered with an alert or with something that is not TLS.
 * OUTCOME_BROKEN: it did not answer, closed, or sent what the library cannot take. `error` says
 * what happened; `facts` holds what was seen up to then. Facts live in the arena. */
enum outcome tls_handshake(struct stream *stream, const char *server_name,
	const struct tls_wish *wish, int64_t deadline_ms, struct arena *arena,
	struct tls_facts *facts, struct error *error);

/* The session that the stream carries, to be resumed on another connection; NULL when there is
 * none. In TLS 1.3 tickets come behind the handshake (RFC 8446 section 4.6.1): take the session
 * once something was read. Free it when done. */
struct tls_session *tls_session_take(const struct stream *stream);
void tls_session_free(struct tls_session *session);

/* Sends a ClientHello inside a session of TLS 1.2 that was wished to be renegotiable and that
 * nothing was written to, and reads the beginning of what comes back; when nothing comes, again
 * with `command` behind it. The stream is of no more use then. OUTCOME_DONE: a handshake message,
 * so the server renegotiates. OUTCOME_REFUSED: an alert, or the reply to the command.
 * OUTCOME_BROKEN: anything else, as `status` says (STREAM_OK: something that is neither). */
enum outcome tls_renegotiate(struct stream *stream, struct span command, int64_t deadline_ms,
	enum stream_status *status);

/* What the tickets of TLS 1.3 say of early data (RFC 8446 section 4.6.1). */
struct tls_tickets {
	unsigned count;
	uint32_t max_early_data; /* the largest of all tickets; 0: none allowed */
};

/* Reads records past the library, from right behind the handshake of TLS 1.3 on, until one with
 * application data came (STREAM_OK). STREAM_CLOSED also on an alert, STREAM_FAILED when a record
 * does not decrypt. The stream is of no more use then. */
enum stream_status tls_read_tickets(
	struct stream *stream, int64_t deadline_ms, struct tls_tickets *tickets);

#endif
