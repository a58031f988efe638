/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * entropy: unpredictable bytes from the system.
 */
#ifndef GATE_BASE_ENTROPY_H
#define GATE_BASE_ENTROPY_H

#include <stddef.h>

/* Fills the bytes, at most 256. Ends the process with status 4 when the system has none to give. */
void entropy_fill(void *bytes, size_t len);

#endif
