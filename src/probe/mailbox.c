/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The connections of a series of looks, and their login.
 */
#include "probe/mailbox.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"
#include "mailbox_view.h"
#include "probe/dialog.h"
#include "probe/endpoint.h"

bool
mailbox_fail(struct mailbox_view *view, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	view->trouble.text = arena_vprintf(&view->observation.arena, format, args);
	va_end(args);
	return false;
}

/* Whatever the reply says. */
static bool
ask(struct mailbox_view *view, const char *line, enum reply_to to, struct reply *reply)
{
	struct error error = { .text = "" };
	enum outcome outcome;

	arena_release(&view->scratch);
	arena_init(&view->scratch);
	reply_init(reply, view->mailbox->dialect, &view->scratch);
	reply_allow(reply, MAILBOX_LINES_MAX, MAILBOX_MESSAGE_MAX);
	reply->to = to;
	outcome = dialog_command(&view->connection.dialog, line, line, reply, &error);
	reply_release(reply);
	return outcome == OUTCOME_DONE || mailbox_fail(view, "%s: %s", line, error.text);
}

/* Only the status of it: behind a login a server may repeat anything. */
static bool
report_no(struct mailbox_view *view, const char *line, const struct reply *reply)
{
	struct buf status;

	buf_init(&status, REPLY_LINE_MAX);
	reply_line_status(reply, &reply->lines[reply->count - 1], &status);
	mailbox_fail(view, "%s: \"%s\"", line, status.data);
	buf_release(&status);
	return false;
}

bool
mailbox_say(struct mailbox_view *view, const char *line, enum reply_to to, struct reply *reply)
{
	return ask(view, line, to, reply) &&
	       (reply->status == REPLY_POSITIVE || report_no(view, line, reply));
}

void
mailbox_keep(struct mailbox_view *view, struct span message)
{
	struct arena *arena = &view->observation.arena;

	if (view->message.len == 0 && message.len != 0)
		view->message = (struct span){ arena_memdup(arena, message.data, message.len),
			message.len };
}

/* An address is no SNI (RFC 6066 section 3). */
static const char *
server_name_of(const char *host)
{
	bool is_address = strchr(host, ':') != NULL || host[strspn(host, "0123456789.")] == '\0';

	return is_address ? NULL : host;
}

void
mailbox_view_init(struct mailbox_view *view, const struct mailbox *mailbox, const char *token,
	const struct endpoint *endpoint)
{
	*view = (struct mailbox_view){ .mailbox = mailbox,
		.token = token,
		.endpoint = *endpoint,
		.route = dial_route_create() };
	arena_init(&view->observation.arena);
	arena_init(&view->scratch);
	conversation_init(&view->observation.conversation, mailbox->dialect);
	view->endpoint.host = mailbox->host;
	view->endpoint.server_name = server_name_of(mailbox->host);
	view->endpoint.address = mailbox->address;
	view->endpoint.port = mailbox->port;
	view->endpoint.dialect = mailbox->dialect;
	view->endpoint.implicit_tls = mailbox->implicit_tls;
	view->endpoint.wish = NULL;
	view->endpoint.route = view->route;
	view->endpoint.await_start = NULL;
	view->endpoint.host_doubt = NULL;
	view->endpoint.preconnect = NULL;
	view->endpoint.send_credentials_untrusted = false;
}

/* Whose certificates and hellos these are: not the target's. */
void
mailbox_view_release(struct mailbox_view *view, struct observation *observation)
{
	struct observation *own = &view->observation;

	for (size_t i = 0; i < own->trace_count; i++)
		*ARENA_ADD(&observation->arena, observation->traces, observation->trace_count) =
			own->traces[i];
	observation->connections += own->connections;
	conversation_release(&own->conversation);
	arena_absorb(&observation->arena, &own->arena);
	arena_release(&view->scratch);
	dial_route_free(view->route);
}

static bool
log_in(struct mailbox_view *view)
{
	struct auth_attempt attempt = { .withheld = false };

	if (probe_login(&view->connection, &view->mailbox->login, &attempt))
		return true;
	view->trouble.distrusted = attempt.withheld;
	return mailbox_fail(view, "%s", view->observation.text);
}

static bool
look_inside(struct mailbox_view *view, enum mailbox_look look)
{
	view->copies = 0;
	view->left = false;
	if (text_same(view->mailbox->dialect->name, "imap"))
		return mailbox_look_imap(view, look);
	return mailbox_look_pop3(view, look);
}

bool
mailbox_look(struct mailbox_view *view, enum mailbox_look look)
{
	bool done;

	view->trouble = (struct mailbox_trouble){ .text = NULL };
	done = probe_open(
		       &view->connection, &view->observation, &view->endpoint, STEP_SESSION_EHLO) ||
	       mailbox_fail(view, "%s", view->observation.text);
	done = done && log_in(view) && look_inside(view, look);
	probe_close(&view->connection, done && look != MAILBOX_REMOVE);
	return done;
}
