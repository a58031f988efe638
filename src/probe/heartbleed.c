/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Heartbleed (CVE-2014-0160). RFC 6520 section 4 has a server pass over a heartbeat request that
 * claims more payload than there is; OpenSSL 1.0.1 sent the claimed number of bytes back, from
 * its memory. The request claims one byte more than it holds: any answer to it is the proof, and
 * that byte all that is read of the server. It is sent whether or not the server said that it knows
 * heartbeats.
 *
 * A server that passes over the request says nothing. So something goes behind it that is wrong
 * for every server: application data within the handshake. The records are dealt with in order,
 * so what ends the handshake shows that the request has been dealt with.
 */
#include <string.h>

#include "base/entropy.h"
#include "hello_exchange.h"
#include "probe/endpoint.h"
#include "probe/weaknesses.h"
#include "raw_records.h"
#include "wire/client_hello_records.h"

#define PAYLOAD_LEN 16
#define CLAIMED_LEN (PAYLOAD_LEN + 1)

static bool
send_request(struct raw_records *raw, int64_t wait_ms)
{
	uint16_t version = raw->hello.flight.hello.version;
	const uint8_t data[] = { TLS_CONTENT_APPLICATION_DATA, (uint8_t)(version >> 8),
		(uint8_t)(version & 0xff), 0, 1, 0 };
	uint8_t payload[PAYLOAD_LEN];
	struct buf bytes;
	bool sent;

	entropy_fill(payload, sizeof(payload));
	buf_init(&bytes, 256);
	hello_put_heartbeat(&bytes, version, CLAIMED_LEN, (struct span){ payload, PAYLOAD_LEN });
	buf_add(&bytes, data, sizeof(data));
	sent = raw_send(raw, &bytes, wait_ms);
	buf_release(&bytes);
	return sent;
}

/* Whatever is in it, and however much of it is in this record: the request had to be dropped. A
 * heartbeat request of the server's own is none. */
static bool
is_response(const struct flight_record *record)
{
	return record->type == TLS_CONTENT_HEARTBEAT && record->body.len != 0 &&
	       record->body.data[0] == HELLO_HEARTBEAT_RESPONSE;
}

static enum try_end
weigh_alert(struct raw_records *raw, uint8_t description)
{
	raw_conclude(raw, OUTCOME_BROKEN, "alert %u, and no heartbeat before it", description);
	return try_end_of_alert(description, true);
}

/* Reads until the leak, or what ends the handshake. */
static enum try_end
await_answer(struct raw_records *raw)
{
	struct heartbleed_record *record = raw->connection.observation->record;
	struct flight_record answer;

	while (raw_next(raw, &answer)) {
		record->leaked = record->leaked || is_response(&answer);
		if (record->leaked) {
			raw_conclude(raw, OUTCOME_DONE, "the heartbeat was answered");
			return TRY_ANSWERED;
		}
		if (answer.type == TLS_CONTENT_ALERT && answer.body.len == 2)
			return weigh_alert(raw, answer.body.data[1]);
	}
	raw_conclude(raw, OUTCOME_BROKEN, "%s behind a heartbeat", stream_status_text(raw->status));
	return try_end_of_stream(raw->status);
}

static enum try_end
ask(struct raw_records *raw)
{
	if (!send_request(raw, raw->connection.endpoint->hello_timeout_ms)) {
		raw_conclude(raw, OUTCOME_BROKEN, "%s before a heartbeat",
			stream_status_text(raw->status));
		return TRY_NO_ANSWER;
	}
	return await_answer(raw);
}

static enum try_end
try_heartbeat(struct observation *observation, const struct endpoint *endpoint, void *context)
{
	struct hello_offer offer = hello_offer_versions(TLS_VERSION_1_0, TLS_VERSION_1_2);
	struct heartbleed_record *record = observation->record;
	enum try_end end = TRY_NO_ANSWER;
	enum outcome *hello = context;
	struct raw_records raw;

	offer.flags |= HELLO_HEARTBEAT;
	*hello = raw_begin(&raw, observation, endpoint, &offer);
	if (*hello == OUTCOME_DONE) {
		record->offered = record->offered || flight_hello_has(&raw.hello.flight.hello,
							     TLS_EXTENSION_HEARTBEAT);
		end = ask(&raw);
	}
	raw_end(&raw);
	return end;
}

/* A server may mind the extension alone: a hello without it tells whether there is such a version. */
static void
ask_without(struct observation *observation, const struct endpoint *endpoint)
{
	struct hello_offer offer = hello_offer_versions(TLS_VERSION_1_0, TLS_VERSION_1_2);
	struct hello_exchange exchange;
	const char *text = observation->text;

	hello_exchange(observation, endpoint, &offer, false, &exchange);
	hello_exchange_release(&exchange);
	observation_conclude(observation, OUTCOME_REFUSED, "%s", text);
}

/* That the handshake was ended, and nothing answered, is the answer that is hoped for. */
static void
observe_heartbleed(struct observation *observation, const struct endpoint *endpoint)
{
	enum outcome hello = OUTCOME_NOT_REACHED;
	enum outcome outcome;

	memset(observation->record, 0, sizeof(struct heartbleed_record));
	outcome = refusal_decide(observation, endpoint, try_heartbeat, &hello);
	if (hello == OUTCOME_DONE && outcome == OUTCOME_REFUSED)
		observation->outcome = OUTCOME_DONE;
	else if (hello == OUTCOME_REFUSED)
		ask_without(observation, endpoint);
}

const struct observer heartbleed_observer = {
	.name = "a heartbeat",
	.size = sizeof(struct heartbleed_record),
	.connections = 1,
	.observe = observe_heartbleed,
};
