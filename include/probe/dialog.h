/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * dialog: a conversation that is under way: its commands, replies and steps.
 */
#ifndef GATE_PROBE_DIALOG_H
#define GATE_PROBE_DIALOG_H

#include "base/error.h"
#include "evidence/conversation.h"
#include "net/stream.h"
#include "probe/endpoint.h"

struct dialog {
	struct conversation *record;
	const struct endpoint *endpoint;
	struct stream stream;
	enum stream_status status; /* of the last read or write; STREAM_OK when that went well */
	bool reticent;     /* credentials were sent: of replies only the codes are transcribed */
	bool unlisted;     /* a login was made, or may have been: behind it other lists hold */
	unsigned commands; /* sent so far; numbers the tags */
	const char *said;  /* the first word of the last one; NULL: there was none */
	char tag[REPLY_TAG_MAX]; /* of the last one; "": the protocol has none */
};

/* Takes the steps in their order up to and with `last`, and stops at the first that is not
 * done. The connection stays open in `dialog` (which may hold a closed stream if a step broke);
 * the caller ends it with dialog_end. STEP_AUTH is no step of this function. */
void dialog_begin(struct dialog *dialog, struct conversation *record,
	const struct endpoint *endpoint, enum step last);

/* Takes one more step, as its outcome in the record says. */
enum outcome dialog_take(struct dialog *dialog, enum step step);

/* Waits for what shows that the server agreed to the handshake, where only its next words do; the
 * step's outcome is changed when they do not come. */
void dialog_confirm(struct dialog *dialog);

/* Says goodbye and reads the reply. False when that is one to another command, so that the replies
 * before it cannot be told apart either; a server that closes or says nothing has not shown that. */
bool dialog_in_step(struct dialog *dialog);

/* Says goodbye if the server is waiting for a command, and closes without awaiting an answer. */
void dialog_end(struct dialog *dialog, bool at_command);

/* Sends one command (its CRLF is added, and where the protocol has tags, one in front) and reads the
 * reply. What the transcript shows of the command is `shown`. OUTCOME_DONE: a complete reply came,
 * whatever its code. OUTCOME_BROKEN also when the server has said something before: a reply must come
 * after its command (RFC 5321 section 4.1), or it could be anybody's; but for what a server may say at
 * any time, such as 421 (section 3.8). */
enum outcome dialog_command(struct dialog *dialog, const char *line, const char *shown,
	struct reply *reply, struct error *error);

/* The same for a line that goes on with a command, as a response does with AUTH. */
enum outcome dialog_go_on(struct dialog *dialog, const char *line, const char *shown,
	struct reply *reply, struct error *error);

/* The halves of dialog_command. The first does not mind what the server has said before; the second is
 * also for a reply that nothing was sent for: the greeting. */
enum stream_status dialog_send(struct dialog *dialog, const char *line, const char *shown);
enum outcome dialog_read_reply(struct dialog *dialog, struct reply *reply, struct error *error);

/* Until when an answer to what is sent now may come. */
int64_t dialog_deadline(const struct dialog *dialog);

/* When what answers a hello that may well go without an answer has to be there. */
int64_t dialog_hello_deadline(const struct dialog *dialog);

/* Takes down plaintext that followed the reply to STARTTLS; only the first is kept. */
void dialog_note_stray(struct dialog *dialog, struct span stray);

/* Adds a remark to the transcript ("-- ..."). */
void dialog_remark(struct dialog *dialog, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
