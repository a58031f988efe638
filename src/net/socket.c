/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The socket transport: non-blocking reads and writes under poll().
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/interrupt.h"
#include "net/stream.h"

struct socket_handle {
	int fd;
};

/* Waits until the socket is ready for `events`. */
static enum stream_status
wait_for(int fd, short events, int64_t deadline_ms)
{
	struct pollfd polled[2] = { { .fd = fd, .events = events },
		{ .fd = interrupt_fd(), .events = POLLIN } };
	int64_t left;
	int ready;

	do {
		left = clock_left_ms(deadline_ms);
		ready = poll(polled, 2, left > 3600000 ? 3600000 : (int)left);
	} while (ready < 0 && errno == EINTR);
	if (ready < 0)
		return STREAM_FAILED;
	if (polled[1].revents != 0)
		return STREAM_INTERRUPTED;
	return polled[0].revents != 0 ? STREAM_OK : STREAM_TIMEOUT;
}

static enum stream_status
status_of_errno(void)
{
	return errno == ECONNRESET || errno == EPIPE ? STREAM_RESET : STREAM_FAILED;
}

/* What came so far is acknowledged at once, not with what is sent next: a server that holds back
 * small segments until then (RFC 896) sits on its reply behind its session tickets for the forty
 * milliseconds of a delayed acknowledgement. Where the system knows no such thing, nothing is done. */
static void
acknowledge(int fd)
{
#ifdef TCP_QUICKACK
	int on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof(on));
#else
	(void)fd;
#endif
}

static enum stream_status
socket_read(void *handle, void *bytes, size_t room, int64_t deadline_ms, size_t *got)
{
	const struct socket_handle *own = handle;

	for (;;) {
		ssize_t len = recv(own->fd, bytes, room, 0);
		enum stream_status status;

		if (len > 0) {
			*got = (size_t)len;
			return STREAM_OK;
		}
		if (len == 0)
			return STREAM_CLOSED;
		if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
			return status_of_errno();
		acknowledge(own->fd);
		status = wait_for(own->fd, POLLIN, deadline_ms);
		if (status != STREAM_OK)
			return status;
	}
}

static enum stream_status
socket_write(void *handle, const void *bytes, size_t len, int64_t deadline_ms)
{
	const struct socket_handle *own = handle;
	const char *next = bytes;

	while (len > 0) {
		ssize_t sent = send(own->fd, next, len, MSG_NOSIGNAL);
		enum stream_status status;

		if (sent >= 0) {
			next += sent;
			len -= (size_t)sent;
			continue;
		}
		if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
			return status_of_errno();
		status = wait_for(own->fd, POLLOUT, deadline_ms);
		if (status != STREAM_OK)
			return status;
	}
	return STREAM_OK;
}

static void
socket_close(void *handle)
{
	struct socket_handle *own = handle;

	close(own->fd);
	free(own);
}

static const struct transport socket_transport = { socket_read, socket_write, socket_close };

void
stream_over_socket(struct stream *stream, int fd)
{
	struct socket_handle *own = malloc(sizeof(*own));

	if (own == NULL)
		out_of_memory();
	own->fd = fd;
	stream_init(stream, &socket_transport, own);
}
