/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gate/secrets.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "gate/buf.h"
#include "gate/text.h"

static const char replacement[] = "[secret]";

/* The forms are kept with the longest first, so that what holds another is replaced as a whole. */
static void
add_form(struct secrets *secrets, struct arena *arena, const char *form)
{
	size_t at = secrets->form_count;

	for (size_t i = 0; i < secrets->form_count; i++)
		if (strcmp(secrets->forms[i], form) == 0)
			return;
	secrets->forms =
		arena_grow(arena, secrets->forms, secrets->form_count, sizeof(*secrets->forms));
	for (; at > 0 && strlen(secrets->forms[at - 1]) < strlen(form); at--)
		secrets->forms[at] = secrets->forms[at - 1];
	secrets->forms[at] = arena_strdup(arena, form);
	secrets->form_count++;
}

static void
add_buf_form(struct secrets *secrets, struct arena *arena, struct buf *form)
{
	add_form(secrets, arena, form->data);
	buf_release(form);
}

static void
add_base64_form(struct secrets *secrets, struct arena *arena, const void *bytes, size_t len)
{
	struct buf form;

	buf_init(&form, SIZE_MAX / 4);
	text_add_base64(&form, bytes, len);
	add_buf_form(secrets, arena, &form);
}

static void
add_printable_form(struct secrets *secrets, struct arena *arena, const char *value)
{
	struct buf form;

	buf_init(&form, SIZE_MAX / 4);
	text_add_printable(&form, value, strlen(value));
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

	if (value[0] == '\0')
		return;
	secrets->items = arena_grow(arena, secrets->items, secrets->count, sizeof(*secrets->items));
	secret = &secrets->items[secrets->count++];
	secret->name = arena_strdup(arena, name);
	secret->value = arena_strdup(arena, value);
	secret->len = strlen(value);
	add_form(secrets, arena, value);
	add_base64_form(secrets, arena, value, strlen(value));
	add_printable_form(secrets, arena, value);
	add_escaped_form(secrets, arena, value, json_table);
	add_escaped_form(secrets, arena, value, xml_text_table);
	add_escaped_form(secrets, arena, value, xml_attribute_table);
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
	buf_release(&message);
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

/* Length of the longest form that the text begins with; 0 when it begins with none. */
static size_t
form_at(const struct secrets *secrets, const char *text)
{
	for (size_t i = 0; i < secrets->form_count; i++)
		if (text_starts_with(text, secrets->forms[i]))
			return strlen(secrets->forms[i]);
	return 0;
}

const char *
secrets_redact(const struct secrets *secrets, struct arena *arena, const char *text)
{
	const char *next = text, *copy = text;
	bool found = false;
	struct buf out;

	if (text == NULL || secrets->form_count == 0)
		return text;
	buf_init(&out, SIZE_MAX / 4);
	while (*next != '\0') {
		size_t len = form_at(secrets, next);

		found = found || len != 0;
		if (len != 0)
			buf_add_string(&out, replacement);
		else
			buf_add_char(&out, *next);
		next += len == 0 ? 1 : len;
	}
	if (found)
		copy = arena_memdup(arena, out.data, out.len);
	buf_release(&out);
	return copy;
}
