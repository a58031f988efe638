/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * input_file: files other than checklists that a checklist names.
 */
#ifndef GATE_CHECKLIST_INPUT_FILE_H
#define GATE_CHECKLIST_INPUT_FILE_H

#include "loader.h"
#include "wire/cursor.h"

/* Largest such file in bytes. */
#define INPUT_BYTES_MAX (1024 * 1024)

/* Reads the file at that path, relative ones starting at the directory of the checklist that the
 * JSON stands in. False, with a problem at the place of the JSON, when it cannot be read. The
 * bytes are in the loader's arena, with a NUL behind them. */
bool input_file_load(
	struct loader *loader, const struct json *json, const char *path, struct span *bytes);

#endif
