/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A look by IMAP: at what has come since, by UIDs (RFC 9051 section 2.3.1.1), and at the mailbox for junk
 * if it is not there. What is deleted is expunged by its UID alone (RFC 4315).
 */
#include <string.h>

#include "mailbox_view.h"
#include "wire/imap_data.h"
#include "wire/token_message.h"

/* The copies that a look found. */
struct copies {
	uint32_t uids[MAILBOX_COPIES_MAX];
	size_t count;
};

static bool
has_capability(struct mailbox_view *view, const char *keyword, bool *has)
{
	struct reply reply;

	*has = false;
	if (!mailbox_say(view, "CAPABILITY", REPLY_TO_HELLO, &reply))
		return false;
	*has = reply_capability(&reply, keyword) != NULL;
	return true;
}

/* A mailbox that was made anew has other UIDs. */
static bool
select_inbox(struct mailbox_view *view, enum mailbox_look look)
{
	uint32_t validity, next;
	struct reply reply;

	if (!mailbox_say(view, "SELECT INBOX", REPLY_TO_COMMAND, &reply))
		return false;
	if (!imap_code_number(&reply, "UIDVALIDITY", &validity) ||
		!imap_code_number(&reply, "UIDNEXT", &next))
		return mailbox_fail(view, "SELECT INBOX told no UIDVALIDITY and UIDNEXT");
	if (look != MAILBOX_BEFORE && validity != view->validity)
		return mailbox_fail(view, "UIDVALIDITY has changed: the mailbox is another one");
	if (look == MAILBOX_BEFORE)
		view->next = next;
	view->validity = validity;
	return true;
}

/* "n:*" always gives the last message, however old it is. */
static bool
find_new(struct mailbox_view *view, struct copies *copies)
{
	const char *command = arena_printf(&view->observation.arena,
		"UID FETCH %u:* (UID BODY.PEEK[HEADER.FIELDS (" TOKEN_FIELD ")])", view->next);
	struct imap_fetched fetched;
	struct reply reply;
	size_t at = 0;

	if (!mailbox_say(view, command, REPLY_TO_COMMAND, &reply))
		return false;
	while (copies->count < MAILBOX_COPIES_MAX && imap_next_fetched(&reply, &at, &fetched))
		if (fetched.uid >= view->next && fetched.body.data != NULL &&
			token_message_is(fetched.body, view->token))
			copies->uids[copies->count++] = fetched.uid;
	return true;
}

static bool
find_by_search(struct mailbox_view *view, struct copies *copies)
{
	const char *command = arena_printf(
		&view->observation.arena, "UID SEARCH HEADER " TOKEN_FIELD " %s", view->token);
	struct reply reply;
	size_t line = 0, at = 0;

	if (!mailbox_say(view, command, REPLY_TO_COMMAND, &reply))
		return false;
	while (copies->count < MAILBOX_COPIES_MAX &&
		imap_next_found(&reply, &line, &at, &copies->uids[copies->count]))
		copies->count++;
	return true;
}

/* Selects the mailbox for junk, if the server tells of one (RFC 6154). Whatever goes wrong there tells
 * nothing of the inbox. */
static bool
select_junk(struct mailbox_view *view)
{
	struct arena *arena = &view->observation.arena;
	const char *name;
	struct reply reply;
	bool has;

	if (!has_capability(view, "SPECIAL-USE", &has) || !has ||
		!mailbox_say(view, "LIST (SPECIAL-USE) \"\" \"*\"", REPLY_TO_COMMAND, &reply))
		return false;
	name = imap_listed(&reply, "\\Junk");
	return name != NULL && strpbrk(name, "\"\\\r\n") == NULL &&
	       mailbox_say(
		       view, arena_printf(arena, "SELECT \"%s\"", name), REPLY_TO_COMMAND, &reply);
}

/* Only as much as a message of ours can be. */
static bool
fetch(struct mailbox_view *view, uint32_t uid)
{
	const char *command = arena_printf(&view->observation.arena,
		"UID FETCH %u (UID BODY.PEEK[]<0.%zu>)", uid, MAILBOX_MESSAGE_MAX / 2);
	struct imap_fetched fetched;
	struct reply reply;
	size_t at = 0;

	if (!mailbox_say(view, command, REPLY_TO_COMMAND, &reply))
		return false;
	while (imap_next_fetched(&reply, &at, &fetched))
		if (fetched.uid == uid && fetched.body.data != NULL)
			mailbox_keep(view, fetched.body);
	return view->message.len != 0 || mailbox_fail(view, "FETCH told nothing of the message");
}

/* Without UIDPLUS all that is marked is expunged, so nothing else may be. */
static bool
expunge(struct mailbox_view *view, uint32_t uid)
{
	uint32_t marked, other;
	size_t line = 0, at = 0;
	struct reply reply;
	bool has;

	if (!has_capability(view, "UIDPLUS", &has))
		return false;
	if (has)
		return mailbox_say(view,
			arena_printf(&view->observation.arena, "UID EXPUNGE %u", uid),
			REPLY_TO_COMMAND, &reply);
	return mailbox_say(view, "UID SEARCH DELETED", REPLY_TO_COMMAND, &reply) &&
	       imap_next_found(&reply, &line, &at, &marked) && marked == uid &&
	       !imap_next_found(&reply, &line, &at, &other) &&
	       mailbox_say(view, "EXPUNGE", REPLY_TO_COMMAND, &reply);
}

static bool delete (struct mailbox_view *view, uint32_t uid)
{
	const char *command = arena_printf(
		&view->observation.arena, "UID STORE %u +FLAGS.SILENT (\\Deleted)", uid);
	struct reply reply;

	return mailbox_say(view, command, REPLY_TO_COMMAND, &reply) && expunge(view, uid);
}

/* What cannot be deleted is told of, and is nothing that the look fails for. */
static bool
handle(struct mailbox_view *view, enum mailbox_look look, const struct copies *copies)
{
	view->copies = (unsigned)copies->count;
	if (copies->count != 0 && view->message.len == 0 && !fetch(view, copies->uids[0]))
		return false;
	for (size_t i = 0; look == MAILBOX_REMOVE && i < copies->count; i++)
		view->left = !delete (view, copies->uids[i]) || view->left;
	return true;
}

static bool
look_for_junk(struct mailbox_view *view, enum mailbox_look look)
{
	struct copies copies = { .count = 0 };

	if (!select_junk(view) || !find_by_search(view, &copies) || copies.count == 0)
		return true;
	view->in_junk = true;
	return handle(view, look, &copies);
}

bool
mailbox_look_imap(struct mailbox_view *view, enum mailbox_look look)
{
	struct copies copies = { .count = 0 };

	if (!select_inbox(view, look))
		return false;
	if (look == MAILBOX_BEFORE)
		return true;
	if (!find_new(view, &copies))
		return false;
	if (copies.count == 0 && (look == MAILBOX_REMOVE || view->in_junk))
		return look_for_junk(view, look);
	return handle(view, look, &copies);
}
