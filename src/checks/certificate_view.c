/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Goes through the links that a judge looks at: those of the path, or, without one, what was sent.
 */
#include "certificate_view.h"

#include "checks/advice.h"
#include "evidence/cause.h"
#include "evidence/target.h"

#define ANCHOR_POSITION (-1)

bool
view_leaf(const struct peer *peer, struct finding *finding, struct cert *leaf)
{
	struct error error = { .text = "" };

	if (peer->chain_count == 0)
		finding_error(finding, CAUSE_PATH, "NoCertificate", "no certificate was seen");
	else if (!cert_parse(leaf, peer->chain[0], finding->arena, &error))
		finding_fail(finding, CAUSE_PATH, "Malformed", "the certificate cannot be read: %s",
			error.text);
	else
		return true;
	return false;
}

static struct links
path_links(const struct path_verdict *path)
{
	struct links links = { path->members, path->member_count };

	if (links.count != 0 && links.members[links.count - 1].position == ANCHOR_POSITION)
		links.count--;
	return links;
}

static struct links
sent_links(const struct peer *peer, struct arena *arena)
{
	struct path_member *members = arena_array(arena, peer->chain_count, sizeof(*members));
	struct links links = { members, 0 };

	for (size_t i = 0; i < peer->chain_count; i++) {
		struct cert *cert = arena_alloc(arena, sizeof(*cert));
		struct error ignored = { .text = "" };

		if (cert_parse(cert, peer->chain[i], arena, &ignored))
			members[links.count++] =
				(struct path_member){ .cert = cert, .position = (int)i };
	}
	return links;
}

struct links
view_links(const struct peer *peer, struct arena *arena)
{
	struct links links = path_links(&peer->path);

	return links.count != 0 ? links : sent_links(peer, arena);
}

const char *
link_shown(struct arena *arena, const struct path_member *member)
{
	if (member->position == 0)
		return "the certificate";
	return arena_printf(arena, "intermediate %d (%s)", member->position,
		cert_name_text(arena, member->cert->subject));
}

const char *
text_joined(struct arena *arena, const char *list, const char *text)
{
	return list == NULL ? text : arena_printf(arena, "%s; %s", list, text);
}

const char *
view_problems(struct arena *arena, const struct path_verdict *path)
{
	const char *text = NULL;

	for (size_t i = 0; i < path->problem_count; i++)
		text = text_joined(arena, text, path->problems[i].text);
	return text;
}

bool
view_is_limited(const struct path_verdict *path)
{
	for (size_t i = 0; i < path->problem_count; i++)
		if (path->problems[i].kind != PATH_LIMIT)
			return false;
	return path->problem_count != 0;
}

const char *
fix_of_problem(
	struct arena *arena, const struct path_problem *problem, const struct evidence *evidence)
{
	if (problem->hint == NULL || problem->kind != PATH_ISSUER_MISSING)
		return problem->hint;
	return arena_printf(arena,
		"%s. Append it in PEM form behind the server's own certificate in the file that the "
		"server reads (%s; of an ACME client take fullchain.pem, not cert.pem), and reload",
		problem->hint, advice_certificate(evidence->target->dialect));
}

struct path_query
view_query(const struct evidence *evidence, const struct peer *peer)
{
	return (struct path_query){
		.sent = peer->chain, .count = peer->chain_count, .at = evidence->today
	};
}
