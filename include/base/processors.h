/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * processors: how many there are.
 */
#ifndef GATE_BASE_PROCESSORS_H
#define GATE_BASE_PROCESSORS_H

/* At least 1. Not to be asked often: it takes as long as opening a file. */
int processors(void);

#endif
