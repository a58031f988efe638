/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Fields are looked for line by line; a line that begins with a blank goes on with the one before.
 */
#include "wire/mail_message.h"

#include <string.h>

#include "base/text.h"
#include "quoted_printable.h"

/* The length of the line at `at`, its end included. */
static size_t
line_len(struct span bytes, size_t at)
{
	const uint8_t *end = memchr(bytes.data + at, '\n', bytes.len - at);

	return end == NULL ? bytes.len - at : (size_t)(end - (bytes.data + at)) + 1;
}

/* The length of the line without its end. */
static size_t
text_len(struct span bytes, size_t at, size_t len)
{
	while (len > 0 && (bytes.data[at + len - 1] == '\n' || bytes.data[at + len - 1] == '\r'))
		len--;
	return len;
}

struct mail_message
mail_message_split(struct span bytes)
{
	size_t at = 0, len = 0;

	for (; at < bytes.len; at += len) {
		len = line_len(bytes, at);
		if (text_len(bytes, at, len) == 0)
			return (struct mail_message){ { bytes.data, at },
				{ bytes.data + at + len, bytes.len - at - len } };
	}
	return (struct mail_message){ bytes, { bytes.data + bytes.len, 0 } };
}

static bool
is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

/* Where the value of the field begins in the line; 0: it is another field. */
static size_t
value_of(struct span headers, size_t at, size_t len, const char *name)
{
	size_t end = strlen(name);

	if (len <= end || !text_same_len((const char *)headers.data + at, end, name))
		return 0;
	while (end < len && is_blank(headers.data[at + end]))
		end++;
	return end < len && headers.data[at + end] == ':' ? end + 1 : 0;
}

/* The rest of the line, and the lines that go on with it, with one blank for each fold. */
static const char *
unfolded(struct span headers, size_t *at, size_t value, size_t len, struct arena *arena)
{
	const char *text;
	struct buf out;

	buf_init(&out, headers.len);
	buf_add(&out, headers.data + *at + value, text_len(headers, *at, len) - value);
	*at += len;
	while (*at < headers.len && is_blank(headers.data[*at])) {
		len = line_len(headers, *at);
		buf_add(&out, headers.data + *at, text_len(headers, *at, len));
		*at += len;
	}
	for (size_t i = 0; i < out.len; i++)
		if (out.data[i] == '\0' || out.data[i] == '\t')
			out.data[i] = ' ';
	text = arena_strdup(arena, out.data);
	buf_release(&out);
	return text;
}

const char *
mail_next_field(struct span headers, const char *name, size_t *at, struct arena *arena)
{
	while (*at < headers.len) {
		size_t len = line_len(headers, *at);
		size_t value = value_of(headers, *at, text_len(headers, *at, len), name);

		if (value != 0)
			return unfolded(headers, at, value, len, arena);
		*at += len;
	}
	return NULL;
}

static bool
add_plain(struct buf *out, struct span body)
{
	return buf_add(out, body.data, body.len);
}

static bool
add_base64(struct buf *out, struct span body)
{
	return text_add_unbase64(out, (const char *)body.data, body.len);
}

static const struct {
	const char *name;
	bool (*add)(struct buf *out, struct span body);
} encodings[] = {
	{ "7bit", add_plain },
	{ "8bit", add_plain },
	{ "binary", add_plain },
	{ "quoted-printable", quoted_printable_add },
	{ "base64", add_base64 },
};

/* The first word: comments may stand behind it. */
static bool
names(const char *value, const char *encoding)
{
	value += strspn(value, " ");
	return text_same_len(value, strcspn(value, " (;"), encoding);
}

bool
mail_decode_body(const struct mail_message *message, struct buf *out)
{
	struct arena arena;
	const char *value;
	bool decoded = false;
	size_t at = 0;

	arena_init(&arena);
	value = mail_next_field(message->headers, "Content-Transfer-Encoding", &at, &arena);
	for (size_t i = 0; i < sizeof(encodings) / sizeof(encodings[0]); i++)
		if (names(value != NULL ? value : "7bit", encodings[i].name))
			decoded = encodings[i].add(out, message->body);
	arena_release(&arena);
	return decoded;
}
