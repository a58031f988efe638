/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * file_read: a file as a whole.
 */
#ifndef GATE_BASE_FILE_READ_H
#define GATE_BASE_FILE_READ_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"

/* Appends the bytes of a regular file, or of a pipe up to its end. Of those two a pipe alone is waited
 * for: while it has a writer, and until the run is interrupted. False when it cannot be read, or
 * does not fit within the limit of the buffer; the error says which, without the path. */
bool file_read(struct buf *out, const char *path, struct error *error);

#endif
