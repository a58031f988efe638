/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tls: a TLS client handshake over a stream, and the facts of it as plain data. It verifies
 * nothing: the chain is handed out as it came, for the judgement in path.h.
 */
#ifndef GATE_NET_TLS_HANDSHAKE_H
#define GATE_NET_TLS_HANDSHAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "net/outcome.h"
#include "net/stream.h"
#include "wire/cursor.h"

/* What a handshake asks for beside the usual. A zeroed wish asks for nothing. */
struct tls_session;
struct tls_wish {
	uint16_t maximum;                 /* the newest version offered; 0: TLS 1.3 */
	bool ticket;                      /* a session ticket (RFC 5077), to be resumed with */
	bool renegotiable;                /* for tls_renegotiate: RFC 5746, suites that it has */
	const char *protocol;             /* ALPN (RFC 7301); NULL: none */
	const struct tls_session *resume; /* a session to go on with; NULL: none */
};

/* What the client shows of itself to a server that asks (RFC 8446 section 4.4.2): PEM texts. */
struct tls_identity {
	struct span chain; /* its own certificate first */
	struct span key;   /* in it no password is asked for */
};

/* How to make a handshake. Nothing in it is owned. */
struct tls_request {
	const char *server_name;             /* RFC 6066 section 3; NULL: none */
	const struct tls_wish *wish;         /* NULL: nothing beside the usual */
	const struct tls_identity *identity; /* NULL: none */
	bool upgraded; /* behind STARTTLS: plaintext may still be on its way */
	int64_t deadline_ms;
};

/* What the tickets of TLS 1.3 say of early data (RFC 8446 section 4.6.1). */
struct tls_tickets {
	unsigned count;
	uint32_t max_early_data; /* the largest of all tickets; 0: none allowed */
};

struct tls_facts {
	uint16_t version;   /* negotiated, enum tls_version */
	uint16_t suite;     /* negotiated, IANA number */
	const char *group;  /* of the key exchange, as the library names it; NULL: not known */
	struct span *chain; /* DER, as sent: the leaf first; also kept of a failed handshake */
	size_t chain_count;
	bool resumed;             /* the server went on with the session of the wish */
	const char *protocol;     /* chosen by ALPN; NULL: none */
	struct span ticket;       /* up to TLS 1.2 */
	int alert;                /* description of the fatal alert received; -1: none */
	struct span first_bytes;  /* what the peer sent first */
	bool undigested;          /* the library gave up on what the peer sent */
	enum stream_status ended; /* how the stream ended when that broke the handshake */
	struct span plaintext;    /* what came before the first TLS record, and was passed over */

	/* What came behind the handshake; filled as long as the stream is read. */
	bool heard;     /* anything but an alert: only then has a server of TLS 1.3 agreed */
	int late_alert; /* description of the alert that ended the session; -1: none */
	bool close_notify; /* the peer said that it is done (RFC 8446 section 6.1): nothing was cut off */
	struct tls_tickets tickets; /* TLS 1.3; not with a wish for a ticket */
};

/* Makes the whole handshake, offering everything from TLS 1.1 to 1.3 that the library has and that
 * shows a certificate. Bytes that lie unread in the stream are not part of it. A fresh context each
 * time: nothing of one server is remembered for another.
 *
 * OUTCOME_DONE: the stream now carries what is inside TLS, and closing it closes all of it; the
 * facts must live as long as the stream. In TLS 1.3 the server can still refuse what it was sent
 * last (RFC 8446 section 4.4.2.4): see `heard`. OUTCOME_REFUSED: the peer answered with an alert or
 * with something that is not TLS. OUTCOME_BROKEN: it did not answer, closed, or sent what the
 * library cannot take. `error` says what happened; `facts` holds what was seen up to then. Facts
 * live in the arena. */
enum outcome tls_handshake(struct stream *stream, const struct tls_request *request,
	struct arena *arena, struct tls_facts *facts, struct error *error);

/* Waits until something came behind the handshake of TLS 1.3, and leaves it to be read; up to TLS
 * 1.2 there is nothing to wait for. STREAM_OK: it did, see `heard`. */
enum stream_status tls_await(struct stream *stream, int64_t deadline_ms);

/* The session that the stream carries, made with the wish for a ticket, to be resumed on another
 * connection; NULL when there is none. In TLS 1.3 tickets come behind the handshake (RFC 8446
 * section 4.6.1): take the session once something was read. Free it when done. */
struct tls_session *tls_session_take(const struct stream *stream);
void tls_session_free(struct tls_session *session);

/* What a server did with a ClientHello inside a session. */
enum tls_renegotiation {
	RENEGOTIATION_UNANSWERED,  /* `status` says why; STREAM_OK: it answered something else */
	RENEGOTIATION_ACCEPTED,    /* a handshake message */
	RENEGOTIATION_REFUSED,     /* an alert, or a reply in clear that ends the session */
	RENEGOTIATION_PASSED_OVER, /* the command behind it was answered */
	RENEGOTIATION_HUNG_UP,     /* a close or reset instead of an answer */
};

/* Sends a ClientHello inside a session up to TLS 1.2 that was wished to be renegotiable and that
 * nothing lies unread in, and reads what comes back; when nothing comes, again with `command`
 * behind it. The stream is of no more use then. */
enum tls_renegotiation tls_renegotiate(struct stream *stream, struct span command,
	int64_t deadline_ms, enum stream_status *status);

#endif
