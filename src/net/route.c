/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where a host was reached, for all connections that follow.
 */
#include "route.h"

#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

/* Prints what connections to it show. */
static void
print_address(const struct resolved_address *address, char text[DIAL_ADDRESS_MAX])
{
	if (getnameinfo((const struct sockaddr *)&address->address, address->len, text,
		    DIAL_ADDRESS_MAX, NULL, 0, NI_NUMERICHOST) != 0)
		snprintf(text, DIAL_ADDRESS_MAX, "(unprintable)");
}

static enum outcome
connect_to_one(const struct dialler *self, const struct dial_request *request,
	route_connect *connect, const struct resolved_address *to, struct stream *stream,
	struct dialled *dialled, struct error *error)
{
	error->text[0] = '\0'; /* what the address tried last says is what counts */
	dialled->fault = DIAL_FAULT_NONE;
	dialled->timed_out = false;
	print_address(to, dialled->address);
	return connect(self, request, to, stream, dialled, error);
}

/* A proxy that does not work for one address works for none, and so it is with our own limits. */
static bool
is_over(enum outcome outcome, enum dial_fault fault)
{
	return outcome == OUTCOME_DONE || fault == DIAL_FAULT_FILES || fault == DIAL_FAULT_PROXY ||
	       fault == DIAL_FAULT_PROXY_LOGIN;
}

struct dial_addresses *
dial_look_up(const char *host, int64_t deadline_ms)
{
	struct dial_addresses *found = calloc(1, sizeof(*found));
	struct error error = { .text = "" };
	struct resolved resolved;

	if (found == NULL)
		out_of_memory();
	if (!resolver_look_up(host, deadline_ms, &resolved, &error)) {
		found->timed_out = clock_left_ms(deadline_ms) == 0;
		found->problem = strdup(error.text);
	} else if ((found->addresses = calloc(resolved.count, sizeof(*found->addresses))) != NULL) {
		found->count = resolved.count;
		memcpy(found->addresses, resolved.addresses,
			resolved.count * sizeof(*found->addresses));
	}
	if (found->problem == NULL && found->addresses == NULL)
		out_of_memory();
	return found;
}

struct dial_addresses *
dial_addresses_of(const char *const *addresses, size_t count)
{
	struct dial_addresses *known = calloc(1, sizeof(*known));
	struct error error = { .text = "" };
	struct resolved resolved;

	if (known == NULL || (known->addresses = calloc(count, sizeof(*known->addresses))) == NULL)
		out_of_memory();
	for (size_t i = 0; i < count; i++)
		if (resolver_look_up(addresses[i], 0, &resolved, &error))
			known->addresses[known->count++] = resolved.addresses[0];
	if (known->count == 0)
		known->problem = strdup(error.text);
	return known;
}

void
dial_addresses_free(struct dial_addresses *addresses)
{
	if (addresses == NULL)
		return;
	free(addresses->addresses);
	free(addresses->problem);
	free(addresses);
}

bool
dial_addresses_first(const struct dial_addresses *addresses, char text[DIAL_ADDRESS_MAX])
{
	if (addresses->count == 0)
		return false;
	print_address(&addresses->addresses[0], text);
	return true;
}

void
dial_route_know(struct dial_route *route, const struct dial_addresses *addresses)
{
	route->found = addresses;
}

/* False, with the reason, when there is no address. */
static bool
find_addresses(const struct dial_request *request, struct resolved *resolved,
	struct dialled *dialled, struct error *error)
{
	struct dial_route *route = request->route;
	const struct dial_addresses *found = route->found;

	if (found == NULL || (found->count == 0 && route->told)) {
		if (resolver_look_up(request->host, request->look_up_deadline_ms, resolved, error))
			return true;
		dialled->timed_out = clock_left_ms(request->look_up_deadline_ms) == 0;
	} else {
		route->told = true;
		resolved->count = found->count;
		if (found->problem == NULL)
			memcpy(resolved->addresses, found->addresses,
				found->count * sizeof(*found->addresses));
		else
			error_set(error, "%s", found->problem);
		dialled->timed_out = found->timed_out;
	}
	return resolved->count != 0;
}

/* Looks the host up and tries its addresses. Of a host with one address the route is known before
 * it takes a connection. */
static enum outcome
find_route(const struct dialler *self, const struct dial_request *request, route_connect *connect,
	struct stream *stream, struct dialled *dialled, struct error *error)
{
	enum outcome outcome = OUTCOME_BROKEN;
	struct resolved resolved;

	if (!find_addresses(request, &resolved, dialled, error)) {
		dialled->fault = DIAL_FAULT_NAME;
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

bool
route_is_known(struct dial_route *route, struct resolved_address *address)
{
	bool known;

	pthread_mutex_lock(&route->lock);
	known = route->known;
	*address = route->address;
	pthread_mutex_unlock(&route->lock);
	return known;
}
