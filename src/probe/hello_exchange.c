/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One hello and its answer: sending, reading, weighing.
 */
#include "hello_exchange.h"

#include <string.h>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/text.h"
#include "probe/dialog.h"
#include "probe/endpoint.h"
#include "wire/alerts.h"
#include "wire/flight_record.h"
#include "wire/groups_primes.h"
#include "wire/suites.h"

/* How long plaintext behind STARTTLS may go on until TLS must begin. */
#define PLAINTEXT_WAIT_MS 5000

/* SSLv3 has no extensions, so a name cannot be sent in it. */
static enum stream_status
send_hello(struct dialog *dialog, struct hello_offer *offer, const uint8_t random[HELLO_RANDOM_LEN],
	int64_t deadline_ms)
{
	enum stream_status status = STREAM_FAILED;
	struct buf bytes;

	if (offer->legacy_version > TLS_VERSION_SSL3)
		offer->server_name = dialog->endpoint->server_name;
	buf_init(&bytes, HELLO_LEN_MAX);
	if (hello_write(offer, random, &bytes))
		status = stream_write(&dialog->stream, bytes.data, bytes.len, deadline_ms);
	buf_release(&bytes);
	dialog->record->round_trips++;
	return status;
}

static struct span
unread_of(const struct dialog *dialog)
{
	const struct buf *unread = &dialog->stream.unread;

	return buf_span(unread);
}

/* Whether all that came is plaintext. */
static bool
is_plaintext(struct span seen)
{
	return seen.len != 0 && !flight_record_starts(seen) && flight_record_find(seen) == 0;
}

/* Plaintext that was on its way before the hello, or comes late, is no answer to it where TLS comes
 * behind it: it is taken down, and the answer waited for. Where it does not, it is the answer. */
static enum stream_status
read_past_plaintext(struct dialog *dialog, int64_t deadline_ms)
{
	enum stream_status status = stream_fill(&dialog->stream, deadline_ms);
	int64_t until_ms = clock_earlier(deadline_ms, clock_now_ms() + PLAINTEXT_WAIT_MS);
	size_t stray;

	if (dialog->endpoint->implicit_tls)
		return status;
	while (status == STREAM_OK && is_plaintext(unread_of(dialog)))
		status = stream_fill(&dialog->stream, until_ms);
	stray = flight_record_find(unread_of(dialog));
	dialog_note_stray(dialog, (struct span){ unread_of(dialog).data, stray });
	buf_consume(&dialog->stream.unread, stray);
	return status;
}

static enum stream_status
read_flight(struct dialog *dialog, struct flight *flight, int64_t deadline_ms)
{
	struct buf *unread = &dialog->stream.unread;
	enum stream_status status = read_past_plaintext(dialog, deadline_ms);

	for (;;) {
		flight_feed(flight, unread->data, unread->len);
		buf_reset(unread);
		if (flight->state != FLIGHT_MORE || status != STREAM_OK)
			return status;
		status = stream_fill(&dialog->stream, deadline_ms);
	}
}

/* An alert behind a ServerHello, or behind the beginning of one, ends something that the server had
 * agreed to. */
static void
weigh_alert(struct hello_exchange *exchange)
{
	const struct flight *flight = &exchange->flight;
	uint8_t description = flight->alert.description;
	bool begun = flight->hello.seen || flight->handshake.len != 0;

	exchange->end = begun ? TRY_NO_ANSWER : try_end_of_alert(description, false);
	error_set(&exchange->error, "alert %s (%u)", alert_of(description)->name, description);
}

static void
describe_alien(struct hello_exchange *exchange)
{
	struct buf shown;

	buf_init(&shown, 120);
	text_add_printable(&shown, exchange->flight.alien.data, exchange->flight.alien.len);
	error_set(&exchange->error, "the answer is not TLS: \"%s\"", shown.data);
	buf_release(&shown);
}

/* Right behind the hello: nothing came before the end but warnings, which say nothing. */
static bool
hung_up(const struct flight *flight, enum stream_status status)
{
	return (status == STREAM_CLOSED || status == STREAM_RESET) && flight->bytes.len == 0 &&
	       flight->handshake.len == 0;
}

/* Nothing is known of a version that does not exist, and so of nothing else in the answer. */
static void
weigh_version(struct hello_exchange *exchange)
{
	uint16_t version = exchange->flight.hello.version;

	if (version >= TLS_VERSION_SSL3 && version <= TLS_VERSION_1_3)
		exchange->end = TRY_ANSWERED;
	else
		error_set(&exchange->error, "the answer is of version 0x%04x, which does not exist",
			version);
}

void
hello_exchange_weigh(struct hello_exchange *exchange, enum stream_status status)
{
	exchange->end = TRY_NO_ANSWER;
	switch (exchange->flight.state) {
	case FLIGHT_HELLO:
	case FLIGHT_RETRY:
		weigh_version(exchange);
		break;
	case FLIGHT_ALERT:
		weigh_alert(exchange);
		break;
	case FLIGHT_NOT_TLS:
		describe_alien(exchange);
		break;
	case FLIGHT_MALFORMED:
	case FLIGHT_OVER_LIMIT:
		error_set(&exchange->error, "the answer is malformed: %s", exchange->flight.why);
		break;
	case FLIGHT_MORE:
		if (hung_up(&exchange->flight, status))
			exchange->end = TRY_HUNG_UP;
		error_set(&exchange->error, "%s", stream_status_text(status));
		break;
	}
}

static bool
lacks(const struct flight_hello *answer, const struct hello_offer *offer, uint32_t flag,
	uint16_t extension)
{
	return answer->version > TLS_VERSION_SSL3 && answer->version < TLS_VERSION_1_3 &&
	       (offer->flags & flag) != 0 && !flight_hello_has(answer, extension);
}

/* Only a ServerKeyExchange tells group, prime and signature below TLS 1.3. */
static struct server_hello
server_hello_of(const struct flight *flight, const struct hello_offer *offer)
{
	const struct flight_exchange *exchange = &flight->exchange;
	struct server_hello hello = { .version = flight->hello.version,
		.suite = flight->hello.suite,
		.group = flight->hello.group != 0 ? flight->hello.group : exchange->group,
		.signature = exchange->signature,
		.compression = flight->hello.compression };

	hello.lacks_renegotiation_info = lacks(
		&flight->hello, offer, HELLO_RENEGOTIATION_INFO, TLS_EXTENSION_RENEGOTIATION_INFO);
	hello.lacks_extended_master_secret = lacks(&flight->hello, offer,
		HELLO_EXTENDED_MASTER_SECRET, TLS_EXTENSION_EXTENDED_MASTER_SECRET);

	if (exchange->prime.len != 0) {
		hello.bits = exchange->bits;
		hello.prime = group_prime_find(flight_span(flight, exchange->prime));
	}
	return hello;
}

static void
send_and_read(struct probe_connection *connection, struct hello_offer *offer,
	struct hello_exchange *exchange)
{
	struct dialog *dialog = &connection->dialog;
	int64_t deadline_ms = dialog_hello_deadline(dialog), sent_ms = clock_now_ms();
	enum stream_status status = send_hello(dialog, offer, exchange->random, deadline_ms);

	/* Who has hung up may have said why. */
	if (status == STREAM_OK || status == STREAM_RESET)
		status = read_flight(dialog, &exchange->flight, deadline_ms);
	status = refusal_end(status, sent_ms);
	hello_exchange_weigh(exchange, status);
	dialog->status = exchange->end == TRY_ANSWERED ? STREAM_OK : status;
	dialog->record->answered = exchange->end == TRY_ANSWERED || exchange->end == TRY_REFUSED;
	if (exchange->flight.hello.seen)
		probe_note_hello(connection, server_hello_of(&exchange->flight, offer));
}

void
hello_exchange_make(struct probe_connection *connection, struct hello_offer *offer,
	struct hello_exchange *exchange)
{
	entropy_fill(exchange->random, HELLO_RANDOM_LEN);
	send_and_read(connection, offer, exchange);
}

/* What came along with the request was read with it. */
void
hello_exchange_again(struct probe_connection *connection, struct hello_offer *offer,
	struct hello_exchange *exchange)
{
	struct buf *unread = &connection->dialog.stream.unread;
	struct flight request = exchange->flight;

	flight_init(&exchange->flight, request.whole);
	exchange->flight.after_retry = true;
	flight_feed(&exchange->flight, request.bytes.data, request.bytes.len);
	flight_feed(&exchange->flight, unread->data, unread->len);
	buf_reset(unread);
	flight_release(&request);
	exchange->end = TRY_NO_ANSWER;
	if (exchange->flight.state == FLIGHT_MORE && !exchange->flight.hello.seen)
		send_and_read(connection, offer, exchange);
	else
		error_set(&exchange->error, "RFC 8446 4.1.4: the server went on before the second "
					    "ClientHello");
}

bool
hello_exchange_open(struct probe_connection *connection, struct observation *observation,
	const struct endpoint *endpoint, bool whole, struct hello_exchange *exchange)
{
	enum step last = conversation_before_tls(endpoint->implicit_tls);

	*exchange = (struct hello_exchange){ .end = TRY_NO_ANSWER };
	flight_init(&exchange->flight, whole);
	if (probe_open(connection, observation, endpoint, last))
		return true;
	error_set(&exchange->error, "before the hello: %s", observation->text);
	return false;
}

/* "TLS 1.0 to TLS 1.2, 128 suites", for the transcript. */
static void
remark_offer(struct dialog *dialog, const struct hello_offer *offer)
{
	uint16_t newest =
		offer->versions.count != 0 ? offer->versions.codes[0] : offer->legacy_version;

	dialog_remark(dialog, "ClientHello: up to %s, %zu suite%s, %zu groups, %zu signatures",
		name_of(tls_version_names, newest) != NULL ? name_of(tls_version_names, newest)
							   : "?",
		offer->suites.count, offer->suites.count == 1 ? "" : "s", offer->groups.count,
		offer->signatures.count);
}

/* "the server chose TLS 1.2 with TLS_RSA_...". */
static const char *
answer_shown(const struct flight_hello *answer, struct arena *arena)
{
	const char *version = name_of(tls_version_names, answer->version);
	const struct suite *suite = suite_by_id(answer->suite);

	return arena_printf(arena, "the server chose %s%s with %s",
		answer->version > TLS_VERSION_SSL3 ? "TLS " : "",
		version != NULL ? version : "an unknown version",
		suite != NULL ? suite->name : "an unknown suite");
}

void
hello_exchange(struct observation *observation, const struct endpoint *endpoint,
	struct hello_offer *offer, bool whole, struct hello_exchange *exchange)
{
	struct probe_connection connection;
	const char *shown;

	if (hello_exchange_open(&connection, observation, endpoint, whole, exchange)) {
		remark_offer(&connection.dialog, offer);
		hello_exchange_make(&connection, offer, exchange);
	}
	shown = exchange->end == TRY_ANSWERED
			? answer_shown(&exchange->flight.hello, &observation->arena)
			: exchange->error.text;
	observation_conclude(observation,
		exchange->end == TRY_ANSWERED ? OUTCOME_DONE : OUTCOME_BROKEN, "%s", shown);
	dialog_remark(&connection.dialog, "%s", shown);
	probe_close(&connection, false);
}

void
hello_exchange_release(struct hello_exchange *exchange)
{
	flight_release(&exchange->flight);
}

/* A hello that is put once more as long as the server hangs up on it. */
struct hello_question {
	struct hello_offer *offer;
	bool whole;
	struct hello_exchange *exchange;
};

static enum try_end
try_hello(struct observation *observation, const struct endpoint *endpoint, void *context)
{
	struct hello_question *question = context;

	hello_exchange_release(question->exchange);
	hello_exchange(observation, endpoint, question->offer, question->whole, question->exchange);
	return question->exchange->end;
}

enum outcome
hello_ask(struct observation *observation, const struct endpoint *endpoint,
	struct hello_offer *offer, bool whole, struct hello_exchange *exchange)
{
	struct hello_question question = { offer, whole, exchange };

	*exchange = (struct hello_exchange){ .end = TRY_NO_ANSWER };
	flight_init(&exchange->flight, whole);
	return refusal_decide(observation, endpoint, try_hello, &question);
}

static void
note_asked(const struct hello_offer *offer, struct suites_asked *asked)
{
	for (size_t i = 0; i < suites_count; i++)
		if (tls_codes_has(&offer->suites, suites_table[i].id))
			asked->rows[i] = true;
}

/* All suites that an offer can name, in as many hellos as they need. */
struct suites_question {
	struct hello_offer *offer;
	refusal_try *ask;
	void *question; /* puts *offer */
};

/* The versions between which the suites are. */
static void
range_of(const struct hello_offer *offer, uint16_t *minimum, uint16_t *maximum)
{
	const struct tls_codes *versions = &offer->versions;

	*maximum = versions->count != 0 ? versions->codes[0] : offer->legacy_version;
	*minimum = versions->count != 0 ? versions->codes[versions->count - 1] : TLS_VERSION_SSL3;
}

/* The hellos one after the other, until one is answered. Who hung up on one has hung up on the
 * question; controls are put behind all of them. */
static enum try_end
try_all_suites(struct observation *observation, const struct endpoint *endpoint, void *context)
{
	const struct suites_question *all = context;
	const struct hello_offer first = *all->offer;
	struct suites_asked asked = { { false } };
	const char *hung_up = NULL;
	uint16_t minimum, maximum;
	enum try_end end;

	range_of(&first, &minimum, &maximum);
	note_asked(&first, &asked);
	do {
		end = all->ask(observation, endpoint, all->question);
		if (end == TRY_HUNG_UP)
			hung_up = observation->text;
		else if (end != TRY_REFUSED)
			return end;
	} while (hello_next_suites(all->offer, minimum, maximum, &asked));
	*all->offer = first;
	if (hung_up == NULL)
		return TRY_REFUSED;
	observation_conclude(observation, OUTCOME_BROKEN, "%s", hung_up);
	return TRY_HUNG_UP;
}

enum outcome
hello_decide_all_suites(struct observation *observation, const struct endpoint *endpoint,
	struct hello_offer *offer, refusal_try *ask, void *question)
{
	struct suites_question all = { offer, ask, question };

	return refusal_decide(observation, endpoint, try_all_suites, &all);
}

enum outcome
hello_ask_all_suites(struct observation *observation, const struct endpoint *endpoint,
	struct hello_offer *offer, bool whole, struct hello_exchange *exchange)
{
	struct hello_question question = { offer, whole, exchange };

	*exchange = (struct hello_exchange){ .end = TRY_NO_ANSWER };
	flight_init(&exchange->flight, whole);
	return hello_decide_all_suites(observation, endpoint, offer, try_hello, &question);
}
