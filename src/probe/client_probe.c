/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Asks as a client, and where it is refused, asks with more in the hello for what is missing in it.
 */
#include "probe/client_probe.h"

#include "base/entropy.h"
#include "chain_reading.h"
#include "hello_exchange.h"
#include "net/tls13_keys.h"
#include "probe/endpoint.h"
#include "refusal.h"

/* A hello of the client, or one that has more in it. */
struct client_question {
	struct client_record *record;
	struct hello_offer offer;
};

/* RFC 8446 appendix D.4: who offers TLS 1.3 sends a session id that means nothing. */
static struct hello_offer
offer_of(const struct client_profile *profile)
{
	struct hello_offer offer = client_profile_offer(profile);

	if (profile->maximum >= TLS_VERSION_1_3) {
		offer.session_id_len = HELLO_SESSION_ID_MAX;
		entropy_fill(offer.session_id, offer.session_id_len);
	}
	return offer;
}

static const struct server_hello *
last_hello(const struct observation *observation)
{
	return &observation->hellos[observation->hello_count - 1];
}

static void
take_signed(struct client_record *record, const struct chain_reading *reading)
{
	record->answer.signature = reading->record->signature;
	record->chain = reading->record->peer.chain;
	record->chain_count = reading->record->peer.chain_count;
}

/* What the server chose, whatever could be read behind it. */
static void
take_answer(struct client_record *record, const struct observation *observation,
	const struct chain_reading *reading)
{
	const struct flight *flight = &reading->asked.flight;

	record->answer = *last_hello(observation);
	record->extensions = flight->hello.extensions;
	record->downgrade = flight->hello.downgrade;
	record->shared = flight->hello.version < TLS_VERSION_1_3 ||
			 hello_offer_shares(&reading->offer, flight->hello.group);
	if (flight->state == FLIGHT_RETRY)
		record->unfit = observation->text;
	take_signed(record, reading);
}

/* Keeps those groups and shares whose handshakes can be read, and no form of certificates that
 * cannot. */
static void
keep_readable(struct hello_offer *offer)
{
	const struct hello_offer all = *offer;

	offer->groups.count = offer->share_count = offer->order.count = 0;
	for (size_t i = 0; i < all.groups.count; i++)
		if (tls13_keys_can(all.groups.codes[i]))
			tls_codes_add(&offer->groups, all.groups.codes[i]);
	for (size_t i = 0; i < all.share_count; i++)
		if (tls13_keys_can(all.shares[i].group))
			offer->shares[offer->share_count++] = all.shares[i];
	for (size_t i = 0; i < all.order.count; i++)
		if (all.order.codes[i] != TLS_EXTENSION_COMPRESS_CERTIFICATE)
			tls_codes_add(&offer->order, all.order.codes[i]);
}

/* The group does not change what a server signs with: where ours cannot compute with the one that was
 * chosen, the certificates and the signature are taken from an answer without it. */
static void
read_another_way(struct observation *observation, const struct endpoint *endpoint,
	struct client_record *record)
{
	const char *text = observation->text;
	struct chain_record chain;
	struct chain_reading reading = { .observation = observation,
		.record = &chain,
		.offer = offer_of(record->profile),
		.whose = record->profile->name };

	keep_readable(&reading.offer);
	chain_reading_put(&reading, endpoint);
	if (reading.taken)
		take_signed(record, &reading);
	chain_reading_release(&reading);
	observation_conclude(observation, OUTCOME_DONE, "%s", text);
}

/* Nothing behind such a choice need be read. */
static bool
was_not_offered(const struct flight_hello *hello, const struct hello_offer *offer)
{
	return !tls_codes_has(&offer->versions, hello->version) ||
	       !tls_codes_has(&offer->suites, hello->suite) ||
	       !hello_offer_shares(offer, hello->group);
}

/* Below TLS 1.3 all of the flight is there, or there is no answer. */
static enum try_end
end_of(const struct chain_reading *reading)
{
	const struct flight *flight = &reading->asked.flight;

	if (flight->state == FLIGHT_RETRY)
		return TRY_ANSWERED;
	if (reading->asked.end != TRY_ANSWERED || reading->taken ||
		flight->hello.version < TLS_VERSION_1_3)
		return reading->asked.end;
	if (reading->refused)
		return TRY_REFUSED;
	return reading->unreadable || was_not_offered(&flight->hello, &reading->offer)
		       ? TRY_ANSWERED
		       : TRY_NO_ANSWER;
}

/* A client ends a handshake in which what was signed does not verify; below TLS 1.2 nothing tells
 * here. */
static bool
is_signed_falsely(const struct chain_reading *reading)
{
	uint16_t version = reading->asked.flight.hello.version;

	return reading->taken && !reading->record->peer.proven &&
	       (version == TLS_VERSION_1_3 ||
		       (version == TLS_VERSION_1_2 && reading->record->signature != 0));
}

static enum try_end
try_client(struct observation *observation, const struct endpoint *endpoint, void *context)
{
	struct client_question *question = context;
	struct client_record *record = question->record;
	struct chain_record chain;
	struct chain_reading reading = { .observation = observation,
		.record = &chain,
		.offer = question->offer,
		.whose = record->profile->name };
	enum try_end end;
	bool unreadable;

	chain_reading_put(&reading, endpoint);
	end = end_of(&reading);
	record->shown_by = observation->trace_count - 1;
	if (end == TRY_ANSWERED && is_signed_falsely(&reading)) {
		observation_conclude(observation, OUTCOME_BROKEN,
			"what the server signed does not verify with the key of its certificate");
		end = TRY_NO_ANSWER;
	} else if (end == TRY_ANSWERED) {
		take_answer(record, observation, &reading);
		observation->outcome = OUTCOME_DONE;
	}
	unreadable = end == TRY_ANSWERED && reading.unreadable;
	chain_reading_release(&reading);
	if (unreadable)
		read_another_way(observation, endpoint, record);
	return end;
}

/* Puts the offer once; what was chosen is the record's `instead`. False when nothing was. */
static bool
is_taken(struct observation *observation, const struct endpoint *endpoint,
	struct hello_offer *offer, struct client_record *record)
{
	struct hello_exchange exchange = { .end = TRY_NO_ANSWER };
	bool taken;

	hello_exchange(observation, endpoint, offer, true, &exchange);
	taken = exchange.end == TRY_ANSWERED;
	if (taken)
		record->instead = *last_hello(observation);
	hello_exchange_release(&exchange);
	return taken;
}

static void
offer_more_suites(struct hello_offer *offer, const struct hello_offer *all)
{
	offer->suites = all->suites;
}

static void
offer_more_groups(struct hello_offer *offer, const struct hello_offer *all)
{
	offer->groups = all->groups;
}

static void
offer_more_signatures(struct hello_offer *offer, const struct hello_offer *all)
{
	offer->signatures = offer->chain_signatures = all->signatures;
}

static const struct {
	enum client_obstacle obstacle;
	void (*offer_more)(struct hello_offer *offer, const struct hello_offer *all);
} obstacles[] = {
	{ CLIENT_OBSTACLE_SUITE, offer_more_suites },
	{ CLIENT_OBSTACLE_GROUP, offer_more_groups },
	{ CLIENT_OBSTACLE_SIGNATURE, offer_more_signatures },
};

/* With more of one thing; where what it would take then was on offer before, that was not it. */
static enum client_obstacle
find_obstacle(struct observation *observation, const struct endpoint *endpoint,
	struct client_record *record, const struct hello_offer *all)
{
	for (size_t i = 0; i < sizeof(obstacles) / sizeof(obstacles[0]); i++) {
		struct hello_offer offer = offer_of(record->profile);

		obstacles[i].offer_more(&offer, all);
		if (!is_taken(observation, endpoint, &offer, record))
			continue;
		if (obstacles[i].obstacle != CLIENT_OBSTACLE_SUITE ||
			!tls_codes_has(&record->profile->suites, record->instead.suite))
			return obstacles[i].obstacle;
		record->instead = (struct server_hello){ .version = 0 };
	}
	return CLIENT_OBSTACLE_UNKNOWN;
}

/* Whether the server has nothing in the client's versions, whatever is offered; *all is that. What it has in
 * others is `instead`, and shows that it answers at all. */
static bool
lacks_versions(struct observation *observation, const struct endpoint *endpoint,
	struct client_record *record, const struct hello_offer *all, enum outcome *outcome)
{
	const struct client_profile *profile = record->profile;
	struct hello_exchange exchange = { .end = TRY_NO_ANSWER };
	struct hello_offer offer = *all;

	*outcome = hello_ask_all_suites(observation, endpoint, &offer, false, &exchange);
	hello_exchange_release(&exchange);
	if (*outcome == OUTCOME_DONE)
		record->instead = *last_hello(observation);
	if (*outcome == OUTCOME_REFUSED) {
		offer = hello_offer_versions(TLS_VERSION_1_0, TLS_VERSION_1_3);
		is_taken(observation, endpoint, &offer, record);
	}
	return *outcome == OUTCOME_REFUSED ||
	       (*outcome == OUTCOME_DONE && (record->instead.version < profile->minimum ||
						    record->instead.version > profile->maximum));
}

static enum client_obstacle
ask_for_more(struct observation *observation, const struct endpoint *endpoint,
	struct client_record *record)
{
	const struct client_profile *profile = record->profile;
	struct hello_offer offer = offer_of(profile), all;
	enum outcome outcome;

	if (is_taken(observation, endpoint, &offer, record))
		return CLIENT_OBSTACLE_NODES;
	all = hello_offer_versions(profile->minimum, profile->maximum);
	if (lacks_versions(observation, endpoint, record, &all, &outcome))
		return CLIENT_OBSTACLE_VERSION;
	return outcome == OUTCOME_DONE ? find_obstacle(observation, endpoint, record, &all)
				       : CLIENT_OBSTACLE_UNKNOWN;
}

static void
observe_client(struct observation *observation, const struct endpoint *endpoint)
{
	struct client_record *record = observation->record;
	struct client_question question = { .record = record };
	const char *text;

	*record = (struct client_record){ .profile = record->profile };
	question.offer = offer_of(record->profile);
	if (refusal_decide(observation, endpoint, try_client, &question) != OUTCOME_REFUSED)
		return;
	text = observation->text;
	record->shown_by = observation->trace_count - 1;
	record->obstacle = ask_for_more(observation, endpoint, record);
	observation_conclude(observation, OUTCOME_REFUSED, "%s", text);
}

static bool
asks_same_client(const void *record, const void *other)
{
	const struct client_record *a = record, *b = other;

	return a->profile == b->profile;
}

const struct observer client_observer = {
	.name = "the hello of a client",
	.size = sizeof(struct client_record),
	.connections = 1,
	.asks_same = asks_same_client,
	.observe = observe_client,
};
