/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Status indicators, response codes and lists of POP3.
 */
#include "pop3.h"

#include <string.h>

#include "base/text.h"
#include "keywords.h"

/* Where the first word of the line ends. */
static size_t
word_len(const char *line, size_t len)
{
	const char *blank = memchr(line, ' ', len);

	return blank != NULL ? (size_t)(blank - line) : len;
}

/* Codes behind -ERR (RFC 2449 section 8, RFC 3206 section 4). */
static const struct reply_code codes[] = {
	{ "[AUTH]", REPLY_NEGATIVE, REPLY_BAD_CREDENTIALS },
	{ "[SYS/TEMP]", REPLY_TRANSIENT, REPLY_NO_MEANING },
	{ "[SYS/PERM]", REPLY_NEGATIVE, REPLY_NO_MEANING },
	{ "[IN-USE]", REPLY_TRANSIENT, REPLY_NO_MEANING },
	{ "[LOGIN-DELAY]", REPLY_TRANSIENT, REPLY_NO_MEANING },
};
#define CODE_COUNT (sizeof(codes) / sizeof(codes[0]))

static bool
has_code(const struct reply_line *line, const char *code)
{
	return line->len >= strlen(code) && text_same_len(line->text, strlen(code), code);
}

static const struct reply_code *
find_code(const struct reply_line *line)
{
	for (size_t i = 0; i < CODE_COUNT; i++)
		if (has_code(line, codes[i].code))
			return &codes[i];
	return NULL;
}

static void
take_status(struct reply *reply, struct reply_line *line)
{
	size_t word = word_len(line->raw, line->raw_len);

	line->text = line->raw + (word < line->raw_len ? word + 1 : word);
	line->len = line->raw_len - (size_t)(line->text - line->raw);
	if (text_same_len(line->raw, word, "+OK")) {
		reply->status = REPLY_POSITIVE;
		reply->meaning = REPLY_OKAY;
		if (reply->to != REPLY_TO_HELLO && reply->to != REPLY_TO_LIST)
			reply_agree(reply);
	} else if (text_same_len(line->raw, word, "-ERR")) {
		reply_disagree(reply, find_code(line), line->len == 0 || line->text[0] != '[');
	} else if (word == 1 && line->raw[0] == '+' && reply->to != REPLY_TO_CONNECT) {
		reply_complete(reply, REPLY_CONTINUE, REPLY_CHALLENGE);
	} else {
		reply_refuse(reply, "a line begins with neither +OK nor -ERR");
	}
}

/* RFC 1939 section 3: a dot alone ends the list, and one in front of another is taken away. */
static void
take_item(struct reply *reply, struct reply_line *line)
{
	size_t stuffed = line->raw_len != 0 && line->raw[0] == '.';

	line->text = line->raw + stuffed;
	line->len = line->raw_len - stuffed;
	if (stuffed && line->len == 0)
		reply_agree(reply);
	else if (reply->to == REPLY_TO_HELLO)
		reply_keep_capability(reply, line->text, line->len);
}

void
pop3_take_line(struct reply *reply, const char *line, size_t len)
{
	struct reply_line *kept = reply_keep_line(reply, line, len);

	if (reply->count == 1)
		take_status(reply, kept);
	else
		take_item(reply, kept);
}

void
pop3_line_status(const struct reply_line *line, struct buf *out)
{
	const struct reply_code *code = find_code(line);
	size_t word = word_len(line->raw, line->raw_len);

	if (text_same_len(line->raw, word, "+OK") || text_same_len(line->raw, word, "-ERR") ||
		(word == 1 && line->raw[0] == '+'))
		buf_add(out, line->raw, word);
	if (code != NULL)
		buf_addf(out, " %s", code->code);
}

/* RFC 1939 sections 5 and 7: of LIST and UIDL only without an argument. */
bool
pop3_brings_list(const char *command, size_t len)
{
	size_t word = word_len(command, len);

	return text_same_len(command, word, "TOP") || text_same_len(command, word, "RETR") ||
	       (word == len && (text_same_len(command, word, "LIST") ||
				       text_same_len(command, word, "UIDL")));
}

bool
pop3_comes_unasked(const char *bytes, size_t len)
{
	(void)bytes;
	return len == 0;
}

/* The time stamp of APOP in a greeting (RFC 1939 section 7): the last word in angle brackets. */
static bool
has_stamp(const struct reply *greeting)
{
	const char *text, *open, *close, *at;

	if (greeting->count == 0)
		return false;
	text = greeting->lines[0].text;
	open = memchr(text, '<', greeting->lines[0].len);
	if (open == NULL)
		return false;
	close = memchr(open, '>', greeting->lines[0].len - (size_t)(open - text));
	at = close == NULL ? NULL : memchr(open, '@', (size_t)(close - open));
	return at != NULL;
}

void
pop3_logins(const struct reply *greeting, const struct reply *list, struct buf *out)
{
	keyword_logins(greeting, list, out);
	if (reply_capability(list, "USER") != NULL)
		buf_addf(out, "%sUSER", out->len != 0 ? ", " : "");
	if (has_stamp(greeting))
		buf_addf(out, "%sAPOP", out->len != 0 ? ", " : "");
}
