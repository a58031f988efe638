/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is apt to be changed: dots at the beginning of a line, blanks at its end, a tab, "From " as mailbox
 * files have it between messages, a line as long as may be (RFC 5322 section 2.1.1), bytes above 127.
 */
#include "wire/token_message.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"

/* Longest line without its end. */
#define LONG_LINE 998

#define DAY_SECONDS 86400

void
token_message_body(const struct token_message *message, struct buf *out)
{
	buf_addf(out,
		"%s\r\n.\r\n..\r\n.x\r\nblanks behind this   \r\na\ttab\r\n"
		"From here on nothing is special.\r\n",
		message->token);
	for (size_t i = 0; i < LONG_LINE; i++)
		buf_add_char(out, 'x');
	buf_add_string(out, "\r\n");
	if (message->eight_bit)
		buf_add_string(out, "Gr\xc3\xbc\xc3\x9f"
				    "e, \xe2\x82\xac 1\r\n");
	buf_add_string(out, "end\r\n");
}

/* RFC 5322 section 3.3. */
static void
add_date(struct buf *out, int64_t date)
{
	static const char *const days[] = { "Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul",
		"Aug", "Sep", "Oct", "Nov", "Dec" };
	char text[CLOCK_DATE_MAX];
	size_t month;

	clock_format_date(text, date);
	month = (size_t)((text[5] - '0') * 10 + (text[6] - '0')) - 1;
	buf_addf(out, "Date: %s, %.2s %s %.4s %s +0000\r\n", days[date / DAY_SECONDS % 7], text + 8,
		months[month % 12], text, text + 11);
}

void
token_message_build(const struct token_message *message, struct buf *out)
{
	const char *at = strrchr(message->from, '@');

	buf_addf(out, "From: <%s>\r\nTo: <%s>\r\nSubject: starttls-gate %s\r\n", message->from,
		message->to, message->token);
	add_date(out, message->date);
	buf_addf(out, "Message-ID: <%s%s>\r\n" TOKEN_FIELD ": %s\r\n", message->token,
		at != NULL ? at : "@localhost", message->token);
	buf_addf(out,
		"Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
		"Content-Type: " TOKEN_MESSAGE_TYPE "\r\nContent-Transfer-Encoding: %s\r\n\r\n",
		message->eight_bit ? "8bit" : "7bit");
	token_message_body(message, out);
}

void
token_message_stuff(struct span message, struct buf *out)
{
	for (size_t i = 0; i < message.len; i++) {
		if (message.data[i] == '.' && (i == 0 || message.data[i - 1] == '\n'))
			buf_add_char(out, '.');
		buf_add_char(out, (char)message.data[i]);
	}
	buf_add_char(out, '.');
}

/* The field may have been written anew, but not its value. */
bool
token_message_is(struct span headers, const char *token)
{
	size_t len = strlen(token), field = strlen(TOKEN_FIELD);

	for (size_t i = 0; i + field + len <= headers.len; i++) {
		const char *line = (const char *)headers.data + i;
		size_t at = field;

		if ((i != 0 && line[-1] != '\n') || !text_same_len(line, field, TOKEN_FIELD))
			continue;
		while (i + at < headers.len && strchr(": \t\r\n", line[at]) != NULL &&
			line[at] != '\0')
			at++;
		if (i + at + len <= headers.len && memcmp(line + at, token, len) == 0)
			return true;
	}
	return false;
}

/* The next line without its end; *at: behind that. */
static struct span
next_line(struct span text, size_t *at)
{
	const uint8_t *start = text.data + *at, *end;
	struct span line = { start, text.len - *at };

	if (line.len == 0)
		return line;
	end = memchr(start, '\n', line.len);
	line.len = end == NULL ? line.len : (size_t)(end - start);
	*at += line.len + (end != NULL);
	line.len -= line.len != 0 && line.data[line.len - 1] == '\r';
	return line;
}

static struct span
without_blanks(struct span line)
{
	while (line.len != 0 && (line.data[line.len - 1] == ' ' || line.data[line.len - 1] == '\t'))
		line.len--;
	return line;
}

enum body_change
token_message_compare(struct span sent, struct span got, size_t *line)
{
	enum body_change change = BODY_INTACT;
	size_t a = 0, b = 0, first = 0;

	for (*line = 1; a < sent.len || b < got.len; (*line)++) {
		struct span own = next_line(sent, &a), other = next_line(got, &b);

		if (span_equal(own, other))
			continue;
		if (!span_equal(without_blanks(own), other))
			return BODY_CHANGED;
		change = BODY_BLANKS_LOST;
		first = first == 0 ? *line : first;
	}
	*line = first;
	return change;
}
