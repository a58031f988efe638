/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The lines of an FTP reply, and what its codes mean.
 */
#include "ftp.h"

#include <string.h>

#include "base/text.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* 0: there is none (RFC 959 section 4.2, RFC 2228 section 3 for 6yz, which nobody asks for here). */
static int
read_code(const char *line, size_t len)
{
	if (len < 3 || line[0] < '1' || line[0] > '5' || !is_digit(line[1]) || !is_digit(line[2]))
		return 0;
	return (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
}

/* RFC 959 section 4.2.1, RFC 2389 section 3.2, RFC 4217 section 17. */
static const struct {
	int code;
	enum reply_meaning meaning;
} meanings[] = {
	{ 200, REPLY_OKAY },
	{ 211, REPLY_OKAY },
	{ 220, REPLY_READY },
	{ 221, REPLY_FAREWELL },
	{ 230, REPLY_AUTHENTICATED },
	{ 232, REPLY_AUTHENTICATED },
	{ 234, REPLY_OKAY },
	{ 331, REPLY_CHALLENGE },
	{ 421, REPLY_LEAVING },
	{ 503, REPLY_BAD_SEQUENCE },
};

/* 530 is said to whoever is not logged in, for whatever reason: of the password only to who gave it. */
static enum reply_meaning
meaning_of(const struct reply *reply)
{
	if (reply->code == 530 && reply->to == REPLY_TO_AUTH)
		return REPLY_BAD_CREDENTIALS;
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
		if (meanings[i].code == reply->code)
			return meanings[i].meaning;
	return REPLY_NO_MEANING;
}

/* A preliminary reply announces the one that is waited for. */
static void
complete(struct reply *reply)
{
	static const enum reply_status statuses[] = { REPLY_NO_STATUS, REPLY_NO_STATUS,
		REPLY_POSITIVE, REPLY_CONTINUE, REPLY_TRANSIENT, REPLY_NEGATIVE };

	if (reply->code >= 200)
		reply_complete(reply, statuses[reply->code / 100], meaning_of(reply));
	else
		reply->code = 0;
}

/* Features stand on lines of their own, with a blank in front (RFC 2389 section 3.2). Some servers
 * write the mechanisms behind AUTH with semicolons between them (RFC 4217 section 6). */
static void
take_feature(struct reply *reply, const struct reply_line *line)
{
	struct buf words;

	if (line->raw_len == 0 || line->raw[0] != ' ')
		return;
	buf_init(&words, REPLY_LINE_MAX);
	buf_add(&words, line->raw + 1, line->raw_len - 1);
	for (size_t i = 0; text_starts_with(words.data, "AUTH ") && i < words.len; i++)
		if (words.data[i] == ';')
			words.data[i] = ' ';
	reply_keep_capability(reply, words.data, words.len);
	buf_release(&words);
}

static void
take_first(struct reply *reply, const struct reply_line *line, int code)
{
	size_t len = line->raw_len;

	if (code == 0)
		reply_refuse(reply, "a line does not start with a reply code");
	else if (len > 3 && line->raw[3] != ' ' && line->raw[3] != '-')
		reply_refuse(reply, "neither a blank nor a hyphen follows a reply code");
	reply->code = code;
	if (reply->state != REPLY_INCOMPLETE || (len > 3 && line->raw[3] == '-'))
		return;
	complete(reply);
}

void
ftp_take_line(struct reply *reply, const char *line, size_t len)
{
	struct reply_line *kept = reply_keep_line(reply, line, len);
	int code = read_code(line, len);

	kept->text = kept->raw + (code == 0 ? 0 : len > 3 ? 4 : len);
	kept->len = len - (size_t)(kept->text - kept->raw);
	if (reply->code == 0)
		take_first(reply, kept, code);
	else if (code != reply->code || (len > 3 && line[3] != ' '))
		take_feature(reply, kept);
	else
		complete(reply);
}

void
ftp_line_status(const struct reply_line *line, struct buf *out)
{
	if (read_code(line->raw, line->raw_len) != 0)
		buf_add(out, line->raw, 3);
}
