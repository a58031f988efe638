/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The spellings in which a secret may turn up.
 */
#include "base/secrets.h"

#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "secret_form.h"

void
secret_form_add(struct secrets *secrets, struct arena *arena, const char *text, size_t len)
{
	struct secret_form **at = &secrets->forms[(unsigned char)text[0]];
	struct secret_form *form;

	if (len == 0)
		return;
	for (; *at != NULL && (*at)->len >= len; at = &(*at)->next)
		if ((*at)->len == len && memcmp((*at)->text, text, len) == 0)
			return;
	form = arena_alloc(arena, sizeof(*form));
	*form = (struct secret_form){ arena_memdup(arena, text, len), len, *at };
	*at = form;
}

static void
add_buf_form(struct secrets *secrets, struct arena *arena, struct buf *form)
{
	secret_form_add(secrets, arena, form->data, form->len);
	buf_wipe(form);
}

/* Takes the digits of base64 from `first` up to `end`, also in the other alphabet (RFC 4648
 * section 5), which is what is left in the buffer. */
static void
add_digits(
	struct secrets *secrets, struct arena *arena, struct buf *digits, size_t first, size_t end)
{
	secret_form_add(secrets, arena, digits->data + first, end - first);
	for (char *c = digits->data; *c != '\0'; c++)
		*c = (char)(*c == '+' ? '-' : *c == '/' ? '_' : *c);
	secret_form_add(secrets, arena, digits->data + first, end - first);
}

static void
add_base64_form(struct secrets *secrets, struct arena *arena, const void *bytes, size_t len)
{
	struct buf digits;

	buf_init(&digits, SIZE_MAX / 4);
	text_add_base64(&digits, bytes, len);
	add_digits(secrets, arena, &digits, 0, digits.len);
	buf_reset(&digits);
	text_add_base64(&digits, bytes, len);
	add_digits(secrets, arena, &digits, 0, strcspn(digits.data, "="));
	buf_wipe(&digits);
}

/* The digits that stand for the value alone where `before` bytes of something else come before it
 * in a group of three, and anything behind it. */
static void
add_inner_base64_form(
	struct secrets *secrets, struct arena *arena, const char *value, size_t before)
{
	size_t first = (8 * before + 5) / 6, end = 8 * (before + strlen(value)) / 6;
	struct buf bytes, digits;

	buf_init(&bytes, SIZE_MAX / 4);
	buf_init(&digits, SIZE_MAX / 4);
	buf_add(&bytes, "\0\0", before);
	buf_add_string(&bytes, value);
	text_add_base64(&digits, bytes.data, bytes.len);
	add_digits(secrets, arena, &digits, first, end);
	buf_wipe(&bytes);
	buf_wipe(&digits);
}

static void
add_printable_form(struct secrets *secrets, struct arena *arena, const char *value)
{
	struct buf form;

	buf_init(&form, SIZE_MAX / 4);
	text_add_printable(&form, value, strlen(value));
	add_buf_form(secrets, arena, &form);
}

/* Ways to write bytes by their numbers: hex, and percent-encoding (RFC 3986 section 2.1), in
 * which forms of the web write a blank as a plus. */
static const struct encoding {
	const char *mark;
	const char *digits;
	bool all; /* bytes that need no encoding, too */
	bool plus;
} encodings[] = {
	{ "", "0123456789abcdef", true, false },
	{ "", "0123456789ABCDEF", true, false },
	{ "%", "0123456789abcdef", true, false },
	{ "%", "0123456789ABCDEF", true, false },
	{ "%", "0123456789abcdef", false, false },
	{ "%", "0123456789ABCDEF", false, false },
	{ "%", "0123456789abcdef", false, true },
	{ "%", "0123456789ABCDEF", false, true },
};

static bool
is_unreserved(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       strchr("-._~", c) != NULL;
}

static void
add_encoded_form(struct secrets *secrets, struct arena *arena, const char *value,
	const struct encoding *encoding)
{
	struct buf form;

	buf_init(&form, SIZE_MAX / 4);
	for (; *value != '\0'; value++) {
		unsigned char byte = (unsigned char)*value;

		if (encoding->plus && *value == ' ') {
			buf_add_char(&form, '+');
		} else if (!encoding->all && is_unreserved(*value)) {
			buf_add_char(&form, *value);
		} else {
			buf_add_string(&form, encoding->mark);
			buf_add_char(&form, encoding->digits[byte >> 4]);
			buf_add_char(&form, encoding->digits[byte & 15]);
		}
	}
	add_buf_form(secrets, arena, &form);
}

/* What an output writes instead of some characters. */
struct replaced {
	char c;
	const char *by;
};

static void
add_escaped_form(struct secrets *secrets, struct arena *arena, const char *value,
	const struct replaced *table)
{
	struct buf form;

	buf_init(&form, SIZE_MAX / 4);
	for (; *value != '\0'; value++) {
		const struct replaced *row = table;

		while (row->by != NULL && row->c != *value)
			row++;
		if (row->by != NULL)
			buf_add_string(&form, row->by);
		else
			buf_add_char(&form, *value);
	}
	add_buf_form(secrets, arena, &form);
}

static const struct replaced json_table[] = {
	{ '"', "\\\"" },
	{ '\\', "\\\\" },
	{ '\b', "\\b" },
	{ '\f', "\\f" },
	{ '\n', "\\n" },
	{ '\r', "\\r" },
	{ '\t', "\\t" },
	{ 0 },
};

/* Text and attributes of XML are escaped differently. */
static const struct replaced xml_text_table[] = {
	{ '&', "&amp;" },
	{ '<', "&lt;" },
	{ '>', "&gt;" },
	{ '\r', "&#13;" },
	{ 0 },
};

static const struct replaced xml_attribute_table[] = {
	{ '&', "&amp;" },
	{ '<', "&lt;" },
	{ '>', "&gt;" },
	{ '"', "&quot;" },
	{ '\t', "&#9;" },
	{ '\n', "&#10;" },
	{ '\r', "&#13;" },
	{ 0 },
};

void
secrets_add(struct secrets *secrets, struct arena *arena, const char *name, const char *value)
{
	struct secret *secret;
	size_t len = strlen(value);

	if (len == 0)
		return;
	secret = ARENA_ADD(arena, secrets->items, secrets->count);
	secret->name = arena_strdup(arena, name);
	secret->value = arena_strdup(arena, value);
	secret->len = len;
	secret_form_add(secrets, arena, value, len);
	add_base64_form(secrets, arena, value, len);
	add_printable_form(secrets, arena, value);
	add_escaped_form(secrets, arena, value, json_table);
	add_escaped_form(secrets, arena, value, xml_text_table);
	add_escaped_form(secrets, arena, value, xml_attribute_table);
	for (size_t before = 0; before < 3 && len >= SECRET_PART_MIN; before++)
		add_inner_base64_form(secrets, arena, value, before);
	for (size_t i = 0; i < sizeof(encodings) / sizeof(encodings[0]); i++)
		if (encodings[i].mark[0] != '\0' || 2 * len >= SECRET_PART_MIN)
			add_encoded_form(secrets, arena, value, &encodings[i]);
}

/* message = [authzid] NUL authcid NUL passwd (RFC 4616 section 2) */
static void
add_plain_message(struct secrets *secrets, struct arena *arena, const char *authzid,
	const char *username, const char *password)
{
	struct buf message;

	buf_init(&message, SIZE_MAX / 4);
	buf_add_string(&message, authzid);
	buf_add_char(&message, '\0');
	buf_add_string(&message, username);
	buf_add_char(&message, '\0');
	buf_add_string(&message, password);
	add_base64_form(secrets, arena, message.data, message.len);
	buf_wipe(&message);
}

void
secrets_add_plain(
	struct secrets *secrets, struct arena *arena, const char *username, const char *password)
{
	if (password[0] == '\0')
		return;
	add_plain_message(secrets, arena, "", username, password);
	add_plain_message(secrets, arena, username, username, password);
}
