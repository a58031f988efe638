/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The mechanisms, each a row. Those that are but strings are made here (RFC 4616; LOGIN has no RFC).
 */
#include "sasl.h"

#include "base/text.h"

enum sasl_turn
sasl_find(struct sasl *sasl, enum auth_flaw flaw, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (sasl->attempt->flaw == AUTH_FLAWLESS) {
		sasl->attempt->flaw = flaw;
		sasl->attempt->flaw_text = arena_vprintf(sasl->arena, format, args);
	}
	va_end(args);
	return SASL_CANCELS;
}

static enum sasl_turn
present(struct sasl *sasl, const char *shown)
{
	sasl->shown = shown;
	sasl->presents = true;
	return SASL_ANSWERS;
}

/* message = [authzid] NUL authcid NUL passwd (RFC 4616 section 2) */
static enum sasl_turn
plain_respond(struct sasl *sasl, struct span challenge, struct buf *response)
{
	(void)challenge;
	if (sasl->responses != 0)
		return SASL_IS_DONE;
	buf_add_char(response, '\0');
	buf_add_string(response, sasl->attempt->username);
	buf_add_char(response, '\0');
	buf_add_string(response, sasl->attempt->password);
	return present(sasl, "[credentials]");
}

/* Whatever the challenges say: servers agree on their order only. */
static enum sasl_turn
login_respond(struct sasl *sasl, struct span challenge, struct buf *response)
{
	(void)challenge;
	if (sasl->responses > 1)
		return SASL_IS_DONE;
	if (sasl->responses == 1) {
		buf_add_string(response, sasl->attempt->password);
		return present(sasl, "[password]");
	}
	buf_add_string(response, sasl->attempt->username);
	sasl->shown = "[user name]";
	return SASL_ANSWERS;
}

/* RFC 4422 appendix A: the name to act as, or nothing. What logs in was shown in the handshake. */
static enum sasl_turn
external_respond(struct sasl *sasl, struct span challenge, struct buf *response)
{
	(void)challenge;
	if (sasl->responses != 0)
		return SASL_IS_DONE;
	buf_add_string(response, sasl->attempt->username);
	return present(sasl, response->len == 0 ? "[nothing]" : "[user name]");
}

static const struct mechanism mechanisms[] = {
	{ .name = "PLAIN", .client_first = true, .respond = plain_respond },
	{ .name = "LOGIN", .respond = login_respond },
	{ .name = "EXTERNAL", .client_first = true, .respond = external_respond },
	{ .name = "OAUTHBEARER", .client_first = true, .respond = oauthbearer_respond },
	{ .name = "XOAUTH2", .client_first = true, .respond = xoauth2_respond },
	{ .name = "CRAM-MD5", .by_library = true, .respond = cram_respond },
	{ .name = "SCRAM-SHA-1",
		.client_first = true,
		.proves_server = true,
		.by_library = true,
		.respond = scram_respond },
	{ .name = "SCRAM-SHA-256",
		.client_first = true,
		.proves_server = true,
		.by_library = true,
		.respond = scram_respond },
	{ .name = "SCRAM-SHA-1-PLUS",
		.client_first = true,
		.proves_server = true,
		.by_library = true,
		.binds = true,
		.respond = scram_respond },
	{ .name = "SCRAM-SHA-256-PLUS",
		.client_first = true,
		.proves_server = true,
		.by_library = true,
		.binds = true,
		.respond = scram_respond },
};

static const struct mechanism *
mechanism_find(const char *name)
{
	size_t i = 0;

	while (!text_same(mechanisms[i].name, name))
		i++;
	return &mechanisms[i];
}

void
sasl_begin(struct sasl *sasl, struct auth_attempt *attempt, const struct dialog *dialog)
{
	*sasl = (struct sasl){ .mechanism = mechanism_find(attempt->mechanism),
		.attempt = attempt,
		.arena = &dialog->record->arena,
		.dialog = dialog };
	buf_init(&sasl->nonce, SASL_RESPONSE_MAX);
	if (sasl->mechanism->by_library)
		sasl_library_begin(sasl);
}

void
sasl_end(struct sasl *sasl)
{
	sasl_library_end(sasl);
	buf_release(&sasl->nonce);
}

enum sasl_turn
sasl_respond(struct sasl *sasl, struct span challenge, struct buf *response)
{
	enum sasl_turn turn = SASL_CANCELS;

	sasl->presents = false;
	if (sasl->attempt->flaw == AUTH_FLAWLESS)
		turn = sasl->mechanism->respond(sasl, challenge, response);
	if (response->dropped != 0)
		turn = sasl_find(sasl, AUTH_UNDECIDED,
			"name and password are longer than the %d bytes that are sent here",
			SASL_RESPONSE_MAX);
	sasl->responses += turn == SASL_ANSWERS;
	return turn;
}

void
sasl_accept(struct sasl *sasl, struct span data)
{
	if (sasl->mechanism->proves_server)
		scram_accept(sasl, data);
}
