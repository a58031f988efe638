/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Takes the signed message and the signature out of a flight and verifies it with the key of the
 * leaf.
 */
#include "possession.h"

#include "x509/cert.h"

static bool
signed_with_key_of(struct span leaf, uint16_t scheme, const struct buf *content, struct span by)
{
	struct signature_algorithm algorithm = signature_algorithm_of_tls(scheme);
	struct error ignored = { .text = "" };
	struct arena arena;
	struct cert cert;
	bool good;

	arena_init(&arena);
	good = content->dropped == 0 && cert_parse(&cert, leaf, &arena, &ignored) &&
	       signature_verify(&cert.key, &algorithm, buf_span(content), by);
	arena_release(&arena);
	return good;
}

bool
possession_in_clear(const struct flight *flight, const uint8_t client_random[HELLO_RANDOM_LEN])
{
	const struct flight_exchange *exchange = &flight->exchange;
	struct span parameters = flight_span(flight, exchange->parameters);
	struct buf content;
	bool good;

	if (flight->hello.version != TLS_VERSION_1_2 || flight->certificate_count == 0 ||
		parameters.len == 0)
		return false;
	buf_init(&content, FLIGHT_HANDSHAKE_MAX);
	buf_add(&content, client_random, HELLO_RANDOM_LEN);
	buf_add(&content, flight->hello.random, FLIGHT_RANDOM_LEN);
	buf_add(&content, parameters.data, parameters.len);
	good = signed_with_key_of(flight_span(flight, flight->certificates[0]), exchange->signature,
		&content, flight_span(flight, exchange->signed_by));
	buf_release(&content);
	return good;
}

bool
possession_in_tls13(struct span leaf, struct span hash, const struct certificate_verify *verify)
{
	struct buf content;
	bool good;

	if (verify->state != CERTIFICATE_VERIFY_DONE || hash.len == 0)
		return false;
	buf_init(&content, 1000);
	good = certificate_verify_content(hash, &content) &&
	       signed_with_key_of(leaf, verify->scheme, &content, verify->signature);
	buf_release(&content);
	return good;
}
