/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One offer of our own, answered or not.
 */
#include "probe/hello_probe.h"

#include <string.h>

#include "hello_exchange.h"
#include "probe/endpoint.h"

static void
observe_hello(struct observation *observation, const struct endpoint *endpoint)
{
	struct hello_record *record = observation->record;
	struct hello_offer offer = record->offer;
	struct hello_exchange exchange = { .end = TRY_NO_ANSWER };

	if (record->every_suite)
		hello_ask_all_suites(observation, endpoint, &offer, false, &exchange);
	else
		hello_ask(observation, endpoint, &offer, false, &exchange);
	record->answer = exchange.flight.hello;
	hello_exchange_release(&exchange);
}

static bool
asks_same_hello(const void *record, const void *other)
{
	const struct hello_record *a = record, *b = other;

	return a->every_suite == b->every_suite && hello_offer_equal(&a->offer, &b->offer);
}

const struct observer hello_observer = {
	.name = "a hello",
	.size = sizeof(struct hello_record),
	.connections = 1,
	.asks_same = asks_same_hello,
	.observe = observe_hello,
};

/* Compression is offered too: the methods of RFC 3749 and RFC 3943, and none. */
static void
observe_ordinary(struct observation *observation, const struct endpoint *endpoint)
{
	static const uint8_t compressions[] = { 1, 64, 0 };
	struct hello_record *record = observation->record;

	record->offer = hello_offer_versions(TLS_VERSION_1_0, TLS_VERSION_1_2);
	memcpy(record->offer.compressions, compressions, sizeof(compressions));
	record->offer.compression_count = sizeof(compressions);
	record->every_suite = true;
	observe_hello(observation, endpoint);
}

const struct observer ordinary_observer = {
	.name = "a hello without TLS 1.3",
	.size = sizeof(struct hello_record),
	.connections = 1,
	.observe = observe_ordinary,
};

/* Offers TLS 1.0 up to that version, with every suite. */
static enum outcome
ask_up_to(struct observation *observation, const struct endpoint *endpoint, uint16_t maximum,
	uint16_t *chosen)
{
	struct hello_offer offer = hello_offer_versions(TLS_VERSION_1_0, maximum);
	struct hello_exchange exchange = { .end = TRY_NO_ANSWER };
	enum outcome outcome;

	outcome = hello_ask_all_suites(observation, endpoint, &offer, false, &exchange);
	*chosen = exchange.flight.hello.version;
	hello_exchange_release(&exchange);
	return outcome;
}

static void
observe_older_versions(struct observation *observation, const struct endpoint *endpoint)
{
	const struct older_versions_record *record = observation->record;
	uint16_t maximum = (uint16_t)(record->below - 1), chosen = 0;
	enum outcome outcome = OUTCOME_REFUSED;

	while (maximum >= TLS_VERSION_1_0) {
		outcome = ask_up_to(observation, endpoint, maximum, &chosen);
		/* What is newer than was offered is no answer, and below SSL 3.0 there is none. */
		if (outcome == OUTCOME_DONE && (chosen > maximum || chosen < TLS_VERSION_SSL3)) {
			observation_conclude(observation, OUTCOME_BROKEN,
				"%s, which was not offered", observation->text);
			return;
		}
		if (outcome != OUTCOME_DONE)
			break;
		maximum = (uint16_t)(chosen - 1);
	}
	observation->outcome = outcome;
}

static bool
asks_same_older(const void *record, const void *other)
{
	const struct older_versions_record *a = record, *b = other;

	return a->below == b->below;
}

const struct observer older_versions_observer = {
	.name = "a hello with older versions",
	.size = sizeof(struct older_versions_record),
	.connections = 1,
	.asks_same = asks_same_older,
	.observe = observe_older_versions,
};
