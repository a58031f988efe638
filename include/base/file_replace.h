/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * file: puts a file in its place, whole or not at all.
 */
#ifndef GATE_BASE_FILE_REPLACE_H
#define GATE_BASE_FILE_REPLACE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"

/* A file on its way, in pieces. */
struct file_replacement {
	const char *path;
	int fd;
	bool is_direct; /* what is written is there at once, and stays */
	bool is_opened; /* the descriptor is not one that others had open */
	struct buf place, temporary;
};

/* Opens a file beside `path`, which file_replace_end() renames, so that a reader sees either the old
 * file or the whole new one; its mode is 0644 less the umask. A symbolic link stays and its
 * target is replaced. "-" is standard output. What is not a regular file (/dev/null, a pipe that
 * somebody reads), and what is open for writing already (/dev/stdout, /dev/fd/63), is written to
 * directly, never waiting for a reader to come. The path must live as long. On failure there is
 * nothing to end. */
bool file_replace_begin(struct file_replacement *file, const char *path, struct error *error);

/* Writes the next bytes. After a failure the file must not be kept. */
bool file_replace_add(
	struct file_replacement *file, const void *bytes, size_t len, struct error *error);

/* Puts the file in its place. Where it is not kept, or that fails, the temporary file is gone and an
 * older file is as it was. False when it is not in its place. */
bool file_replace_end(struct file_replacement *file, bool keep, struct error *error);

/* Tells before anything is run whether file_replace_begin could succeed: the directory exists and can
 * be written to, and what is there is a regular file, a device of characters, or open already. A
 * pipe by name is refused: whether somebody reads it later cannot be known. */
bool file_can_replace(const char *path, struct error *error);

/* Whether both paths lead to the same file, however they are spelt, and writing the one would
 * destroy the other; the files need not be there. Never true of devices such as /dev/null, which
 * nobody reads back; true of standard output ("-") however it is named. */
bool file_is_same(const char *path, const char *other);

#endif
