/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/dial.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/interrupt.h"
#include "resolver.h"

struct dial_route {
	pthread_mutex_t lock; /* held while the route is being found */
	bool known;
	struct resolved_address address;
	size_t addresses; /* that the host has */
};

struct dial_route *
dial_route_create(void)
{
	struct dial_route *route = calloc(1, sizeof(*route));

	if (route == NULL)
		out_of_memory();
	pthread_mutex_init(&route->lock, NULL);
	return route;
}

void
dial_route_free(struct dial_route *route)
{
	if (route == NULL)
		return;
	pthread_mutex_destroy(&route->lock);
	free(route);
}

/* A non-blocking socket that sends what it is given at once; -1 on failure. */
static int
open_socket(int family)
{
	int fd = socket(family, SOCK_STREAM, 0);
	int on = 1, flags;

	if (fd < 0)
		return -1;
	flags = fcntl(fd, F_GETFL);
	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0 ||
		fcntl(fd, F_SETFD, FD_CLOEXEC) != 0 ||
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Waits until the connect has ended, and returns its errno: 0, ETIMEDOUT, EINTR for an
 * interruption of the run, or what the system says. */
static int
finish_connect(int fd, int64_t deadline_ms)
{
	struct pollfd polled[2] = { { .fd = fd, .events = POLLOUT },
		{ .fd = interrupt_fd(), .events = POLLIN } };
	int ready, failure = 0;
	socklen_t len = sizeof(failure);

	do {
		ready = poll(polled, 2, (int)clock_left_ms(deadline_ms));
	} while (ready < 0 && errno == EINTR && interrupt_signal() == 0);
	if (ready < 0)
		return errno;
	if (polled[1].revents != 0)
		return EINTR;
	if (polled[0].revents == 0)
		return ETIMEDOUT;
	return getsockopt(fd, SOL_SOCKET, SO_ERROR, &failure, &len) != 0 ? errno : failure;
}

/* A connected socket, or -1 with errno. */
static int
connect_to(const struct resolved_address *to, int64_t deadline_ms)
{
	int fd = open_socket(to->address.ss_family);
	int failure = 0;

	if (fd < 0)
		return -1;
	if (connect(fd, (const struct sockaddr *)&to->address, to->len) != 0)
		failure = errno == EINPROGRESS ? finish_connect(fd, deadline_ms) : errno;
	if (failure == 0)
		return fd;
	close(fd);
	errno = failure;
	return -1;
}

static enum outcome
describe_failure(int failure, const char *address, unsigned port, struct error *error)
{
	error->text[0] = '\0'; /* what the address tried last says is what counts */
	if (failure == EINTR)
		error_set(error, "the run was interrupted");
	else if (failure == ETIMEDOUT)
		error_set(error, "%s port %u did not take the connection within the time allowed",
			address, port);
	else if (failure == ECONNREFUSED || failure == ECONNRESET)
		error_set(error, "%s port %u %s the connection", address, port,
			failure == ECONNREFUSED ? "refused" : "reset");
	else
		error_set(error, "%s port %u: %s", address, port, strerror(failure));
	return failure == ECONNREFUSED || failure == ECONNRESET ? OUTCOME_REFUSED : OUTCOME_BROKEN;
}

static enum outcome
connect_one(const struct dial_request *request, const struct resolved_address *to,
	struct stream *stream, struct dialled *dialled, struct error *error)
{
	int64_t deadline_ms =
		clock_earlier(request->deadline_ms, clock_now_ms() + request->timeout_ms);
	int fd;

	if (getnameinfo((const struct sockaddr *)&to->address, to->len, dialled->address,
		    DIAL_ADDRESS_MAX, NULL, 0, NI_NUMERICHOST) != 0)
		snprintf(dialled->address, DIAL_ADDRESS_MAX, "(unprintable)");
	fd = connect_to(to, deadline_ms);
	if (fd < 0) {
		dialled->timed_out = errno == ETIMEDOUT;
		return describe_failure(errno, dialled->address, request->port, error);
	}
	stream_over_socket(stream, fd);
	return OUTCOME_DONE;
}

static void
learn(struct dial_route *route, const struct resolved_address *address, size_t addresses)
{
	route->address = *address;
	route->addresses = addresses;
	route->known = true;
}

/* Looks the host up and tries its addresses. Of a host with one address the route is known before
 * it takes a connection. */
static enum outcome
find_route(const struct dial_request *request, struct stream *stream, struct dialled *dialled,
	struct error *error)
{
	enum outcome outcome = OUTCOME_BROKEN;
	struct resolved resolved;

	if (!resolver_look_up(
		    request->host, request->port, request->look_up_deadline_ms, &resolved, error)) {
		dialled->timed_out = clock_left_ms(request->look_up_deadline_ms) == 0;
		return OUTCOME_BROKEN;
	}
	dialled->addresses = resolved.count;
	if (resolved.count == 1) {
		learn(request->route, &resolved.addresses[0], 1);
		return OUTCOME_NOT_REACHED;
	}
	for (size_t i = 0; i < resolved.count && outcome != OUTCOME_DONE; i++) {
		outcome = connect_one(request, &resolved.addresses[i], stream, dialled, error);
		if (outcome == OUTCOME_DONE)
			learn(request->route, &resolved.addresses[i], resolved.count);
	}
	return outcome;
}

enum outcome
dial(const struct dial_request *request, struct stream *stream, struct dialled *dialled,
	struct error *error)
{
	struct dial_route *route = request->route;
	enum outcome outcome = OUTCOME_NOT_REACHED;

	*dialled = (struct dialled){ .addresses = 0 };
	pthread_mutex_lock(&route->lock);
	if (!route->known)
		outcome = find_route(request, stream, dialled, error);
	pthread_mutex_unlock(&route->lock);
	if (outcome != OUTCOME_NOT_REACHED)
		return outcome;
	dialled->addresses = route->addresses;
	return connect_one(request, &route->address, stream, dialled, error);
}
