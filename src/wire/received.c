/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Words and comments of a Received field. Servers write more of it than the grammar has: what is not
 * looked for is passed over.
 */
#include "wire/received.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "wire/tls_names.h"

/* The end of the comment that begins there (RFC 5322 section 3.2.2). */
static const char *
comment_end(const char *text)
{
	unsigned depth = 0;

	for (; *text != '\0'; text++) {
		if (*text == '\\' && text[1] != '\0')
			text++;
		else if (*text == '(')
			depth++;
		else if (*text == ')' && --depth == 0)
			return text + 1;
	}
	return text;
}

/* The next word outside of comments; *len is 0 at the end. */
static const char *
next_word(const char *text, size_t *len)
{
	for (;;) {
		text += strspn(text, " ");
		if (*text != '(')
			break;
		text = comment_end(text);
	}
	*len = strcspn(text, " (;");
	if (*len == 0 && *text == ';')
		return text + strlen(text);
	return text;
}

/* What stands behind the word, up to the next of the grammar; "" when it is not there. */
static const char *
word_behind(const char *value, const char *name, struct arena *arena)
{
	size_t len;

	for (const char *word = next_word(value, &len); len != 0;
		word = next_word(word + len, &len)) {
		if (!text_same_len(word, len, name))
			continue;
		word = next_word(word + len, &len);
		return arena_memdup(arena, word, len);
	}
	return "";
}

/* Between "from", with which it begins, and "by". */
static const char *
client_of(const char *value, struct arena *arena)
{
	size_t len;
	const char *begin = next_word(value, &len), *end;

	if (!text_same_len(begin, len, "from"))
		return "";
	begin += len;
	for (end = next_word(begin, &len); len != 0 && !text_same_len(end, len, "by");)
		end = next_word(end + len, &len);
	return arena_memdup(arena, begin, (size_t)(end - begin));
}

static enum received_with
with_of(const char *protocol)
{
	static const char *const plain[] = { "SMTP", "ESMTP", "ESMTPA", "LMTP", "LMTPA", "UTF8SMTP",
		"UTF8SMTPA", "UTF8LMTP", "UTF8LMTPA" };
	static const char *const safe[] = { "ESMTPS", "ESMTPSA", "LMTPS", "LMTPSA", "UTF8SMTPS",
		"UTF8SMTPSA", "UTF8LMTPS", "UTF8LMTPSA", "SMTPS" };

	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		if (text_same(protocol, plain[i]))
			return RECEIVED_PLAIN;
	for (size_t i = 0; i < sizeof(safe) / sizeof(safe[0]); i++)
		if (text_same(protocol, safe[i]))
			return RECEIVED_TLS;
	return RECEIVED_UNKNOWN;
}

/* "TLSv1.3", "TLS1.3", "TLS1_3": the first that is written anywhere in it. */
static uint16_t
version_in(const char *value)
{
	for (; *value != '\0'; value++) {
		const char *digits = value + 3;

		if (!text_same_len(value, strnlen(value, 3), "TLS"))
			continue;
		digits += *digits == 'v' || *digits == 'V';
		if (digits[0] == '1' && (digits[1] == '.' || digits[1] == '_') &&
			digits[2] >= '0' && digits[2] <= '3')
			return (uint16_t)(TLS_VERSION_1_0 + (digits[2] - '0'));
	}
	return 0;
}

struct received
received_read(const char *value, struct arena *arena)
{
	struct received received = { .from = client_of(value, arena),
		.protocol = word_behind(value, "with", arena),
		.id = word_behind(value, "id", arena),
		.tls_version = version_in(value) };

	received.with = with_of(received.protocol);
	/* Some write the name of the program there, and the version in brackets. */
	if (received.with == RECEIVED_UNKNOWN && received.tls_version != 0)
		received.with = RECEIVED_TLS;
	return received;
}

bool
received_is_from(const struct received *received, const char *ehlo_name)
{
	static const char between[] = " ()=;,";
	size_t len = strlen(ehlo_name);

	for (const char *at = received->from; *at != '\0'; at += strcspn(at, between)) {
		at += strspn(at, between);
		if (strcspn(at, between) == len && len != 0 && text_same_len(at, len, ehlo_name))
			return true;
	}
	return false;
}
