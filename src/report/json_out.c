/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Commas, quotes and escapes; the last byte written tells whether a comma is due. It is read back
 * with cJSON.
 */
#include "json_out.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "report/shown.h"

/* Shown text holds no control but newline and tab. */
static void
add_escaped(struct buf *out, char c)
{
	buf_add_char(out, '\\');
	buf_add_char(out, (char)(c == '\n' ? 'n' : c == '\t' ? 't' : c));
}

static void
add_string(struct buf *out, const char *text)
{
	struct buf shown;
	const char *next;

	buf_init(&shown, SIZE_MAX / 4);
	shown_add_lines(&shown, text);
	buf_add_char(out, '"');
	for (next = shown.data; *next != '\0';) {
		size_t plain = strcspn(next, "\n\t\"\\");

		buf_add(out, next, plain);
		next += plain;
		if (*next != '\0')
			add_escaped(out, *next++);
	}
	buf_add_char(out, '"');
	buf_release(&shown);
}

/* What was written last tells whether a comma is due: a value follows a bracket, a colon or
 * nothing without one. Line breaks come after the comma. */
static void
add_name(struct buf *out, const char *name)
{
	if (out->len != 0 && strchr("[{:,\n ", out->data[out->len - 1]) == NULL)
		buf_add_char(out, ',');
	if (name != NULL) {
		add_string(out, name);
		buf_add_char(out, ':');
	}
}

void
json_open(struct buf *out, const char *name, char bracket)
{
	add_name(out, name);
	buf_add_char(out, bracket);
}

void
json_close(struct buf *out, char bracket)
{
	buf_add_char(out, bracket);
}

void
json_text(struct buf *out, const char *name, const char *text)
{
	add_name(out, name);
	if (text == NULL)
		buf_add_string(out, "null");
	else
		add_string(out, text);
}

void
json_number(struct buf *out, const char *name, int64_t value)
{
	add_name(out, name);
	buf_addf(out, "%" PRId64, value);
}

void
json_bool(struct buf *out, const char *name, bool value)
{
	add_name(out, name);
	buf_add_string(out, value ? "true" : "false");
}

void
json_line(struct buf *out, unsigned level)
{
	if (out->len != 0 && strchr("[{", out->data[out->len - 1]) == NULL)
		buf_add_char(out, ',');
	buf_addf(out, "\n%*s", (int)(2 * level), "");
}

bool
json_is_one_value(const struct buf *text, struct error *error)
{
	const char *end = NULL, *last = text->data + text->len;
	cJSON *value = cJSON_ParseWithLengthOpts(text->data, text->len, &end, 0);
	bool complete = value != NULL && text->dropped == 0 &&
			(end == last || (end + 1 == last && *end == '\n'));

	cJSON_Delete(value);
	return complete || error_set(error, "JSON: not one well-formed document");
}
