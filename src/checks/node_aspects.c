/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Each aspect as a list of texts: two servers are alike when their lists are. Nothing is known of one before
 * all that could be there was asked for.
 */
#include "node_aspects.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "capabilities.h"
#include "evidence/target.h"
#include "hellos.h"
#include "probe/chain_probe.h"
#include "tls_versions.h"

/* The suites are asked for as one part, which is no version. */
#define PART_SUITES 0x10000u

static int
compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
add_item(struct aspect_seen *seen, const char *text, struct arena *arena)
{
	for (size_t i = 0; i < seen->count; i++)
		if (strcmp(seen->items[i], text) == 0)
			return;
	*ARENA_ADD(arena, seen->items, seen->count) = text;
	qsort(seen->items, seen->count, sizeof(*seen->items), compare_texts);
}

bool
aspect_is_same(const struct aspect_seen *one, const struct aspect_seen *other)
{
	if (one->count != other->count)
		return false;
	for (size_t i = 0; i < one->count; i++)
		if (strcmp(one->items[i], other->items[i]) != 0)
			return false;
	return true;
}

static const char *
reason_of(const struct evidence *node, const struct observation *asked)
{
	if (node->cut_short != NULL)
		return node->cut_short;
	return asked != NULL && asked->text != NULL ? asked->text : "not asked";
}

static void
ask_certificates(struct questions *questions)
{
	questions->evidence->wants_chain = true;
	ask(questions, 0, &other_chains_observer, NULL);
}

/* Whoever shows a certificate need not have it: another peer with the same one may be the proof. */
static bool
is_proven(const struct peer *const *peers, size_t count, const struct peer *peer)
{
	for (size_t i = 0; i < count; i++)
		if (peers[i]->proven && span_equal(peers[i]->chain[0], peer->chain[0]))
			return true;
	return false;
}

typedef const char *leaf_text(
	const struct peer *peer, const struct cert *leaf, struct arena *arena);

static void
read_leaves(
	const struct evidence *node, struct aspect_seen *seen, leaf_text *text, struct arena *arena)
{
	const struct observation *others = evidence_observed(node, &other_chains_observer);
	struct error error = { .text = "" };
	const struct peer **peers;
	struct cert leaf;
	size_t count;

	peers = evidence_peers(node, arena, &count);
	if (count == 0 || others == NULL || others->outcome != OUTCOME_DONE)
		seen->unknown = reason_of(node, others);
	for (size_t i = 0; i < count; i++)
		if (!is_proven(peers, count, peers[i]))
			seen->unknown = "nothing proves that it holds the key";
		else if (!cert_parse(&leaf, peers[i]->chain[0], arena, &error))
			seen->unknown = arena_printf(
				arena, "its certificate cannot be read: %s", error.text);
		else
			add_item(seen, text(peers[i], &leaf, arena), arena);
}

static const char *
digest_shown(const char *what, const uint8_t digest[SHA256_LEN], struct arena *arena)
{
	const char *text;
	struct buf hex;

	buf_init(&hex, 2 * SHA256_LEN);
	text_add_hex(&hex, digest, SHA256_LEN);
	text = arena_printf(arena, "%s, SHA-256 %s", what, hex.data);
	buf_release(&hex);
	return text;
}

static const char *
certificate_text(const struct peer *peer, const struct cert *leaf, struct arena *arena)
{
	uint8_t digest[SHA256_LEN];

	cert_sha256(digest, leaf);
	return digest_shown(peer_name(peer, arena), digest, arena);
}

static const char *
key_text(const struct peer *peer, const struct cert *leaf, struct arena *arena)
{
	uint8_t digest[SHA256_LEN];

	(void)peer;
	cert_spki_sha256(digest, leaf);
	return digest_shown(public_key_name(leaf->key.kind), digest, arena);
}

static const char *
issuer_text(const struct peer *peer, const struct cert *leaf, struct arena *arena)
{
	(void)peer;
	return cert_name_text(arena, leaf->issuer);
}

static void
read_certificates(const struct arguments *asker, const struct evidence *node,
	struct aspect_seen *seen, struct arena *arena)
{
	(void)asker;
	read_leaves(node, seen, certificate_text, arena);
}

static void
read_keys(const struct arguments *asker, const struct evidence *node, struct aspect_seen *seen,
	struct arena *arena)
{
	(void)asker;
	read_leaves(node, seen, key_text, arena);
}

static void
read_issuers(const struct arguments *asker, const struct evidence *node, struct aspect_seen *seen,
	struct arena *arena)
{
	(void)asker;
	read_leaves(node, seen, issuer_text, arena);
}

/* Refusals count only where a hello was accepted. */
static bool
accepts_hellos(const struct evidence *node)
{
	struct seen_hello hello;
	size_t at = 0;

	return next_hello(node, &at, &hello);
}

static void
read_versions(const struct arguments *asker, const struct evidence *node, struct aspect_seen *seen,
	struct arena *arena)
{
	struct finding ignored;

	finding_init(&ignored, arena);
	for (const struct name_code *row = tls_version_names; row->name != NULL; row++) {
		uint16_t version = (uint16_t)row->code;
		enum outcome outcome = version_outcome(asker, node, version, &ignored);

		if (outcome == OUTCOME_DONE)
			add_item(seen, version_shown(arena, version), arena);
		else if (outcome != OUTCOME_REFUSED || !accepts_hellos(node))
			seen->unknown =
				arena_printf(arena, "whether it accepts %s is not known: %s",
					version_shown(arena, version),
					reason_of(node, evidence_answer(node, asker, version)));
	}
}

static void
ask_suites_of_all(struct questions *questions)
{
	ask_every_suite(questions, PART_SUITES);
}

static void
read_suites(const struct arguments *asker, const struct evidence *node, struct aspect_seen *seen,
	struct arena *arena)
{
	const struct observation *made;
	size_t at = 0;

	seen->unknown = accepts_hellos(node) ? NULL : reason_of(node, NULL);
	while ((made = evidence_next_answer(node, asker, PART_SUITES, &at)) != NULL) {
		const struct survey_record *survey = made->record;

		if (made->outcome != OUTCOME_DONE && made->outcome != OUTCOME_REFUSED)
			seen->unknown = reason_of(node, made);
		for (size_t i = 0; i < survey->choice_count; i++)
			add_item(seen, suite_shown(arena, survey->choices[i].suite), arena);
	}
}

static void
ask_capabilities(struct questions *questions)
{
	ask_session(questions->evidence, STEP_SESSION_EHLO);
}

/* In upper case, and what stands behind its first word in the order of the alphabet: neither case nor order
 * says anything (RFC 5321 section 2.4, RFC 4954 section 3). */
static const char *
capability_of(const struct reply_line *line, struct arena *arena)
{
	char *text = arena_strdup(arena, line_shown(arena, line));
	const char **words = NULL, *joined = NULL;
	size_t count = 0;

	for (char *c = text; *c != '\0'; c++)
		if (*c >= 'a' && *c <= 'z')
			*c = (char)(*c - 'a' + 'A');
	for (char *word = text, *end; word != NULL; word = end) {
		end = strchr(word, ' ');
		if (end != NULL)
			*end++ = '\0';
		*ARENA_ADD(arena, words, count) = word;
	}
	if (count > 2)
		qsort(words + 1, count - 1, sizeof(*words), compare_texts);
	for (size_t i = 0; i < count; i++)
		joined = joined == NULL ? words[i] : arena_printf(arena, "%s %s", joined, words[i]);
	return joined;
}

static struct aspect_seen
list_of(const struct reply *reply, struct arena *arena)
{
	struct aspect_seen list = { .items = NULL };

	for (size_t i = 0; i < reply->capability_count; i++)
		add_item(&list, capability_of(&reply->capabilities[i], arena), arena);
	return list;
}

/* All that was heard inside TLS, on whatever connection, is the same list. */
static void
hold_against_heard(const struct evidence *node, struct aspect_seen *seen, struct arena *arena)
{
	struct hearing hearing;

	for (size_t i = 0; evidence_hearing(node, i, &hearing); i++)
		for (size_t j = 0; j < hearing.heard->count; j++) {
			const struct heard_list *heard = &hearing.heard->lists[j];
			struct aspect_seen list = list_of(&heard->list, arena);

			if (!heard->inside || heard->is_hint)
				continue;
			if (heard->is_rest)
				seen->unknown =
					"it has more lists of capabilities than are looked at";
			else if (!aspect_is_same(&list, seen))
				seen->torn = arena_printf(arena,
					"connections to it differ, and another one shows: %s",
					capabilities_shown(arena, &heard->list));
		}
}

static void
read_capabilities(const struct arguments *asker, const struct evidence *node,
	struct aspect_seen *seen, struct arena *arena)
{
	const struct conversation *session = &node->session;
	const struct reply_line *malformed = reply_malformed_capability(&session->session_ehlo);

	(void)asker;
	if (session->steps[STEP_SESSION_EHLO].outcome != OUTCOME_DONE) {
		seen->unknown = session->steps[STEP_SESSION_EHLO].text != NULL
					? session->steps[STEP_SESSION_EHLO].text
					: reason_of(node, NULL);
		return;
	}
	*seen = list_of(&session->session_ehlo, arena);
	if (malformed != NULL)
		seen->unknown =
			arena_printf(arena, "no capability: \"%s\"", line_shown(arena, malformed));
	hold_against_heard(node, seen, arena);
}

const struct aspect aspects[] = {
	{ "certificate", ask_certificates, read_certificates },
	{ "key", ask_certificates, read_keys },
	{ "issuer", ask_certificates, read_issuers },
	{ "versions", ask_every_version, read_versions },
	{ "ciphers", ask_suites_of_all, read_suites },
	{ "capabilities", ask_capabilities, read_capabilities },
	{ NULL, NULL, NULL },
};
