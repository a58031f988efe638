/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * possession: whether a server showed, in its first flight, that it holds the key of its leaf.
 * Anybody can send a certificate; only who has the key can sign what we just sent. Whether the
 * server signed in the way that a strict client wants is not asked here.
 */
#ifndef GATE_PROBE_POSSESSION_H
#define GATE_PROBE_POSSESSION_H

#include <stdbool.h>

#include "wire/certificate_verify.h"
#include "wire/client_hello.h"
#include "wire/flight.h"

/* By the ServerKeyExchange of TLS 1.2 (RFC 5246 section 7.4.3, RFC 8422 section 5.4), of a flight
 * that is complete. False where nothing is signed: with the key exchange of static RSA only a
 * whole handshake would show it; and below TLS 1.2, whose signatures are over MD5 and SHA-1. */
bool possession_in_clear(
	const struct flight *flight, const uint8_t client_random[HELLO_RANDOM_LEN]);

/* By the CertificateVerify of TLS 1.3: `leaf` in DER, `hash` of the messages from ClientHello to
 * Certificate. */
bool possession_in_tls13(
	struct span leaf, struct span hash, const struct certificate_verify *verify);

#endif
