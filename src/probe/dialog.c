/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Commands, replies and the transcript of a conversation.
 */
#include "probe/dialog.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "evidence/conversation.h"
#include "probe/endpoint.h"
#include "wire/flight.h"
#include "wire/groups.h"

static void
transcribe(struct conversation *record, const char *who, const char *line, size_t len)
{
	buf_add_string(&record->transcript, who);
	text_add_printable(&record->transcript, line, len);
	buf_add_char(&record->transcript, '\n');
}

void
dialog_remark(struct dialog *dialog, const char *format, ...)
{
	struct conversation *record = dialog->record;
	va_list args;
	char *remark;

	va_start(args, format);
	remark = arena_vprintf(&record->arena, format, args);
	va_end(args);
	transcribe(record, "-- ", remark, strlen(remark));
}

/* Plaintext behind the reply to STARTTLS, whether it arrived before our hello or after it. */
void
dialog_note_stray(struct dialog *dialog, struct span stray)
{
	struct conversation *record = dialog->record;

	if (stray.len == 0 || record->after_starttls.len != 0)
		return;
	record->after_starttls.data = arena_memdup(&record->arena, stray.data, stray.len);
	record->after_starttls.len = stray.len;
	dialog_remark(
		dialog, "%zu byte%s of plaintext before TLS", stray.len, stray.len == 1 ? "" : "s");
}

int64_t
dialog_deadline(const struct dialog *dialog)
{
	return clock_earlier(
		dialog->endpoint->deadline_ms, clock_now_ms() + dialog->endpoint->reply_timeout_ms);
}

int64_t
dialog_hello_deadline(const struct dialog *dialog)
{
	return clock_earlier(
		dialog->endpoint->deadline_ms, clock_now_ms() + dialog->endpoint->hello_timeout_ms);
}

/* A server may repeat what it was sent, in whatever form: behind credentials only the codes of its
 * replies are shown, and nothing of lines without any. */
static void
transcribe_reply(struct dialog *dialog, const struct reply *reply, const struct reply_line *line)
{
	struct buf shown;

	if (!dialog->reticent) {
		transcribe(dialog->record, "S: ", line->raw, line->raw_len);
		return;
	}
	buf_init(&shown, 64);
	reply_line_status(reply, line, &shown);
	if (shown.len != 0)
		transcribe(dialog->record, "S: ", shown.data, shown.len);
	buf_release(&shown);
}

/* Feeds what the stream has to the reply and transcribes the lines that became whole. */
static void
feed_reply(struct dialog *dialog, struct reply *reply)
{
	struct buf *unread = &dialog->stream.unread;
	size_t before = reply->count;

	buf_consume(unread, reply_feed(reply, unread->data, unread->len));
	for (size_t i = before; i < reply->count; i++)
		transcribe_reply(dialog, reply, &reply->lines[i]);
	if (reply->state != REPLY_INCOMPLETE && reply->partial.len != 0 && !dialog->reticent)
		transcribe(dialog->record, "S: ", reply->partial.data,
			reply->partial.len < 200 ? reply->partial.len : 200);
}

static bool
is_inside(const struct dialog *dialog)
{
	return dialog->endpoint->implicit_tls ||
	       dialog->record->steps[STEP_HANDSHAKE].outcome == OUTCOME_DONE;
}

/* What the reply is one to, for messages. */
static const char *
asked_by(const struct dialog *dialog, const struct reply *reply)
{
	const struct dialect *dialect = dialog->endpoint->dialect;

	if (reply->to == REPLY_TO_HELLO)
		return is_inside(dialog) ? dialect->hello_inside : dialect->hello;
	return dialog->said != NULL ? dialog->said : "a command";
}

/* Of every line that is read, also of a reply that never ends. */
static void
note_line_ends(struct dialog *dialog, const struct reply *reply)
{
	struct conversation *record = dialog->record;

	if (!reply->bare_lf || record->heard.bare_lf != NULL)
		return;
	record->heard.bare_lf =
		reply->to == REPLY_TO_CONNECT
			? "the greeting"
			: arena_printf(&record->arena, "the reply to %s", asked_by(dialog, reply));
}

/* Which list a server has for whom is logged in is another matter. */
static void
note_lists(struct dialog *dialog, const struct reply *reply)
{
	struct conversation *record = dialog->record;

	dialog->unlisted =
		dialog->unlisted || dialog->reticent || reply->meaning == REPLY_AUTHENTICATED;
	if (!dialog->unlisted)
		heard_lists(&record->heard, reply, &record->greeting, is_inside(dialog),
			&record->arena);
}

/* One deadline holds over the whole reply, however it is portioned. */
enum outcome
dialog_read_reply(struct dialog *dialog, struct reply *reply, struct error *error)
{
	int64_t deadline_ms = dialog_deadline(dialog);
	enum stream_status status = STREAM_OK;

	dialog->record->round_trips++;
	memcpy(reply->tag, dialog->tag, sizeof(reply->tag));
	feed_reply(dialog, reply);
	while (reply->state == REPLY_INCOMPLETE && status == STREAM_OK) {
		status = stream_fill(&dialog->stream, deadline_ms);
		feed_reply(dialog, reply);
	}
	dialog->status = status;
	note_line_ends(dialog, reply);
	if (reply->state == REPLY_COMPLETE) {
		note_lists(dialog, reply);
		return OUTCOME_DONE;
	}
	if (reply->state == REPLY_MALFORMED)
		error_set(error, "the reply is not %s: %s", reply->dialect->title, reply->problem);
	else
		error_set(error, "%s%s", stream_status_text(status),
			reply->count != 0 || reply->partial.len != 0 ? " in the middle of a reply"
								     : "");
	dialog_remark(dialog, "%s", error->text);
	return OUTCOME_BROKEN;
}

/* Whether the server has not spoken since its last reply. What lies unread answers nothing; what may
 * come at any time is left for whoever reads on. */
static bool
is_quiet(struct dialog *dialog, struct error *error)
{
	struct conversation *record = dialog->record;
	struct buf *unread = &dialog->stream.unread;

	stream_fill_arrived(&dialog->stream);
	if (unread->len == 0 || dialog->endpoint->dialect->comes_unasked(unread->data, unread->len))
		return true;
	record->unasked = (struct span){ arena_memdup(&record->arena, unread->data, unread->len),
		unread->len };
	if (!dialog->reticent)
		transcribe(record, "S: ", unread->data, unread->len);
	error_set(error, "the server spoke before it was asked");
	dialog_remark(dialog, "%s", error->text);
	return false;
}

static enum stream_status
send_line(struct dialog *dialog, const char *tag, const char *line, const char *shown)
{
	const char *blank = tag[0] != '\0' ? " " : "";
	struct buf bytes, remark;

	buf_init(&bytes, 65536);
	buf_init(&remark, 65536);
	buf_addf(&bytes, "%s%s%s\r\n", tag, blank, line);
	buf_addf(&remark, "%s%s%s", tag, blank, shown);
	transcribe(dialog->record, "C: ", remark.data, remark.len);
	dialog->status =
		stream_write(&dialog->stream, bytes.data, bytes.len, dialog_deadline(dialog));
	buf_release(&remark);
	buf_wipe(&bytes); /* it may be a password */
	return dialog->status;
}

/* Longer words than that are no commands. */
#define WORD_MAX 64

enum stream_status
dialog_send(struct dialog *dialog, const char *line, const char *shown)
{
	size_t word = strcspn(shown, " \r\n");

	dialog->commands++;
	dialog->said = word > WORD_MAX
			       ? NULL
			       : arena_printf(&dialog->record->arena, "%.*s", (int)word, shown);
	if (dialog->endpoint->dialect->tagged)
		snprintf(dialog->tag, sizeof(dialog->tag), "g%u", dialog->commands);
	return send_line(dialog, dialog->tag, line, shown);
}

static enum outcome
exchange(struct dialog *dialog, bool goes_on, const char *line, const char *shown,
	struct reply *reply, struct error *error)
{
	enum stream_status status;

	dialog->status = STREAM_OK;
	if (!is_quiet(dialog, error))
		return OUTCOME_BROKEN;
	status = goes_on ? send_line(dialog, "", line, shown) : dialog_send(dialog, line, shown);
	/* A server that has closed may have said why: its last reply is read in any case. */
	if (status == STREAM_OK || status == STREAM_RESET)
		return dialog_read_reply(dialog, reply, error);
	error_set(error, "%s", stream_status_text(status));
	dialog_remark(dialog, "%s", error->text);
	return OUTCOME_BROKEN;
}

enum outcome
dialog_command(struct dialog *dialog, const char *line, const char *shown, struct reply *reply,
	struct error *error)
{
	return exchange(dialog, false, line, shown, reply, error);
}

enum outcome
dialog_go_on(struct dialog *dialog, const char *line, const char *shown, struct reply *reply,
	struct error *error)
{
	return exchange(dialog, true, line, shown, reply, error);
}

bool
dialog_in_step(struct dialog *dialog)
{
	const struct dialect *dialect = dialog->endpoint->dialect;
	struct error error = { .text = "" };
	struct reply reply;
	bool answered;

	if (dialect->quit == NULL)
		return true;
	reply_init(&reply, dialect, &dialog->record->arena);
	reply.to = REPLY_TO_QUIT;
	answered = dialog_command(dialog, dialect->quit, dialect->quit, &reply, &error) ==
		   OUTCOME_DONE;
	reply_release(&reply);
	if (answered)
		return reply.meaning == REPLY_FAREWELL || reply.meaning == REPLY_LEAVING;
	return dialog->status == STREAM_CLOSED || dialog->status == STREAM_RESET;
}

void
dialog_end(struct dialog *dialog, bool at_command)
{
	const char *quit = dialog->endpoint->dialect->quit;

	dialog->record->ended = dialog->status;
	if (!stream_is_open(&dialog->stream))
		return;
	if (at_command && quit != NULL)
		dialog_send(dialog, quit, quit);
	stream_close(&dialog->stream);
}
