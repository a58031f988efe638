/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A depth-first search from the leaf upwards, twice: first for a path without any fault, then,
 * if there is none, for the one whose faults weigh least.
 */
#include "x509/path.h"

#include <limits.h>

#include "base/buf.h"
#include "base/text.h"
#include "dn.h"
#include "path_graph.h"

#define COMPARISONS_MAX 100000
#define STEPS_MAX 5000

/* How a path ends. */
enum path_end {
	END_ANCHOR,
	END_NO_ISSUER, /* no certificate of the issuer is at hand */
	END_OTHER_KEY, /* one is, but of another key */
	END_CYCLE,     /* the issuer is below in the path already */
	END_SELF_SIGNED,
	END_OVER_BUDGET, /* a signature above was not judged any more */
	END_TOO_LONG,
	END_NONE, /* nothing was found before the search was given up */
};

/* A path from the leaf up. */
struct route {
	struct path_node *nodes[PATH_CERTS_MAX];
	enum link_state links[PATH_CERTS_MAX]; /* from each node to the one above it */
	size_t count;
	enum path_end end;
};

struct search {
	struct path_graph *graph;
	struct route route;
	struct route best;
	unsigned best_weight; /* paths must weigh less than this to be of interest */
	size_t comparisons;
	size_t steps;
	bool explaining; /* looking for the least faults, not for a path without */
	bool gave_up;
};

static size_t
places_of(const struct route *route, struct path_place places[PATH_CERTS_MAX])
{
	for (size_t i = 0; i < route->count; i++)
		places[i] = route->nodes[i]->place;
	return route->count;
}

static void
describe_hint(struct path_findings *findings, const struct path_place *top, const char *issuer)
{
	struct span url = top->cert->ca_issuers_url;
	struct buf text;

	if (findings->arena == NULL)
		return;
	buf_init(&text, 512);
	text_add_printable(&text, url.data, url.len);
	if (url.len != 0)
		findings_hint(findings,
			"let the server send the certificate of %s too; it is at %s", issuer,
			text.data);
	else
		findings_hint(findings,
			"let the server send the certificate of %s too, or trust it if it is a "
			"root of your own",
			issuer);
	buf_release(&text);
}

static const char *
issuer_of(struct path_findings *findings, const struct path_place *place)
{
	return findings->arena == NULL ? "" : cert_name_text(findings->arena, place->cert->issuer);
}

static void
find_fault_of_root(struct path_findings *findings, const struct path_place *top)
{
	if (top->role == ROLE_LEAF) {
		findings_add(findings, PATH_SELF_SIGNED_LEAF, top, "6.1",
			"self-signed, and not a trust anchor");
		findings_hint(findings, "let a CA sign it, or trust this very certificate");
	} else {
		findings_add(findings, PATH_UNTRUSTED_ROOT, top, "6.1",
			"the chain ends in this root, which is not a trust anchor");
		findings_hint(findings, "trust this root, or use a certificate of a trusted CA");
	}
}

static void
find_fault_of_end(struct path_findings *findings, const struct path_place *top, enum path_end end)
{
	const char *issuer = issuer_of(findings, top);

	switch (end) {
	case END_ANCHOR:
		break;
	case END_NO_ISSUER:
		findings_add(findings, PATH_ISSUER_MISSING, top, "6.1",
			"its issuer %s was not sent and is no trust anchor", issuer);
		describe_hint(findings, top, issuer);
		break;
	case END_OTHER_KEY:
		findings_add(findings, PATH_ISSUER_MISSING, top, "6.1",
			"its issuer %s is at hand with another key only", issuer);
		describe_hint(findings, top, issuer);
		break;
	case END_CYCLE:
		findings_add(findings, PATH_ISSUER_MISSING, top, "6.1",
			"its issuer %s leads in a circle, to no trust anchor", issuer);
		break;
	case END_SELF_SIGNED:
		find_fault_of_root(findings, top);
		break;
	case END_OVER_BUDGET:
		findings_add(findings, PATH_BUDGET, top, "6.1.3",
			"its signature was not judged: more than %d would be needed",
			PATH_SIGNATURES_MAX);
		break;
	case END_TOO_LONG:
		findings_add(findings, PATH_BUDGET, top, "6.1",
			"no trust anchor within %d certificates", PATH_CERTS_MAX);
		break;
	case END_NONE:
		findings_add(findings, PATH_BUDGET, top, "6.1",
			"no path was found before the search was given up");
		break;
	}
}

/* Links that were never judged are not part of a route. */
static void
find_fault_of_link(struct path_findings *findings, const struct route *route, size_t i)
{
	const struct path_place *place = &route->nodes[i]->place;

	if (route->links[i] == LINK_BAD)
		findings_add(findings, PATH_BAD_SIGNATURE, place, "6.1.3",
			"its signature was not made with the key of its issuer %s, or it was "
			"changed since",
			issuer_of(findings, place));
}

static void
add_own(struct path_findings *findings, const struct path_findings *own)
{
	findings->weight += own->weight;
	for (size_t i = 0; i < own->count; i++) {
		if (findings->arena != NULL) {
			findings->problems = arena_grow(findings->arena, findings->problems,
				findings->count, sizeof(*findings->problems));
			findings->problems[findings->count] = own->problems[i];
		}
		findings->count++;
	}
}

/* Everything that is wrong with a route; this alone decides what is trusted. */
static void
find_faults(struct search *search, const struct route *route, struct path_findings *findings)
{
	const struct path_place *top = &route->nodes[route->count - 1]->place;
	struct path_place places[PATH_CERTS_MAX];
	size_t count = places_of(route, places);

	for (size_t i = 0; i < count; i++) {
		add_own(findings, &route->nodes[i]->own);
		if (i + 1 < count)
			find_fault_of_link(findings, route, i);
	}
	find_fault_of_end(findings, top, route->end);
	path_check_whole(places, count, &search->comparisons, findings);
}

static void
consider(struct search *search, enum path_end end)
{
	struct path_findings findings = { .arena = NULL };

	search->route.end = end;
	find_faults(search, &search->route, &findings);
	if (findings.weight >= search->best_weight)
		return;
	search->best_weight = findings.weight;
	search->best = search->route;
}

/* Whether a certificate of the same subject and key is on the path already: another one of them
 * leads nowhere new (RFC 4158 section 2.4.1). The leaf is no issuer. */
static bool
is_on_route(const struct route *route, const struct path_node *node)
{
	for (size_t i = 1; i < route->count; i++)
		if (route->nodes[i] == node ||
			(span_equal(route->nodes[i]->place.cert->key.spki,
				 node->place.cert->key.spki) &&
				dn_equal(route->nodes[i]->place.cert->subject,
					node->place.cert->subject)))
			return true;
	return false;
}

/* Faults that are certain on this way, whatever comes above. */
static unsigned
weight_so_far(const struct route *route)
{
	struct path_findings findings = { .arena = NULL };

	for (size_t i = 0; i < route->count; i++) {
		findings.weight += route->nodes[i]->own.weight;
		if (i + 1 < route->count)
			find_fault_of_link(&findings, route, i);
	}
	return findings.weight;
}

/* What following a link came to. */
enum outcome {
	OUTCOME_LED_ON,
	OUTCOME_BAD_SIGNATURE,
	OUTCOME_OTHER_KEY,
	OUTCOME_CYCLE,
	OUTCOME_OVER_BUDGET,
};

static void climb(struct search *search);

static enum outcome
follow(struct search *search, struct path_node *node, struct path_link *link)
{
	struct route *route = &search->route;
	enum link_state state;

	if (is_on_route(route, link->issuer))
		return OUTCOME_CYCLE;
	state = path_graph_try(search->graph, node, link);
	if (state == LINK_OTHER_KEY)
		return OUTCOME_OTHER_KEY;
	if (state == LINK_OVER_BUDGET)
		return OUTCOME_OVER_BUDGET;
	route->links[route->count - 1] = state;
	route->nodes[route->count++] = link->issuer;
	if (weight_so_far(route) < search->best_weight)
		climb(search);
	route->count--;
	return state == LINK_BAD ? OUTCOME_BAD_SIGNATURE : OUTCOME_LED_ON;
}

/* Follows all links; what kept them from leading on is the end of the path here. */
static enum path_end
follow_all(struct search *search, struct path_node *node)
{
	static const enum path_end ends[] = {
		[OUTCOME_LED_ON] = END_ANCHOR,
		[OUTCOME_BAD_SIGNATURE] = END_ANCHOR,
		[OUTCOME_OTHER_KEY] = END_OTHER_KEY,
		[OUTCOME_CYCLE] = END_CYCLE,
		[OUTCOME_OVER_BUDGET] = END_OVER_BUDGET,
	};
	enum path_end end = END_NO_ISSUER;

	path_graph_expand(search->graph, node);
	for (size_t i = 0; i < node->link_count; i++) {
		enum path_end reason;

		if (weight_so_far(&search->route) >= search->best_weight)
			break; /* nothing above can make it better than what was found */
		if (search->steps >= STEPS_MAX) {
			search->gave_up = true;
			break;
		}
		search->steps++;
		reason = ends[follow(search, node, &node->links[i])];
		if (end != END_ANCHOR)
			end = reason;
	}
	return end;
}

static void
climb(struct search *search)
{
	struct path_node *node = search->route.nodes[search->route.count - 1];
	enum path_end end;

	if (node->place.role == ROLE_ANCHOR || node->place.role == ROLE_TRUSTED_LEAF) {
		consider(search, END_ANCHOR);
		return;
	}
	if (search->route.count == PATH_CERTS_MAX) {
		consider(search, END_TOO_LONG);
		return;
	}
	end = follow_all(search, node);
	if (search->explaining && path_graph_is_self_signed(search->graph, node))
		consider(search, END_SELF_SIGNED);
	else if (end != END_ANCHOR)
		consider(search, end);
}

static void
run(struct search *search, unsigned best_weight, bool explaining)
{
	search->best = (struct route){ .nodes = { &search->graph->sent[0] }, .count = 1 };
	search->best.end = END_NONE;
	search->route = search->best;
	search->best_weight = best_weight;
	search->comparisons = COMPARISONS_MAX;
	search->explaining = explaining;
	search->steps = 0;
	climb(search);
}

static bool
all_links_are_good(const struct route *route)
{
	for (size_t i = 0; i + 1 < route->count; i++)
		if (route->links[i] != LINK_GOOD)
			return false;
	return true;
}

static void
take_members(struct path_verdict *verdict, const struct route *route, struct arena *arena)
{
	struct path_member *members = arena_array(arena, route->count, sizeof(*members));

	for (size_t i = 0; i < route->count; i++)
		members[i] = (struct path_member){
			.cert = route->nodes[i]->place.cert,
			.position = route->nodes[i]->place.position,
		};
	verdict->members = members;
	verdict->member_count = route->count;
}

static struct path_verdict
verdict_of(struct search *search, struct arena *arena)
{
	const struct route *best = &search->best;
	struct path_findings findings = { .arena = arena };
	struct path_verdict verdict = { .signatures = search->graph->signatures,
		.computed = search->graph->computed };

	search->comparisons = COMPARISONS_MAX;
	find_faults(search, best, &findings);
	verdict.trusted =
		findings.count == 0 && best->end == END_ANCHOR && all_links_are_good(best);
	if (!verdict.trusted && search->gave_up)
		findings_add(&findings, PATH_BUDGET, &best->nodes[0]->place, "6.1",
			"the search for a path was given up after %d steps", STEPS_MAX);
	if (best->end != END_ANCHOR)
		add_own(&findings, &search->graph->unreadable);
	verdict.problems = findings.problems;
	verdict.problem_count = findings.count;
	take_members(&verdict, best, arena);
	return verdict;
}

struct path_verdict
path_judge(const struct path_query *query, struct arena *arena)
{
	struct path_graph graph;
	struct search search = { .graph = &graph };

	if (!path_graph_init(&graph, query, arena))
		return (struct path_verdict){
			.problems = graph.unreadable.problems,
			.problem_count = graph.unreadable.count,
		};
	run(&search, graph.sent[0].own.weight + 1, false);
	if (search.best.end == END_NONE)
		run(&search, UINT_MAX, true);
	return verdict_of(&search, arena);
}
