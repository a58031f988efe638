/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Tagged, untagged and continuation lines of IMAP.
 */
#include "imap.h"

#include <string.h>

#include "base/text.h"
#include "keywords.h"
#include "wire/literal.h"

/* What is left of a line. */
struct rest {
	const char *text;
	size_t len;
};

/* Takes the next word off, and the blank behind it. */
static struct rest
take_word(struct rest *rest)
{
	const char *blank = memchr(rest->text, ' ', rest->len);
	struct rest word = { rest->text, blank != NULL ? (size_t)(blank - rest->text) : rest->len };
	size_t passed = word.len + (blank != NULL);

	rest->text += passed;
	rest->len -= passed;
	return word;
}

static bool
is_word(struct rest word, const char *text)
{
	return text_same_len(word.text, word.len, text);
}

/* What stands in brackets in front of the text, without them; empty: nothing does. */
static struct rest
take_code(const struct rest *text)
{
	const char *end = memchr(text->text, ']', text->len);
	struct rest code = { text->text, 0 };

	if (text->len == 0 || text->text[0] != '[' || end == NULL)
		return code;
	return (struct rest){ text->text + 1, (size_t)(end - text->text) - 1 };
}

/* Codes of a NO (RFC 9051 section 7.1, RFC 5530 section 3). */
static const struct reply_code codes[] = {
	{ "AUTHENTICATIONFAILED", REPLY_NEGATIVE, REPLY_BAD_CREDENTIALS },
	{ "PRIVACYREQUIRED", REPLY_NEGATIVE, REPLY_UNPROTECTED },
	{ "UNAVAILABLE", REPLY_TRANSIENT, REPLY_NO_MEANING },
	{ "INUSE", REPLY_TRANSIENT, REPLY_NO_MEANING },
	{ "LIMIT", REPLY_TRANSIENT, REPLY_NO_MEANING },
	{ "SERVERBUG", REPLY_TRANSIENT, REPLY_NO_MEANING },
	{ "CONTACTADMIN", REPLY_TRANSIENT, REPLY_NO_MEANING },
	{ "AUTHORIZATIONFAILED", REPLY_NEGATIVE, REPLY_NO_MEANING },
	{ "EXPIRED", REPLY_NEGATIVE, REPLY_NO_MEANING },
};
#define CODE_COUNT (sizeof(codes) / sizeof(codes[0]))

/* The row of the code's first word; NULL: there is none. */
static const struct reply_code *
find_code(struct rest code)
{
	struct rest word = take_word(&code);

	for (size_t i = 0; i < CODE_COUNT; i++)
		if (is_word(word, codes[i].code))
			return &codes[i];
	return NULL;
}

/* What says how a command or the server is doing ends with text for people, in which a number in braces
 * announces nothing (RFC 9051 section 9, resp-text). Behind a literal a line goes on with a blank or a
 * parenthesis, which no tag begins with. */
int64_t
imap_literal(const char *line, size_t len)
{
	static const char *const conditions[] = { "OK", "NO", "BAD", "BYE", "PREAUTH" };
	struct rest rest = { line, len };
	struct rest tag = take_word(&rest), condition = take_word(&rest);

	if (len != 0 && (line[0] == ' ' || line[0] == ')'))
		return literal_announced(line, len);
	if (!is_word(tag, "*"))
		return -1;
	for (size_t i = 0; i < sizeof(conditions) / sizeof(conditions[0]); i++)
		if (is_word(condition, conditions[i]))
			return -1;
	return literal_announced(line, len);
}

static void
keep_list(struct reply *reply, struct rest list)
{
	while (list.len != 0) {
		struct rest word = take_word(&list);

		if (word.len != 0)
			reply_keep_capability(reply, word.text, word.len);
	}
}

/* A list that answers nothing: clients go by it all the same. */
static void
take_aside(struct reply *reply, struct rest list)
{
	struct reply aside = { .dialect = reply->dialect, .arena = reply->arena };

	keep_list(&aside, list);
	if (aside.capability_count != 0)
		*ARENA_ADD(reply->arena, reply->asides, reply->aside_count) = aside;
}

/* The code of any status can be one (RFC 9051 section 7.1). */
static void
take_list_of_code(struct reply *reply, struct rest code)
{
	if (is_word(take_word(&code), "CAPABILITY"))
		take_aside(reply, code);
}

/* RFC 9051 section 6.1.1: the list comes before the OK. */
static void
take_tagged(struct reply *reply, struct rest rest)
{
	struct rest status = take_word(&rest), code = take_code(&rest);

	take_list_of_code(reply, code);
	if (is_word(status, "OK") && reply->to == REPLY_TO_HELLO && reply->capability_count == 0)
		reply_refuse(reply, "no list of capabilities came before the OK");
	else if (is_word(status, "OK"))
		reply_agree(reply);
	else if (is_word(status, "NO"))
		reply_disagree(reply, find_code(code), rest.len == 0 || rest.text[0] != '[');
	else if (is_word(status, "BAD"))
		reply_complete(reply, REPLY_NEGATIVE, REPLY_NO_MEANING);
	else
		reply_refuse(reply, "behind the tag stands neither OK nor NO nor BAD");
}

static bool
same_list(const struct reply *reply, struct rest list)
{
	for (size_t i = 0; i < reply->capability_count; i++) {
		const struct reply_line *own = &reply->capabilities[i];
		struct rest word = take_word(&list);

		if (word.len != own->len || memcmp(word.text, own->text, own->len) != 0)
			return false;
	}
	return list.len == 0;
}

/* The same list may come again; another one leaves open which of them holds. */
static void
take_list(struct reply *reply, struct rest list)
{
	if (reply->capability_count != 0 && same_list(reply, list))
		return;
	if (reply->capability_count != 0) {
		struct reply_line *line = arena_alloc(reply->arena, sizeof(*line));

		*line = reply->lines[reply->count - 1];
		reply->contradiction = line;
	}
	keep_list(reply, list);
}

/* RFC 9051 section 7.1. A list in the greeting is a hint to clients. */
static void
take_greeting(struct reply *reply, struct rest rest)
{
	struct rest status = take_word(&rest), code = take_code(&rest);

	if (is_word(status, "OK"))
		reply_complete(reply, REPLY_POSITIVE, REPLY_READY);
	else if (is_word(status, "PREAUTH"))
		reply_complete(reply, REPLY_NEGATIVE, REPLY_LOGGED_IN);
	else if (is_word(status, "BYE"))
		reply_complete(reply, REPLY_TRANSIENT, REPLY_LEAVING);
	else
		reply_refuse(reply, "a greeting begins with OK, PREAUTH or BYE");
	if (is_word(take_word(&code), "CAPABILITY"))
		take_list(reply, code);
}

static bool
is_status(struct rest word)
{
	return is_word(word, "OK") || is_word(word, "NO") || is_word(word, "BAD") ||
	       is_word(word, "BYE");
}

/* Whatever else is untagged may come at any time, and answers nothing here. */
static void
take_untagged(struct reply *reply, struct rest rest)
{
	struct rest after = rest, word = take_word(&after);

	if (reply->to != REPLY_TO_CONNECT && is_status(word))
		take_list_of_code(reply, take_code(&after));
	if (reply->to == REPLY_TO_CONNECT)
		take_greeting(reply, rest);
	else if (is_word(word, "BYE") && reply->to != REPLY_TO_QUIT)
		reply_complete(reply, REPLY_TRANSIENT, REPLY_LEAVING);
	else if (is_word(word, "CAPABILITY") && reply->to == REPLY_TO_HELLO)
		take_list(reply, after);
	else if (is_word(word, "CAPABILITY"))
		take_aside(reply, after);
}

static void
take_other_tag(struct reply *reply)
{
	reply->meaning = REPLY_STRAY;
	reply_refuse(reply, "its tag is not that of the command");
}

void
imap_take_line(struct reply *reply, const char *line, size_t len)
{
	struct reply_line *kept = reply_keep_line(reply, line, len);
	struct rest rest = { kept->raw, len }, tag = take_word(&rest);

	kept->text = rest.text;
	kept->len = rest.len;
	if (is_word(tag, "*"))
		take_untagged(reply, rest);
	else if (reply->to == REPLY_TO_CONNECT)
		reply_refuse(reply, "a greeting begins with an asterisk");
	else if (is_word(tag, "+"))
		reply_complete(reply, REPLY_CONTINUE, REPLY_CHALLENGE);
	else if (tag.len == strlen(reply->tag) && memcmp(tag.text, reply->tag, tag.len) == 0)
		take_tagged(reply, rest);
	else if (tag.len != 0 && rest.len != 0)
		take_other_tag(reply);
	else
		reply_refuse(reply, "a line begins with neither an asterisk, a plus nor a tag");
}

void
imap_line_status(const struct reply_line *line, struct buf *out)
{
	static const char *const statuses[] = { "OK", "NO", "BAD", "BYE", "PREAUTH" };
	struct rest rest = { line->text, line->len }, status = take_word(&rest);
	const struct reply_code *code = find_code(take_code(&rest));

	buf_add(out, line->raw, line->raw_len != 0 && strchr("*+", line->raw[0]) != NULL ? 1 : 0);
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		if (is_word(status, statuses[i]))
			buf_addf(out, "%s%s", out->len != 0 ? " " : "", statuses[i]);
	if (code != NULL)
		buf_addf(out, " [%s]", code->code);
}

/* Whole untagged lines, but no more of a line than its beginning shows. */
bool
imap_comes_unasked(const char *bytes, size_t len)
{
	while (len != 0) {
		const char *end = memchr(bytes, '\n', len);
		size_t line = end != NULL ? (size_t)(end - bytes) + 1 : len;

		if (bytes[0] != '*' || (line > 1 && bytes[1] != ' '))
			return false;
		bytes += line;
		len -= line;
	}
	return true;
}

static void
add_mechanisms(const struct reply *list, struct buf *out)
{
	for (size_t i = 0; i < list->capability_count; i++)
		if (keyword_is(&list->capabilities[i], "AUTH")) {
			buf_add_string(out, out->len != 0 ? ", " : "");
			buf_add(out, list->capabilities[i].text, list->capabilities[i].len);
		}
}

/* RFC 9051 section 6.2.3: LOGIN is there unless the capabilities say that it is not. Some clients go by
 * the list in the greeting. */
void
imap_logins(const struct reply *greeting, const struct reply *list, struct buf *out)
{
	bool disabled = reply_capability(list, "LOGINDISABLED") != NULL &&
			(greeting->capability_count == 0 ||
				reply_capability(greeting, "LOGINDISABLED") != NULL);

	add_mechanisms(list, out);
	if (out->len == 0)
		add_mechanisms(greeting, out);
	if (!disabled)
		buf_addf(out, "%sLOGIN", out->len != 0 ? ", " : "");
}
