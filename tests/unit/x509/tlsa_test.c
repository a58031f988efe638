/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * TLSA records held against chains.
 */
#include "tlsa_records.h"

#include <stdio.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define RECORDS_MAX 6
#define SENT_MAX 6

struct tlsa_case {
	const char *name;
	const char *sent[SENT_MAX];
	const char *records[RECORDS_MAX];
	const char *outcomes; /* of each record, with a comma between */
	const char *host;     /* NULL: mail.example.test */
	const char *at;       /* NULL: 2026-06-01 */
	int position;         /* of what the first record fits; 0 unless it fits */
	bool undecided;
};

static const struct tlsa_case cases[] = {
	/* Usage 3: the leaf, whatever it says (RFC 7671 section 5.1). */
	{ "3 1 1", { "leaf", "ica" }, { "3 1 1 leaf" }, .outcomes = "Match" },
	{ "3 1 2", { "leaf", "ica" }, { "3 1 2 leaf" }, .outcomes = "Match" },
	{ "3 1 0", { "leaf", "ica" }, { "3 1 0 leaf" }, .outcomes = "Match" },
	{ "3 0 1", { "leaf", "ica" }, { "3 0 1 leaf" }, .outcomes = "Match" },
	{ "3 0 2", { "leaf", "ica" }, { "3 0 2 leaf" }, .outcomes = "Match" },
	{ "3 0 0", { "leaf", "ica" }, { "3 0 0 leaf" }, .outcomes = "Match" },
	{ "a leaf alone", { "leaf" }, { "3 1 1 leaf" }, .outcomes = "Match" },
	{ "a self-signed leaf", { "self-signed" }, { "3 1 1 self-signed" }, .outcomes = "Match" },
	{ "an expired leaf", { "leaf-old", "ica" }, { "3 1 1 leaf-old" }, .outcomes = "Match" },
	{ "a leaf of another name", { "leaf-outside", "ica" }, { "3 1 1 leaf-outside" },
		.outcomes = "Match" },
	{ "a leaf of a key that is too short", { "leaf-rsa1024" }, { "3 1 1 leaf-rsa1024" },
		.outcomes = "Match" },
	{ "the record of another leaf", { "leaf", "ica" }, { "3 1 1 leaf-old" },
		.outcomes = "NoMatch" },
	{ "usage 3 of an issuer", { "leaf", "ica" }, { "3 1 1 ica" }, .outcomes = "NoMatch" },
	{ "3 1 1 with the digest of the certificate", { "leaf" }, { "3 1 1 leaf other" },
		.outcomes = "NoMatch" },
	{ "one of several is enough", { "leaf", "ica" },
		{ "3 1 1 leaf-old", "3 1 1 leaf", "2 1 1 foreign" },
		.outcomes = "NoMatch,Match,NoMatch" },
	{ "the record of a key of another kind", { "leaf-of-rsa", "rsa-root" }, { "3 1 1 leaf" },
		.outcomes = "NoMatch" },
	{ "no certificate", { NULL }, { "3 1 1 leaf", "2 1 1 ica" },
		.outcomes = "NoMatch,NoMatch" },

	/* What cannot be used. */
	{ "usage 0 is not for mail servers", { "leaf", "ica" }, { "0 0 1 ica" },
		.outcomes = "UnusableUsage" },
	{ "usage 1 is not for mail servers", { "leaf", "ica" }, { "1 1 1 leaf" },
		.outcomes = "UnusableUsage" },
	{ "usage 4", { "leaf" }, { "4 1 1 leaf" }, .outcomes = "UnusableUsage" },
	{ "selector 2", { "leaf" }, { "3 2 1 leaf" }, .outcomes = "UnusableSelector" },
	{ "matching type 3", { "leaf" }, { "3 1 3 leaf" }, .outcomes = "UnusableMatching" },
	{ "a short digest", { "leaf" }, { "3 1 1 leaf short" }, .outcomes = "UnusableLength" },
	{ "a short digest of type 2", { "leaf" }, { "3 1 2 leaf short" },
		.outcomes = "UnusableLength" },
	{ "a certificate that ends too early", { "leaf" }, { "3 0 0 leaf short" },
		.outcomes = "UnusableData" },
	{ "a key that ends too early", { "leaf" }, { "3 1 0 leaf short" },
		.outcomes = "UnusableData" },
	{ "an unusable record beside one that matches", { "leaf" },
		{ "3 1 2 leaf short", "3 1 1 leaf" }, .outcomes = "UnusableLength,Match" },

	/* Digest agility (RFC 7671 section 9). */
	{ "3 1 1 is right, 3 1 2 is wrong", { "leaf" }, { "3 1 1 leaf", "3 1 2 leaf other" },
		.outcomes = "PassedOver,NoMatch" },
	{ "3 1 1 is wrong, 3 1 2 is right", { "leaf" }, { "3 1 1 leaf other", "3 1 2 leaf" },
		.outcomes = "PassedOver,Match" },
	{ "3 0 2 is wrong: another selector", { "leaf" }, { "3 1 1 leaf", "3 0 2 leaf other" },
		.outcomes = "Match,NoMatch" },
	{ "2 1 2 is wrong: another usage", { "leaf" }, { "3 1 1 leaf", "2 1 2 ica other" },
		.outcomes = "Match,NoMatch" },
	{ "3 1 2 is too short to count", { "leaf" }, { "3 1 1 leaf", "3 1 2 leaf short" },
		.outcomes = "Match,UnusableLength" },
	{ "type 0 is no digest", { "leaf" }, { "3 1 0 leaf", "3 1 2 leaf other" },
		.outcomes = "Match,NoMatch" },
	{ "3 1 1 is passed over for 3 1 2 beside 3 1 0", { "leaf" },
		{ "3 1 0 leaf-old", "3 1 1 leaf", "3 1 2 leaf" },
		.outcomes = "NoMatch,PassedOver,Match" },

	/* Usage 2: an issuer that was sent (RFC 7671 section 5.2). */
	{ "2 0 1 of the intermediate", { "leaf", "ica" }, { "2 0 1 ica" }, .outcomes = "Match",
		.position = 1 },
	{ "2 1 1 of the intermediate", { "leaf", "ica" }, { "2 1 1 ica" }, .outcomes = "Match",
		.position = 1 },
	{ "2 1 2 of the root", { "leaf", "ica", "root" }, { "2 1 2 root" }, .outcomes = "Match",
		.position = 2 },
	{ "the root in front of the intermediate", { "leaf", "root", "ica" }, { "2 0 1 root" },
		.outcomes = "Match", .position = 1 },
	{ "a root that was not sent", { "leaf", "ica" }, { "2 0 1 root" }, .outcomes = "NoMatch" },
	{ "an intermediate that was not sent", { "leaf" }, { "2 1 1 ica" }, .outcomes = "NoMatch" },
	{ "2 0 0 of a root that was not sent", { "leaf", "ica" }, { "2 0 0 root" },
		.outcomes = "Match", .position = -1 },
	{ "2 0 0 of an intermediate that was not sent", { "leaf" }, { "2 0 0 ica" },
		.outcomes = "Match", .position = -1 },
	{ "2 0 0 of an issuer that was sent", { "leaf", "ica" }, { "2 0 0 ica" },
		.outcomes = "Match", .position = 1 },
	{ "2 1 0 of a root that was not sent", { "leaf", "ica" }, { "2 1 0 root" },
		.outcomes = "Match", .position = -1 },
	{ "2 1 0 of an intermediate that was not sent", { "leaf" }, { "2 1 0 ica" },
		.outcomes = "Match", .position = -1 },
	{ "2 0 0 of a root without the intermediate", { "leaf" }, { "2 0 0 root" },
		.outcomes = "NoMatch" },
	{ "2 1 0 of a root without the intermediate", { "leaf" }, { "2 1 0 root" },
		.outcomes = "NoMatch" },
	{ "2 0 0 of a foreign root", { "leaf", "ica" }, { "2 0 0 foreign" },
		.outcomes = "NoMatch" },
	{ "2 1 0 of a foreign root", { "leaf", "ica" }, { "2 1 0 foreign" },
		.outcomes = "NoMatch" },
	{ "2 1 1 of the leaf", { "leaf", "ica" }, { "2 1 1 leaf" }, .outcomes = "IsLeaf" },
	{ "2 0 0 of the leaf", { "leaf", "ica" }, { "2 0 0 leaf" }, .outcomes = "IsLeaf" },
	{ "2 0 1 of a self-signed leaf", { "self-signed" }, { "2 0 1 self-signed" },
		.outcomes = "IsLeaf" },
	{ "2 1 0 of a self-signed leaf, which its key did sign", { "self-signed" },
		{ "2 1 0 self-signed" }, .outcomes = "Match", .position = -1 },
	{ "2 1 0 of a leaf that its key did not sign", { "leaf", "ica" }, { "2 1 0 leaf" },
		.outcomes = "IsLeaf" },
	{ "2 0 1 of a leaf that was sent twice", { "leaf", "leaf", "ica" }, { "2 0 1 leaf" },
		.outcomes = "IsLeaf" },
	{ "a stranger among what was sent", { "leaf", "ica", "foreign" }, { "2 0 1 foreign" },
		.outcomes = "BadPath", .position = 2 },
	{ "an impostor of the same name", { "leaf-of-impostor", "root" }, { "2 0 1 root" },
		.outcomes = "BadPath", .position = 1 },
	{ "2 1 1 with an expired certificate of the issuer, and one of the same key that is not",
		{ "leaf", "ica-cross", "ica" }, { "2 1 1 ica" }, .outcomes = "Match",
		.position = 1 },
	{ "2 0 1 of the expired certificate of an issuer that is no root", { "leaf", "ica-cross" },
		{ "2 0 1 ica-cross" }, .outcomes = "Match", .position = 1 },
	{ "2 0 0 of one that was not sent", { "leaf" }, { "2 0 0 ica-cross" }, .outcomes = "Match",
		.position = -1 },
	{ "2 1 0 of a root that was not sent, with an expired issuer", { "leaf", "ica-cross" },
		{ "2 1 0 old-root" }, .outcomes = "BadPath", .position = -1 },
	{ "2 0 1 of a root above an expired issuer", { "leaf", "ica-cross", "old-root" },
		{ "2 0 1 old-root" }, .outcomes = "BadPath", .position = 2 },
	{ "2 0 1 of an expired root", { "leaf", "ica", "root-cross", "old-root" },
		{ "2 0 1 old-root" }, .outcomes = "BadPath", .position = 3 },
	{ "2 0 0 of an expired root that was not sent", { "leaf", "ica", "root-cross" },
		{ "2 0 0 old-root" }, .outcomes = "BadPath", .position = -1 },
	{ "an expired leaf below an expired issuer", { "leaf", "ica-cross" }, { "2 0 1 ica-cross" },
		.outcomes = "BadPath", .at = "2041-01-01", .position = 1 },
	{ "2 0 0 of an expired root", { "leaf", "ica-cross" }, { "2 0 0 old-root" },
		.outcomes = "BadPath", .position = -1 },
	{ "usage 2 with an expired leaf", { "leaf-old", "ica" }, { "2 1 1 ica" },
		.outcomes = "BadPath", .position = 1 },
	{ "usage 2 with a leaf that is not valid yet", { "leaf", "ica" }, { "2 1 1 ica" },
		.outcomes = "BadPath", .at = "2025-12-31", .position = 1 },
	{ "usage 2 with a leaf for clients", { "leaf-client", "ica" }, { "2 1 1 ica" },
		.outcomes = "BadPath", .position = 1 },
	{ "usage 2 with a wrong name", { "leaf", "ica" }, { "2 1 1 ica" }, .outcomes = "BadName",
		.host = "mx.example.test", .position = 1 },
	{ "2 1 0 with a wrong name", { "leaf" }, { "2 1 0 ica" }, .outcomes = "BadName",
		.host = "mx.example.test", .position = -1 },
	{ "usage 2 with a wildcard", { "leaf", "ica" }, { "2 1 1 ica" }, .outcomes = "Match",
		.host = "mx.wild.example.test", .position = 1 },
	{ "usage 2 with a wrong name beside usage 3", { "leaf", "ica" },
		{ "2 1 1 ica", "3 1 1 leaf" }, .outcomes = "BadName,Match",
		.host = "mx.example.test", .position = 1 },
	{ "a key that cannot be computed with", { "leaf-of-large", "large-root" },
		{ "2 0 1 large-root" }, .outcomes = "Undecided", .position = 1, .undecided = true },
	{ "such a key beside usage 3 that matches", { "leaf-of-large", "large-root" },
		{ "2 0 1 large-root", "3 1 1 leaf-of-large" }, .outcomes = "Undecided,Match",
		.position = 1 },
};

/* What a test asks: records, chain and names, all in the arena. */
static struct tlsa_query
query_of(struct arena *arena, const char *const *sent, size_t sent_max, const char *const *records,
	size_t records_max)
{
	struct span *chain = arena_array(arena, sent_max, sizeof(*chain));
	struct tlsa_record *list = arena_array(arena, records_max, sizeof(*list));
	static const char *const names[] = { "other.example.test", "mail.example.test" };
	struct tlsa_query query = { .records = list,
		.chain = chain,
		.names = names,
		.name_count = COUNT(names),
		.at = date_at("2026-06-01") };

	for (; query.chain_count < sent_max && sent[query.chain_count] != NULL; query.chain_count++)
		chain[query.chain_count] = fixture(arena, sent[query.chain_count]);
	for (; query.count < records_max && records[query.count] != NULL; query.count++)
		list[query.count] = record_of(arena, records[query.count]);
	return query;
}

/* `key_alone`: of the chain there is but the key of the leaf. */
static void
expect_case(const struct tlsa_case *test, bool key_alone)
{
	struct tlsa_verdict verdict;
	struct tlsa_query query;
	struct arena arena;
	struct buf got;
	bool wanted;

	arena_init(&arena);
	buf_init(&got, 1000);
	query = query_of(&arena, test->sent, SENT_MAX, test->records, RECORDS_MAX);
	if (test->host != NULL) {
		query.names = &test->host;
		query.name_count = 1;
	}
	if (test->at != NULL)
		query.at = date_at(test->at);
	if (key_alone) {
		query.key = selected(&arena, test->sent[0], TLSA_SPKI);
		query.chain_count = 0;
	}
	verdict = tlsa_judge(&query, &arena);
	for (size_t i = 0; i < verdict.count; i++)
		buf_addf(&got, "%s%s", i == 0 ? "" : ",",
			tlsa_outcome_name(verdict.findings[i].outcome));
	if (strcmp(got.data, test->outcomes) != 0)
		fail_msg("%s: got %s, want %s", test->name, got.data, test->outcomes);
	wanted = strncmp(test->outcomes, "Match", 5) == 0 ||
		 strstr(test->outcomes, ",Match") != NULL;
	if (verdict.matches != wanted)
		fail_msg("%s: matches %d", test->name, verdict.matches);
	if (verdict.undecided != test->undecided)
		fail_msg("%s: undecided %d", test->name, verdict.undecided);
	if (!key_alone && verdict.findings[0].fits &&
		verdict.findings[0].position != test->position)
		fail_msg("%s: at %d, want %d", test->name, verdict.findings[0].position,
			test->position);
	if ((verdict.findings[0].outcome == TLSA_BAD_PATH) &&
		verdict.findings[0].problem_count == 0)
		fail_msg("%s: no problem is told", test->name);
	buf_release(&got);
	arena_release(&arena);
}

static void
chains_match_as_listed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		expect_case(&cases[i], false);
}

static void
usage_2_without_a_name_to_look_for_does_not_match(void **state)
{
	static const char *const sent[] = { "leaf", "ica" }, *const records[] = { "2 1 1 ica" };
	struct tlsa_query query;
	struct arena arena;

	(void)state;
	arena_init(&arena);
	query = query_of(&arena, sent, 2, records, 1);
	query.name_count = 0;
	assert_int_equal(tlsa_judge(&query, &arena).findings[0].outcome, TLSA_BAD_NAME);
	arena_release(&arena);
}

static void
records_beyond_the_limit_are_undecided(void **state)
{
	static const char *const sent[] = { "leaf" };
	const char *records[TLSA_RECORDS_MAX + 1];
	struct tlsa_verdict verdict;
	struct tlsa_query query;
	struct arena arena;

	(void)state;
	for (size_t i = 0; i < TLSA_RECORDS_MAX; i++)
		records[i] = "3 1 1 leaf other";
	records[TLSA_RECORDS_MAX] = "3 1 1 leaf";
	arena_init(&arena);
	query = query_of(&arena, sent, 1, records, COUNT(records));
	verdict = tlsa_judge(&query, &arena);
	assert_false(verdict.matches);
	assert_true(verdict.undecided);
	assert_int_equal(verdict.completeness, TLSA_COMPLETENESS_UNKNOWN);
	arena_release(&arena);
}

/* Only the key that a leaf is going to have is there. */
static const struct tlsa_case keys[] = {
	{ "a key by 3 1 1", { "leaf" }, { "3 1 1 leaf" }, .outcomes = "Match" },
	{ "a key by 3 1 0", { "leaf" }, { "3 1 0 leaf" }, .outcomes = "Match" },
	{ "another key", { "leaf" }, { "3 1 1 leaf-old" }, .outcomes = "NoMatch" },
	{ "3 0 1 names more than the key", { "leaf" }, { "3 0 1 leaf" }, .outcomes = "Undecided",
		.undecided = true },
	{ "who issues it nobody knows", { "leaf" }, { "2 1 1 ica" }, .outcomes = "Undecided",
		.undecided = true },
	{ "nor whether its issuer has its key", { "leaf" }, { "2 1 1 leaf" },
		.outcomes = "Undecided", .undecided = true },
	{ "one that matches is enough", { "leaf" }, { "3 1 1 leaf", "2 1 1 ica" },
		.outcomes = "Match,Undecided" },
	{ "a stronger digest counts", { "leaf" }, { "3 1 1 leaf", "3 1 2 leaf other" },
		.outcomes = "PassedOver,NoMatch" },
	{ "what cannot be used", { "leaf" }, { "3 1 1 leaf short", "1 1 1 leaf" },
		.outcomes = "UnusableLength,UnusableUsage" },
	{ "the same record twice", { "leaf" }, { "3 1 1 leaf", "3 1 1 leaf" },
		.outcomes = "Match,Match" },
};

static void
a_key_without_a_certificate_matches_as_listed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(keys); i++)
		expect_case(&keys[i], true);
}

static const struct {
	const char *name;
	const char *records[RECORDS_MAX];
	size_t usable;
	enum tlsa_completeness completeness;
	size_t incomplete;
} sets[] = {
	{ "no record", { NULL }, 0, TLSA_NOTHING_USABLE, 0 },
	{ "no usable record", { "1 1 1 leaf" }, 0, TLSA_NOTHING_USABLE, 0 },
	{ "one", { "3 1 1 leaf" }, 1, TLSA_COMPLETE, 0 },
	{ "the same twice", { "3 1 1 leaf", "3 1 1 leaf" }, 1, TLSA_COMPLETE, 0 },
	{ "one that does not match", { "3 1 1 leaf-old" }, 1, TLSA_NO_MATCH_IN_GROUP, 0 },
	{ "the next key beside it", { "3 1 1 leaf-old", "3 1 1 leaf" }, 2, TLSA_COMPLETE, 0 },
	{ "the next key under another selector", { "3 1 1 leaf", "3 0 1 leaf-old" }, 2,
		TLSA_NO_MATCH_IN_GROUP, 1 },
	{ "the issuer beside it", { "3 1 1 leaf", "2 1 1 ica" }, 2, TLSA_COMPLETE, 0 },
	{ "an issuer that was not sent beside it", { "3 1 1 leaf", "2 1 1 root" }, 2,
		TLSA_NO_MATCH_IN_GROUP, 1 },
	{ "two digests of one key", { "3 1 1 leaf", "3 1 2 leaf" }, 2, TLSA_COMPLETE, 0 },
	{ "the weaker digest is another key's", { "3 1 1 leaf-old", "3 1 2 leaf" }, 2,
		TLSA_NO_MATCH_OF_TYPE, 0 },
	{ "the next key has one digest of two", { "3 1 1 leaf", "3 1 2 leaf", "3 1 1 leaf-old" }, 3,
		TLSA_UNEVEN_DIGESTS, 1 },
	{ "two keys of two digests",
		{ "3 1 1 leaf", "3 1 2 leaf", "3 1 1 leaf-old", "3 1 2 leaf-old" }, 4,
		TLSA_COMPLETE, 0 },
	{ "what cannot be used does not count", { "3 1 1 leaf", "3 0 1 leaf short", "1 0 1 leaf" },
		1, TLSA_COMPLETE, 0 },
	{ "a whole key and its digest", { "3 1 0 leaf", "3 1 1 leaf" }, 2, TLSA_COMPLETE, 0 },
	{ "a whole key that is another's", { "3 1 0 leaf-old", "3 1 1 leaf" }, 2,
		TLSA_NO_MATCH_OF_TYPE, 0 },
};

static void
sets_are_complete_as_listed(void **state)
{
	static const char *const sent[] = { "leaf", "ica" };

	(void)state;
	for (size_t i = 0; i < COUNT(sets); i++) {
		struct tlsa_verdict verdict;
		struct tlsa_query query;
		struct arena arena;

		arena_init(&arena);
		query = query_of(&arena, sent, COUNT(sent), sets[i].records, RECORDS_MAX);
		verdict = tlsa_judge(&query, &arena);
		if (verdict.usable != sets[i].usable ||
			verdict.completeness != sets[i].completeness ||
			verdict.incomplete != sets[i].incomplete)
			fail_msg("%s: usable %zu, %d of record %zu", sets[i].name, verdict.usable,
				(int)verdict.completeness, verdict.incomplete);
		arena_release(&arena);
	}
}

static const struct {
	const char *name;
	const char *records[RECORDS_MAX];
	bool next, issuer;
} rollovers[] = {
	{ "one record", { "3 1 1 leaf" }, false, false },
	{ "the same record twice", { "3 1 1 leaf", "3 1 1 leaf" }, false, false },
	{ "two digests of one key", { "3 1 1 leaf", "3 1 2 leaf" }, false, false },
	{ "two selectors of one certificate", { "3 1 1 leaf", "3 0 1 leaf" }, false, false },
	{ "the next key", { "3 1 1 leaf", "3 1 1 leaf-old" }, true, false },
	{ "the next key with a short digest", { "3 1 1 leaf", "3 1 1 leaf-old short" }, false,
		false },
	{ "the next key behind a stronger digest", { "3 1 1 leaf-old", "3 1 2 leaf" }, false,
		false },
	{ "the next alone", { "3 1 1 leaf-old" }, false, false },
	{ "an old certificate beside a key", { "3 1 1 leaf", "3 0 1 leaf-old" }, false, false },
	{ "the key of the server's other certificate", { "3 1 1 leaf", "3 1 1 leaf-of-rsa" }, false,
		false },
	{ "both keys, and the next one", { "3 1 1 leaf", "3 1 1 leaf-of-rsa", "3 1 1 leaf-old" },
		true, false },
	{ "the issuer", { "3 1 1 leaf", "2 1 1 ica" }, false, true },
	{ "an issuer that was not sent", { "3 1 1 leaf", "2 1 1 root" }, false, false },
	{ "the issuer alone", { "2 1 1 ica" }, false, false },
	{ "the next issuer", { "2 1 1 ica", "2 1 1 foreign" }, true, false },
	{ "the next key and the issuer", { "3 1 1 leaf", "3 1 1 leaf-old", "2 1 1 ica" }, true,
		true },
	{ "nothing", { NULL }, false, false },
};

static void
keys_roll_over_as_listed(void **state)
{
	static const char *const one[] = { "leaf", "ica" }, *const two[] = { "leaf-of-rsa" };

	(void)state;
	for (size_t i = 0; i < COUNT(rollovers); i++) {
		struct tlsa_rollover rollover;
		struct tlsa_verdict verdicts[2];
		struct tlsa_query query;
		struct arena arena;

		arena_init(&arena);
		query = query_of(&arena, one, COUNT(one), rollovers[i].records, RECORDS_MAX);
		verdicts[0] = tlsa_judge(&query, &arena);
		query = query_of(&arena, two, COUNT(two), rollovers[i].records, RECORDS_MAX);
		verdicts[1] = tlsa_judge(&query, &arena);
		rollover = tlsa_rollover(query.records, verdicts, 2);
		if (rollover.next != rollovers[i].next || rollover.issuer != rollovers[i].issuer)
			fail_msg("%s: next %d, issuer %d", rollovers[i].name, rollover.next,
				rollover.issuer);
		arena_release(&arena);
	}
}

static void
the_record_to_publish_matches(void **state)
{
	static const char *const sent[] = { "leaf" }, *const none[] = { NULL };
	struct tlsa_record record;
	struct tlsa_query query;
	struct arena arena;
	struct buf text;

	(void)state;
	arena_init(&arena);
	buf_init(&text, 200);
	query = query_of(&arena, sent, 1, none, 0);
	assert_true(tlsa_for_leaf(&record, query.chain[0], &arena));
	query.records = &record;
	query.count = 1;
	assert_true(tlsa_judge(&query, &arena).matches);
	tlsa_add_text(&text, &record);
	assert_memory_equal(text.data, "3 1 1 ", 6);
	assert_int_equal(text.len, 6 + 64);
	assert_false(tlsa_for_leaf(&record, (struct span){ query.chain[0].data, 100 }, &arena));
	buf_release(&text);
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chains_match_as_listed),
		cmocka_unit_test(a_key_without_a_certificate_matches_as_listed),
		cmocka_unit_test(usage_2_without_a_name_to_look_for_does_not_match),
		cmocka_unit_test(records_beyond_the_limit_are_undecided),
		cmocka_unit_test(sets_are_complete_as_listed),
		cmocka_unit_test(keys_roll_over_as_listed),
		cmocka_unit_test(the_record_to_publish_matches),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
