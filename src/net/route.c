/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where a host was reached, for all connections that follow.
 */
#include "route.h"

#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/clock.h"

static struct dial_route *
create(struct dial_route *to_proxy)
{
	struct dial_route *route = calloc(1, sizeof(*route));

	if (route == NULL)
		out_of_memory();
	pthread_mutex_init(&route->lock, NULL);
	route->to_proxy = to_proxy;
	return route;
}

struct dial_route *
dial_route_create(void)
{
	return create(create(NULL));
}

void
dial_route_free(struct dial_route *route)
{
	if (route == NULL)
		return;
	dial_route_free(route->to_proxy);
	pthread_mutex_destroy(&route->lock);
	free(route);
}

static void
learn(struct dial_route *route, const struct resolved_address *address, size_t addresses)
{
	route->address = *address;
	route->addresses = addresses;
	route->known = true;
}

static enum outcome
connect_to_one(const struct dialler *self, const struct dial_request *request,
	route_connect *connect, const struct resolved_address *to, struct stream *stream,
	struct dialled *dialled, struct error *error)
{
	error->text[0] = '\0'; /* what the address tried last says is what counts */
	dialled->fault = DIAL_FAULT_NONE;
	dialled->timed_out = false;
	if (getnameinfo((const struct sockaddr *)&to->address, to->len, dialled->address,
		    DIAL_ADDRESS_MAX, NULL, 0, NI_NUMERICHOST) != 0)
		snprintf(dialled->address, DIAL_ADDRESS_MAX, "(unprintable)");
	return connect(self, request, to, stream, dialled, error);
}

/* A proxy that does not work for one address works for none. */
static bool
is_over(enum outcome outcome, enum dial_fault fault)
{
	return outcome == OUTCOME_DONE || fault == DIAL_FAULT_PROXY ||
	       fault == DIAL_FAULT_PROXY_LOGIN;
}

/* Looks the host up and tries its addresses. Of a host with one address the route is known before
 * it takes a connection. */
static enum outcome
find_route(const struct dialler *self, const struct dial_request *request, route_connect *connect,
	struct stream *stream, struct dialled *dialled, struct error *error)
{
	enum outcome outcome = OUTCOME_BROKEN;
	struct resolved resolved;

	if (!resolver_look_up(
		    request->host, request->port, request->look_up_deadline_ms, &resolved, error)) {
		dialled->fault = DIAL_FAULT_NAME;
		dialled->timed_out = clock_left_ms(request->look_up_deadline_ms) == 0;
		return OUTCOME_BROKEN;
	}
	dialled->addresses = resolved.count;
	if (resolved.count == 1) {
		learn(request->route, &resolved.addresses[0], 1);
		return OUTCOME_NOT_REACHED;
	}
	for (size_t i = 0; i < resolved.count && !is_over(outcome, dialled->fault); i++) {
		outcome = connect_to_one(
			self, request, connect, &resolved.addresses[i], stream, dialled, error);
		if (outcome == OUTCOME_DONE)
			learn(request->route, &resolved.addresses[i], resolved.count);
	}
	return outcome;
}

enum outcome
route_dial(const struct dialler *self, const struct dial_request *request, route_connect *connect,
	struct stream *stream, struct dialled *dialled, struct error *error)
{
	struct dial_route *route = request->route;
	enum outcome outcome = OUTCOME_NOT_REACHED;

	pthread_mutex_lock(&route->lock);
	if (!route->known)
		outcome = find_route(self, request, connect, stream, dialled, error);
	pthread_mutex_unlock(&route->lock);
	if (outcome != OUTCOME_NOT_REACHED)
		return outcome;
	dialled->addresses = route->addresses;
	return connect_to_one(self, request, connect, &route->address, stream, dialled, error);
}
