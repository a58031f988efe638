/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Early ChangeCipherSpec (CVE-2014-0224). A server that obeys it before keys are agreed upon uses
 * keys that anyone can compute. Two of them are sent: where the first is refused, the alert says
 * so; where it is obeyed, the second is taken for encrypted, and its MAC is wrong.
 */
#include <string.h>

#include "gate/bare.h"
#include "gate/hello_records.h"
#include "gate/weaknesses.h"

/* For an alert on the first one alone: an obedient server waits. */
#define CONFIRM_WAIT_MS 1000

enum ccs_answer { CCS_REFUSED, CCS_DECRYPTED, CCS_SILENCE, CCS_HUNG_UP, CCS_NO_FLIGHT };

/* bad_record_mac, decryption_failed, decrypt_error (RFC 5246 section 7.2). */
static bool
is_of_decryption(uint8_t description)
{
	return description == 20 || description == 21 || description == 51;
}

static enum ccs_answer
read_answer(struct bare *bare, int64_t wait_ms)
{
	struct flight_record record;

	while (bare_record(bare, wait_ms, &record)) {
		if (record.type != TLS_CONTENT_ALERT || record.body.len < 2)
			continue;
		bare_conclude(bare, OUTCOME_DONE, "alert %u", record.body.data[1]);
		return is_of_decryption(record.body.data[1]) ? CCS_DECRYPTED : CCS_REFUSED;
	}
	bare_conclude(bare, OUTCOME_BROKEN, "%s after ChangeCipherSpec",
		stream_status_text(bare->status));
	if (bare->status == STREAM_CLOSED || bare->status == STREAM_RESET)
		return CCS_HUNG_UP;
	return CCS_SILENCE;
}

static bool
send_changes(struct bare *bare, unsigned count)
{
	struct buf bytes;
	bool sent;

	buf_init(&bytes, 64);
	while (count-- > 0)
		hello_put_change_cipher_spec(&bytes, bare->hello.flight.hello.version);
	sent = bare_send(bare, &bytes);
	buf_release(&bytes);
	return sent;
}

static enum ccs_answer
try_once(struct observation *observation, const struct endpoint *endpoint, unsigned count,
	int64_t wait_ms)
{
	struct hello_offer offer = hello_offer_versions(TLS_VERSION_1_0, TLS_VERSION_1_2);
	enum ccs_answer answer = CCS_NO_FLIGHT;
	struct bare bare;

	if (bare_begin(&bare, observation, endpoint, offer)) {
		if (send_changes(&bare, count))
			answer = read_answer(&bare, wait_ms);
		else
			bare_conclude(&bare, OUTCOME_BROKEN, "%s before ChangeCipherSpec",
				stream_status_text(bare.status));
	}
	bare_end(&bare);
	return answer;
}

/* A server that objects to the first one as well has not obeyed it. */
static void
confirm(struct observation *observation, const struct endpoint *endpoint)
{
	struct ccs_record *record = observation->record;
	enum ccs_answer answer = try_once(observation, endpoint, 1, CONFIRM_WAIT_MS);

	if (answer == CCS_NO_FLIGHT)
		return;
	record->obeyed = answer == CCS_SILENCE;
	observation->outcome = OUTCOME_DONE;
}

static void
observe_ccs(struct observation *observation, const struct endpoint *endpoint)
{
	struct ccs_record *record = observation->record;
	int64_t wait_ms = endpoint->reply_timeout_ms;
	enum ccs_answer answer = try_once(observation, endpoint, 2, wait_ms);

	memset(record, 0, sizeof(*record));
	if (answer == CCS_HUNG_UP) {
		answer = try_once(observation, endpoint, 2, wait_ms);
		if (answer == CCS_HUNG_UP)
			observation->outcome = OUTCOME_DONE;
	}
	if (answer == CCS_DECRYPTED)
		confirm(observation, endpoint);
}

const struct observer ccs_observer = {
	.name = "an early ChangeCipherSpec",
	.size = sizeof(struct ccs_record),
	.connections = 1,
	.observe = observe_ccs,
};
