/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * mailbox_view: how a look is taken in each protocol.
 */
#ifndef GATE_PROBE_MAILBOX_VIEW_H
#define GATE_PROBE_MAILBOX_VIEW_H

#include "probe/mailbox.h"

/* Most lines of a reply in which there are messages. */
#define MAILBOX_LINES_MAX 1000

/* Most copies of the message that are told apart. */
#define MAILBOX_COPIES_MAX 16

/* Sends a command and reads the reply, which is good until the next one. False, with the trouble, when
 * there is none, or when it is no yes. */
bool mailbox_say(
	struct mailbox_view *view, const char *line, enum reply_to to, struct reply *reply);

/* Notes why the look comes to nothing. Returns false. */
bool mailbox_fail(struct mailbox_view *view, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Keeps a copy of the message, unless there is one. */
void mailbox_keep(struct mailbox_view *view, struct span message);

/* The looks of each protocol, on a connection that is logged in. */
bool mailbox_look_imap(struct mailbox_view *view, enum mailbox_look look);
bool mailbox_look_pop3(struct mailbox_view *view, enum mailbox_look look);

#endif
