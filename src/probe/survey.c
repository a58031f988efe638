/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gate/survey.h"

#include <string.h>

#include "gate/asking.h"
#include "gate/groups_primes.h"

/* How one hello of a survey ended. */
enum turn_end {
	TURN_GOES_ON, /* a choice was noted, ask for the rest */
	TURN_OVER,    /* nothing of what is left is taken */
	TURN_BROKEN,
};

struct tls_codes *
survey_list(struct hello_offer *offer, enum survey_subject subject)
{
	switch (subject) {
	case SURVEY_SUITES:
		break;
	case SURVEY_GROUPS:
		return &offer->groups;
	case SURVEY_SIGNATURES:
		return &offer->signatures;
	}
	return &offer->suites;
}

uint16_t
survey_code(const struct survey_choice *choice, enum survey_subject subject)
{
	switch (subject) {
	case SURVEY_SUITES:
		break;
	case SURVEY_GROUPS:
		return choice->group;
	case SURVEY_SIGNATURES:
		return choice->signature;
	}
	return choice->suite;
}

bool
survey_has(const struct survey_record *record, uint16_t code)
{
	for (size_t i = 0; i < record->choice_count; i++)
		if (survey_code(&record->choices[i], record->subject) == code)
			return true;
	return false;
}

/* The hello whose turn it is, without what was chosen already. Returns how many codes of it are
 * asked about. */
static size_t
offer_rest(const struct survey_record *record, struct hello_offer *offer)
{
	const struct survey_hello *hello = &record->hellos[record->turn];
	struct tls_codes *list;
	struct tls_codes all;
	size_t asked;

	*offer = hello->offer;
	list = survey_list(offer, record->subject);
	all = *list;
	asked = all.count - hello->company;
	list->count = 0;
	for (size_t i = 0; i < all.count; i++)
		if (i >= asked || !survey_has(record, all.codes[i]))
			tls_codes_add(list, all.codes[i]);
	return list->count - hello->company;
}

/* Only a ServerKeyExchange tells group, prime and signature below TLS 1.3; the prime also of a
 * suite that is asked about for its own sake. */
static bool
needs_whole_flight(const struct survey_record *record)
{
	return record->subject != SURVEY_SUITES || record->most == 1;
}

static struct survey_choice
choice_of(const struct flight *flight)
{
	const struct flight_exchange *exchange = &flight->exchange;
	struct survey_choice choice = { .version = flight->hello.version,
		.suite = flight->hello.suite,
		.group = flight->hello.group != 0 ? flight->hello.group : exchange->group,
		.signature = exchange->signature };

	if (exchange->prime.len != 0) {
		choice.bits = exchange->bits;
		choice.prime = group_prime_find(flight_span(flight, exchange->prime));
	}
	return choice;
}

/* What it means that the server chose none of what was asked about. A signature can be one that
 * was not offered: old servers do not look at the list (RFC 5246 section 7.4.1.4.1 forbids it). */
static enum turn_end
note_other_choice(const struct survey_record *record, const struct tls_codes *list, uint16_t code)
{
	if (record->subject == SURVEY_SIGNATURES || tls_codes_has(list, code))
		return TURN_OVER;
	return TURN_BROKEN;
}

/* In TLS 1.3 the signature is encrypted: a ServerHello tells that there is one of those offered,
 * and a HelloRetryRequest comes too early to tell. */
static enum turn_end
note_hidden_signature(struct survey_record *record, const struct tls_codes *list, bool retry)
{
	if (retry)
		return TURN_BROKEN;
	record->choices[record->choice_count] = record->instead;
	record->choices[record->choice_count++].signature = list->count == 1 ? list->codes[0] : 0;
	return TURN_OVER;
}

/* Whether a server may answer the offer with that version (RFC 8446 section 4.2.1, RFC 5246
 * appendix E.1). */
static bool
may_answer(const struct hello_offer *offer, uint16_t version)
{
	if (offer->versions.count != 0)
		return tls_codes_has(&offer->versions, version);
	return version >= TLS_VERSION_SSL3 && version <= offer->legacy_version;
}

/* Takes a choice down, if it is of the first `asked` codes of the list. */
static enum turn_end
note_choice(struct survey_record *record, struct hello_offer *offer, size_t asked,
	const struct flight *flight)
{
	struct survey_choice choice = choice_of(flight);
	uint16_t code = survey_code(&choice, record->subject);
	const struct tls_codes *list = survey_list(offer, record->subject);

	if (!may_answer(offer, choice.version))
		return TURN_BROKEN;
	for (size_t i = 0; i < asked; i++) {
		if (list->codes[i] != code)
			continue;
		record->choices[record->choice_count++] = choice;
		return TURN_GOES_ON;
	}
	record->instead = choice;
	if (record->subject == SURVEY_SIGNATURES && choice.version == TLS_VERSION_1_3)
		return note_hidden_signature(record, list, flight->hello.retry);
	return note_other_choice(record, list, code);
}

static const char *
describe(const struct asking *asking, enum turn_end end, struct arena *arena)
{
	const char *answer;

	if (asking->outcome != OUTCOME_DONE)
		return arena_strdup(arena, asking->error.text);
	answer = asking_answer_shown(&asking->flight.hello, arena);
	if (end != TURN_BROKEN)
		return answer;
	return arena_printf(arena, "%s, %s", answer,
		asking->flight.hello.retry ? "and wants another group first"
					   : "which was not offered");
}

static enum turn_end
ask_rest(struct observation *observation, const struct endpoint *endpoint)
{
	struct survey_record *record = observation->record;
	struct hello_offer offer;
	size_t asked = offer_rest(record, &offer);
	enum turn_end end = TURN_OVER;
	struct asking asking;

	if (asked == 0 || offer.suites.count == 0)
		return TURN_OVER;
	asking_hello(observation, endpoint, &offer, needs_whole_flight(record), &asking);
	if (asking.outcome == OUTCOME_DONE)
		end = note_choice(record, &offer, asked, &asking.flight);
	else if (asking.outcome == OUTCOME_BROKEN)
		end = TURN_BROKEN;
	observation->text = describe(&asking, end, &observation->conversation.arena);
	asking_release(&asking);
	return end;
}

static bool
has_enough(const struct survey_record *record)
{
	return record->choice_count == TLS_CODES_MAX ||
	       (record->most != 0 && record->choice_count >= record->most);
}

/* Another try goes on where the one before it stopped. */
static void
observe_survey(struct observation *observation, const struct endpoint *endpoint)
{
	struct survey_record *record = observation->record;
	enum turn_end end = TURN_OVER;

	while (record->turn < SURVEY_HELLOS_MAX && !has_enough(record)) {
		end = ask_rest(observation, endpoint);
		if (end == TURN_BROKEN)
			break;
		if (end == TURN_OVER)
			record->turn++;
	}
	if (end == TURN_BROKEN)
		observation->outcome = OUTCOME_BROKEN;
	else
		observation->outcome = record->choice_count != 0 ? OUTCOME_DONE : OUTCOME_REFUSED;
}

static bool
same_hello(const struct survey_hello *a, const struct survey_hello *b)
{
	if (a->offer.suites.count == 0 || b->offer.suites.count == 0)
		return a->offer.suites.count == b->offer.suites.count;
	return a->company == b->company && hello_offer_equal(&a->offer, &b->offer);
}

static bool
asks_same_survey(const void *record, const void *other)
{
	const struct survey_record *a = record, *b = other;

	for (size_t i = 0; i < SURVEY_HELLOS_MAX; i++)
		if (!same_hello(&a->hellos[i], &b->hellos[i]))
			return false;
	return a->subject == b->subject && a->most == b->most;
}

const struct observer survey_observer = {
	.name = "a hello with a class of suites, groups or signatures",
	.size = sizeof(struct survey_record),
	.connections = 1,
	.asks_same = asks_same_survey,
	.observe = observe_survey,
};
