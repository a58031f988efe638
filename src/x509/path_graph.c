/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Nodes are the certificates sent and the anchors; a node's links are sorted by how likely they
 * lead on.
 */
#include "path_graph.h"

#include "dn.h"

static struct path_findings
findings_in(struct arena *arena)
{
	return (struct path_findings){ .arena = arena };
}

static const struct cert *
parse(struct path_graph *graph, struct span der, struct path_place *place)
{
	struct cert *cert = arena_alloc(graph->arena, sizeof(*cert));
	struct error error = { { 0 } };

	if (cert_parse(cert, der, graph->arena, &error))
		return cert;
	findings_add(&graph->unreadable, PATH_MALFORMED, place, "4.1", "%s", error.text);
	return NULL;
}

static bool
was_sent_before(const struct path_graph *graph, struct span der)
{
	for (size_t i = 0; i < graph->sent_count; i++)
		if (span_equal(graph->sent[i].place.cert->der, der))
			return true;
	return false;
}

static void
fill_node(struct path_graph *graph, struct path_node *node, const struct path_place *place)
{
	*node = (struct path_node){ .place = *place, .own = findings_in(graph->arena) };
	path_check_place(place, graph->query->at, &node->own);
}

static bool
add_sent(struct path_graph *graph, size_t index)
{
	struct span der = graph->query->sent[index];
	struct path_place place = {
		.role = index == 0 ? ROLE_LEAF : ROLE_INTERMEDIATE,
		.position = (int)index,
	};

	if (was_sent_before(graph, der))
		return true;
	place.cert = parse(graph, der, &place);
	if (place.cert == NULL)
		return false;
	if (trust_store_holds(graph->query->trust, der, place.cert->subject)) {
		if (index != 0)
			return true;
		place.role = ROLE_TRUSTED_LEAF;
	}
	fill_node(graph, &graph->sent[graph->sent_count++], &place);
	return true;
}

bool
path_graph_init(struct path_graph *graph, const struct path_query *query, struct arena *arena)
{
	*graph = (struct path_graph){
		.query = query,
		.arena = arena,
		.sent = arena_array(arena, query->count, sizeof(*graph->sent)),
		.unreadable = findings_in(arena),
	};
	if (query->count == 0) {
		struct path_place nobody = { .role = ROLE_LEAF };

		findings_add(&graph->unreadable, PATH_MALFORMED, &nobody, "6.1",
			"no certificate was sent");
		return false;
	}
	if (!add_sent(graph, 0))
		return false;
	for (size_t i = 1; i < query->count; i++)
		add_sent(graph, i);
	return true;
}

static struct path_node *
anchor_node(struct path_graph *graph, const struct trust_anchor *anchor)
{
	struct path_place place = { .role = ROLE_ANCHOR, .position = -1 };
	struct path_node *node = graph->anchors;

	while (node != NULL && node->place.cert->der.data != anchor->der.data)
		node = node->next_anchor;
	if (node != NULL)
		return node;
	place.cert = parse(graph, anchor->der, &place);
	if (place.cert == NULL)
		return NULL;
	node = arena_alloc(graph->arena, sizeof(*node));
	fill_node(graph, node, &place);
	node->next_anchor = graph->anchors;
	graph->anchors = node;
	return node;
}

static bool
key_ids_differ(const struct cert *cert, const struct cert *issuer)
{
	return cert->issuer_key_id.len != 0 && issuer->key_id.len != 0 &&
	       !span_equal(cert->issuer_key_id, issuer->key_id);
}

/* The less, the sooner it is tried: faultless ones, then those with the right key identifier,
 * then anchors. */
static unsigned
reluctance(const struct cert *cert, const struct path_node *issuer)
{
	return (issuer->own.count != 0 ? 4u : 0u) +
	       (key_ids_differ(cert, issuer->place.cert) ? 2u : 0u) +
	       (issuer->place.role != ROLE_ANCHOR ? 1u : 0u);
}

static void
add_link(struct path_graph *graph, struct path_node *node, struct path_node *issuer)
{
	const struct cert *cert = node->place.cert;
	size_t i = node->link_count;

	node->links = arena_grow(graph->arena, node->links, i, sizeof(*node->links));
	for (; i > 0 && reluctance(cert, node->links[i - 1].issuer) > reluctance(cert, issuer); i--)
		node->links[i] = node->links[i - 1];
	node->links[i] = (struct path_link){ .issuer = issuer };
	node->link_count++;
}

void
path_graph_expand(struct path_graph *graph, struct path_node *node)
{
	struct span issuer = node->place.cert->issuer;
	const struct trust_anchor *anchor = trust_store_find(graph->query->trust, issuer);

	if (node->has_links)
		return;
	node->has_links = true;
	for (; anchor != NULL; anchor = trust_anchor_next(anchor, issuer)) {
		struct path_node *found = anchor_node(graph, anchor);

		if (found != NULL)
			add_link(graph, node, found);
	}
	for (size_t i = 1; i < graph->sent_count; i++)
		if (&graph->sent[i] != node && dn_equal(graph->sent[i].place.cert->subject, issuer))
			add_link(graph, node, &graph->sent[i]);
}

static bool
can_be_judged(const struct cert *cert, const struct cert *issuer)
{
	return signature_algorithm_is_accepted(&cert->algorithm) &&
	       path_key_is_accepted(&issuer->key);
}

enum link_state
path_graph_try(struct path_graph *graph, struct path_node *node, struct path_link *link)
{
	const struct cert *cert = node->place.cert, *issuer = link->issuer->place.cert;

	if (link->state != LINK_UNTRIED)
		return link->state;
	if (!can_be_judged(cert, issuer)) {
		link->state = LINK_UNJUDGED;
	} else if (graph->signatures >= PATH_SIGNATURES_MAX) {
		link->state = LINK_OVER_BUDGET;
	} else {
		graph->signatures++;
		if (signature_memo_verify(graph->query->memo, &issuer->key, &cert->algorithm,
			    cert->tbs, cert->signature, &graph->computed))
			link->state = LINK_GOOD;
		else
			link->state = key_ids_differ(cert, issuer) ? LINK_OTHER_KEY : LINK_BAD;
	}
	return link->state;
}

bool
path_graph_is_self_signed(struct path_graph *graph, struct path_node *node)
{
	const struct cert *cert = node->place.cert;

	if (node->self.state == LINK_UNTRIED && cert_is_self_issued(cert)) {
		node->self.issuer = node;
		path_graph_try(graph, node, &node->self);
	}
	return node->self.state == LINK_GOOD || node->self.state == LINK_UNJUDGED;
}
