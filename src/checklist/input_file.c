/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reads a file named in a checklist, relative to that checklist's own place.
 */
#include "input_file.h"

#include "base/file_read.h"
#include "source.h"

bool
input_file_load(
	struct loader *loader, const struct json *json, const char *path, struct span *bytes)
{
	struct error error = { 0 };
	struct buf text;

	buf_init(&text, INPUT_BYTES_MAX);
	if (file_read(&text, source_path(loader, loader_source(loader, json->place.file), path),
		    &error)) {
		bytes->data = arena_memdup(loader->arena, text.data, text.len);
		bytes->len = text.len;
	} else {
		loader_complain(loader, &json->place, NULL, NULL, "%s cannot be read: %s", path,
			error.text);
	}
	buf_release(&text);
	return !error_is_set(&error);
}
