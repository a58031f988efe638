/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A first flight comes to the same end in one piece and in pieces, and all that it found lies
 * inside of what was sent. The first byte of the input says how to read and how to cut.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "wire/flight.h"
#include "wire/groups_primes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_range(const struct flight *flight, struct flight_range range)
{
	if (range.len > flight->handshake.len || range.at > flight->handshake.len - range.len)
		abort();
}

static void
check_flight(const struct flight *flight)
{
	for (size_t i = 0; i < flight->certificate_count; i++)
		check_range(flight, flight->certificates[i]);
	check_range(flight, flight->stapled);
	check_range(flight, flight->exchange.prime);
	check_range(flight, flight->exchange.generator);
	check_range(flight, flight->exchange.modulus);
	group_prime_find(flight_span(flight, flight->exchange.prime));
	if ((flight->state == FLIGHT_MALFORMED || flight->state == FLIGHT_OVER_LIMIT) !=
		(flight->why != NULL))
		abort();
	if (memchr(flight->hello.protocol, '\0', sizeof(flight->hello.protocol)) == NULL)
		abort();
}

static void
check_same(const struct flight *a, const struct flight *b)
{
	if (a->state != b->state || a->why != b->why || a->hello.seen != b->hello.seen ||
		a->hello.suite != b->hello.suite || a->hello.version != b->hello.version ||
		a->alert.description != b->alert.description ||
		a->certificate_count != b->certificate_count ||
		a->exchange.bits != b->exchange.bits || a->exchange.group != b->exchange.group)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct flight whole, pieces;
	size_t piece;
	bool deep;

	if (size == 0)
		return 0;
	deep = (data[0] & 1) != 0;
	piece = 1 + (data[0] >> 1) % 16;
	data++;
	size--;
	flight_init(&whole, deep);
	flight_init(&pieces, deep);
	whole.after_retry = pieces.after_retry = (data[-1] & 0x80) != 0;
	flight_feed(&whole, data, size);
	for (size_t at = 0; at < size; at += piece)
		flight_feed(&pieces, data + at, size - at < piece ? size - at : piece);
	check_flight(&whole);
	check_flight(&pieces);
	check_same(&whole, &pieces);
	flight_release(&pieces);
	flight_release(&whole);
	return 0;
}
