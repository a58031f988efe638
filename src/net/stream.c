/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Passes calls on to the transport, and keeps what was received until it is consumed.
 */
#include "net/stream.h"

#include <string.h>

#include "base/clock.h"

void
stream_init(struct stream *stream, const struct transport *transport, void *handle)
{
	stream->transport = transport;
	stream->handle = handle;
	buf_init(&stream->unread, STREAM_UNREAD_MAX);
}

void
stream_close(struct stream *stream)
{
	if (!stream_is_open(stream))
		return;
	stream->transport->close(stream->handle);
	buf_release(&stream->unread);
	stream->transport = NULL;
	stream->handle = NULL;
}

bool
stream_is_open(const struct stream *stream)
{
	return stream->transport != NULL;
}

#define FILL_MAX 4096

enum stream_status
stream_fill(struct stream *stream, int64_t deadline_ms)
{
	return stream_fill_most(stream, FILL_MAX, deadline_ms);
}

enum stream_status
stream_fill_most(struct stream *stream, size_t most, int64_t deadline_ms)
{
	char bytes[FILL_MAX];
	enum stream_status status;
	size_t got = 0;

	status = stream->transport->read(
		stream->handle, bytes, most < FILL_MAX ? most : FILL_MAX, deadline_ms, &got);
	if (status != STREAM_OK)
		return status;
	return buf_add(&stream->unread, bytes, got) ? STREAM_OK : STREAM_FAILED;
}

void
stream_fill_arrived(struct stream *stream)
{
	while (stream->unread.len < STREAM_UNREAD_MAX && stream_fill(stream, 0) == STREAM_OK)
		;
}

enum stream_status
stream_write(struct stream *stream, const void *bytes, size_t len, int64_t deadline_ms)
{
	return stream->transport->write(stream->handle, bytes, len, deadline_ms);
}

const char *
stream_status_text(enum stream_status status)
{
	switch (status) {
	case STREAM_OK:
		return "answered";
	case STREAM_CLOSED:
		return "the server closed the connection";
	case STREAM_RESET:
		return "the server reset the connection";
	case STREAM_TIMEOUT:
		return "no answer within the time allowed";
	case STREAM_INTERRUPTED:
		return "the run was interrupted";
	case STREAM_FAILED:
		return "the connection failed";
	}
	return "unknown";
}
