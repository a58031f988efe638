/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gate/bare.h"

#include <stdarg.h>
#include <string.h>

#include "gate/clock.h"

void
bare_conclude(struct bare *bare, enum outcome outcome, const char *format, ...)
{
	struct arena *arena = &bare->observation->conversation.arena;
	va_list args;

	va_start(args, format);
	bare->observation->text = arena_vprintf(arena, format, args);
	va_end(args);
	bare->observation->outcome = outcome;
	dialog_remark(&bare->dialog, "%s", bare->observation->text);
}

static void
try_hello(struct bare *bare, const struct endpoint *endpoint, const struct hello_offer *offer)
{
	bare->hello = (struct asking){ .outcome = OUTCOME_NOT_REACHED };
	flight_init(&bare->hello.flight, true);
	if (asking_approach(bare->observation, endpoint, &bare->dialog, &bare->hello))
		asking_exchange(&bare->dialog, offer, &bare->hello);
}

bool
bare_begin(struct bare *bare, struct observation *observation, const struct endpoint *endpoint,
	struct hello_offer offer)
{
	memset(bare, 0, sizeof(*bare));
	bare->observation = observation;
	offer.server_name = endpoint->server_name;
	try_hello(bare, endpoint, &offer);
	if (bare->hello.hung_up) {
		bare_end(bare);
		try_hello(bare, endpoint, &offer);
		if (bare->hello.hung_up)
			bare->hello.outcome = OUTCOME_REFUSED;
	}
	if (bare->hello.outcome == OUTCOME_DONE)
		return true;
	bare_conclude(bare, bare->hello.outcome, "%s", bare->hello.error.text);
	return false;
}

void
bare_end(struct bare *bare)
{
	asking_release(&bare->hello);
	dialog_end(&bare->dialog, false);
}

bool
bare_send(struct bare *bare, const struct buf *bytes)
{
	const struct endpoint *endpoint = bare->dialog.endpoint;
	int64_t deadline_ms =
		clock_earlier(endpoint->deadline_ms, clock_now_ms() + endpoint->reply_timeout_ms);

	bare->status = STREAM_FAILED;
	if (bytes->dropped == 0)
		bare->status =
			stream_write(&bare->dialog.stream, bytes->data, bytes->len, deadline_ms);
	bare->dialog.record->round_trips++;
	return bare->status == STREAM_OK;
}

bool
bare_record(struct bare *bare, int64_t wait_ms, struct flight_record *record)
{
	struct buf *unread = &bare->dialog.stream.unread;
	int64_t until_ms =
		clock_earlier(bare->dialog.endpoint->deadline_ms, clock_now_ms() + wait_ms);

	buf_consume(unread, bare->taken);
	bare->taken = 0;
	for (;;) {
		struct cursor bytes =
			cursor_over((struct span){ (const uint8_t *)unread->data, unread->len });
		enum flight_record_result result = flight_record_take(&bytes, record);

		bare->status = STREAM_OK;
		if (result == FLIGHT_RECORD_ALIEN)
			return false;
		if (result == FLIGHT_RECORD_TAKEN) {
			bare->taken = unread->len - bytes.left;
			return true;
		}
		bare->status = stream_fill(&bare->dialog.stream, until_ms);
		if (bare->status != STREAM_OK)
			return false;
	}
}
