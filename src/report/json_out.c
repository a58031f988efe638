/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gate/json_out.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "gate/shown.h"

/* Shown text holds no control but these two. */
static void
add_string(struct buf *out, const char *text)
{
	struct buf shown;

	buf_init(&shown, SIZE_MAX / 4);
	shown_add_lines(&shown, text);
	buf_add_char(out, '"');
	for (size_t i = 0; i < shown.len; i++) {
		if (shown.data[i] == '\n')
			buf_add_string(out, "\\n");
		else if (shown.data[i] == '\t')
			buf_add_string(out, "\\t");
		else if (shown.data[i] == '"' || shown.data[i] == '\\')
			buf_addf(out, "\\%c", shown.data[i]);
		else
			buf_add_char(out, shown.data[i]);
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
