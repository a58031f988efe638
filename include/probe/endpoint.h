/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * endpoint: who to reach and how.
 */
#ifndef GATE_PROBE_ENDPOINT_H
#define GATE_PROBE_ENDPOINT_H

#include "evidence/peer.h"
#include "net/dial.h"

struct conversation;
struct web;

/* Nothing in it is owned. */
struct endpoint {
	const struct dialler *dialler;
	const char *host; /* looked up unless there is an address */
	const char *address;
	unsigned port;
	const char *server_name;       /* SNI, NULL: none */
	const struct dialect *dialect; /* of the protocol that is spoken */
	const char *ehlo_name;
	const struct tls_wish *wish;         /* for the handshake; NULL: none */
	const struct tls_identity *identity; /* shown to a server that asks; NULL: none */
	bool implicit_tls;
	const char *host_doubt;          /* see target_host_doubt; NULL: none */
	bool send_credentials_untrusted; /* even to a server not judged trusted */
	int64_t connect_timeout_ms;
	int64_t reply_timeout_ms;
	int64_t hello_timeout_ms; /* for what answers a hello, or comes later, where that may fail to */
	int64_t deadline_ms;      /* of everything */
	const struct trust_store *trust;
	const struct web *web;          /* NULL: not known */
	struct signature_memo *memo;    /* of the run; may be NULL */
	int64_t today;                  /* date at which certificates are judged */
	struct dial_route *route;       /* of all connections to the target */
	struct dns *dns;                /* of the run */
	int64_t dns_timeout_ms;         /* for an answer of it */
	const char *domain;             /* whose mail server it is; NULL: unknown */
	const struct host_names *names; /* of the host; NULL: not asked for */
	/* Called before each connect, to wait until it may be made; NULL: at once. `before` is the
	 * connection that was made last for the same purpose, NULL if there was none. False, with the
	 * reason, when it is known to be of no use. */
	bool (*await_start)(void *pacing, const struct conversation *before, struct error *error);
	/* Whether a connection may be begun that is needed behind the one that is open. NULL: never. */
	bool (*may_begin)(void *pacing);
	void *pacing;
	struct preconnect *preconnect; /* for such connections; NULL: there are none */
};

/* Waits until the next connection may be made; `before` and false as await_start. */
bool endpoint_await(
	const struct endpoint *endpoint, const struct conversation *before, struct error *error);

/* Begins the next connection, if it may be: the one that is open will not be the last. */
void endpoint_begin_next(const struct endpoint *endpoint);

/* What the certificates of the server are judged against. */
struct peer_terms endpoint_terms(const struct endpoint *endpoint);

#endif
