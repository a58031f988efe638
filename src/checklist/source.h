/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * source: finds and parses the file of a checklist and all that it includes.
 */
#ifndef GATE_CHECKLIST_SOURCE_H
#define GATE_CHECKLIST_SOURCE_H

#include "loader.h"

/* Longest checklist file in bytes. */
#define CHECKLIST_BYTES_MAX (1024 * 1024)

/* Checklists may include others up to this depth. */
#define INCLUDE_DEPTH_MAX 8

/* Fills loader->sources. False when there is nothing that could be looked at further: the file
 * that was asked for cannot be found, read or parsed. */
bool sources_load(struct loader *loader, const char *name);

/* Makes a text that is none of a file, and must live as long as the loader, the only source. */
void sources_take_text(struct loader *loader, const char *name, const char *text);

/* A path that the file names, as seen from the working directory: relative ones start at the
 * directory of the file. */
const char *source_path(struct loader *loader, const struct source *source, const char *path);

#endif
