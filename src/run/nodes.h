/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * nodes: the servers that a target stands for, once the names are looked up. Pure.
 */
#ifndef GATE_RUN_NODES_H
#define GATE_RUN_NODES_H

#include <stddef.h>

#include "base/arena.h"
#include "evidence/names.h"
#include "evidence/target.h"

/* Whether the target stands for more than the host that it names. */
bool target_is_several(const struct target *target);

/* The lead of the target and its nodes behind it, by preference, name and address; `mx` or, for a target
 * that names a host, `names` hold the answers. Never fewer than the lead, which says what is missing when
 * there is no node. All of it lives in the arena. */
struct target *target_nodes(const struct target *target, const struct mx_names *mx,
	const struct host_names *names, struct arena *arena, size_t *count);

/* The target itself, of whose host the names were looked up: what is missing when there is no address. */
struct target *target_with_names(
	const struct target *target, const struct host_names *names, struct arena *arena);

#endif
