/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Early ChangeCipherSpec (CVE-2014-0224). A server that obeys it before keys are agreed upon uses
 * keys that anyone can compute. Two of them are sent on one connection and one on another. A server
 * that refuses it ends both in the same way. One that obeys waits behind the first for what comes
 * next, and so is silent on the single one; the second it takes for encrypted, and whatever it then
 * ends the connection with, the silence tells.
 */
#include <string.h>

#include "probe/endpoint.h"
#include "probe/weaknesses.h"
#include "raw_records.h"
#include "wire/client_hello_records.h"

/* For an answer to the single one: an obedient server waits. */
#define SINGLE_WAIT_MS 2000

/* What ended a connection. */
enum ccs_kind { CCS_ALERT, CCS_HUNG_UP, CCS_SILENCE, CCS_NO_ANSWER };

struct ccs_end {
	enum ccs_kind kind;
	uint8_t alert; /* description */
};

/* A number of ChangeCipherSpecs, and what came of them. */
struct ccs_question {
	unsigned count;
	int64_t wait_ms;
	struct ccs_end end;
	enum outcome hello; /* what became of the hello before them */
};

/* bad_record_mac, decryption_failed, decode_error, decrypt_error: what is said of a record that was
 * taken for encrypted (RFC 5246 section 7.2.2). */
static bool
is_of_decryption(uint8_t description)
{
	return description == 20 || description == 21 || description == 50 || description == 51;
}

static struct ccs_end
read_end(struct raw_records *raw)
{
	struct flight_record record;

	while (raw_next(raw, &record)) {
		if (record.type != TLS_CONTENT_ALERT || record.body.len < 2)
			continue;
		raw_conclude(raw, OUTCOME_BROKEN, "alert %u behind ChangeCipherSpec",
			record.body.data[1]);
		return (struct ccs_end){ CCS_ALERT, record.body.data[1] };
	}
	raw_conclude(
		raw, OUTCOME_BROKEN, "%s behind ChangeCipherSpec", stream_status_text(raw->status));
	if (raw->status == STREAM_CLOSED || raw->status == STREAM_RESET)
		return (struct ccs_end){ CCS_HUNG_UP, 0 };
	return (struct ccs_end){ raw->status == STREAM_TIMEOUT ? CCS_SILENCE : CCS_NO_ANSWER, 0 };
}

static struct ccs_end
send_changes(struct raw_records *raw, const struct ccs_question *question)
{
	struct ccs_end end = { CCS_NO_ANSWER, 0 };
	struct buf bytes;

	buf_init(&bytes, 64);
	for (unsigned i = 0; i < question->count; i++)
		hello_put_change_cipher_spec(&bytes, raw->hello.flight.hello.version);
	if (raw_send(raw, &bytes, question->wait_ms))
		end = read_end(raw);
	else
		raw_conclude(raw, OUTCOME_BROKEN, "%s before ChangeCipherSpec",
			stream_status_text(raw->status));
	buf_release(&bytes);
	return end;
}

/* unexpected_message is what a server says that refuses. */
static enum try_end
try_end_of(struct ccs_end end)
{
	if (end.kind == CCS_ALERT)
		return try_end_of_alert(end.alert, true);
	return end.kind == CCS_HUNG_UP ? TRY_HUNG_UP : TRY_NO_ANSWER;
}

static enum try_end
try_changes(struct observation *observation, const struct endpoint *endpoint, void *context)
{
	struct hello_offer offer = hello_offer_versions(TLS_VERSION_1_0, TLS_VERSION_1_2);
	struct ccs_question *question = context;
	struct raw_records raw;

	question->end = (struct ccs_end){ CCS_NO_ANSWER, 0 };
	question->hello = raw_begin(&raw, observation, endpoint, &offer);
	if (question->hello == OUTCOME_DONE)
		question->end = send_changes(&raw, question);
	raw_end(&raw);
	return try_end_of(question->end);
}

static bool
ends_alike(struct ccs_end a, struct ccs_end b)
{
	return a.kind == b.kind && a.alert == b.alert;
}

/* What both connections say together; `single` is that of the refusal of the single one. */
static void
conclude(struct observation *observation, const struct ccs_question *two,
	const struct ccs_question *one, enum outcome single)
{
	struct ccs_record *record = observation->record;
	bool ended = two->end.kind == CCS_ALERT || two->end.kind == CCS_HUNG_UP;

	record->obeyed = ended && one->end.kind == CCS_SILENCE;
	if (record->obeyed)
		observation_conclude(observation, OUTCOME_DONE,
			"silence behind one ChangeCipherSpec, and an end behind two");
	else if (single == OUTCOME_REFUSED && two->end.kind == CCS_ALERT &&
		 is_of_decryption(two->end.alert) && !ends_alike(one->end, two->end))
		observation_conclude(observation, OUTCOME_BROKEN,
			"one connection obeyed ChangeCipherSpec (alert %u), another refused it",
			two->end.alert);
	else if (single == OUTCOME_REFUSED && ended)
		observation->outcome = OUTCOME_DONE;
	else
		observation->outcome = OUTCOME_BROKEN;
}

static void
observe_ccs(struct observation *observation, const struct endpoint *endpoint)
{
	struct ccs_question two = { .count = 2, .wait_ms = endpoint->hello_timeout_ms };
	struct ccs_question one = { .count = 1, .wait_ms = SINGLE_WAIT_MS };
	enum outcome single;

	memset(observation->record, 0, sizeof(struct ccs_record));
	try_changes(observation, endpoint, &two);
	if (two.hello != OUTCOME_DONE) {
		observation->outcome = two.hello;
		return;
	}
	single = refusal_decide(observation, endpoint, try_changes, &one);
	if (one.hello == OUTCOME_DONE)
		conclude(observation, &two, &one, single);
}

const struct observer ccs_observer = {
	.name = "an early ChangeCipherSpec",
	.size = sizeof(struct ccs_record),
	.connections = 2,
	.observe = observe_ccs,
};
