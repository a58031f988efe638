/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * path_graph: the certificates that a path can be made of, and who may have issued whom. Links
 * are found by name when a certificate is first looked at; a signature is computed when a link
 * is first followed, and never twice. Used by `path` only.
 */
#ifndef GATE_X509_PATH_GRAPH_H
#define GATE_X509_PATH_GRAPH_H

#include "path_rules.h"

enum link_state {
	LINK_UNTRIED,
	LINK_GOOD,
	LINK_BAD,       /* the signature does not verify */
	LINK_OTHER_KEY, /* nor does it, and the key identifiers say that another key made it */
	LINK_UNJUDGED, /* algorithm or key is not accepted: one of the two has a problem of its own */
	LINK_OVER_BUDGET, /* the signatures ran out */
};

struct path_node;

struct path_link {
	struct path_node *issuer;
	enum link_state state;
};

struct path_node {
	struct path_place place;
	struct path_findings own; /* what is wrong with it by itself */
	bool has_links;
	struct path_link *links; /* most promising first */
	size_t link_count;
	struct path_link self; /* to itself, for a self-issued one */
	struct path_node *next_anchor;
};

struct path_graph {
	const struct path_query *query;
	struct arena *arena;
	struct path_node *sent; /* [0] is the leaf; the others are those that can be read */
	size_t sent_count;
	struct path_node *anchors;       /* those looked at so far */
	struct path_findings unreadable; /* of what was sent beside the leaf */
	size_t signatures;               /* looked at */
	size_t computed;                 /* of those */
};

/* Reads what was sent. False when the leaf cannot be read: `unreadable` says why. */
bool path_graph_init(struct path_graph *graph, const struct path_query *query, struct arena *arena);

/* Finds the issuers of a node, unless that was done before. */
void path_graph_expand(struct path_graph *graph, struct path_node *node);

/* Computes the signature of a link, unless that was done before. */
enum link_state path_graph_try(
	struct path_graph *graph, struct path_node *node, struct path_link *link);

/* Whether a certificate is self-issued and its own key made its signature, or would have if
 * algorithm and key were accepted. */
bool path_graph_is_self_signed(struct path_graph *graph, struct path_node *node);

#endif
