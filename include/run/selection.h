/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * selection: what a run is about as one number, by which shards of the same run are known.
 */
#ifndef GATE_RUN_SELECTION_H
#define GATE_RUN_SELECTION_H

#include <stddef.h>
#include <stdint.h>

#include "run/shard.h"

/* The same for the same targets and the same assertions with the same parameters, in any order and on
 * any machine. Secrets are left out, so that nothing of them can be guessed from it, and so is what
 * machines differ in: paths, the authorities that they trust, their own names. */
uint64_t selection_of(const struct run_target *targets, size_t count);

#endif
