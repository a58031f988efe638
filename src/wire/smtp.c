/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The lines of an SMTP reply, and what its codes mean.
 */
#include "smtp.h"

#include <string.h>

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Reply-code = %x32-35 %x30-35 %x30-39 (RFC 5321 section 4.2); a second digit above 5 is seen in
 * the wild and clear enough. 0: there is none. */
static int
read_code(const char *line, size_t len)
{
	if (len < 3 || line[0] < '2' || line[0] > '5' || !is_digit(line[1]) || !is_digit(line[2]))
		return 0;
	return (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
}

/* The length of "5.7.8" at the beginning of the text (RFC 3463 section 2); 0: no such code. */
static size_t
enhanced_len(const char *text, size_t len)
{
	size_t at = 0;

	if (len < 2 || (text[0] != '2' && text[0] != '4' && text[0] != '5') || text[1] != '.')
		return 0;
	for (unsigned part = 0; part < 3; part++) {
		size_t start = at;

		while (at < len && at - start < 3 && is_digit(text[at]))
			at++;
		if (at == start || (part < 2 && (at == len || text[at] != '.')))
			return 0;
		at += part < 2;
	}
	return at == len || text[at] == ' ' ? at : 0;
}

static void
keep_line(struct reply *reply, const char *raw, size_t len)
{
	struct reply_line *line = reply_keep_line(reply, raw, len);

	line->text = line->raw + (len > 3 ? 4 : len);
	line->len = len > 3 ? len - 4 : 0;
	/* The first line is the server's greeting, whatever is asked (RFC 5321 section 4.1.1.1). */
	if (reply->count > 1)
		reply_keep_capability(reply, line->text, line->len);
}

/* What codes mean whatever they answer (RFC 5321 section 4.2.3, RFC 4954 section 6, RFC 3207 section
 * 4). */
static const struct {
	int code;
	enum reply_meaning meaning;
} meanings[] = {
	{ 220, REPLY_READY },
	{ 221, REPLY_FAREWELL },
	{ 235, REPLY_AUTHENTICATED },
	{ 250, REPLY_OKAY },
	{ 251, REPLY_FORWARDS },
	{ 334, REPLY_CHALLENGE },
	{ 421, REPLY_LEAVING },
	{ 430, REPLY_LOGIN_MISSING }, /* Cyrus, in LMTP */
	{ 503, REPLY_BAD_SEQUENCE },
	{ 530, REPLY_UNPROTECTED },
	{ 535, REPLY_BAD_CREDENTIALS },
	{ 538, REPLY_UNPROTECTED },
};

/* RFC 3463 section 3.8: these say that a login is missing. */
static const char *const login_codes[] = { "5.7.0", "5.7.9", "5.7.11" };

/* Sections 3.3 and 3.4: a mailbox, or a system, has no room for more, or for a message of this size. */
static const char *const full_details[] = { ".2.2", ".3.1", ".3.4" };

static bool
is_one_of(const int *codes, size_t count, int code)
{
	while (count > 0 && codes[count - 1] != code)
		count--;
	return count > 0;
}

/* 452 and 552 also say that there are too many recipients, or that what is in the mail is not wanted:
 * where there is an enhanced code, that decides. */
static bool
is_full(int code, const char *enhanced, size_t len)
{
	static const int codes[] = { 452, 552 };

	for (size_t i = 0; len != 0 && i < sizeof(full_details) / sizeof(full_details[0]); i++)
		if (len == strlen(full_details[i]) + 1 &&
			memcmp(enhanced + 1, full_details[i], len - 1) == 0)
			return i == 0 || is_one_of(codes, 2, code);
	return len == 0 && is_one_of(codes, 2, code);
}

/* What servers say to mail for others (RFC 5321 sections 3.6.2 and 4.2.3), and to any other that they
 * do not want (513 and 571 are some servers' own); an enhanced code for anything but policy says that it is for another reason (RFC 3463
 * section 3.8). */
static bool
is_denied(int code, const char *enhanced, size_t len)
{
	static const int codes[] = { 513, 550, 551, 553, 554, 571 };

	return is_one_of(codes, sizeof(codes) / sizeof(codes[0]), code) &&
	       (len == 0 || memcmp(enhanced, "5.7.", 4) == 0);
}

static enum reply_status
status_of(int code)
{
	switch (code / 100) {
	case 2:
		return REPLY_POSITIVE;
	case 3:
		return REPLY_CONTINUE;
	case 4:
		return REPLY_TRANSIENT;
	case 5:
		return REPLY_NEGATIVE;
	}
	return REPLY_NO_STATUS;
}

static enum reply_meaning
meaning_of(int code, const struct reply_line *line)
{
	size_t len = enhanced_len(line->text, line->len);

	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
		if (meanings[i].code == code)
			return meanings[i].meaning;
	for (size_t i = 0; i < sizeof(login_codes) / sizeof(login_codes[0]); i++)
		if (code / 100 == 5 && len == strlen(login_codes[i]) &&
			memcmp(line->text, login_codes[i], len) == 0)
			return REPLY_LOGIN_MISSING;
	if (is_full(code, line->text, len))
		return REPLY_FULL;
	return is_denied(code, line->text, len) ? REPLY_DENIED : REPLY_NO_MEANING;
}

/* The code of the first line is the reply's; what it means, the last one tells. */
static void
take_code(struct reply *reply, int code)
{
	if (reply->count == 1)
		reply->code = code;
	reply->status = status_of(reply->code);
	reply->meaning = meaning_of(reply->code, &reply->lines[reply->count - 1]);
}

void
smtp_take_line(struct reply *reply, const char *line, size_t len)
{
	int code = read_code(line, len);

	keep_line(reply, line, len);
	if (code == 0)
		reply_refuse(reply, "a line does not start with a reply code");
	else if (len > 3 && line[3] != ' ' && line[3] != '-')
		reply_refuse(reply, "neither a blank nor a hyphen follows a reply code");
	else if (reply->count > 1 && code != reply->code)
		reply_refuse(reply, "the lines of one reply have different codes");
	else if (len <= 3 || line[3] == ' ')
		reply->state = REPLY_COMPLETE;
	if (code != 0)
		take_code(reply, code);
}

void
smtp_line_status(const struct reply_line *line, struct buf *out)
{
	size_t len = enhanced_len(line->text, line->len);

	buf_add(out, line->raw, line->raw_len < 3 ? line->raw_len : 3);
	if (len == 0)
		return;
	buf_add_char(out, ' ');
	buf_add(out, line->text, len);
}

bool
smtp_comes_unasked(const char *bytes, size_t len)
{
	return len >= 3 && memcmp(bytes, "421", 3) == 0;
}

const char *
smtp_sasl_data(const struct reply *reply, size_t *len)
{
	const struct reply_line *line = &reply->lines[reply->count - 1];
	size_t code = enhanced_len(line->text, line->len);

	code += code < line->len && code != 0;
	*len = line->len - code;
	return line->text + code;
}

/* The first of them: for old clients, servers write one more that is spelled differently. */
void
smtp_logins(const struct reply *greeting, const struct reply *list, struct buf *out)
{
	const struct reply_line *offer = reply_capability(list, "AUTH");

	(void)greeting;
	if (offer != NULL)
		buf_add(out, offer->text, offer->len);
}
