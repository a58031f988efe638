/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * flight_tls13: what a TLS 1.3 server sends behind its ServerHello, once it is decrypted, up to
 * and with its Certificate (RFC 8446 sections 4.3 and 4.4.2).
 */
#ifndef GATE_WIRE_FLIGHT_TLS13_H
#define GATE_WIRE_FLIGHT_TLS13_H

#include <stddef.h>

#include "wire/cursor.h"
#include "wire/flight.h"

enum flight_tls13_state {
	FLIGHT_TLS13_MORE,      /* the Certificate is not all there */
	FLIGHT_TLS13_DONE,      /* it was read */
	FLIGHT_TLS13_MALFORMED, /* `why` has clause and fact */
	FLIGHT_TLS13_COMPRESSED, /* it is a CompressedCertificate (RFC 8879), which is not read here */
	FLIGHT_TLS13_OVER_LIMIT, /* longer than FLIGHT_HANDSHAKE_MAX or _CERTIFICATES_MAX */
};

/* Spans point into the bytes that were read. */
struct flight_tls13 {
	enum flight_tls13_state state;
	const char *why; /* of those that end it otherwise: a literal */
	struct span certificates[FLIGHT_CERTIFICATES_MAX]; /* DER, leaf first */
	size_t certificate_count;
	size_t read;         /* DONE: how many bytes there were up to the end of the Certificate */
	struct span stapled; /* the OCSP response for the leaf (RFC 8446 section 4.4.2.1) */
	struct span timestamps; /* SignedCertificateTimestampList of the leaf (RFC 6962 3.3) */
};

/* Reads the handshake messages from the first one behind the ServerHello on. */
struct flight_tls13 flight_tls13_read(struct span messages);

#endif
