/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which kinds of weak suites a server accepts. One hello has all kinds in it, so that one refusal
 * tells of them all; an acceptance tells of one kind, and the others are asked for again. What
 * needs an account at the server is left out.
 *
 * The kinds are asked for up to TLS 1.2 and again up to TLS 1.0, because a server may keep suites
 * for older versions that it would not use in newer ones (RFC 4346 appendix A.5 forbids export
 * suites from TLS 1.1 on).
 */
#include "hello_exchange.h"
#include "probe/endpoint.h"
#include "probe/weaknesses.h"

static const struct {
	uint32_t all;
	uint16_t maximum; /* no matter for newer versions */
} kinds[WEAK_KIND_COUNT] = {
	[WEAK_RC4] = { SUITE_RC4, TLS_VERSION_1_2 },
	[WEAK_64_BIT] = { SUITE_64_BIT_BLOCK, TLS_VERSION_1_2 },
	[WEAK_RSA_EXPORT] = { SUITE_EXPORT | SUITE_STATIC_RSA, TLS_VERSION_1_2 },
	[WEAK_DHE_EXPORT] = { SUITE_EXPORT | SUITE_DHE, TLS_VERSION_1_2 },
	[WEAK_CBC_TLS_1_0] = { SUITE_CBC, TLS_VERSION_1_0 },
};

struct suite_query
weak_kind_suites(enum weak_kind kind, uint16_t maximum)
{
	return (struct suite_query){
		.all = kinds[kind].all,
		.none = SUITES_SHARED_SECRET,
		.minimum = TLS_VERSION_SSL3,
		.maximum = maximum,
	};
}

uint16_t
weak_kind_newest(enum weak_kind kind)
{
	return kinds[kind].maximum;
}

/* Whether it is of interest what that kind gets in a hello up to that version, and not known. */
static bool
is_open(const struct weak_suites_record *record, size_t kind, uint16_t maximum)
{
	return kinds[kind].maximum >= maximum && record->kinds[kind].outcome != OUTCOME_DONE;
}

static struct hello_offer
offer_open_kinds(const struct weak_suites_record *record, uint16_t maximum)
{
	struct hello_offer offer = hello_offer_versions(TLS_VERSION_1_0, maximum);

	offer.suites.count = 0;
	for (size_t i = 0; i < WEAK_KIND_COUNT; i++) {
		struct suite_query query = weak_kind_suites((enum weak_kind)i, maximum);

		if (is_open(record, i, maximum))
			suites_select(&query, 0, &offer.suites, TLS_CODES_MAX);
	}
	return offer;
}

/* Marks all kinds that the chosen suite is of; false when it is of none: a suite that was not
 * offered is no answer. */
static bool
mark_accepted(
	struct weak_suites_record *record, const struct flight_hello *answer, uint16_t maximum)
{
	const struct suite *suite = suite_by_id(answer->suite);
	bool any = false;

	for (size_t i = 0; i < WEAK_KIND_COUNT && suite != NULL; i++) {
		struct suite_query query = weak_kind_suites((enum weak_kind)i, maximum);

		if (!is_open(record, i, maximum) || !suite_matches(suite, &query))
			continue;
		record->kinds[i] = (struct weak_answer){
			.outcome = OUTCOME_DONE, .suite = suite->id, .version = answer->version
		};
		any = true;
	}
	return any;
}

/* Asks until all kinds are accepted, or the rest is not. */
static enum try_end
try_up_to(struct observation *observation, const struct endpoint *endpoint, uint16_t maximum)
{
	struct weak_suites_record *record = observation->record;
	enum try_end end = TRY_ANSWERED;

	while (end == TRY_ANSWERED) {
		struct hello_exchange exchange = { .end = TRY_NO_ANSWER };
		struct hello_offer offer = offer_open_kinds(record, maximum);

		if (offer.suites.count == 0)
			return TRY_ANSWERED;
		hello_exchange(observation, endpoint, &offer, false, &exchange);
		end = exchange.end;
		if (end == TRY_ANSWERED &&
			!mark_accepted(record, &exchange.flight.hello, maximum)) {
			observation_conclude(observation, OUTCOME_BROKEN,
				"%s, which was not offered", observation->text);
			end = TRY_NO_ANSWER;
		}
		hello_exchange_release(&exchange);
	}
	return end;
}

/* Both, before a control is put: who hung up on one has hung up on the question. */
static enum try_end
try_weak_suites(struct observation *observation, const struct endpoint *endpoint, void *context)
{
	enum try_end newer = try_up_to(observation, endpoint, TLS_VERSION_1_2), older;
	const char *text = observation->text;

	(void)context;
	if (newer == TRY_NO_ANSWER)
		return newer;
	older = try_up_to(observation, endpoint, TLS_VERSION_1_0);
	if (newer != TRY_HUNG_UP || older == TRY_NO_ANSWER)
		return older;
	observation_conclude(observation, OUTCOME_BROKEN, "%s", text);
	return TRY_HUNG_UP;
}

static void
observe_weak_suites(struct observation *observation, const struct endpoint *endpoint)
{
	struct weak_suites_record *record = observation->record;

	if (refusal_decide(observation, endpoint, try_weak_suites, NULL) == OUTCOME_BROKEN)
		return;
	for (size_t i = 0; i < WEAK_KIND_COUNT; i++)
		if (record->kinds[i].outcome != OUTCOME_DONE)
			record->kinds[i].outcome = OUTCOME_REFUSED;
	observation->outcome = OUTCOME_DONE;
}

const struct observer weak_suites_observer = {
	.name = "weak suites",
	.size = sizeof(struct weak_suites_record),
	.connections = 2,
	.observe = observe_weak_suites,
};
