/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Surveys: hello upon hello, each without what the server chose before.
 */
#include "probe/survey.h"

#include <string.h>

#include "hello_exchange.h"
#include "probe/endpoint.h"
#include "wire/groups.h"
#include "wire/key_shares.h"
#include "wire/suites.h"
#include "x509/cert.h"

/* How one hello of a survey ended. */
enum survey_end {
	SURVEY_GOES_ON, /* a choice was noted, ask for the rest */
	SURVEY_OVER,    /* nothing of what is left is taken */
	SURVEY_BROKEN,
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
survey_code(const struct server_hello *choice, enum survey_subject subject)
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

static bool
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
	const struct survey_hello *hello = &record->hellos[record->current];
	struct tls_codes *list;
	struct tls_codes all;
	size_t asked, left = 0;

	*offer = hello->offer;
	list = survey_list(offer, record->subject);
	all = *list;
	asked = all.count - hello->company;
	list->count = 0;
	for (size_t i = 0; i < all.count; i++) {
		uint16_t code = all.codes[i];

		if (i < asked ? survey_has(record, code) : tls_codes_has(&record->sent_away, code))
			continue;
		tls_codes_add(list, code);
		left += i < asked;
	}
	if (record->share != 0)
		offer->share_count = key_share_of(record->share, &offer->shares[0]) ? 1 : 0;
	return left;
}

/* The prime of DHE is in the ServerKeyExchange, and so are group and signature below TLS 1.3. */
static bool
needs_whole_flight(const struct survey_record *record, const struct hello_offer *offer)
{
	const struct suite *first = suite_by_id(offer->suites.codes[0]);

	return record->subject != SURVEY_SUITES ||
	       (first != NULL && suite_exchange(first) == SUITE_EXCHANGE_DHE);
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

/* In TLS 1.3 the signature is encrypted: a ServerHello tells that there is one of those offered,
 * which is known where only one was. A HelloRetryRequest comes too early to tell, and is answered
 * with the share that it wants. */
static enum survey_end
note_hidden_signature(struct survey_record *record, const struct tls_codes *list,
	struct server_hello *answer, bool retry)
{
	struct hello_share share;

	if (retry) {
		if (record->share == answer->group || !key_share_of(answer->group, &share))
			return SURVEY_BROKEN;
		record->share = answer->group;
		return SURVEY_GOES_ON;
	}
	answer->signature = list->count == 1 ? list->codes[0] : 0;
	record->choices[record->choice_count++] = *answer;
	return SURVEY_OVER;
}

/* The group of the leaf's key; 0 when the key is on none. */
static uint16_t
curve_of_leaf(const struct flight *flight, struct arena *arena)
{
	static const struct {
		enum key_kind kind;
		uint16_t group;
	} curves[] = { { KEY_P256, GROUP_SECP256R1 }, { KEY_P384, GROUP_SECP384R1 },
		{ KEY_P521, GROUP_SECP521R1 } };
	struct error ignored = { .text = "" };
	struct cert leaf;

	if (flight->certificate_count == 0 ||
		!cert_parse(&leaf, flight_span(flight, flight->certificates[0]), arena, &ignored))
		return 0;
	for (size_t i = 0; i < sizeof(curves) / sizeof(curves[0]); i++)
		if (curves[i].kind == leaf.key.kind)
			return curves[i].group;
	return 0;
}

/* The server chose of the company. Without its certificate's curve it takes nothing, so what it
 * likes less than that nobody can have; anything else was only in the way. A certificate that has
 * no curve needs no company: without it the others were refused by the hello before. */
static enum survey_end
note_company(struct survey_record *record, uint16_t code, uint16_t certificate_curve)
{
	if (code == certificate_curve || certificate_curve == 0)
		return SURVEY_OVER;
	tls_codes_add_once(&record->sent_away, code);
	return SURVEY_GOES_ON;
}

/* Takes a choice down, if it is of the first `asked` codes of the list. A signature can be one that
 * was not offered: old servers do not look at the list (RFC 5246 section 7.4.1.4.1 forbids it). */
static enum survey_end
note_choice(struct survey_record *record, struct hello_offer *offer, size_t asked,
	struct server_hello *answer, const struct flight *flight, struct arena *arena)
{
	uint16_t code = survey_code(answer, record->subject);
	const struct tls_codes *list = survey_list(offer, record->subject);

	if (!may_answer(offer, answer->version))
		return SURVEY_BROKEN;
	if (record->subject == SURVEY_SIGNATURES && answer->version == TLS_VERSION_1_3)
		return note_hidden_signature(record, list, answer, flight->hello.retry);
	for (size_t i = 0; i < asked; i++) {
		if (list->codes[i] != code)
			continue;
		record->choices[record->choice_count++] = *answer;
		return SURVEY_GOES_ON;
	}
	if (record->subject == SURVEY_SIGNATURES)
		return SURVEY_OVER;
	if (!tls_codes_has(list, code))
		return SURVEY_BROKEN;
	return note_company(record, code, curve_of_leaf(flight, arena));
}

static enum survey_end
take_answer(struct observation *observation, struct hello_offer *offer, size_t asked,
	const struct hello_exchange *exchange)
{
	struct survey_record *record = observation->record;
	struct server_hello *answer = &observation->hellos[observation->hello_count - 1];
	enum survey_end end =
		note_choice(record, offer, asked, answer, &exchange->flight, &observation->arena);

	if (end == SURVEY_BROKEN)
		observation_conclude(observation, OUTCOME_BROKEN, "%s, %s", observation->text,
			exchange->flight.hello.retry ? "and wants a key share that we have not"
						     : "which was not offered");
	return end;
}

static enum survey_end
ask_rest(struct observation *observation, const struct endpoint *endpoint)
{
	struct survey_record *record = observation->record;
	struct hello_offer offer;
	size_t asked = offer_rest(record, &offer);
	enum survey_end end = SURVEY_OVER;
	struct hello_exchange exchange = { .end = TRY_NO_ANSWER };

	if (asked == 0 || offer.suites.count == 0)
		return SURVEY_OVER;
	switch (hello_ask(
		observation, endpoint, &offer, needs_whole_flight(record, &offer), &exchange)) {
	case OUTCOME_DONE:
		end = take_answer(observation, &offer, asked, &exchange);
		break;
	case OUTCOME_BROKEN:
	case OUTCOME_NOT_REACHED:
		end = SURVEY_BROKEN;
		break;
	case OUTCOME_REFUSED:
		break;
	}
	hello_exchange_release(&exchange);
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
	enum survey_end end = SURVEY_OVER;

	while (record->current < SURVEY_HELLOS_MAX && !has_enough(record)) {
		end = ask_rest(observation, endpoint);
		if (end == SURVEY_BROKEN)
			break;
		if (end == SURVEY_OVER)
			record->current++;
	}
	if (end == SURVEY_BROKEN)
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

static unsigned
count_hellos(const void *record)
{
	const struct survey_record *survey = record;
	unsigned count = 0;

	while (count < SURVEY_HELLOS_MAX && survey->hellos[count].offer.suites.count != 0)
		count++;
	return count;
}

const struct observer survey_observer = {
	.name = "a hello with a class of suites, groups or signatures",
	.size = sizeof(struct survey_record),
	.connections = 1,
	.asks_same = asks_same_survey,
	.questions = count_hellos,
	.observe = observe_survey,
};
