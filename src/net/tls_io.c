/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the library reads and writes below a session: the transport beneath it, with the first bytes
 * sorted into plaintext and TLS.
 */
#include <string.h>

#include "base/clock.h"
#include "tls_handle.h"
#include "wire/flight_record.h"
#include "x509/curve_points.h"

/* How long plaintext behind STARTTLS may go on until TLS must begin. */
#define PLAINTEXT_WAIT_MS 5000

static int
io_result(enum stream_status status)
{
	switch (status) {
	case STREAM_OK:
		return 0;
	case STREAM_CLOSED:
		return WOLFSSL_CBIO_ERR_CONN_CLOSE;
	case STREAM_RESET:
		return WOLFSSL_CBIO_ERR_CONN_RST;
	case STREAM_TIMEOUT:
		return WOLFSSL_CBIO_ERR_WANT_READ; /* a later read may go on */
	case STREAM_INTERRUPTED:
	case STREAM_FAILED:
		break;
	}
	return WOLFSSL_CBIO_ERR_GENERAL;
}

/* Sorts the first bytes: what stands before the first record is plaintext, the rest is for the
 * library. True once there is such a rest, or it is not worth waiting for. */
static bool
sort_first(struct tls_handle *own, struct span seen)
{
	struct tls_facts *facts = own->facts;
	size_t stray = flight_record_find(seen);
	bool is_record = seen.len == 0 || stray != 0 || flight_record_starts(seen);

	own->alien = !is_record;
	if (own->alien && own->upgraded)
		return false;
	facts->plaintext = (struct span){ seen.data, stray };
	buf_add(&own->early, seen.data + stray, seen.len - stray);
	return true;
}

/* Nobody waits for a peer while others wait for a turn. */
static enum stream_status
read_below(struct tls_handle *own, void *bytes, size_t room, int64_t deadline_ms, size_t *got)
{
	enum stream_status status;

	if (own->computing)
		curve_points_end();
	status = own->below->read(own->below_handle, bytes, room, deadline_ms, got);
	if (own->computing)
		curve_points_begin();
	return status;
}

/* Reads the first bytes that the peer sends. Behind STARTTLS plaintext may come before them that
 * was on its way, or is sent late (RFC 3207 section 6): it is kept apart, and the handshake goes
 * on. */
static enum stream_status
read_first(struct tls_handle *own)
{
	struct tls_facts *facts = own->facts;
	int64_t until_ms = own->deadline_ms;
	char bytes[TLS_EARLY_MAX];
	size_t len = 0, got = 0;
	struct span seen;

	own->begun = true;
	do {
		own->status = read_below(own, bytes + len, sizeof(bytes) - len, until_ms, &got);
		if (own->status != STREAM_OK)
			return own->status;
		if (len == 0)
			until_ms =
				clock_earlier(own->deadline_ms, clock_now_ms() + PLAINTEXT_WAIT_MS);
		len += got;
		seen = (struct span){ arena_memdup(own->arena, bytes, len), len };
		facts->first_bytes = seen;
	} while (!sort_first(own, seen) && len < sizeof(bytes));
	return STREAM_OK;
}

int
tls_handle_receive(WOLFSSL *session, char *bytes, int room, void *context)
{
	struct tls_handle *own = context;
	size_t got = 0;

	(void)session;
	if (!own->begun && read_first(own) != STREAM_OK)
		return io_result(own->status);
	if (own->early.len != 0) {
		got = own->early.len < (size_t)room ? own->early.len : (size_t)room;
		memcpy(bytes, own->early.data, got);
		buf_consume(&own->early, got);
		return (int)got;
	}
	own->status = read_below(own, bytes, (size_t)room, own->deadline_ms, &got);
	return own->status == STREAM_OK ? (int)got : io_result(own->status);
}

int
tls_handle_transmit(WOLFSSL *session, char *bytes, int len, void *context)
{
	struct tls_handle *own = context;

	(void)session;
	own->status = own->below->write(own->below_handle, bytes, (size_t)len, own->deadline_ms);
	return own->status == STREAM_OK ? len : io_result(own->status);
}
