/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * flight: reads what a server answers to a ClientHello (RFC 5246 section 7.3, RFC 8446 section
 * 2), from bytes that come in any pieces. It records; whether an answer is good is not asked
 * here. As long as what came is the beginning of an answer the state is FLIGHT_MORE; any other
 * state is final, and further bytes are passed over.
 */
#ifndef GATE_WIRE_FLIGHT_H
#define GATE_WIRE_FLIGHT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "wire/cursor.h"
#include "wire/server_hello.h"

/* Handshake bytes of one flight, and all bytes with their records: enough for chains of 100 kB
 * in records of one byte. */
#define FLIGHT_HANDSHAKE_MAX (128 * 1024)
#define FLIGHT_BYTES_MAX (8 * FLIGHT_HANDSHAKE_MAX)

#define FLIGHT_CERTIFICATES_MAX 32

/* How much is kept of an answer that is not TLS, for people to look at. */
#define FLIGHT_ALIEN_MAX 200

enum flight_state {
	FLIGHT_MORE,       /* nothing final yet */
	FLIGHT_HELLO,      /* ServerHello; with `whole` all messages up to ServerHelloDone */
	FLIGHT_RETRY,      /* HelloRetryRequest: version, suite and group are decided */
	FLIGHT_ALERT,      /* a fatal alert or close_notify; `hello` can be seen before it */
	FLIGHT_NOT_TLS,    /* the first bytes are no record; `alien` has them */
	FLIGHT_MALFORMED,  /* `why` has clause and fact */
	FLIGHT_OVER_LIMIT, /* larger than FLIGHT_*_MAX; `why` names what */
};

struct flight_alert {
	bool seen;
	uint8_t level; /* 1 warning, 2 fatal (RFC 5246 section 7.2) */
	uint8_t description;
};

/* Where something stands in the handshake bytes; flight_span() gives the bytes. */
struct flight_range {
	size_t at;
	size_t len;
};

/* ServerKeyExchange (RFC 5246 section 7.4.3, RFC 8422 section 5.4). What does not apply to the
 * suite stays zero. */
struct flight_exchange {
	bool seen;
	uint16_t group;                /* the named curve */
	bool explicit_curve;           /* a curve given by its parameters, which RFC 8422 forbids */
	struct flight_range prime;     /* DHE */
	struct flight_range generator; /* DHE */
	struct flight_range modulus;   /* RSA export: the temporary key */
	unsigned bits;                 /* of prime or modulus, leading zeros not counted */
	uint16_t signature;            /* scheme, TLS 1.2; 0 below, and when nothing is signed */
	/* TLS 1.2, when something is signed and nothing stands behind the signature: */
	struct flight_range parameters; /* as they are signed, behind the two randoms */
	struct flight_range signed_by;  /* the signature's bytes */
};

struct flight {
	enum flight_state state;
	const char *why; /* MALFORMED and OVER_LIMIT: a literal */
	struct flight_hello hello;
	struct flight_alert alert;
	struct flight_alert warning; /* the last warning that did not end the flight */

	/* Filled only with `whole`, and below TLS 1.3. */
	struct flight_range certificates[FLIGHT_CERTIFICATES_MAX]; /* DER, leaf first */
	size_t certificate_count;
	struct flight_range stapled; /* the OCSP response; len 0 when there is none */
	struct flight_exchange exchange;
	bool asks_certificate; /* CertificateRequest */
	bool resumed;          /* ChangeCipherSpec instead of a Certificate: a session resumed */

	struct buf alien; /* the first bytes of what is not TLS */

	/* Set by the caller where the hello was a second one, behind a HelloRetryRequest: then a
	 * ChangeCipherSpec may come first, which says nothing (RFC 8446 appendix D.4). */
	bool after_retry;

	/* The rest is the reader's own. */
	bool whole;
	struct buf bytes;     /* records that are not complete */
	struct buf handshake; /* all handshake bytes */
	size_t handshake_read;
	size_t bytes_seen;
	uint8_t alert_level; /* of an alert whose second byte is to come */
	bool alert_half;
};

/* `whole`: below TLS 1.3 read on to ServerHelloDone. TLS 1.3 goes on encrypted, so there the
 * ServerHello is always the end. */
void flight_init(struct flight *flight, bool whole);
void flight_release(struct flight *flight);

/* Takes the next bytes from the server and returns the state. */
enum flight_state flight_feed(struct flight *flight, const void *data, size_t len);

/* Whether a Certificate has come behind the ServerHello, or the beginning of one: then no session is
 * gone on with (RFC 5246 section 7.3). With `whole`. */
bool flight_begins_certificate(const struct flight *flight);

/* The bytes of a range, valid until the next flight_feed(). */
struct span flight_span(const struct flight *flight, struct flight_range range);

/* Where a span that points into the handshake bytes stands. */
struct flight_range flight_range_of(const struct flight *flight, struct span span);

#endif
