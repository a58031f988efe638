/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * nodes.agree: whether all servers of a target are alike. Each is asked; their lead is judged. A server that was
 * not seen may be the one that differs.
 */
#include <string.h>

#include "checks/arguments.h"
#include "evidence/cause.h"
#include "evidence/target.h"
#include "families.h"
#include "hellos.h"
#include "node_aspects.h"

static const char *const aspect_names[] = { "certificate", "key", "issuer", "versions", "ciphers",
	"capabilities", NULL };

static bool
is_compared(const struct arguments *arguments, const struct aspect *aspect)
{
	return argument_lists(argument_of(arguments, "on"), aspect->name);
}

static const char *
object_to_target(const struct arguments *arguments, const struct target *target)
{
	return argument_lists(argument_of(arguments, "on"), "capabilities") &&
			       (target_features(target) & DIALECT_DIALOGUE) == 0
		       ? "of which nothing but TLS is known, and no capabilities"
		       : NULL;
}

static void
ask_agree(const struct arguments *arguments, struct questions *questions)
{
	for (const struct aspect *aspect = aspects; aspect->name != NULL; aspect++)
		if (is_compared(arguments, aspect))
			aspect->ask(questions);
}

struct node {
	const struct evidence *evidence;
	const char *name;     /* "mx1.example.org/192.0.2.1" */
	const char *obstacle; /* why nothing can be known of it; NULL: something may be */
	struct aspect_seen seen;
};

/* What is being compared, and what was found so far; texts are NULL where there is nothing. */
struct comparison {
	const struct arguments *arguments;
	struct finding *finding;
	struct node *nodes;
	size_t count;
	size_t left_out;
	const char *differences; /* with semicolons between them */
	const char *unknown;
	const char *observed;
	const char *compared; /* with commas */
	bool cut_short;
};

static const char *
with(const char *list, const char *text, struct arena *arena)
{
	return list == NULL ? text : arena_printf(arena, "%s; %s", list, text);
}

static const char *
name_of_node(const struct target *target)
{
	size_t len = strlen(target->entry);

	return strncmp(target->name, target->entry, len) == 0 && target->name[len] == '/'
		       ? target->name + len + 1
		       : target->name;
}

static const char *
obstacle_of(const struct evidence *node, struct arena *arena)
{
	enum step broken;

	if (node->target->missing != CAUSE_NONE)
		return node->target->missing_text;
	if (node->cut_short != NULL)
		return node->cut_short;
	if (!evidence_broken_step(node, STEP_HANDSHAKE, &broken))
		return NULL;
	return arena_printf(arena, "%s: %s", step_name(broken, node->target->dialect),
		node->session.steps[broken].text != NULL ? node->session.steps[broken].text
							 : "not reached");
}

/* Those that are to be gated. */
static void
take_nodes(struct comparison *comparison, const struct evidence *lead)
{
	comparison->nodes = arena_array(
		comparison->finding->arena, lead->node_count, sizeof(*comparison->nodes));
	for (size_t i = 0; i < lead->node_count; i++) {
		const struct evidence *node = lead->nodes[i];

		if (node->target->left_out != NULL)
			comparison->left_out++;
		else
			comparison->nodes[comparison->count++] = (struct node){ .evidence = node,
				.name = name_of_node(node->target),
				.obstacle = obstacle_of(node, comparison->finding->arena) };
	}
}

static bool
is_item(const struct aspect_seen *seen, const char *item)
{
	for (size_t i = 0; i < seen->count; i++)
		if (strcmp(seen->items[i], item) == 0)
			return true;
	return false;
}

/* The items that the one has and the other has not, with commas; NULL: none. */
static const char *
items_beyond(const struct aspect_seen *one, const struct aspect_seen *other, struct arena *arena)
{
	const char *list = NULL;

	for (size_t i = 0; i < one->count; i++)
		if (other == NULL || !is_item(other, one->items[i]))
			list = list_with(arena, list, one->items[i]);
	return list;
}

static bool
is_known(const struct node *node)
{
	return node->seen.unknown == NULL;
}

static size_t
count_alike(const struct comparison *comparison, const struct node *node)
{
	size_t alike = 0;

	for (size_t i = 0; i < comparison->count; i++)
		alike += is_known(&comparison->nodes[i]) &&
			 aspect_is_same(&comparison->nodes[i].seen, &node->seen);
	return alike;
}

/* The first of those that most are like; NULL: none was seen. */
static const struct node *
find_usual(const struct comparison *comparison)
{
	const struct node *usual = NULL;

	for (size_t i = 0; i < comparison->count; i++) {
		const struct node *node = &comparison->nodes[i];

		if (is_known(node) && (usual == NULL || count_alike(comparison, node) >
								count_alike(comparison, usual)))
			usual = node;
	}
	return usual;
}

static void
observe(struct comparison *comparison, const struct aspect *aspect, const struct node *node)
{
	struct arena *arena = comparison->finding->arena;
	const char *items = items_beyond(&node->seen, NULL, arena);

	comparison->observed = with(comparison->observed,
		arena_printf(arena, "%s of %s: %s", aspect->name, node->name,
			items != NULL ? items : "none"),
		arena);
}

/* "versions: mx2.example.org differs from mx1.example.org: also TLS 1.0; without TLS 1.3" */
static void
tell_difference(struct comparison *comparison, const struct aspect *aspect, const struct node *odd,
	const struct node *usual)
{
	struct arena *arena = comparison->finding->arena;
	const char *more = items_beyond(&odd->seen, &usual->seen, arena);
	const char *fewer = items_beyond(&usual->seen, &odd->seen, arena);
	size_t others = count_alike(comparison, usual) - 1;

	comparison->differences = with(comparison->differences,
		arena_printf(arena, "%s: %s differs from %s%s: %s%s%s%s%s", aspect->name, odd->name,
			usual->name,
			others == 0 ? "" : arena_printf(arena, " and %zu more", others),
			more != NULL ? "it has " : "", more != NULL ? more : "",
			more != NULL && fewer != NULL ? ", and " : "",
			fewer != NULL ? "it has not " : "", fewer != NULL ? fewer : ""),
		arena);
	observe(comparison, aspect, odd);
}

static void
tell_unknown(struct comparison *comparison, const struct node *node, const char *text)
{
	comparison->unknown = with(comparison->unknown, text, comparison->finding->arena);
	comparison->cut_short = comparison->cut_short || node->evidence->cut_short != NULL;
}

static void
look_at(struct comparison *comparison, const struct aspect *aspect, struct node *node)
{
	struct arena *arena = comparison->finding->arena;

	node->seen = (struct aspect_seen){ .unknown = node->obstacle };
	if (node->obstacle != NULL)
		return;
	aspect->read(comparison->arguments, node->evidence, &node->seen, arena);
	if (node->seen.torn != NULL)
		comparison->differences = with(comparison->differences,
			arena_printf(
				arena, "%s of %s: %s", aspect->name, node->name, node->seen.torn),
			arena);
	if (!is_known(node))
		tell_unknown(comparison, node,
			arena_printf(arena, "%s of %s: %s", aspect->name, node->name,
				node->seen.unknown));
}

static void
compare(struct comparison *comparison, const struct aspect *aspect)
{
	struct arena *arena = comparison->finding->arena;
	const struct node *usual;

	comparison->compared = list_with(arena, comparison->compared, aspect->name);
	for (size_t i = 0; i < comparison->count; i++)
		look_at(comparison, aspect, &comparison->nodes[i]);
	usual = find_usual(comparison);
	if (usual == NULL || count_alike(comparison, usual) == comparison->count)
		return;
	observe(comparison, aspect, usual);
	for (size_t i = 0; i < comparison->count; i++)
		if (is_known(&comparison->nodes[i]) &&
			!aspect_is_same(&comparison->nodes[i].seen, &usual->seen))
			tell_difference(comparison, aspect, &comparison->nodes[i], usual);
}

static void
conclude(const struct comparison *comparison)
{
	struct finding *finding = comparison->finding;

	if (comparison->differences != NULL)
		finding_fail(finding, CAUSE_NONE, "NodesDiffer", "%s", comparison->differences);
	else if (comparison->unknown != NULL)
		finding_error(finding, comparison->cut_short ? CAUSE_CUT_SHORT : CAUSE_NONE,
			"NodeUnseen", "not known of every server: %s", comparison->unknown);
	else
		finding_pass(finding, "%zu servers agree on %s%s", comparison->count,
			comparison->compared,
			comparison->left_out == 0 ? ""
						  : arena_printf(finding->arena, "; left out: %zu",
							    comparison->left_out));
	finding_expected(finding, "the same of all %zu servers", comparison->count);
	if (comparison->observed != NULL)
		finding_observed(finding, "%s", comparison->observed);
}

static void
judge_agree(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	struct comparison comparison = { .arguments = arguments, .finding = finding };

	if (evidence->target->missing != CAUSE_NONE) {
		finding_error(finding, evidence->target->missing, "NoServer",
			"no servers to compare: %s", evidence->target->missing_text);
		return;
	}
	take_nodes(&comparison, evidence);
	if (comparison.count == 1)
		finding_skip(finding, "nothing to compare: %s is the only server%s",
			comparison.nodes[0].name,
			comparison.left_out != 0 ? " that is not left out" : "");
	if (comparison.count < 2)
		return;
	for (size_t i = 0; i < comparison.count; i++)
		if (comparison.nodes[i].obstacle != NULL)
			tell_unknown(&comparison, &comparison.nodes[i],
				arena_printf(finding->arena, "%s: %s", comparison.nodes[i].name,
					comparison.nodes[i].obstacle));
	for (const struct aspect *aspect = aspects; aspect->name != NULL; aspect++)
		if (is_compared(arguments, aspect))
			compare(&comparison, aspect);
	conclude(&comparison);
}

static const struct check checks[] = {
	{
		.name = "nodes.agree",
		.summary = "all servers of the target are alike",
		.why = "Which server takes a mail is left to chance. One that was forgotten when a "
		       "certificate was renewed or a setting was changed fails some of the mail some "
		       "of the time, and nobody can say why.",
		.fix = "Give the server that differs what the others have: the certificate with its key "
		       "and chain, the settings of TLS, the capabilities; then reload it. A server that "
		       "was not seen has to be reached first.",
		.source = "RFC 5321 section 5.1",
		.subject = SUBJECT_WHOLE,
		.step = STEP_HANDSHAKE,
		.needs = TARGET_NODES,
		.asks_nodes = true,
		.target_objection = object_to_target,
		.ask = ask_agree,
		.judge = judge_agree,
		.params = {
			{
				.name = "on",
				.type = PARAM_LIST,
				.required = true,
				.choices = aspect_names,
				.help = "What must be equal: certificate, key and issuer of the certificates of "
					"every kind; the TLS versions and the cipher suites that are accepted; "
					"the capabilities inside TLS.",
				.example = "[\"certificate\", \"versions\", \"capabilities\"]",
			},
		},
	},
};

const struct check_family nodes_family = {
	.name = "nodes",
	.summary = "whether the servers of a target agree",
	.checks = checks,
	.count = sizeof(checks) / sizeof(checks[0]),
};
