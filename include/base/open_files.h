/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * open_files: how many files and sockets this process may have open.
 */
#ifndef GATE_BASE_OPEN_FILES_H
#define GATE_BASE_OPEN_FILES_H

#include <stddef.h>

/* Raises the limit as far as this process may, and returns it. */
size_t open_files_most(void);

/* What the system says of an errno, and of too many open files what allows more. */
const char *open_files_strerror(int failure);

#endif
