/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A message goes through the server, and comes back by the mailbox. The mailbox is looked into before
 * anything is sent; what was sent is looked for at growing intervals, once more when its time is over,
 * and deleted.
 */
#include "probe/round_trip.h"

#include <string.h>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/interrupt.h"
#include "base/text.h"
#include "probe/dialog.h"
#include "probe/endpoint.h"
#include "round_trip_send.h"

/* The first look behind the sending; each further one comes after twice the time. */
#define LOOK_MS 1000
/* How long after the time was over somebody looks once more, at most. */
#define LATE_MS 10000
/* How long a second copy is waited for. */
#define COPY_MS 2000

static void
draw_token(char token[TOKEN_MAX])
{
	uint8_t drawn[(TOKEN_MAX - 1) / 2];
	struct buf digits;

	entropy_fill(drawn, sizeof(drawn));
	buf_init(&digits, TOKEN_MAX);
	text_add_hex(&digits, drawn, sizeof(drawn));
	memcpy(token, digits.data, TOKEN_MAX);
	buf_release(&digits);
}

/* A look that came to nothing is tried again as long as there is time: POP3 lets one in at a time. */
static bool
finds(struct round_trip_record *record, struct mailbox_view *view, int64_t started_ms)
{
	record->arrived = mailbox_look(view, MAILBOX_FIND) && view->copies != 0;
	record->arrived_ms = clock_now_ms() - started_ms;
	return record->arrived;
}

/* Ends also when the run was interrupted, or its time is over. */
static void
wait_for(struct round_trip_record *record, struct mailbox_view *view, int64_t started_ms,
	int64_t deadline_ms)
{
	int64_t late_ms = record->within_ms / 2 < LATE_MS ? record->within_ms / 2 : LATE_MS;

	for (int64_t pause_ms = LOOK_MS; clock_left_ms(deadline_ms) > 0; pause_ms *= 2)
		if (!interrupt_pause(clock_earlier(pause_ms, clock_left_ms(deadline_ms))) ||
			finds(record, view, started_ms))
			return;
	late_ms = clock_earlier(late_ms, clock_left_ms(view->endpoint.deadline_ms));
	record->late = interrupt_pause(late_ms) && finds(record, view, started_ms);
}

/* The last look: for a second copy, for the mailbox of junk, and to leave nothing behind. Where that it
 * is deleted was not said, another look tells, or deletes it. */
static void
clear(struct round_trip_record *record, struct mailbox_view *view)
{
	bool counted, done;

	if (record->arrived)
		interrupt_pause(COPY_MS);
	counted = done = mailbox_look(view, MAILBOX_REMOVE);
	record->copies = view->copies;
	record->trouble = view->trouble;
	if ((view->left || (!done && record->arrived)) && interrupt_pause(LOOK_MS))
		done = mailbox_look(view, MAILBOX_REMOVE);
	if (!counted) {
		record->copies = view->copies;
		record->trouble = view->trouble;
	}
	record->in_junk = view->in_junk;
	record->message = view->message;
	record->left = view->left || (!done && record->arrived);
}

static void
conclude(struct observation *observation)
{
	const struct round_trip_record *record = observation->record;

	if (record->end == ROUND_TRIP_UNCONFIRMED)
		return;
	if (record->trouble.text != NULL)
		observation_conclude(
			observation, OUTCOME_BROKEN, "the mailbox: %s", record->trouble.text);
	else if (record->end != ROUND_TRIP_ACCEPTED)
		observation_conclude(
			observation, OUTCOME_DONE, "%s: %s", record->command, record->answer.text);
	else
		observation_conclude(observation, OUTCOME_DONE, "%u %s of the message %s",
			record->copies, record->copies == 1 ? "copy" : "copies", record->token);
}

static void
make_trip(
	struct observation *observation, const struct endpoint *endpoint, struct mailbox_view *view)
{
	struct round_trip_record *record = observation->record;
	int64_t started_ms, deadline_ms;

	if (!mailbox_look(view, MAILBOX_BEFORE)) {
		record->trouble = view->trouble;
		observation_conclude(
			observation, OUTCOME_BROKEN, "the mailbox: %s", view->trouble.text);
		return;
	}
	started_ms = clock_now_ms();
	deadline_ms = clock_earlier(started_ms + record->within_ms, endpoint->deadline_ms);
	round_trip_send(observation, endpoint, deadline_ms);
	if (record->end >= ROUND_TRIP_UNCONFIRMED) {
		wait_for(record, view, started_ms, deadline_ms);
		clear(record, view);
	}
	if (record->end != ROUND_TRIP_NOT_SENT)
		conclude(observation);
}

static void
observe_round_trip(struct observation *observation, const struct endpoint *endpoint)
{
	struct round_trip_record *record = observation->record;
	struct mailbox_view view;

	/* What is on its way is not sent again. */
	if (record->end >= ROUND_TRIP_UNCONFIRMED)
		return;
	*record = (struct round_trip_record){ .login = record->login,
		.from = record->from,
		.to = record->to,
		.mailbox = record->mailbox,
		.within_ms = record->within_ms };
	draw_token(record->token);
	mailbox_view_init(&view, &record->mailbox, record->token, endpoint);
	make_trip(observation, endpoint, &view);
	mailbox_view_release(&view, observation);
}

/* Each sends a message of its own. */
static bool
asks_same_trip(const void *record, const void *other)
{
	return record == other;
}

const struct observer round_trip_observer = {
	.name = "a message that is sent and looked for",
	.size = sizeof(struct round_trip_record),
	.connections = 1,
	.asks_same = asks_same_trip,
	.observe = observe_round_trip,
};
