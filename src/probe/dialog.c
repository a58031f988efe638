/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Commands, replies and the transcript of a conversation.
 */
#include <stdio.h>
#include <string.h>

#include "gate/clock.h"
#include "gate/conversation.h"
#include "gate/text.h"

static const enum step starttls_steps[] = { STEP_CONNECT, STEP_GREETING, STEP_EHLO, STEP_STARTTLS,
	STEP_HANDSHAKE, STEP_SESSION_EHLO };
static const enum step implicit_steps[] = { STEP_CONNECT, STEP_HANDSHAKE, STEP_GREETING,
	STEP_SESSION_EHLO };

const enum step *
conversation_steps(bool implicit_tls, size_t *count)
{
	*count = implicit_tls ? sizeof(implicit_steps) / sizeof(implicit_steps[0])
			      : sizeof(starttls_steps) / sizeof(starttls_steps[0]);
	return implicit_tls ? implicit_steps : starttls_steps;
}

enum step
conversation_before_tls(bool implicit_tls)
{
	return implicit_tls ? STEP_CONNECT : STEP_STARTTLS;
}

void
conversation_init(struct conversation *record)
{
	memset(record, 0, sizeof(*record));
	arena_init(&record->arena);
	buf_init(&record->transcript, TRANSCRIPT_MAX);
	reply_init(&record->greeting, &record->arena);
	reply_init(&record->ehlo, &record->arena);
	reply_init(&record->starttls, &record->arena);
	reply_init(&record->session_ehlo, &record->arena);
}

void
conversation_release(struct conversation *record)
{
	reply_release(&record->greeting);
	reply_release(&record->ehlo);
	reply_release(&record->starttls);
	reply_release(&record->session_ehlo);
	buf_release(&record->transcript);
	arena_release(&record->arena);
}

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

static int64_t
reply_deadline(const struct dialog *dialog)
{
	return clock_earlier(
		dialog->endpoint->deadline_ms, clock_now_ms() + dialog->endpoint->reply_timeout_ms);
}

/* Feeds what the stream has to the reply and transcribes the lines that became whole. */
static void
feed_reply(struct dialog *dialog, struct reply *reply)
{
	struct buf *unread = &dialog->stream.unread;
	size_t before = reply->count;

	buf_consume(unread, reply_feed(reply, unread->data, unread->len));
	for (size_t i = before; i < reply->count; i++)
		transcribe(dialog->record, "S: ", reply->lines[i].raw, reply->lines[i].raw_len);
	if (reply->state != REPLY_INCOMPLETE && reply->partial.len != 0)
		transcribe(dialog->record, "S: ", reply->partial.data,
			reply->partial.len < 200 ? reply->partial.len : 200);
}

/* One deadline holds over the whole reply, however it is portioned. */
static enum outcome
read_reply(struct dialog *dialog, struct reply *reply, struct error *error)
{
	int64_t deadline_ms = reply_deadline(dialog);
	enum stream_status status = STREAM_OK;

	dialog->record->round_trips++;
	feed_reply(dialog, reply);
	while (reply->state == REPLY_INCOMPLETE && status == STREAM_OK) {
		status = stream_fill(&dialog->stream, deadline_ms);
		feed_reply(dialog, reply);
	}
	if (reply->state == REPLY_COMPLETE)
		return OUTCOME_DONE;
	if (reply->state == REPLY_MALFORMED)
		error_set(error, "the reply is not SMTP: %s", reply->problem);
	else
		error_set(error, "%s%s", stream_status_text(status),
			reply->count != 0 || reply->partial.len != 0 ? " in the middle of a reply"
								     : "");
	dialog_remark(dialog, "%s", error->text);
	return OUTCOME_BROKEN;
}

enum outcome
dialog_read_greeting(struct dialog *dialog, struct reply *reply, struct error *error)
{
	return read_reply(dialog, reply, error);
}

enum outcome
dialog_command(struct dialog *dialog, const char *line, const char *shown, struct reply *reply,
	struct error *error)
{
	enum stream_status status;
	struct buf bytes;

	buf_init(&bytes, 65536);
	buf_add_string(&bytes, line);
	buf_add_string(&bytes, "\r\n");
	transcribe(dialog->record, "C: ", shown, strlen(shown));
	status = stream_write(&dialog->stream, bytes.data, bytes.len, reply_deadline(dialog));
	buf_wipe(&bytes); /* it may be a password */
	/* A server that has closed may have said why: its last reply is read in any case. */
	if (status == STREAM_OK || status == STREAM_RESET)
		return read_reply(dialog, reply, error);
	error_set(error, "%s", stream_status_text(status));
	dialog_remark(dialog, "%s", error->text);
	return OUTCOME_BROKEN;
}

void
dialog_end(struct dialog *dialog, bool at_command)
{
	static const char quit[] = "QUIT\r\n";

	if (!stream_is_open(&dialog->stream))
		return;
	if (at_command && stream_write(&dialog->stream, quit, sizeof(quit) - 1,
				  reply_deadline(dialog)) == STREAM_OK)
		transcribe(dialog->record, "C: ", "QUIT", 4);
	stream_close(&dialog->stream);
}
