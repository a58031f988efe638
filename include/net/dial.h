/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * dial: from a host name to a connected stream, over whatever way a dialler knows.
 */
#ifndef GATE_NET_DIAL_H
#define GATE_NET_DIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "net/outcome.h"
#include "net/stream.h"

/* Longest printed address: an IPv6 address with scope, and its terminator. */
#define DIAL_ADDRESS_MAX 64

/* Where a host was reached: looked up once, and the first address that took a connection is the one
 * for all connections that follow, so that all of them meet the same server; and the same of the
 * proxy that they go through. Shared by threads. */
struct dial_route;
struct dial_route *dial_route_create(void);
void dial_route_free(struct dial_route *route);

/* What a host is found at: looked up once for all targets that name it, and shared by them. */
struct dial_addresses;

/* Looks up a name, or reads an address literal. The caller frees the answer, which may be that there
 * is no address. */
struct dial_addresses *dial_look_up(const char *host, int64_t deadline_ms);
void dial_addresses_free(struct dial_addresses *addresses);

/* The same of addresses that are known, as text and in that order. Nothing is looked up. */
struct dial_addresses *dial_addresses_of(const char *const *addresses, size_t count);

/* Prints the first address, which is the same for hosts that are in the same place. False when there
 * is none. */
bool dial_addresses_first(const struct dial_addresses *addresses, char text[DIAL_ADDRESS_MAX]);

/* Has the route look nothing up: that was done. The addresses outlive the route. Where there was none,
 * it is told once, and looked up again for later connections. */
void dial_route_know(struct dial_route *route, const struct dial_addresses *addresses);

/* A connection that is on its way before it is needed. */
struct preconnect {
	int fd;           /* -1: there is none */
	int64_t since_ms; /* when it was begun */
	bool given_up;    /* one came to nothing: no more are begun */
};

struct dial_request {
	const char *host; /* a name or an address literal */
	unsigned port;    /* 1 to 65535 */
	struct dial_route *route;
	int64_t look_up_deadline_ms;
	int64_t timeout_ms;  /* for each address tried */
	int64_t deadline_ms; /* for all of it */
	struct preconnect
		*preconnect; /* to the same place, made use of if there is one; may be NULL */
};

/* What stood in the way of a connection that was not made. */
enum dial_fault {
	DIAL_FAULT_NONE,
	DIAL_FAULT_NAME,   /* no address was found */
	DIAL_FAULT_SERVER, /* the server, or the way to it */
	DIAL_FAULT_FILES,  /* too many files are open here; nothing is known of anybody */
	/* Nothing is known of the server: */
	DIAL_FAULT_PROXY,        /* the proxy is not there, or does not speak its protocol */
	DIAL_FAULT_PROXY_LOGIN,  /* it wants a login, or another one */
	DIAL_FAULT_PROXY_RULES,  /* it does not make this connection for us */
	DIAL_FAULT_BEYOND_PROXY, /* it tried, and did not get there */
};

struct dialled {
	char address[DIAL_ADDRESS_MAX]; /* tried last; "" when none was, or it is not known */
	size_t addresses;               /* that the host has, as far as the resolver tells */
	bool timed_out;                 /* no answer, of the resolver or of the last address */
	bool no_route;                  /* this machine has none to the last address */
	enum dial_fault fault;
};

/* A way to dial. What else a dialler needs to know stands behind it in a struct of its own. */
struct dialler {
	/* The proxy that it goes through, without credentials: "socks5://proxy.example:1080"; NULL:
	 * none. */
	const char *through;
	/* See dial(); *dialled is zeroed. */
	enum outcome (*dial)(const struct dialler *self, const struct dial_request *request,
		struct stream *stream, struct dialled *dialled, struct error *error);
	/* Begins to connect, without waiting, to where the route leads; the next dial() with that
	 * preconnect, of which there is none yet, goes on with it. Nothing is begun while no route is
	 * known. NULL: a connection cannot be begun before it is needed. */
	void (*begin)(const struct dialler *self, const struct dial_request *request);
};

/* Connects a socket. Tries the addresses of the host in the order that the system gives, until one
 * takes the connection; once the route is known, that address alone. */
extern const struct dialler socket_dialler;

/* OUTCOME_DONE: the stream is open, the caller closes it. OUTCOME_REFUSED: the last address
 * refused or reset the connection. OUTCOME_BROKEN: anything else. `error` says what happened. */
enum outcome dial(const struct dialler *dialler, const struct dial_request *request,
	struct stream *stream, struct dialled *dialled, struct error *error);

/* Ends a connection that was begun and is not needed. Whether there was one. NULL: there is none. */
bool dial_abandon(struct preconnect *preconnect);

#endif
