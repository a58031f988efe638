/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The attempts to log in of one conversation, one after the other.
 */
#include "authenticate.h"

#include "base/clock.h"
#include "base/text.h"
#include "evidence/cause.h"
#include "own_login.h"
#include "probe/dialog.h"
#include "probe/endpoint.h"
#include "sasl_dialog.h"

/* Only the codes: the text may repeat what was sent. A no within the mechanism says more than the one
 * behind it. */
static void
record_reply(struct auth_attempt *attempt, const struct reply *reply, struct arena *arena)
{
	struct buf shown;

	buf_init(&shown, 64);
	reply_line_status(reply, &reply->lines[reply->count - 1], &shown);
	attempt->text = arena_strdup(arena, shown.data);
	attempt->reply = reply->status;
	if (attempt->meaning == REPLY_NO_MEANING || reply->meaning == REPLY_AUTHENTICATED)
		attempt->meaning = reply->meaning;
	buf_release(&shown);
}

static bool
is_own_login(const struct dialog *dialog, const struct auth_attempt *attempt)
{
	const char *own = dialog->endpoint->dialect->login.name;

	return own != NULL && text_same(own, attempt->mechanism);
}

/* Who is let in without a word of the password was not asked for it; FTP alone has users that need none
 * (RFC 959 section 5.4). */
static void
find_hasty_yes(const struct dialog *dialog, struct auth_attempt *attempt)
{
	if (is_own_login(dialog, attempt) || !attempt->genuine || attempt->presented ||
		attempt->flaw != AUTH_FLAWLESS || attempt->meaning != REPLY_AUTHENTICATED)
		return;
	attempt->flaw = AUTH_MALFORMED;
	attempt->flaw_text = "the server said yes before it was told the password";
}

static void
make_attempt(struct dialog *dialog, struct auth_attempt *attempt)
{
	struct arena *arena = &dialog->record->arena;
	struct error error = { .text = "" };
	int64_t started_ms = clock_now_ms();
	struct reply reply;

	reply_init(&reply, dialog->endpoint->dialect, arena);
	attempt->conversation = dialog->record;
	dialog->reticent = true;
	attempt->outcome = is_own_login(dialog, attempt)
				   ? own_login(dialog, attempt, &reply, &error)
				   : sasl_dialog(dialog, attempt, &reply, &error);
	attempt->ms = clock_now_ms() - started_ms;
	if (attempt->outcome == OUTCOME_DONE)
		record_reply(attempt, &reply, arena);
	else
		attempt->text = arena_strdup(arena, error.text);
	find_hasty_yes(dialog, attempt);
	reply_release(&reply);
}

/* Credentials that are real go only to a server that was shown to be the right one. */
static bool
is_withheld(const struct dialog *dialog, const struct auth_attempt *attempt)
{
	const struct endpoint *endpoint = dialog->endpoint;

	return attempt->genuine && !endpoint->send_credentials_untrusted &&
	       (endpoint->host_doubt != NULL || peer_distrust(&dialog->record->peer) != CAUSE_NONE);
}

/* A server may end the conversation after a wrong password: that says nothing of the next one,
 * which is then for another conversation. */
static bool
was_ended(const struct dialog *dialog, const struct auth_attempt *attempt)
{
	if (attempt->outcome == OUTCOME_DONE)
		return attempt->meaning == REPLY_LEAVING;
	return dialog->status == STREAM_CLOSED || dialog->status == STREAM_RESET;
}

bool
authenticate(struct dialog *dialog, struct auth_attempt *attempts, size_t count)
{
	bool at_command = true, is_first = true;

	for (size_t i = 0; i < count && at_command; i++) {
		struct auth_attempt *attempt = &attempts[i];

		if (attempt->conversation != NULL)
			continue;
		attempt->offered =
			reply_offers_login(&dialog->record->session_ehlo, attempt->mechanism);
		attempt->withheld = is_withheld(dialog, attempt);
		if (!attempt->offered || attempt->withheld) {
			attempt->conversation = dialog->record;
			continue;
		}
		make_attempt(dialog, attempt);
		if (!is_first && was_ended(dialog, attempt)) {
			attempt->conversation = NULL;
			return false;
		}
		is_first = false;
		/* Who leaves or goes on leaves no command to be sent; behind a login no AUTH may
		 * follow. */
		at_command = attempt->outcome == OUTCOME_DONE &&
			     attempt->meaning != REPLY_LEAVING &&
			     attempt->meaning != REPLY_CHALLENGE;
		if (attempt->meaning == REPLY_AUTHENTICATED)
			break;
	}
	return at_command;
}
