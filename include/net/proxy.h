/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * proxy: dialling through a proxy, SOCKS 5 (RFC 1928, RFC 1929) or HTTP (RFC 9110 section 9.3.6).
 */
#ifndef GATE_NET_PROXY_H
#define GATE_NET_PROXY_H

#include "net/dial.h"

enum proxy_protocol {
	PROXY_SOCKS5,  /* the names of servers are looked up here */
	PROXY_SOCKS5H, /* by the proxy, as with HTTP */
	PROXY_HTTP,
};

/* The name of each in a URL, by enum proxy_protocol; NULL behind the last. */
extern const char *const proxy_protocol_names[];

/* Nothing in it is owned. */
struct proxy {
	struct dialler dialler;    /* the first member: what it is dialled with; see proxy_dial() */
	const struct dialler *way; /* to the proxy itself */
	enum proxy_protocol protocol;
	const char *host;
	unsigned port;
	const char *username; /* NULL: no login */
	const char *password; /* NULL: none */
};

/* For dialler.dial. Only what the proxy says of the server is the server's answer: OUTCOME_REFUSED
 * is a SOCKS reply that says that it refused. A proxy that is not there, wants another login, or
 * does not do its job is OUTCOME_BROKEN; the fault and the error say so. Of a connection that is
 * made, the stream has nothing unread. */
enum outcome proxy_dial(const struct dialler *self, const struct dial_request *request,
	struct stream *stream, struct dialled *dialled, struct error *error);

#endif
