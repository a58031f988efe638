/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * court_chains: tables of the judges of certificates. The evidence of a row is a chain of fixtures,
 * and what holds of every such judge is asked of each of them: nothing passes without proof.
 */
#ifndef GATE_TESTS_COURT_CHAINS_H
#define GATE_TESTS_COURT_CHAINS_H

#include "court_findings.h"
#include "court_servers.h"
#include "flight_hex.h"

#include "evidence/target.h"

/* A word of a row is a fixture, or one with other bytes: "name:old>new", all of "old" replaced by as
 * many bytes; as text, or as hex behind '#'; with more of ":old>new" behind it. Signatures are not
 * made again. */

/* A leaf that no judge can read. */
#define UNREADABLE "leaf:#3082026d>#3182026d"

/* notBefore and notAfter of most fixtures, and how a later or earlier one is written. */
#define BEGINS "260101000000Z"
#define ENDS "270101000000Z"

/* ecdsa-with-SHA256, and what is one byte away from it. */
#define ECDSA_SHA256 "#2a8648ce3d040302"
#define ECDSA_SHA224 "#2a8648ce3d040301"
#define ECDSA_SHA512 "#2a8648ce3d040304"

#define EDIT_MAX 200

static inline size_t
bytes_of_edit(uint8_t bytes[EDIT_MAX], const char *text, size_t len)
{
	if (text[0] != '#') {
		assert_true(len <= EDIT_MAX);
		memcpy(bytes, text, len);
		return len;
	}
	assert_true(len / 2 <= EDIT_MAX && len % 2 == 1);
	for (size_t i = 0; i < len / 2; i++)
		bytes[i] = (uint8_t)(nibble(text[1 + 2 * i]) << 4 | nibble(text[2 + 2 * i]));
	return len / 2;
}

static inline void
replace_bytes(uint8_t *data, size_t len, const char *edit)
{
	uint8_t from[EDIT_MAX], to[EDIT_MAX];
	const char *arrow = strchr(edit, '>');
	size_t count, found = 0;

	assert_non_null(arrow);
	count = bytes_of_edit(from, edit, (size_t)(arrow - edit));
	assert_int_equal(bytes_of_edit(to, arrow + 1, strlen(arrow + 1)), count);
	for (size_t i = 0; i + count <= len; i++)
		if (memcmp(data + i, from, count) == 0) {
			memcpy(data + i, to, count);
			found++;
		}
	if (found == 0)
		fail_msg("there is nothing to replace for %s", edit);
}

/* The fixture that a word of a row stands for. */
static inline struct span
bytes_of_word(struct arena *arena, const char *word)
{
	char *name = arena_strdup(arena, word);
	char *edit = strchr(name, ':');
	struct span der;
	uint8_t *copy;

	if (edit != NULL)
		*edit++ = '\0';
	der = fixture(arena, name);
	copy = arena_memdup(arena, der.data, der.len);
	while (edit != NULL) {
		char *next = strchr(edit, ':');

		if (next != NULL)
			*next++ = '\0';
		replace_bytes(copy, der.len, edit);
		edit = next;
	}
	return (struct span){ copy, der.len };
}

#define CHAIN_MAX 8

/* What a server shows with that chain: fixtures with blanks between them, the leaf first. It is not
 * proven yet. */
static inline void
judge_shown(
	struct court *court, struct peer *peer, const char *words, const struct trust_store *trust)
{
	struct evidence *evidence = &court->evidence;
	struct peer_terms terms = {
		.host = "mail.example.test", .trust = trust, .at = evidence->today
	};
	struct span *chain = arena_array(&evidence->arena, CHAIN_MAX, sizeof(*chain));
	char *rest = arena_strdup(&evidence->arena, words);
	size_t count = 0;

	while (rest != NULL) {
		char *word = rest;

		rest = strchr(rest, ' ');
		if (rest != NULL)
			*rest++ = '\0';
		assert_true(count < CHAIN_MAX);
		chain[count++] = bytes_of_word(&evidence->arena, word);
	}
	peer_judge(peer, chain, count, &terms, &evidence->arena);
}

/* The session shows that chain, and proves that it has the key. */
static inline void
present_to(struct court *court, const char *words, const struct trust_store *trust)
{
	judge_shown(court, &court->evidence.session.peer, words, trust);
	court->evidence.session.peer.proven = true;
}

static inline void
present(struct court *court, const char *words)
{
	present_to(court, words, stores[1]);
}

/* Another connection shows that chain. */
static inline struct peer *
present_elsewhere(struct court *court, const char *words)
{
	struct observation *others = observed_by(court, &other_chains_observer);
	struct peer peer;

	judge_shown(court, &peer, words, stores[1]);
	peer.proven = true;
	others->peers =
		arena_grow(&court->evidence.arena, others->peers, others->peer_count, sizeof(peer));
	others->peers[others->peer_count] = peer;
	return &others->peers[others->peer_count++];
}

static inline struct target *
target_of(struct court *court)
{
	return &court->loaded.checklist.targets[0];
}

/* The target is the file that holds the chain: there is no server that was asked. */
static inline void
is_a_file(struct court *court)
{
	target_of(court)->certificate_file = "fullchain.pem";
	court->evidence.observation_count = 0;
	for (size_t i = 0; i < STEP_COUNT; i++)
		court->evidence.session.steps[i] =
			(struct step_record){ .outcome = OUTCOME_NOT_REACHED };
}

static inline void
is_not_trusted(struct court *court)
{
	const struct peer *shown = &court->evidence.session.peer;
	struct peer_terms terms = {
		.host = "mail.example.test", .trust = stores[0], .at = court->evidence.today
	};

	peer_judge(&court->evidence.session.peer, shown->chain, shown->chain_count, &terms,
		&court->evidence.arena);
	court->evidence.session.peer.proven = true;
}

struct chain_row {
	const char *sentence;
	const char *assertion;                /* as in a finding_row */
	const char *chain;                    /* NULL: arrange does it */
	const char *today;                    /* NULL: TODAY */
	void (*arrange)(struct court *court); /* what is different; NULL: nothing */
	enum verdict verdict;
	const char *type;
	uint32_t causes;
	const char *says;
};

static inline void
open_for_chain(struct court *court, const char *assertion, const char *chain, const char *today,
	void (*arrange)(struct court *court))
{
	open_at(court, assertion, OUTCOME_DONE);
	if (today != NULL)
		court->evidence.now = court->evidence.today = date_at(today);
	if (chain != NULL)
		present(court, chain);
	if (arrange != NULL)
		arrange(court);
}

static inline void
expect_of_chains(const struct chain_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct chain_row *row = &rows[i];
		const struct finding_row finding = { .sentence = row->sentence,
			.verdict = row->verdict,
			.type = row->type,
			.causes = row->causes,
			.says = row->says };
		struct court court;

		open_for_chain(&court, row->assertion, row->chain, row->today, row->arrange);
		expect_finding(&court, &finding);
		court_close(&court);
	}
}

/* What is said besides the message: each a part of the text; NULL: there is none. */
struct said_row {
	const char *sentence;
	const char *assertion, *chain, *today;
	void (*arrange)(struct court *court);
	const char *expected, *observed, *why, *fix;
};

static inline void
expect_part(const char *sentence, const char *what, const char *got, const char *want)
{
	if (want == NULL ? got != NULL : got == NULL || strstr(got, want) == NULL)
		fail_msg("%s: %s is \"%s\", not \"%s\"", sentence, what,
			got != NULL ? got : "(none)", want != NULL ? want : "(none)");
}

static inline void
expect_said(const struct said_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct said_row *row = &rows[i];
		struct finding got;
		struct court court;

		open_for_chain(&court, row->assertion, row->chain, row->today, row->arrange);
		judge_arguments(&court.evidence, &court.loaded.checklist.assertions[0].arguments,
			&court.arena, &got);
		expect_part(row->sentence, "expected", got.expected, row->expected);
		expect_part(row->sentence, "observed", got.observed, row->observed);
		expect_part(row->sentence, "why", got.why, row->why);
		expect_part(row->sentence, "fix", got.fix, row->fix);
		court_close(&court);
	}
}

static inline void
shows_nothing(struct court *court)
{
	court->evidence.session.peer = (struct peer){ .chain_count = 0 };
}

static inline void
breaks_before_the_chain(struct court *court)
{
	shows_nothing(court);
	breaks_the_handshake(court);
}

static inline void
refuses_before_the_chain(struct court *court)
{
	shows_nothing(court);
	refuses_the_handshake(court);
}

static inline void
has_no_starttls(struct court *court)
{
	shows_nothing(court);
	offers_no_starttls(court);
}

static inline void
cannot_be_reached(struct court *court)
{
	shows_nothing(court);
	refuses_the_connection(court);
}

static inline void
is_interrupted_before_the_chain(struct court *court)
{
	shows_nothing(court);
	is_cut_short(court);
}

static inline void
breaks_behind_the_chain(struct court *court)
{
	court->evidence.session.peer.proven = false;
	breaks_the_handshake(court);
}

static inline void
breaks_behind_a_proof(struct court *court)
{
	breaks_the_handshake(court);
}

static inline void
proves_nothing(struct court *court)
{
	court->evidence.session.peer.proven = false;
}

static inline void
may_have_others(struct court *court)
{
	struct observation *others = observed_by(court, &other_chains_observer);

	others->outcome = OUTCOME_BROKEN;
	others->text = "no answer in time";
}

static inline void
refuses_all_others(struct court *court)
{
	observed_by(court, &other_chains_observer)->outcome = OUTCOME_REFUSED;
}

static inline void
is_not_asked_for_others(struct court *court)
{
	struct observation *others = observed_by(court, &other_chains_observer);

	others->outcome = OUTCOME_NOT_REACHED;
	others->text = NULL;
}

static inline void
is_interrupted_before_others(struct court *court)
{
	may_have_others(court);
	court->evidence.cut_short = "the run was interrupted";
}

static inline void
may_have_others_and_proves_nothing(struct court *court)
{
	may_have_others(court);
	proves_nothing(court);
}

/* Of a chain that would pass. */
static const struct {
	const char *sentence;
	void (*arrange)(struct court *court);
	enum verdict verdict;
	const char *type;
	uint32_t causes;
	const char *says;
} proofs_wanted[] = {
	{ "with proof it passes", NULL, VERDICT_PASS, NULL, CAUSE_NONE, "" },
	{ "no certificate was seen in a whole handshake", shows_nothing, VERDICT_ERROR,
		"NoCertificate", CAUSE_PATH, "no certificate was seen" },
	{ "the handshake broke before the certificates", breaks_before_the_chain, VERDICT_ERROR,
		"NoAnswer", CAUSE_HANDSHAKE, "the server closed the connection" },
	{ "the handshake was refused", refuses_before_the_chain, VERDICT_ERROR, "NoAnswer",
		CAUSE_HANDSHAKE, "alert handshake_failure" },
	{ "STARTTLS is not offered", has_no_starttls, VERDICT_ERROR, "NoAnswer", CAUSE_NO_STARTTLS,
		"does not offer STARTTLS" },
	{ "the connection was refused", cannot_be_reached, VERDICT_ERROR, "NoAnswer", CAUSE_CONNECT,
		"refused the connection" },
	{ "the run was over before the certificates", is_interrupted_before_the_chain,
		VERDICT_ERROR, "NotRun", CAUSE_CUT_SHORT, "the deadline of the run has passed" },
	{ "the handshake broke behind the certificates", breaks_behind_the_chain, VERDICT_ERROR,
		"NotProven", CAUSE_HANDSHAKE, "the server closed the connection" },
	{ "what is proven passes though the handshake broke", breaks_behind_a_proof, VERDICT_PASS,
		NULL, CAUSE_NONE, "" },
	{ "nothing proves that the server has the key", proves_nothing, VERDICT_ERROR, "NotProven",
		CAUSE_HANDSHAKE, "not with this certificate" },
	{ "whether there is another certificate is open", may_have_others, VERDICT_ERROR, "NoProof",
		CAUSE_OTHER_CERTIFICATE,
		"another certificate, for another kind of key, is not known: "
		"no answer in time" },
	{ "a refusal of every hello tells nothing of other certificates", refuses_all_others,
		VERDICT_ERROR, "NoProof", CAUSE_OTHER_CERTIFICATE, "is not known" },
	{ "nobody asked for other certificates", is_not_asked_for_others, VERDICT_ERROR, "NoProof",
		CAUSE_OTHER_CERTIFICATE, "not asked" },
	{ "the run was over before the other certificates", is_interrupted_before_others,
		VERDICT_ERROR, "NotRun", CAUSE_CUT_SHORT, "the run was interrupted" },
	{ "what is not proven is said before what is not known", may_have_others_and_proves_nothing,
		VERDICT_ERROR, "NotProven", CAUSE_HANDSHAKE, "nothing proves" },
	{ "a file needs no proof", is_a_file, VERDICT_PASS, NULL, CAUSE_NONE, "" },
};

/* Holds the judge of the assertion to it that nothing passes without proof, with a chain that does
 * with it; `prepare` comes before everything, and may be NULL. */
static inline void
expect_nothing_without_proof(
	const char *assertion, const char *chain, void (*prepare)(struct court *court))
{
	for (size_t i = 0; i < COUNT(proofs_wanted); i++) {
		char sentence[200];
		const struct finding_row row = { .sentence = sentence,
			.verdict = proofs_wanted[i].verdict,
			.type = proofs_wanted[i].type,
			.causes = proofs_wanted[i].causes,
			.says = proofs_wanted[i].says };
		struct court court;

		snprintf(
			sentence, sizeof(sentence), "%s: %s", assertion, proofs_wanted[i].sentence);
		open_for_chain(&court, assertion, chain, NULL, prepare);
		if (proofs_wanted[i].arrange != NULL)
			proofs_wanted[i].arrange(&court);
		expect_finding(&court, &row);
		court_close(&court);
	}
}

#endif
