/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * certificate_view: what the judges of certificates look at.
 */
#ifndef GATE_CHECKS_CERTIFICATE_VIEW_H
#define GATE_CHECKS_CERTIFICATE_VIEW_H

#include "evidence/evidence.h"
#include "evidence/finding.h"

/* The leaf; false, with the finding written, when there is none that can be read. */
bool view_leaf(const struct peer *peer, struct finding *finding, struct cert *leaf);

/* The certificates that a client relies on, leaf first: those of the path that was judged,
 * without the anchor, or all that were sent where there is no path. Those that cannot be read
 * are not among them. */
struct links {
	const struct path_member *members;
	size_t count;
};
struct links view_links(const struct peer *peer, struct arena *arena);

/* "the certificate", "intermediate 1 (CN=Staging CA)": for the middle of a sentence. */
const char *link_shown(struct arena *arena, const struct path_member *member);

/* "list; text", or the text where there is no list yet. */
const char *text_joined(struct arena *arena, const char *list, const char *text);

/* All that is wrong with a path; NULL when nothing is. */
const char *view_problems(struct arena *arena, const struct path_verdict *path);

/* Whether a limit of ours alone keeps the path from being trusted: then nothing is said of it. */
bool view_is_limited(const struct path_verdict *path);

/* What to do about a problem of the path: its hint and, for a certificate that is missing, where
 * mail servers look for it; NULL when the problem has none. */
const char *fix_of_problem(
	struct arena *arena, const struct path_problem *problem, const struct evidence *evidence);

/* The query that the peer was judged by, without its trust. */
struct path_query view_query(const struct evidence *evidence, const struct peer *peer);

#endif
