/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * route: the addresses of a host, gone through until one takes a connection, and remembered.
 */
#ifndef GATE_NET_ROUTE_H
#define GATE_NET_ROUTE_H

#include <pthread.h>

#include "net/dial.h"
#include "resolver.h"

struct dial_addresses {
	struct resolved_address *addresses;
	size_t count;
	char *problem; /* why there is none; NULL: there is one */
	bool timed_out;
};

struct dial_route {
	pthread_mutex_t lock; /* held while the route is being found */
	bool known;
	const struct dial_addresses *found; /* NULL: the host is looked up here */
	bool told;                          /* that there is none */
	struct resolved_address address;
	size_t addresses;            /* that the host has */
	struct dial_route *to_proxy; /* NULL in that of a proxy itself */
};

/* Makes a connection to that address, which stands in dialled->address already. */
typedef enum outcome route_connect(const struct dialler *self, const struct dial_request *request,
	const struct resolved_address *to, struct stream *stream, struct dialled *dialled,
	struct error *error);

/* Connects to the address of the route; while none is known, to one address of the host after the
 * other. The outcome and the error are those of the last. */
enum outcome route_dial(const struct dialler *self, const struct dial_request *request,
	route_connect *connect, struct stream *stream, struct dialled *dialled,
	struct error *error);

/* Where connections go; false while that is not known. */
bool route_is_known(struct dial_route *route, struct resolved_address *address);

#endif
