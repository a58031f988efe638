/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Dialling with a socket of our own.
 */
#include "net/dial.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/open_files.h"
#include "route.h"

/* As long may a connection be open before the client says a word: no server closes on it so soon. */
#define SILENT_MS 1000

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

static void
set_port(struct resolved_address *address, unsigned port)
{
	void *socket_address = &address->address;

	if (address->address.ss_family == AF_INET6)
		((struct sockaddr_in6 *)socket_address)->sin6_port = htons((uint16_t)port);
	else
		((struct sockaddr_in *)socket_address)->sin_port = htons((uint16_t)port);
}

static int
fail(int fd, int failure)
{
	close(fd);
	errno = failure;
	return -1;
}

/* A socket that is being connected, or -1 with errno. */
static int
begin_connect(const struct resolved_address *to, unsigned port)
{
	struct resolved_address whole = *to;
	int fd = open_socket(to->address.ss_family);

	if (fd < 0)
		return -1;
	set_port(&whole, port);
	if (connect(fd, (const struct sockaddr *)&whole.address, whole.len) == 0 ||
		errno == EINPROGRESS)
		return fd;
	return fail(fd, errno);
}

/* Whether the server, or the way to it, has ended the connection. What it said before is to be read. */
static bool
is_ended(int fd)
{
	char next;
	ssize_t len = recv(fd, &next, 1, MSG_PEEK);

	if (len < 0)
		return errno != EAGAIN && errno != EWOULDBLOCK && errno != ENOTCONN;
	return len == 0;
}

/* The socket that was begun, -1 if there is none of use. Who was silent for long, or was closed on before
 * a word was said, learns nothing from what comes then: it may be about the silence, or the number. */
static int
take_begun(struct preconnect *preconnect)
{
	int fd = preconnect != NULL ? preconnect->fd : -1;

	if (fd < 0)
		return -1;
	preconnect->given_up = clock_now_ms() - preconnect->since_ms > SILENT_MS || is_ended(fd);
	if (preconnect->given_up)
		close(fd);
	preconnect->fd = -1;
	return preconnect->given_up ? -1 : fd;
}

/* A connected socket, or -1 with errno. */
static int
connect_to(
	const struct dial_request *request, const struct resolved_address *to, int64_t deadline_ms)
{
	int fd = take_begun(request->preconnect);
	int failure;

	if (fd < 0)
		fd = begin_connect(to, request->port);
	if (fd < 0)
		return -1;
	failure = finish_connect(fd, deadline_ms);
	return failure == 0 ? fd : fail(fd, failure);
}

static enum outcome
describe_failure(int failure, const char *address, unsigned port, struct error *error)
{
	if (failure == EINTR)
		error_set(error, "the run was interrupted");
	else if (failure == ETIMEDOUT)
		error_set(error, "%s port %u did not take the connection within the time allowed",
			address, port);
	else if (failure == ECONNREFUSED || failure == ECONNRESET)
		error_set(error, "%s port %u %s the connection", address, port,
			failure == ECONNREFUSED ? "refused" : "reset");
	else
		error_set(error, "%s port %u: %s", address, port, open_files_strerror(failure));
	return failure == ECONNREFUSED || failure == ECONNRESET ? OUTCOME_REFUSED : OUTCOME_BROKEN;
}

static enum outcome
connect_one(const struct dialler *self, const struct dial_request *request,
	const struct resolved_address *to, struct stream *stream, struct dialled *dialled,
	struct error *error)
{
	int64_t deadline_ms =
		clock_earlier(request->deadline_ms, clock_now_ms() + request->timeout_ms);
	int fd = connect_to(request, to, deadline_ms);

	(void)self;
	if (fd < 0) {
		dialled->fault =
			errno == EMFILE || errno == ENFILE ? DIAL_FAULT_FILES : DIAL_FAULT_SERVER;
		dialled->timed_out = errno == ETIMEDOUT;
		dialled->no_route =
			errno == ENETUNREACH || errno == EADDRNOTAVAIL || errno == EAFNOSUPPORT;
		return describe_failure(errno, dialled->address, request->port, error);
	}
	stream_over_socket(stream, fd);
	return OUTCOME_DONE;
}

static enum outcome
dial_socket(const struct dialler *self, const struct dial_request *request, struct stream *stream,
	struct dialled *dialled, struct error *error)
{
	return route_dial(self, request, connect_one, stream, dialled, error);
}

static void
begin_socket(const struct dialler *self, const struct dial_request *request)
{
	struct preconnect *preconnect = request->preconnect;
	struct resolved_address to;

	(void)self;
	if (!route_is_known(request->route, &to))
		return;
	preconnect->since_ms = clock_now_ms();
	preconnect->fd = begin_connect(&to, request->port);
}

const struct dialler socket_dialler = { .dial = dial_socket, .begin = begin_socket };

enum outcome
dial(const struct dialler *dialler, const struct dial_request *request, struct stream *stream,
	struct dialled *dialled, struct error *error)
{
	*dialled = (struct dialled){ .addresses = 0 };
	return dialler->dial(dialler, request, stream, dialled, error);
}

bool
dial_abandon(struct preconnect *preconnect)
{
	if (preconnect == NULL || preconnect->fd < 0)
		return false;
	close(preconnect->fd);
	preconnect->fd = -1;
	return true;
}
