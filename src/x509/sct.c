/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reads the list of timestamps (RFC 6962 section 3.3), each behind its length.
 */
#include "x509/sct.h"

static int64_t
read_timestamp(struct cursor *cursor)
{
	struct span bytes = cursor_bytes(cursor, 8);
	uint64_t milliseconds = 0;

	for (size_t i = 0; i < bytes.len; i++)
		milliseconds = milliseconds << 8 | bytes.data[i];
	return (int64_t)(milliseconds / 1000);
}

static bool
read_sct(struct sct *sct, struct span bytes)
{
	struct cursor cursor = cursor_over(bytes);

	*sct = (struct sct){ .version = cursor_u8(&cursor) };
	if (sct->version != 0)
		return !cursor.broken;
	sct->log_id = cursor_bytes(&cursor, SCT_LOG_ID_LEN);
	sct->timestamp = read_timestamp(&cursor);
	cursor_vector16(&cursor); /* extensions: none is defined */
	sct->hash = cursor_u8(&cursor);
	sct->algorithm = cursor_u8(&cursor);
	sct->signature = cursor_vector16(&cursor);
	return cursor_at_end(&cursor);
}

bool
sct_list_parse(struct sct_list *list, struct span bytes, struct arena *arena, struct error *error)
{
	struct cursor outer = cursor_over(bytes);
	struct cursor cursor = cursor_over(cursor_vector16(&outer));
	bool good = cursor_at_end(&outer) && cursor.left != 0;

	*list = (struct sct_list){ NULL, 0 };
	while (good && cursor.left != 0) {
		list->scts = arena_grow(arena, list->scts, list->count, sizeof(*list->scts));
		good = read_sct(&list->scts[list->count], cursor_vector16(&cursor)) &&
		       !cursor.broken;
		list->count += good;
	}
	return good || error_set(error, "RFC 6962 section 3.3: unreadable list of timestamps");
}

size_t
sct_list_logs(const struct sct_list *list)
{
	size_t logs = 0;

	for (size_t i = 0; i < list->count; i++) {
		size_t before = 0;

		while (before < i && !span_equal(list->scts[before].log_id, list->scts[i].log_id))
			before++;
		logs += before == i && list->scts[i].version == 0;
	}
	return logs;
}
