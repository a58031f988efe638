/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Strings, statuses and response codes of ManageSieve.
 */
#include "sieve.h"

#include <string.h>

#include "base/text.h"
#include "wire/literal.h"

/* Where the first word of the line ends: a status, in front of a blank or a bracket. */
static size_t
word_len(const char *line, size_t len)
{
	size_t at = 0;

	while (at < len && line[at] != ' ' && line[at] != '(')
		at++;
	return at;
}

/* Codes in brackets behind NO (RFC 5804 section 1.3). */
static const struct reply_code codes[] = {
	{ "ENCRYPT-NEEDED", REPLY_NEGATIVE, REPLY_UNPROTECTED },
	{ "AUTH-TOO-WEAK", REPLY_NEGATIVE, REPLY_NO_MEANING },
	{ "TRANSITION-NEEDED", REPLY_NEGATIVE, REPLY_NO_MEANING },
	{ "TRYLATER", REPLY_TRANSIENT, REPLY_NO_MEANING },
};
#define CODE_COUNT (sizeof(codes) / sizeof(codes[0]))

/* Whether the code stands at the beginning of the text: "(TRYLATER)", "(TAG ...". */
static bool
has_code(const struct reply_line *line, const char *code)
{
	size_t len = strlen(code);

	return line->len > len + 1 && line->text[0] == '(' &&
	       text_same_len(line->text + 1, len, code) &&
	       (line->text[len + 1] == ')' || line->text[len + 1] == ' ');
}

static const struct reply_code *
find_code(const struct reply_line *line)
{
	for (size_t i = 0; i < CODE_COUNT; i++)
		if (has_code(line, codes[i].code))
			return &codes[i];
	return NULL;
}

static bool
brings_list(const struct reply *reply)
{
	return reply->to == REPLY_TO_CONNECT || reply->to == REPLY_TO_HELLO;
}

static void
complete_ok(struct reply *reply)
{
	if (brings_list(reply) && reply->capability_count == 0)
		reply_refuse(reply, "no list of capabilities came before the OK");
	else
		reply_agree(reply);
}

static void
take_status(struct reply *reply, struct reply_line *line)
{
	size_t word = word_len(line->raw, line->raw_len);

	line->text = line->raw + word + (word < line->raw_len && line->raw[word] == ' ');
	line->len = line->raw_len - (size_t)(line->text - line->raw);
	if (text_same_len(line->raw, word, "OK"))
		complete_ok(reply);
	else if (text_same_len(line->raw, word, "NO"))
		reply_disagree(reply, find_code(line), line->len == 0 || line->text[0] != '(');
	else if (text_same_len(line->raw, word, "BYE"))
		reply_complete(reply, REPLY_TRANSIENT, REPLY_LEAVING);
	else
		reply_refuse(reply, "a line begins with neither a string nor OK, NO or BYE");
}

/* A name, and for most a value (RFC 5804 section 1.7): kept as words. */
static void
take_capability(struct reply *reply, const struct reply_line *line)
{
	struct cursor cursor =
		cursor_over((struct span){ (const uint8_t *)line->raw, line->raw_len });
	struct buf words;
	const char *part;
	size_t len;

	buf_init(&words, 2 * REPLY_LITERALS_MAX);
	part = literal_string(&cursor, reply->arena, &len);
	buf_add(&words, part, len);
	while (!cursor.broken && cursor.left != 0) {
		if (cursor_u8(&cursor) != ' ')
			cursor.broken = true;
		part = literal_string(&cursor, reply->arena, &len);
		buf_add_char(&words, ' ');
		buf_add(&words, part, len);
	}
	if (cursor.broken)
		reply_refuse(reply, "a capability is not a string with another behind it");
	else
		reply_keep_capability(reply, words.data, words.len);
	buf_release(&words);
}

void
sieve_take_line(struct reply *reply, const char *line, size_t len)
{
	struct reply_line *kept = reply_keep_line(reply, line, len);

	kept->text = kept->raw;
	kept->len = len;
	if (len == 0 || (line[0] != '"' && line[0] != '{'))
		take_status(reply, kept);
	else if (reply->to == REPLY_TO_AUTH)
		reply_complete(reply, REPLY_CONTINUE, REPLY_CHALLENGE);
	else if (brings_list(reply))
		take_capability(reply, kept);
}

const char *
sieve_sasl_data(const struct reply *reply, size_t *len)
{
	const struct reply_line *line = &reply->lines[reply->count - 1];
	struct span text = { (const uint8_t *)line->text, line->len };
	struct cursor cursor;

	if (reply->status != REPLY_CONTINUE) {
		*len = 0;
		if (!has_code(line, "SASL"))
			return "";
		text.data += strlen("(SASL ");
		text.len -= strlen("(SASL ");
	}
	cursor = cursor_over(text);
	return literal_string(&cursor, reply->arena, len);
}

void
sieve_line_status(const struct reply_line *line, struct buf *out)
{
	static const char *const statuses[] = { "OK", "NO", "BYE" };
	const struct reply_code *code = find_code(line);
	size_t word = word_len(line->raw, line->raw_len);

	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		if (text_same_len(line->raw, word, statuses[i]))
			buf_add_string(out, statuses[i]);
	if (code != NULL)
		buf_addf(out, " (%s)", code->code);
}

bool
sieve_comes_unasked(const char *bytes, size_t len)
{
	return len >= 3 && text_same_len(bytes, 3, "BYE");
}
