/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The CLIENT-HELLO of SSL 2.0.
 */
#include "probe/ssl2_probe.h"

#include <string.h>

#include "base/clock.h"
#include "base/entropy.h"
#include "hello_exchange.h"
#include "probe/dialog.h"
#include "probe/endpoint.h"
#include "wire/ssl2.h"

/* A CLIENT-HELLO is short. */
#define HELLO_MAX 256

static enum stream_status
send_hello(struct dialog *dialog, int64_t deadline_ms)
{
	uint8_t challenge[SSL2_CHALLENGE_LEN];
	enum stream_status status = STREAM_FAILED;
	struct buf bytes;

	entropy_fill(challenge, sizeof(challenge));
	buf_init(&bytes, HELLO_MAX);
	if (ssl2_write_hello(challenge, &bytes))
		status = stream_write(&dialog->stream, bytes.data, bytes.len, deadline_ms);
	buf_release(&bytes);
	return status;
}

/* Servers of today answer with a TLS alert, which is read as the flight that it is. */
static void
weigh(struct ssl2_record *record, const struct ssl2_answer *answer, struct span bytes,
	enum stream_status status, struct hello_exchange *exchange)
{
	switch (answer->state) {
	case SSL2_HELLO:
		record->kind_count = answer->ciphers.len / 3;
		exchange->end = TRY_ANSWERED;
		error_set(&exchange->error, "the server answered with an SSL 2.0 hello");
		return;
	case SSL2_ERROR:
		exchange->end = TRY_REFUSED;
		error_set(&exchange->error, "SSL 2.0 error %u", answer->error);
		return;
	case SSL2_MALFORMED:
		error_set(&exchange->error, "the SSL 2.0 answer is malformed");
		return;
	case SSL2_MORE:
	case SSL2_OTHER:
		break;
	}
	flight_feed(&exchange->flight, bytes.data, bytes.len);
	hello_exchange_weigh(exchange, status);
	/* To a server without SSL 2.0 the hello is no TLS at all. */
	if (exchange->flight.state == FLIGHT_ALERT)
		exchange->end = try_end_of_alert(exchange->flight.alert.description, true);
	/* A ServerHello of TLS is no answer to this. */
	if (exchange->end == TRY_ANSWERED)
		exchange->end = TRY_NO_ANSWER;
}

static void
make_exchange(struct dialog *dialog, struct ssl2_record *record, struct hello_exchange *exchange)
{
	int64_t deadline_ms = dialog_hello_deadline(dialog), sent_ms = clock_now_ms();
	enum stream_status status = send_hello(dialog, deadline_ms);
	const struct buf *unread = &dialog->stream.unread;
	struct ssl2_answer answer = { .state = SSL2_MORE };

	while (status == STREAM_OK && answer.state == SSL2_MORE) {
		status = stream_fill(&dialog->stream, deadline_ms);
		answer = ssl2_read(buf_span(unread));
	}
	dialog->status = status = refusal_end(status, sent_ms);
	weigh(record, &answer, buf_span(unread), status, exchange);
}

static enum try_end
try_ssl2(struct observation *observation, const struct endpoint *endpoint, void *context)
{
	struct probe_connection connection;
	struct hello_exchange exchange = { .end = TRY_NO_ANSWER };
	enum try_end end;

	(void)context;
	if (hello_exchange_open(&connection, observation, endpoint, false, &exchange))
		make_exchange(&connection.dialog, observation->record, &exchange);
	end = exchange.end;
	observation_conclude(observation, end == TRY_ANSWERED ? OUTCOME_DONE : OUTCOME_BROKEN, "%s",
		exchange.error.text);
	dialog_remark(&connection.dialog, "%s", exchange.error.text);
	probe_close(&connection, false);
	hello_exchange_release(&exchange);
	return end;
}

static void
observe_ssl2(struct observation *observation, const struct endpoint *endpoint)
{
	refusal_decide(observation, endpoint, try_ssl2, NULL);
}

static bool
asks_same_ssl2(const void *record, const void *other)
{
	(void)record;
	(void)other;
	return true;
}

const struct observer ssl2_observer = {
	.name = "an SSL 2.0 hello",
	.size = sizeof(struct ssl2_record),
	.connections = 1,
	.asks_same = asks_same_ssl2,
	.observe = observe_ssl2,
};
