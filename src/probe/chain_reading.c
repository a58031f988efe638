/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A first flight with its certificates. Below TLS 1.3 it comes in clear; in TLS 1.3 the keys are
 * agreed on with a key share of our own, and the records behind the ServerHello decrypted. Either
 * way the server's signature, if there is one, is verified: see possession.h.
 */
#include "chain_reading.h"

#include <string.h>

#include "base/clock.h"
#include "chain_question.h"
#include "hello_exchange.h"
#include "net/tls13_keys.h"
#include "possession.h"
#include "probe/dialog.h"
#include "probe/endpoint.h"
#include "wire/alerts.h"
#include "wire/flight_tls13.h"
#include "wire/groups.h"
#include "wire/handshake.h"
#include "wire/suites.h"
#include "x509/cert.h"

#define RECORD_HEADER_LEN 5

/* Left out: suites without a certificate, those of kinds that are not wanted, and in TLS 1.3 what
 * cannot be decrypted. */
static void
keep_suites(struct tls_codes *suites, uint32_t without)
{
	struct tls_codes kept = { .count = 0 };

	for (size_t i = 0; i < TLS13_SUITES_COUNT; i++)
		if (tls_codes_has(suites, tls13_suites[i]))
			tls_codes_add(&kept, tls13_suites[i]);
	for (size_t i = 0; i < suites->count; i++) {
		const struct suite *suite = suite_by_id(suites->codes[i]);

		if (suite != NULL && (suite_classes(suite) & SUITE_TLS13) == 0 &&
			(signings_of_suite(suite) & ~without) != 0)
			tls_codes_add(&kept, suite->id);
	}
	*suites = kept;
}

/* The signatures in the chain may be of any kind. */
static void
keep_signatures(struct hello_offer *offer, uint32_t without)
{
	struct tls_codes all = offer->signatures;

	if (without == 0)
		return;
	offer->chain_signatures = all;
	offer->signatures.count = 0;
	for (size_t i = 0; i < all.count; i++)
		if ((signing_of_scheme(all.codes[i]) & without) == 0)
			tls_codes_add(&offer->signatures, all.codes[i]);
}

static bool
make_offer(struct chain_reading *reading, const struct chain_attempt *attempt)
{
	struct hello_offer *offer = &reading->offer;

	*offer = hello_offer_versions(attempt->minimum, attempt->maximum);
	if (!reading->alone)
		offer->flags |= HELLO_STATUS_REQUEST | HELLO_TIMESTAMPS;
	keep_suites(&offer->suites, reading->without);
	keep_signatures(offer, reading->without);
	if (attempt->maximum < TLS_VERSION_1_3)
		return true;
	reading->keys = tls13_keys_create(attempt->groups, CHAIN_SHARES);
	if (reading->keys == NULL)
		return error_set(&reading->asked.error, "no keys could be made");
	offer->groups.count = 0;
	for (size_t i = 0; i < CHAIN_SHARES; i++) {
		tls_codes_add(&offer->groups, attempt->groups[i]);
		offer->shares[i] = tls13_keys_shares(reading->keys)[i];
	}
	offer->share_count = CHAIN_SHARES;
	return true;
}

static struct span
keep(struct chain_reading *reading, struct span bytes)
{
	struct arena *arena = &reading->observation->arena;

	return (struct span){ arena_memdup(arena, bytes.data, bytes.len), bytes.len };
}

static void
take_peer(struct chain_reading *reading, const struct span *chain, size_t count)
{
	struct arena *arena = &reading->observation->arena;
	struct peer_terms terms = endpoint_terms(reading->connection.endpoint);
	struct span *kept = arena_array(arena, count, sizeof(*kept));

	for (size_t i = 0; i < count; i++)
		kept[i] = keep(reading, chain[i]);
	peer_judge(&reading->record->peer, kept, count, &terms, arena);
}

/* The first message, which has been read before. */
struct handshake_message
chain_server_hello(const struct flight *flight)
{
	struct cursor cursor = cursor_over(buf_span(&flight->handshake));
	struct handshake_message hello;

	handshake_take(&cursor, &hello);
	return hello;
}

struct span
chain_server_extension(const struct flight *flight, uint16_t extension)
{
	return flight_hello_extension(chain_server_hello(flight).body, extension);
}

static bool
take_clear_flight(struct chain_reading *reading)
{
	const struct flight *flight = &reading->asked.flight;
	struct span chain[FLIGHT_CERTIFICATES_MAX];

	for (size_t i = 0; i < flight->certificate_count; i++)
		chain[i] = flight_span(flight, flight->certificates[i]);
	take_peer(reading, chain, flight->certificate_count);
	reading->record->signature = flight->exchange.signature;
	reading->record->peer.proven = possession_in_clear(flight, reading->asked.random);
	reading->record->stapled = keep(reading, flight_span(flight, flight->stapled));
	reading->record->timestamps =
		keep(reading, chain_server_extension(flight, TLS_EXTENSION_TIMESTAMPS));
	return flight->certificate_count != 0 ||
	       error_set(&reading->asked.error, "the server sent no certificate");
}

void
chain_add_hello(const struct chain_reading *reading, struct buf *out)
{
	struct buf record;

	buf_init(&record, HELLO_LEN_MAX);
	if (hello_write(&reading->offer, reading->asked.random, &record))
		buf_add(out, record.data + RECORD_HEADER_LEN, record.len - RECORD_HEADER_LEN);
	buf_release(&record);
}

/* All that stands before the ServerHello in the transcript. */
static struct span
client_hello_of(struct chain_reading *reading)
{
	if (reading->hello.len == 0)
		chain_add_hello(reading, &reading->hello);
	return buf_span(&reading->hello);
}

/* The server's share stands behind its group (RFC 8446 section 4.2.8). */
static bool
agree(struct chain_reading *reading)
{
	struct flight *flight = &reading->asked.flight;
	struct cursor share = cursor_over(chain_server_extension(flight, TLS_EXTENSION_KEY_SHARE));
	struct tls13_agreement agreement = { .suite = flight->hello.suite };

	agreement.group = cursor_u16(&share);
	agreement.share = cursor_vector16(&share);
	agreement.server_hello = chain_server_hello(flight).whole;
	agreement.client_hello = client_hello_of(reading);
	return tls13_keys_agree(reading->keys, &agreement, &reading->asked.error);
}

/* The last two bytes that were decrypted. */
static bool
take_encrypted_alert(struct chain_reading *reading)
{
	const struct buf *messages = &reading->messages;
	uint8_t description;

	if (messages->len < 2)
		return error_set(&reading->asked.error, "RFC 8446 6: the alert is cut short");
	description = (uint8_t)messages->data[messages->len - 1];
	reading->refused = try_end_of_alert(description, false) == TRY_REFUSED;
	return error_set(&reading->asked.error, "alert %s (%u) behind the ServerHello",
		alert_of(description)->name, description);
}

/* RFC 8446 appendix D.4: a ChangeCipherSpec may stand anywhere, and means nothing. */
static bool
open_record(struct chain_reading *reading, const struct flight_record *record)
{
	struct error *error = &reading->asked.error;
	uint8_t type = 0;

	if (record->type == TLS_CONTENT_CHANGE_CIPHER_SPEC)
		return true;
	if (record->type != TLS_CONTENT_APPLICATION_DATA)
		return error_set(error, "the server broke off behind its ServerHello");
	if (!tls13_keys_open(reading->keys, record, &type, &reading->messages, error))
		return false;
	if (type == TLS_CONTENT_ALERT)
		return take_encrypted_alert(reading);
	return type == TLS_CONTENT_HANDSHAKE ||
	       error_set(error, "the server broke off behind its ServerHello");
}

/* Takes the next record, waiting for it if need be. */
static bool
next_record(struct chain_reading *reading)
{
	struct buf *bytes = &reading->asked.flight.bytes;
	struct buf *unread = &reading->connection.dialog.stream.unread;

	for (;;) {
		struct cursor cursor = cursor_over(buf_span(bytes));
		struct flight_record record;
		enum flight_record_result result = flight_record_take(&cursor, &record);
		enum stream_status status;
		bool opened;

		if (result == FLIGHT_RECORD_ALIEN)
			return error_set(&reading->asked.error,
				"RFC 8446 5.1: no record behind the ServerHello");
		if (result == FLIGHT_RECORD_TAKEN) {
			opened = open_record(reading, &record);
			buf_consume(bytes, bytes->len - cursor.left);
			return opened;
		}
		status = stream_fill(&reading->connection.dialog.stream, reading->deadline_ms);
		if (status != STREAM_OK)
			return error_set(&reading->asked.error, "%s", stream_status_text(status));
		buf_add(bytes, unread->data, unread->len);
		buf_reset(unread);
	}
}

static struct span
decrypted(const struct chain_reading *reading)
{
	return buf_span(&reading->messages);
}

/* Of TLS 1.3 the answer by itself does not tell it. */
static void
note_signature(struct chain_reading *reading, uint16_t scheme)
{
	struct observation *observation = reading->observation;

	reading->record->signature = scheme;
	observation->hellos[observation->hello_count - 1].signature = scheme;
}

/* Takes what comes behind the first `read` bytes of the messages, up to the CertificateVerify.
 * That none comes, or a bad one, does not undo what was shown. */
static bool
is_key_held(struct chain_reading *reading, size_t read)
{
	struct certificate_verify verify;
	uint8_t hash[TLS13_HASH_MAX];
	struct span all, parts[3]; /* ClientHello, ServerHello, and up to the Certificate */
	size_t len;

	do {
		all = decrypted(reading);
		verify = certificate_verify_read((struct span){ all.data + read, all.len - read });
	} while (verify.state == CERTIFICATE_VERIFY_MORE && next_record(reading));
	parts[0] = client_hello_of(reading);
	parts[1] = chain_server_hello(&reading->asked.flight).whole;
	parts[2] = (struct span){ decrypted(reading).data, read };
	len = tls13_keys_transcript(reading->keys, parts, 3, hash);
	if (verify.state == CERTIFICATE_VERIFY_DONE)
		note_signature(reading, verify.scheme);
	return possession_in_tls13(
		reading->record->peer.chain[0], (struct span){ hash, len }, &verify);
}

static bool
take_encrypted_flight(struct chain_reading *reading)
{
	struct flight_tls13 flight = { .state = FLIGHT_TLS13_MORE };

	reading->unreadable = !tls13_keys_can(reading->asked.flight.hello.group);
	if (!agree(reading))
		return false;
	while (flight.state == FLIGHT_TLS13_MORE) {
		if (!next_record(reading))
			return false;
		flight = flight_tls13_read(decrypted(reading));
	}
	reading->unreadable = flight.state == FLIGHT_TLS13_COMPRESSED;
	if (flight.state != FLIGHT_TLS13_DONE)
		return error_set(&reading->asked.error, "%s", flight.why);
	take_peer(reading, flight.certificates, flight.certificate_count);
	reading->record->stapled = keep(reading, flight.stapled);
	reading->record->timestamps = keep(reading, flight.timestamps);
	if (flight.certificate_count == 0)
		return error_set(&reading->asked.error, "the server sent no certificate");
	reading->record->peer.proven = is_key_held(reading, flight.read);
	return true;
}

static bool
take_flight(struct chain_reading *reading)
{
	const struct flight *flight = &reading->asked.flight;

	reading->record->version = flight->hello.version;
	if (flight->state == FLIGHT_RETRY)
		return error_set(&reading->asked.error, "the server wants another key share");
	if (flight->hello.version < TLS_VERSION_1_3)
		return take_clear_flight(reading);
	if (reading->keys != NULL)
		return take_encrypted_flight(reading);
	reading->unreadable = reading->offer.share_count != 0;
	return error_set(&reading->asked.error, reading->unreadable
							? "no keys can be made of the group"
							: "TLS 1.3 was not offered");
}

/* What the connection came to, for the observation and the transcript. */
static void
conclude(struct chain_reading *reading)
{
	struct dialog *dialog = &reading->connection.dialog;

	if (reading->taken)
		observation_conclude(reading->observation, OUTCOME_DONE,
			"%zu certificates were sent%s", reading->record->peer.chain_count,
			reading->record->peer.proven
				? ""
				: ", and nothing shows that the server holds the key");
	else
		observation_conclude(
			reading->observation, OUTCOME_BROKEN, "%s", reading->asked.error.text);
	dialog_remark(dialog, "%s", reading->observation->text);
}

void
chain_reading_release(struct chain_reading *reading)
{
	buf_release(&reading->messages);
	buf_release(&reading->hello);
	tls13_keys_release(reading->keys);
	hello_exchange_release(&reading->asked);
}

void
chain_reading_put(struct chain_reading *reading, const struct endpoint *endpoint)
{
	*reading->record = (struct chain_record){ .version = 0 };
	buf_init(&reading->messages, FLIGHT_HANDSHAKE_MAX);
	buf_init(&reading->hello, FLIGHT_HANDSHAKE_MAX);
	reading->deadline_ms = clock_earlier(
		endpoint->deadline_ms, clock_now_ms() + 2 * endpoint->hello_timeout_ms);
	reading->keys = chain_keys_of(&reading->offer);
	if (hello_exchange_open(
		    &reading->connection, reading->observation, endpoint, true, &reading->asked)) {
		dialog_remark(&reading->connection.dialog, "ClientHello of %s", reading->whose);
		hello_exchange_make(&reading->connection, &reading->offer, &reading->asked);
		if (reading->asked.flight.state == FLIGHT_RETRY)
			chain_follow_retry(reading);
		reading->taken = reading->asked.end == TRY_ANSWERED && take_flight(reading);
	}
	conclude(reading);
	probe_close(&reading->connection, false);
}

void
chain_reading_make(struct chain_reading *reading, const struct chain_attempt *attempt,
	const struct endpoint *endpoint)
{
	*reading->record = (struct chain_record){ .version = 0 };
	buf_init(&reading->messages, FLIGHT_HANDSHAKE_MAX);
	buf_init(&reading->hello, HELLO_LEN_MAX);
	reading->deadline_ms = clock_earlier(
		endpoint->deadline_ms, clock_now_ms() + 2 * endpoint->hello_timeout_ms);
	if (hello_exchange_open(
		    &reading->connection, reading->observation, endpoint, true, &reading->asked) &&
		make_offer(reading, attempt)) {
		hello_exchange_make(&reading->connection, &reading->offer, &reading->asked);
		reading->taken = reading->asked.end == TRY_ANSWERED && take_flight(reading);
	}
	conclude(reading);
	probe_close(&reading->connection, false);
}
