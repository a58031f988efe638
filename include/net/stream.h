/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * stream: bytes to and from a peer, with a deadline on every wait. What lies beneath is a
 * transport: a socket, a TLS session over another transport, or what a test puts there.
 *
 * Deadlines are points of the monotonic clock in milliseconds. A wait also ends when the program
 * is interrupted.
 */
#ifndef GATE_NET_STREAM_H
#define GATE_NET_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* Most bytes that lie unread at a time. */
#define STREAM_UNREAD_MAX 65536

enum stream_status {
	STREAM_OK,
	STREAM_CLOSED, /* the peer closed its side */
	STREAM_RESET,
	STREAM_TIMEOUT,
	STREAM_INTERRUPTED,
	STREAM_FAILED, /* a local failure, or a TLS record that does not decrypt */
};

struct transport {
	/* Waits for at least one byte and stores 1 to room of them. */
	enum stream_status (*read)(
		void *handle, void *bytes, size_t room, int64_t deadline_ms, size_t *got);
	/* Sends all len bytes. */
	enum stream_status (*write)(
		void *handle, const void *bytes, size_t len, int64_t deadline_ms);
	/* Ends the connection without waiting and releases the handle. */
	void (*close)(void *handle);
};

struct stream {
	const struct transport *transport;
	void *handle;      /* owned */
	struct buf unread; /* received, and not yet consumed (buf_consume) */
};

void stream_init(struct stream *stream, const struct transport *transport, void *handle);

/* Closes; harmless on a zeroed or closed stream. */
void stream_close(struct stream *stream);
bool stream_is_open(const struct stream *stream);

/* Waits for bytes and puts them behind those unread. STREAM_FAILED when there is no room. */
enum stream_status stream_fill(struct stream *stream, int64_t deadline_ms);

/* The same for at most so many bytes: what is behind them is left for another reader. */
enum stream_status stream_fill_most(struct stream *stream, size_t most, int64_t deadline_ms);

/* Puts behind those unread what has already arrived, without waiting. */
void stream_fill_arrived(struct stream *stream);

enum stream_status stream_write(
	struct stream *stream, const void *bytes, size_t len, int64_t deadline_ms);

/* "the server closed the connection", ...: the second half of a sentence. */
const char *stream_status_text(enum stream_status status);

/* Over a socket, which the stream owns from now on. It must be connected and non-blocking. */
void stream_over_socket(struct stream *stream, int fd);

#endif
