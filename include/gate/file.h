/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * file: puts a finished file in its place, whole or not at all.
 */
#ifndef GATE_FILE_H
#define GATE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "gate/error.h"

/* Writes the bytes to a file beside `path` and renames it, so that a reader sees either the old
 * file or the whole new one; its mode is 0644 less the umask. A symbolic link stays and its
 * target is replaced. "-" is standard output. What is not a regular file (a pipe, /dev/null),
 * and what standard output or standard error already writes to (/dev/stdout), is written to
 * directly. On failure the temporary file is gone and an older file is as it was. */
bool file_replace(const char *path, const void *bytes, size_t len, struct error *error);

/* Tells before anything is run whether file_replace could succeed: the directory exists and can
 * be written to. */
bool file_can_replace(const char *path, struct error *error);

#endif
