/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ROBOT ("Return Of Bleichenbacher's Oracle Threat", USENIX Security 2018; CVE-2017-13099 and
 * others). A server that answers a badly padded premaster secret otherwise than a well padded one
 * decrypts for whoever asks often enough. Blocks that are good or bad in one way each are sent;
 * the answers must be alike (RFC 5246 section 7.4.7.1). Nothing is decrypted with it here.
 */
#include <string.h>

#include "base/clock.h"
#include "base/entropy.h"
#include "probe/endpoint.h"
#include "probe/weaknesses.h"
#include "raw_records.h"
#include "wire/client_hello_bytes.h"
#include "wire/client_hello_records.h"
#include "wire/suites.h"
#include "x509/cert.h"
#include "x509/rsa_encrypt.h"

#define SECRET_LEN 48 /* version and 46 random bytes */
#define BLOCK_MAX 1024
#define CLIENT_KEY_EXCHANGE 16

/* How often a difference must show. */
#define ROUNDS 3

/* For an answer to a key exchange that stops there: most servers wait for more. */
#define SHORT_WAIT_MS 1000

/* Between a record of the answer and the next, or the end. */
#define NEXT_WAIT_MS 500

/* A block is 00 02, padding without a zero, 00, and the secret (RFC 8017 section 7.2.1). */
enum block { BLOCK_GOOD, BLOCK_BAD_START, BLOCK_EARLY_ZERO, BLOCK_NO_ZERO, BLOCK_BAD_VERSION };
#define BLOCK_COUNT 5

/* Records of an answer that are told apart. */
#define RECORDS_MAX 4

enum answer_end { END_CLOSE, END_RESET, END_SILENCE, END_OTHER };

/* All that a server does is part of the oracle: which records it sends, how many, and how it ends
 * the connection. */
struct block_answer {
	uint16_t records[RECORDS_MAX]; /* an alert's description, or 256 and the content type */
	size_t count;                  /* of all records */
	enum answer_end end;
};

/* Who was silent once for as long as a reply may take will be so again: others are not awaited as
 * long. What comes too late for them is silence, which proves nothing. */
struct patience {
	bool whole; /* the flow of messages goes up to a Finished */
	int64_t wait_ms;
};

struct round {
	struct block_answer answers[BLOCK_COUNT];
};

static struct hello_offer
offer_static_rsa(void)
{
	struct hello_offer offer = hello_offer_versions(TLS_VERSION_1_0, TLS_VERSION_1_2);
	struct suite_query query = { .all = SUITE_STATIC_RSA,
		.none = SUITE_NULL | SUITE_EXPORT | SUITE_PSK | SUITE_SRP,
		.minimum = TLS_VERSION_1_0,
		.maximum = TLS_VERSION_1_2 };

	offer.suites.count = 0;
	suites_select(&query, 0, &offer.suites, TLS_CODES_MAX);
	return offer;
}

static void
lay_out(enum block kind, uint16_t version, uint8_t *block, size_t len)
{
	size_t secret = len - SECRET_LEN;

	entropy_fill(block, len);
	for (size_t i = 0; i < len; i++)
		block[i] |= 1; /* no zero unless it is put there */
	block[0] = 0;
	block[1] = 2;
	block[secret - 1] = 0;
	block[secret] = (uint8_t)(version >> 8);
	block[secret + 1] = (uint8_t)(version & 0xff);
	switch (kind) {
	case BLOCK_GOOD:
		break;
	case BLOCK_BAD_START:
		block[0] = 0x41;
		block[1] = 0x17;
		break;
	case BLOCK_EARLY_ZERO:
		block[secret - 1] = 0x11;
		block[len - 2] = 0;
		break;
	case BLOCK_NO_ZERO:
		block[secret - 1] = 0x11;
		break;
	case BLOCK_BAD_VERSION:
		block[secret] = 2;
		block[secret + 1] = 2;
		break;
	}
}

/* A record with the ClientKeyExchange (RFC 5246 section 7.4.7.1). */
static bool
put_key_exchange(struct buf *out, uint16_t version, const struct public_key *key, struct span block)
{
	size_t record, message, vector;
	bool done;

	hello_put_u8(out, TLS_CONTENT_HANDSHAKE);
	hello_put_u16(out, version);
	record = hello_open(out, 2);
	hello_put_u8(out, CLIENT_KEY_EXCHANGE);
	message = hello_open(out, 3);
	vector = hello_open(out, 2);
	done = rsa_encrypt_block(key, block, out);
	hello_close(out, vector, 2);
	hello_close(out, message, 3);
	hello_close(out, record, 2);
	return done;
}

/* ChangeCipherSpec, and what cannot be a Finished. */
static void
put_finish(struct buf *out, uint16_t version)
{
	uint8_t noise[64];
	size_t record;

	entropy_fill(noise, sizeof(noise));
	hello_put_change_cipher_spec(out, version);
	hello_put_u8(out, TLS_CONTENT_HANDSHAKE);
	hello_put_u16(out, version);
	record = hello_open(out, 2);
	buf_add(out, noise, sizeof(noise));
	hello_close(out, record, 2);
}

static uint16_t
code_of(const struct flight_record *record)
{
	if (record->type == TLS_CONTENT_ALERT && record->body.len == 2)
		return record->body.data[1];
	return (uint16_t)(256 + record->type);
}

static enum answer_end
end_of(const struct raw_records *raw)
{
	switch (raw->status) {
	case STREAM_TIMEOUT:
		return END_SILENCE;
	case STREAM_CLOSED:
		return END_CLOSE;
	case STREAM_RESET:
		return END_RESET;
	case STREAM_OK:
	case STREAM_INTERRUPTED:
	case STREAM_FAILED:
		break;
	}
	return END_OTHER;
}

static struct block_answer
read_answer(struct raw_records *raw)
{
	struct block_answer answer = { .count = 0 };
	struct flight_record record;

	while (raw_next(raw, &record)) {
		if (answer.count < RECORDS_MAX)
			answer.records[answer.count] = code_of(&record);
		answer.count++;
		raw->deadline_ms = clock_earlier(
			raw->connection.endpoint->deadline_ms, clock_now_ms() + NEXT_WAIT_MS);
	}
	answer.end = end_of(raw);
	return answer;
}

/* The leaf's key; false, and the observation concluded, when it is of no use. */
static bool
take_key(struct raw_records *raw, struct public_key *key)
{
	struct arena *arena = &raw->connection.observation->arena;
	const struct flight *flight = &raw->hello.flight;
	struct error error = { .text = "" };
	struct cert leaf;
	struct span der;

	if (flight->certificate_count != 0) {
		der = flight_span(flight, flight->certificates[0]);
		if (cert_parse(&leaf, der, arena, &error) &&
			rsa_block_len(&leaf.key) >= SECRET_LEN + 11 &&
			rsa_block_len(&leaf.key) <= BLOCK_MAX) {
			*key = leaf.key;
			return true;
		}
	}
	raw_conclude(raw, OUTCOME_BROKEN, "the certificate has no usable RSA key");
	return false;
}

static bool
send_block(struct raw_records *raw, const struct public_key *key, enum block kind,
	const struct patience *patience)
{
	uint16_t version = raw->hello.flight.hello.version;
	size_t len = rsa_block_len(key);
	uint8_t block[BLOCK_MAX];
	struct buf bytes;
	bool sent = false;

	lay_out(kind, TLS_VERSION_1_2, block, len);
	buf_init(&bytes, 2 * BLOCK_MAX);
	if (put_key_exchange(&bytes, version, key, (struct span){ block, len })) {
		if (patience->whole)
			put_finish(&bytes, version);
		sent = raw_send(raw, &bytes, patience->wait_ms);
	}
	buf_release(&bytes);
	if (!sent)
		raw_conclude(raw, OUTCOME_BROKEN, "a premaster secret could not be sent");
	return sent;
}

static bool
is_silent(const struct block_answer *answer)
{
	return answer->count == 0 && answer->end == END_SILENCE;
}

static enum outcome
ask_block(struct observation *observation, const struct endpoint *endpoint, enum block kind,
	struct patience *patience, struct block_answer *answer)
{
	struct hello_offer offer = offer_static_rsa();
	struct public_key key;
	struct raw_records raw;
	enum outcome outcome = raw_begin_suites(&raw, observation, endpoint, &offer);

	if (outcome == OUTCOME_DONE &&
		!(take_key(&raw, &key) && send_block(&raw, &key, kind, patience)))
		outcome = OUTCOME_BROKEN;
	if (outcome == OUTCOME_DONE)
		*answer = read_answer(&raw);
	else
		observation->outcome = outcome;
	raw_end(&raw);
	if (outcome == OUTCOME_DONE && is_silent(answer))
		patience->wait_ms = SHORT_WAIT_MS;
	return outcome;
}

static bool
ask_round(struct observation *observation, const struct endpoint *endpoint,
	struct patience *patience, struct round *round)
{
	memset(round, 0, sizeof(*round));
	for (size_t i = 0; i < BLOCK_COUNT; i++)
		if (ask_block(observation, endpoint, (enum block)i, patience, &round->answers[i]) !=
			OUTCOME_DONE)
			return false;
	return true;
}

static bool
answers_equal(const struct block_answer *a, const struct block_answer *b)
{
	return a->count == b->count && a->end == b->end &&
	       memcmp(a->records, b->records, sizeof(a->records)) == 0;
}

static bool
all_alike(const struct round *round)
{
	for (size_t i = 1; i < BLOCK_COUNT; i++)
		if (!answers_equal(&round->answers[i], &round->answers[0]))
			return false;
	return true;
}

static bool
rounds_equal(const struct round *a, const struct round *b)
{
	for (size_t i = 0; i < BLOCK_COUNT; i++)
		if (!answers_equal(&a->answers[i], &b->answers[i]))
			return false;
	return true;
}

/* "alert 20, alert 20, closed". */
static const char *
answer_shown(const struct block_answer *answer, struct arena *arena)
{
	static const char *const ends[] = { [END_CLOSE] = "closed",
		[END_RESET] = "reset",
		[END_SILENCE] = "silence",
		[END_OTHER] = "something else" };
	const char *text = "";

	for (size_t i = 0; i < answer->count && i < RECORDS_MAX; i++)
		text = answer->records[i] < 256
			       ? arena_printf(arena, "%salert %u, ", text, answer->records[i])
			       : arena_printf(arena, "%srecord of type %u, ", text,
					 answer->records[i] - 256u);
	if (answer->count > RECORDS_MAX)
		text = arena_printf(arena, "%s%zu more, ", text, answer->count - RECORDS_MAX);
	return arena_printf(arena, "%s%s", text, ends[answer->end]);
}

static void
conclude(struct observation *observation, enum outcome outcome, const char *what,
	const struct round *round)
{
	static const char *const names[BLOCK_COUNT] = { "good", "bad start", "zero in the secret",
		"no zero", "bad version" };
	struct arena *arena = &observation->arena;
	const char *text = what;

	for (size_t i = 0; i < BLOCK_COUNT; i++)
		text = arena_printf(arena, "%s%s %s: %s", text, i == 0 ? ":" : ";", names[i],
			answer_shown(&round->answers[i], arena));
	observation->outcome = outcome;
	observation->text = text;
}

/* Whether that flow of messages settled the question: no answers, or different ones. */
static bool
settle(struct observation *observation, const struct endpoint *endpoint, bool whole)
{
	struct robot_record *record = observation->record;
	struct patience patience = { whole, whole ? endpoint->hello_timeout_ms : SHORT_WAIT_MS };
	struct round first, again;

	if (!ask_round(observation, endpoint, &patience, &first))
		return true;
	conclude(observation, OUTCOME_DONE, "answers alike", &first);
	if (all_alike(&first)) {
		/* Nothing but silence says nothing, unless the server is right to wait. */
		if (whole && is_silent(&first.answers[0]))
			conclude(observation, OUTCOME_BROKEN, "no answers", &first);
		return observation->outcome == OUTCOME_BROKEN;
	}
	for (size_t i = 1; i < ROUNDS; i++) {
		if (!ask_round(observation, endpoint, &patience, &again))
			return true;
		if (!rounds_equal(&first, &again)) {
			conclude(observation, OUTCOME_BROKEN, "answers that vary", &again);
			return true;
		}
	}
	record->oracle = true;
	conclude(observation, OUTCOME_DONE, "answers differ", &first);
	return true;
}

static void
observe_robot(struct observation *observation, const struct endpoint *endpoint)
{
	memset(observation->record, 0, sizeof(struct robot_record));
	if (!settle(observation, endpoint, true))
		settle(observation, endpoint, false);
}

const struct observer robot_observer = {
	.name = "RSA premaster secrets",
	.size = sizeof(struct robot_record),
	.connections = 1,
	.observe = observe_robot,
};
