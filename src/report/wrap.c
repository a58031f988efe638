/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Breaks at the last blank that fits, measured in code points.
 */
#include "report/wrap.h"

#include <string.h>

#include "report/shown.h"

/* Where a line of at most `room` columns ends: at the last blank within them, else at the first
 * one beyond. Blanks at the beginning belong to the first word. */
static size_t
line_len(const char *text, size_t len, size_t room)
{
	size_t columns = 0, fits = 0;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == ' ' && i > 0 && text[i - 1] != ' ') {
			if (columns > room)
				return fits != 0 ? fits : i;
			fits = i;
		}
		columns += shown_columns(text + i, 1);
	}
	return columns > room && fits != 0 ? fits : len;
}

static void
add_paragraph(struct buf *out, const char *text, size_t len, size_t indent, size_t room)
{
	for (;;) {
		size_t taken = line_len(text, len, room);

		buf_add(out, text, taken);
		while (taken < len && text[taken] == ' ')
			taken++;
		text += taken;
		len -= taken;
		if (len == 0)
			break;
		buf_addf(out, "\n%*s", (int)indent, "");
	}
}

void
wrap_add(struct buf *out, const char *shown, size_t indent, size_t width)
{
	size_t room = width >= indent + WRAP_COLUMNS_MIN ? width - indent : WRAP_COLUMNS_MIN;

	for (;;) {
		size_t len = strcspn(shown, "\n");

		add_paragraph(out, shown, len, indent, room);
		if (shown[len] == '\0')
			break;
		shown += len + 1;
		buf_addf(out, "\n%*s", (int)indent, "");
	}
}
