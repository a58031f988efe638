/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Heartbleed (CVE-2014-0160). RFC 6520 section 4 has a server pass over a heartbeat request that
 * claims more payload than there is; OpenSSL 1.0.1 sent the claimed number of bytes back, from
 * its memory. The request claims one byte more than it holds: an answer is the proof, and that
 * byte all that is read of the server.
 *
 * A server that passes over the request says nothing. So something goes behind it that is wrong
 * for every server: application data within the handshake. The records are dealt with in order,
 * so what ends the handshake shows that the request has been dealt with.
 */
#include <string.h>

#include "gate/bare.h"
#include "gate/entropy.h"
#include "gate/hello_records.h"
#include "gate/weaknesses.h"

#define PAYLOAD_LEN 16
#define CLAIMED_LEN (PAYLOAD_LEN + 1)

static bool
send_request(struct bare *bare, const uint8_t payload[PAYLOAD_LEN])
{
	uint16_t version = bare->hello.flight.hello.version;
	const uint8_t data[] = { TLS_CONTENT_APPLICATION_DATA, (uint8_t)(version >> 8),
		(uint8_t)(version & 0xff), 0, 1, 0 };
	struct buf bytes;
	bool sent;

	buf_init(&bytes, 256);
	hello_put_heartbeat(&bytes, version, CLAIMED_LEN, (struct span){ payload, PAYLOAD_LEN });
	buf_add(&bytes, data, sizeof(data));
	sent = bare_send(bare, &bytes);
	buf_release(&bytes);
	return sent;
}

/* Our payload, and more. */
static bool
is_leak(const struct flight_record *record, const uint8_t payload[PAYLOAD_LEN])
{
	struct hello_heartbeat heartbeat;

	return record->type == TLS_CONTENT_HEARTBEAT &&
	       hello_read_heartbeat(record->body, &heartbeat) &&
	       heartbeat.type == HELLO_HEARTBEAT_RESPONSE && heartbeat.claimed > PAYLOAD_LEN &&
	       heartbeat.rest.len > PAYLOAD_LEN &&
	       memcmp(heartbeat.rest.data, payload, PAYLOAD_LEN) == 0;
}

/* Reads until the leak, or what ends the handshake; whether the server hung up. */
static bool
await_answer(struct bare *bare, const uint8_t payload[PAYLOAD_LEN])
{
	struct heartbleed_record *record = bare->observation->record;
	struct flight_record answer;

	while (bare_record(bare, bare->dialog.endpoint->reply_timeout_ms, &answer)) {
		record->leaked = is_leak(&answer, payload);
		if (record->leaked || answer.type == TLS_CONTENT_ALERT) {
			bare_conclude(bare, OUTCOME_DONE, "%s",
				record->leaked ? "the heartbeat was answered with memory"
					       : "an alert, and no heartbeat before it");
			return false;
		}
	}
	bare_conclude(
		bare, OUTCOME_BROKEN, "%s after a heartbeat", stream_status_text(bare->status));
	return bare->status == STREAM_CLOSED || bare->status == STREAM_RESET;
}

static bool
try_once(struct observation *observation, const struct endpoint *endpoint)
{
	struct heartbleed_record *record = observation->record;
	struct hello_offer offer = hello_offer_versions(TLS_VERSION_1_0, TLS_VERSION_1_2);
	uint8_t payload[PAYLOAD_LEN];
	bool hung_up = false;
	struct bare bare;

	offer.flags |= HELLO_HEARTBEAT;
	memset(record, 0, sizeof(*record));
	if (bare_begin(&bare, observation, endpoint, offer)) {
		record->offered =
			flight_hello_has(&bare.hello.flight.hello, TLS_EXTENSION_HEARTBEAT);
		entropy_fill(payload, sizeof(payload));
		if (!record->offered)
			bare_conclude(&bare, OUTCOME_DONE, "heartbeats are not agreed to");
		else if (!send_request(&bare, payload))
			bare_conclude(&bare, OUTCOME_BROKEN, "%s before a heartbeat",
				stream_status_text(bare.status));
		else
			hung_up = await_answer(&bare, payload);
	}
	bare_end(&bare);
	return hung_up;
}

static void
observe_heartbleed(struct observation *observation, const struct endpoint *endpoint)
{
	if (try_once(observation, endpoint) && try_once(observation, endpoint))
		observation->outcome = OUTCOME_DONE;
}

const struct observer heartbleed_observer = {
	.name = "a heartbeat",
	.size = sizeof(struct heartbleed_record),
	.connections = 1,
	.observe = observe_heartbleed,
};
