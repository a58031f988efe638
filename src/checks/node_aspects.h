/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * node_aspects: what servers of one target can be compared by.
 */
#ifndef GATE_CHECKS_NODE_ASPECTS_H
#define GATE_CHECKS_NODE_ASPECTS_H

#include "checks/ask.h"

/* What one server has. */
struct aspect_seen {
	const char **items; /* each once, in the order of their text */
	size_t count;
	const char *unknown; /* why that is not known, a clause; NULL: it is */
	const char *torn;    /* how the server differs from itself, a clause; NULL: it does not */
};

/* Whether both have the same. */
bool aspect_is_same(const struct aspect_seen *one, const struct aspect_seen *other);

struct aspect {
	const char *name;
	void (*ask)(struct questions *questions);
	/* Texts live in the arena. The server was asked by the same asker. */
	void (*read)(const struct arguments *asker, const struct evidence *node,
		struct aspect_seen *seen, struct arena *arena);
};

/* Ends with a row without a name. */
extern const struct aspect aspects[];

#endif
