/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gate/ssl2_probe.h"

#include <string.h>

#include "gate/asking.h"
#include "gate/clock.h"
#include "gate/entropy.h"
#include "gate/ssl2.h"

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
	enum stream_status status, struct asking *asking)
{
	record->kind_count = 0;
	switch (answer->state) {
	case SSL2_HELLO:
		record->kind_count = answer->ciphers.len / 3;
		asking->outcome = OUTCOME_DONE;
		return;
	case SSL2_ERROR:
		asking->outcome = OUTCOME_REFUSED;
		error_set(&asking->error, "SSL 2.0 error %u", answer->error);
		return;
	case SSL2_MALFORMED:
		asking->outcome = OUTCOME_BROKEN;
		error_set(&asking->error, "the SSL 2.0 answer is malformed");
		return;
	case SSL2_MORE:
	case SSL2_OTHER:
		break;
	}
	flight_feed(&asking->flight, bytes.data, bytes.len);
	asking_weigh(asking, status);
	/* A ServerHello of TLS is no answer to this. */
	if (asking->outcome == OUTCOME_DONE)
		asking->outcome = OUTCOME_BROKEN;
}

static void
exchange(struct dialog *dialog, struct ssl2_record *record, struct asking *asking)
{
	int64_t deadline_ms = clock_earlier(
		dialog->endpoint->deadline_ms, clock_now_ms() + dialog->endpoint->reply_timeout_ms);
	enum stream_status status = send_hello(dialog, deadline_ms);
	const struct buf *unread = &dialog->stream.unread;
	struct ssl2_answer answer = { .state = SSL2_MORE };

	while (status == STREAM_OK && answer.state == SSL2_MORE) {
		status = stream_fill(&dialog->stream, deadline_ms);
		answer = ssl2_read((struct span){ (const uint8_t *)unread->data, unread->len });
	}
	weigh(record, &answer, (struct span){ (const uint8_t *)unread->data, unread->len }, status,
		asking);
}

static void
ask_once(struct observation *observation, const struct endpoint *endpoint, struct asking *asking)
{
	struct dialog dialog;

	memset(asking, 0, sizeof(*asking));
	flight_init(&asking->flight, false);
	if (asking_approach(observation, endpoint, &dialog, asking))
		exchange(&dialog, observation->record, asking);
	dialog_end(&dialog, false);
	asking_release(asking);
}

static void
observe_ssl2(struct observation *observation, const struct endpoint *endpoint)
{
	struct asking asking;

	ask_once(observation, endpoint, &asking);
	if (asking.hung_up) {
		ask_once(observation, endpoint, &asking);
		if (asking.hung_up)
			asking.outcome = OUTCOME_REFUSED;
	}
	observation->outcome = asking.outcome;
	observation->text =
		asking.outcome == OUTCOME_DONE
			? "the server answered with an SSL 2.0 hello"
			: arena_strdup(&observation->conversation.arena, asking.error.text);
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
