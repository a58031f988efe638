/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Records of our own behind a hello.
 */
#include "raw_records.h"

#include <stdarg.h>
#include <string.h>

#include "base/clock.h"
#include "probe/dialog.h"
#include "probe/endpoint.h"

/* An offer, and where the connection goes on that took it. */
struct raw_question {
	struct hello_offer offer;
	struct raw_records *raw;
};

void
raw_conclude(struct raw_records *raw, enum outcome outcome, const char *format, ...)
{
	struct observation *observation = raw->connection.observation;
	va_list args;

	va_start(args, format);
	observation->text = arena_vprintf(&observation->arena, format, args);
	va_end(args);
	observation->outcome = outcome;
	dialog_remark(&raw->connection.dialog, "%s", observation->text);
}

static enum try_end
try_offer(struct observation *observation, const struct endpoint *endpoint, void *context)
{
	struct raw_question *question = context;
	struct raw_records *raw = question->raw;

	*raw = (struct raw_records){ .open = true };
	if (hello_exchange_open(&raw->connection, observation, endpoint, true, &raw->hello))
		hello_exchange_make(&raw->connection, &question->offer, &raw->hello);
	if (raw->hello.end == TRY_ANSWERED)
		return TRY_ANSWERED;
	raw_conclude(raw, OUTCOME_BROKEN, "%s", raw->hello.error.text);
	raw_end(raw);
	return raw->hello.end;
}

static struct raw_question
question_of(struct raw_records *raw, const struct hello_offer *offer)
{
	struct raw_question question = { .offer = *offer, .raw = raw };

	*raw = (struct raw_records){ .open = false };
	return question;
}

enum outcome
raw_begin(struct raw_records *raw, struct observation *observation, const struct endpoint *endpoint,
	const struct hello_offer *offer)
{
	struct raw_question question = question_of(raw, offer);

	return hello_decide_all_suites(
		observation, endpoint, &question.offer, try_offer, &question);
}

enum outcome
raw_begin_suites(struct raw_records *raw, struct observation *observation,
	const struct endpoint *endpoint, const struct hello_offer *offer)
{
	struct raw_question question = question_of(raw, offer);

	return refusal_decide(observation, endpoint, try_offer, &question);
}

void
raw_end(struct raw_records *raw)
{
	if (!raw->open)
		return;
	raw->open = false;
	probe_close(&raw->connection, false);
	hello_exchange_release(&raw->hello);
}

bool
raw_send(struct raw_records *raw, const struct buf *bytes, int64_t wait_ms)
{
	struct dialog *dialog = &raw->connection.dialog;

	raw->status = STREAM_FAILED;
	raw->sent_ms = clock_now_ms();
	if (bytes->dropped == 0)
		raw->status = stream_write(
			&dialog->stream, bytes->data, bytes->len, dialog_deadline(dialog));
	raw->deadline_ms = clock_earlier(dialog->endpoint->deadline_ms, clock_now_ms() + wait_ms);
	dialog->record->round_trips++;
	return raw->status == STREAM_OK;
}

bool
raw_next(struct raw_records *raw, struct flight_record *record)
{
	struct stream *stream = &raw->connection.dialog.stream;
	struct buf *unread = &stream->unread;

	buf_consume(unread, raw->taken);
	raw->taken = 0;
	for (;;) {
		struct cursor bytes = cursor_over(buf_span(unread));
		enum flight_record_result result = flight_record_take(&bytes, record);

		raw->status = STREAM_OK;
		if (result == FLIGHT_RECORD_ALIEN)
			return false;
		if (result == FLIGHT_RECORD_TAKEN) {
			raw->taken = unread->len - bytes.left;
			return true;
		}
		raw->status = refusal_end(stream_fill(stream, raw->deadline_ms), raw->sent_ms);
		if (raw->status != STREAM_OK)
			return false;
	}
}
