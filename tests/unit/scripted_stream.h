/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * scripted_stream: a transport over a script: a peer in memory, so that a dialogue can be tested without a socket.
 */
#ifndef GATE_TESTS_SCRIPTED_STREAM_H
#define GATE_TESTS_SCRIPTED_STREAM_H

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "net/stream.h"

/* One exchange of a scripted peer: once the client has sent `expect` (NULL: nothing is awaited;
 * script_anything: whatever it writes at once), it sends len bytes of `send`, or all of the string
 * when len is 0. */
struct script_exchange {
	const char *expect;
	const char *send;
	size_t len;
};

/* One byte, which stands for a whole write. */
static const char script_anything[] = "*";

struct script_handle {
	const struct script_exchange *exchanges;
	size_t count;
	size_t exchange;
	size_t expected; /* bytes of the exchange's `expect` seen so far */
	size_t sent;     /* bytes of the exchange's `send` handed out so far */
	size_t portion;
	enum stream_status end;
	bool derailed;
};

static inline size_t
exchange_len(const struct script_exchange *exchange)
{
	if (exchange->send == NULL)
		return 0;
	return exchange->len != 0 ? exchange->len : strlen(exchange->send);
}

static inline bool
is_awaiting(const struct script_handle *own)
{
	const char *expect = own->exchanges[own->exchange].expect;

	return expect != NULL && own->expected < strlen(expect);
}

/* Passes over exchanges that have been played to their end. */
static inline void
advance(struct script_handle *own)
{
	while (own->exchange < own->count && !is_awaiting(own) &&
		own->sent == exchange_len(&own->exchanges[own->exchange])) {
		own->exchange++;
		own->expected = 0;
		own->sent = 0;
	}
}

static inline enum stream_status
script_read(void *handle, void *bytes, size_t room, int64_t deadline_ms, size_t *got)
{
	struct script_handle *own = handle;
	size_t len;

	if (own->derailed)
		return STREAM_RESET;
	advance(own);
	if (own->exchange == own->count)
		return deadline_ms == 0 ? STREAM_TIMEOUT : own->end;
	if (is_awaiting(own))
		return STREAM_TIMEOUT;
	len = exchange_len(&own->exchanges[own->exchange]) - own->sent;
	len = len < room ? len : room;
	if (own->portion != 0 && len > own->portion)
		len = own->portion;
	memcpy(bytes, own->exchanges[own->exchange].send + own->sent, len);
	own->sent += len;
	*got = len;
	return STREAM_OK;
}

static inline enum stream_status
script_write(void *handle, const void *bytes, size_t len, int64_t deadline_ms)
{
	struct script_handle *own = handle;
	const char *next = bytes;

	(void)deadline_ms;
	advance(own);
	if (!own->derailed && own->exchange < own->count && is_awaiting(own) &&
		own->exchanges[own->exchange].expect == script_anything) {
		own->expected++;
		return STREAM_OK;
	}
	for (size_t i = 0; i < len; i++) {
		advance(own);
		if (own->derailed || own->exchange == own->count || !is_awaiting(own) ||
			own->exchanges[own->exchange].expect[own->expected] != next[i]) {
			own->derailed = true;
			return STREAM_RESET;
		}
		own->expected++;
	}
	return STREAM_OK;
}

static const struct transport script_transport = { script_read, script_write, free };

/* The script must outlive the stream: it hands out at most `portion` bytes a read (0: any number)
 * and ends with `end` after the last exchange. A client that sends something else than the script
 * expects meets STREAM_RESET from then on. */
static inline void
stream_over_script(struct stream *stream, const struct script_exchange *exchanges, size_t count,
	size_t portion, enum stream_status end)
{
	struct script_handle *own = calloc(1, sizeof(*own));

	if (own == NULL)
		out_of_memory();
	own->exchanges = exchanges;
	own->count = count;
	own->portion = portion;
	own->end = end;
	stream_init(stream, &script_transport, own);
}

#endif
