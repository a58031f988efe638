/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Headers and body of a message that came back.
 */
#include "round_trip_message.h"

#include <string.h>

#include "base/text.h"
#include "evidence/cause.h"
#include "wire/mail_message.h"
#include "wire/received.h"
#include "wire/tls_names.h"
#include "wire/token_message.h"

/* Most of a decoded body. */
#define BODY_MAX MAILBOX_MESSAGE_MAX

/* What our hop wrote of the message. */
enum hop_end {
	HOP_FOUND,
	HOP_MISSING, /* no Received names our client */
	HOP_UNTOLD,  /* some do, but none has an id that the server told when it took the message */
};

static bool
is_part_of_id(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       c == '-' || c == '_';
}

/* Whether the word stands in the text, and nothing of a longer one around it. */
static bool
tells(const char *text, const char *id)
{
	size_t len = strlen(id);

	for (const char *at = text; len != 0 && (at = strstr(at, id)) != NULL; at++)
		if ((at == text || !is_part_of_id(at[-1])) && !is_part_of_id(at[len]))
			return true;
	return false;
}

/* The Received of the server that took the message from us: by the name that we gave in EHLO and the id
 * in its reply. The topmost one is another server's. */
static enum hop_end
find_hop(const struct round_trip_record *record, struct arena *arena, struct received *hop)
{
	struct mail_message message = mail_message_split(record->message);
	enum hop_end end = HOP_MISSING;
	const char *value;
	size_t at = 0;

	while ((value = mail_next_field(message.headers, "received", &at, arena)) != NULL) {
		struct received received = received_read(value, arena);

		if (!received_is_from(&received, record->ehlo_name))
			continue;
		end = HOP_UNTOLD;
		if (!tells(record->queued, received.id))
			continue;
		*hop = received;
		return HOP_FOUND;
	}
	return end;
}

static bool
judge_hop_found(
	const struct round_trip_record *record, struct received *hop, struct finding *finding)
{
	switch (find_hop(record, finding->arena, hop)) {
	case HOP_FOUND:
		return true;
	case HOP_MISSING:
		finding_fail(finding, CAUSE_NONE, "HopMissing",
			"no Received field of the message is from %s, which sent it",
			record->ehlo_name);
		return false;
	case HOP_UNTOLD:
		break;
	}
	finding_error(finding, CAUSE_NONE, "HopUntold",
		"which Received field is that of this server is not known: none from %s has an id "
		"that the server told when it took the message",
		record->ehlo_name);
	return false;
}

static bool
judge_version(
	const struct round_trip_record *record, const struct received *hop, struct finding *finding)
{
	const char *wanted = name_of(tls_version_names, record->tls_version);

	if (hop->tls_version == record->tls_version)
		return true;
	if (hop->tls_version == 0)
		finding_error(finding, CAUSE_NONE, "VersionUntold",
			"the Received field of this server does not tell the version of TLS "
			"(Postfix: smtpd_tls_received_header = yes)");
	else
		finding_fail(finding, CAUSE_NONE, "HopVersion",
			"the Received field of this server tells TLS %s, and the message went by TLS "
			"%s",
			name_of(tls_version_names, hop->tls_version),
			wanted != NULL ? wanted : "of another version");
	return false;
}

static bool
judge_hop(const struct round_trip_record *record, bool wants_version, struct finding *finding,
	const char **by)
{
	struct received hop;

	if (!judge_hop_found(record, &hop, finding))
		return false;
	*by = hop.protocol;
	if (hop.with == RECEIVED_PLAIN)
		finding_fail(finding, CAUSE_NONE, "HopWithoutTls",
			"the Received field of this server says \"with %s\", as if there had been no "
			"TLS",
			hop.protocol);
	else if (hop.with == RECEIVED_UNKNOWN)
		finding_error(finding, CAUSE_NONE, "HopUntold",
			"the Received field of this server does not tell whether there was TLS: \"with "
			"%s\"",
			hop.protocol);
	else
		return !wants_version || judge_version(record, &hop, finding);
	return false;
}

/* But for blanks and quotes, in which a field that was written anew may differ. */
static bool
is_same_value(const char *value, const char *other)
{
	static const char unimportant[] = " \t\"";

	for (;; value++, other++) {
		value += strspn(value, unimportant);
		other += strspn(other, unimportant);
		if (*value == '\0' || !text_same_len(value, 1, (char[]){ *other, '\0' }))
			return *value == *other;
	}
}

/* Once, and with that value (RFC 5322 section 3.6). */
static bool
has_value(struct span headers, const char *name, const char *value, struct arena *arena)
{
	size_t at = 0;
	const char *text = mail_next_field(headers, name, &at, arena);

	return text != NULL && is_same_value(text, value) &&
	       mail_next_field(headers, name, &at, arena) == NULL;
}

/* Those that say whose message it is, and what is in it; others may be written in another form. */
static bool
judge_fields(const struct round_trip_record *record, struct span headers, struct finding *finding)
{
	struct arena *arena = finding->arena;
	const char *at = strrchr(record->from, '@');
	const struct {
		const char *name, *value;
	} fields[] = {
		{ "Subject", arena_printf(arena, "starttls-gate %s", record->token) },
		{ "Message-ID", arena_printf(arena, "<%s%s>", record->token,
					at != NULL ? at : "@localhost") },
		{ "From", arena_printf(arena, "<%s>", record->from) },
		{ "To", arena_printf(arena, "<%s>", record->to) },
		{ "Content-Type", TOKEN_MESSAGE_TYPE },
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (has_value(headers, fields[i].name, fields[i].value, arena))
			continue;
		finding_fail(finding, CAUSE_NONE, "HeaderChanged",
			"the field %s of the message was changed on the way", fields[i].name);
		return false;
	}
	return true;
}

static bool
judge_body(const struct round_trip_record *record, const struct mail_message *message,
	struct finding *finding)
{
	enum body_change change;
	struct buf body;
	size_t line = 0;
	bool decoded;

	buf_init(&body, BODY_MAX);
	decoded = mail_decode_body(message, &body);
	change = token_message_compare(record->sent_body, buf_span(&body), &line);
	buf_release(&body);
	if (!decoded)
		finding_fail(finding, CAUSE_NONE, "BodyChanged",
			"the body of the message came back in an encoding that cannot be read");
	else if (change == BODY_BLANKS_LOST)
		finding_fail(finding, CAUSE_NONE, "BlanksLost",
			"blanks at the end of line %zu of the body were lost", line);
	else if (change == BODY_CHANGED)
		finding_fail(finding, CAUSE_NONE, "BodyChanged",
			"the body of the message was changed on the way, in line %zu", line);
	return decoded && change == BODY_INTACT;
}

bool
judge_message(const struct round_trip_record *record, bool wants_version, struct finding *finding,
	const char **by)
{
	struct mail_message message = mail_message_split(record->message);

	return judge_hop(record, wants_version, finding, by) &&
	       judge_fields(record, message.headers, finding) &&
	       judge_body(record, &message, finding);
}
