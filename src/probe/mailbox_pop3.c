/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A look by POP3: at the headers of the last messages (RFC 1939 section 7). What is deleted is gone once
 * QUIT was answered (section 6).
 */
#include <string.h>

#include "mailbox_view.h"
#include "wire/token_message.h"

/* How many of the last messages are looked at. */
#define LAST_MAX 50

/* "+OK 3 1234": how many messages there are. */
static bool
count_messages(struct mailbox_view *view, unsigned *count)
{
	const char *text;
	struct reply reply;
	size_t digits = 0;

	if (!mailbox_say(view, "STAT", REPLY_TO_COMMAND, &reply))
		return false;
	text = reply.lines[0].text;
	*count = 0;
	for (; digits < reply.lines[0].len && text[digits] >= '0' && text[digits] <= '9'; digits++)
		*count = *count * 10 + (unsigned)(text[digits] - '0');
	return (digits != 0 && digits <= 9) || mailbox_fail(view, "STAT told no number");
}

/* The lines between the first and the one that ends them. */
static void
add_lines(const struct reply *reply, struct buf *out)
{
	for (size_t i = 1; i + 1 < reply->count; i++) {
		buf_add(out, reply->lines[i].text, reply->lines[i].len);
		buf_add_string(out, "\r\n");
	}
}

static bool
read_message(struct mailbox_view *view, const char *command, struct buf *out)
{
	struct reply reply;

	if (!mailbox_say(view, command, REPLY_TO_LIST, &reply))
		return false;
	add_lines(&reply, out);
	return out->dropped == 0 || mailbox_fail(view, "%s: too long to be read", command);
}

static bool
is_ours(struct mailbox_view *view, unsigned number, bool *ours)
{
	struct buf headers;
	bool done;

	buf_init(&headers, MAILBOX_MESSAGE_MAX);
	done = read_message(
		view, arena_printf(&view->observation.arena, "TOP %u 0", number), &headers);
	*ours = done && token_message_is(buf_span(&headers), view->token);
	buf_release(&headers);
	return done;
}

static bool
fetch(struct mailbox_view *view, unsigned number)
{
	struct buf message;
	bool done;

	buf_init(&message, MAILBOX_MESSAGE_MAX);
	done = read_message(
		view, arena_printf(&view->observation.arena, "RETR %u", number), &message);
	if (done)
		mailbox_keep(view, buf_span(&message));
	buf_release(&message);
	return done;
}

static bool
handle(struct mailbox_view *view, enum mailbox_look look, unsigned number)
{
	struct reply reply;

	view->copies++;
	if (view->message.len == 0 && !fetch(view, number))
		return false;
	if (look == MAILBOX_REMOVE &&
		!mailbox_say(view, arena_printf(&view->observation.arena, "DELE %u", number),
			REPLY_TO_COMMAND, &reply))
		view->left = true;
	return true;
}

bool
mailbox_look_pop3(struct mailbox_view *view, enum mailbox_look look)
{
	unsigned count, last;
	struct reply reply;
	bool ours;

	if (!count_messages(view, &count))
		return false;
	last = count > LAST_MAX ? count - LAST_MAX : 0;
	for (; look != MAILBOX_BEFORE && count > last; count--)
		if (!is_ours(view, count, &ours) || (ours && !handle(view, look, count)))
			return false;
	if (look == MAILBOX_REMOVE && !mailbox_say(view, "QUIT", REPLY_TO_QUIT, &reply))
		view->left = view->copies != 0;
	return true;
}
