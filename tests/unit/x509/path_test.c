/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "x509_fixtures.h"

#include "x509/path.h"
#include "x509/pem.h"

#define SENT_MAX 8
#define KINDS_MAX 6

struct path_case {
	const char *name;
	const char *sent[SENT_MAX];
	const char *trusted[4];
	const char *at;                  /* NULL: 2026-06-01 */
	const char *problems[KINDS_MAX]; /* "Kind position"; none: it is trusted */
	const char *text;                /* found in the text or hint of one of them; or NULL */
};

static const struct path_case cases[] = {
	{ .name = "a complete chain in order is trusted",
		.sent = { "leaf", "ica" },
		.trusted = { "root" } },
	{ .name = "a chain with its root is trusted",
		.sent = { "leaf", "ica", "root" },
		.trusted = { "root" } },
	{ .name = "intermediates may come in any order",
		.sent = { "leaf-of-self-issued", "root", "ica-length-0", "ica-self-issued" },
		.trusted = { "root" } },
	{ .name = "certificates of others and doubles do no harm",
		.sent = { "leaf", "foreign", "leaf", "circle-a", "ica", "ica" },
		.trusted = { "root", "foreign" } },
	{ .name = "an intermediate may be the anchor", .sent = { "leaf" }, .trusted = { "ica" } },
	{ .name = "a self-signed leaf in the store is trusted",
		.sent = { "self-signed" },
		.trusted = { "self-signed" } },
	{ .name = "the last second of validity counts",
		.sent = { "leaf", "ica" },
		.trusted = { "root" },
		.at = "2027-01-01T00:00:00Z" },
	{ .name = "the first second of validity counts",
		.sent = { "leaf", "ica" },
		.trusted = { "root" },
		.at = "2026-01-01T00:00:00Z" },
	{ .name = "an expired cross-certificate beside a good path does no harm",
		.sent = { "leaf", "ica-cross", "ica" },
		.trusted = { "root", "old-root" } },
	{ .name = "a cross-certificate of a root in the store does no harm",
		.sent = { "leaf", "ica", "root-cross" },
		.trusted = { "old-root", "root" } },
	{ .name = "a self-issued intermediate does not count for the length",
		.sent = { "leaf-of-self-issued", "ica-self-issued", "ica-length-0" },
		.trusted = { "root" } },
	{ .name = "a name below a permitted one is permitted",
		.sent = { "leaf-inside", "ica-constrained" },
		.trusted = { "root" } },
	{ .name = "an explicit policy that is there is enough",
		.sent = { "leaf-with-policy", "ica-policy" },
		.trusted = { "root" } },
	{ .name = "RSA with SHA-256", .sent = { "leaf-of-rsa" }, .trusted = { "rsa-root" } },
	{ .name = "RSA with SHA-512", .sent = { "leaf-of-rsa-512" }, .trusted = { "rsa-root" } },
	{ .name = "RSA-PSS", .sent = { "leaf-of-pss" }, .trusted = { "rsa-root" } },
	{ .name = "P-384", .sent = { "leaf-of-p384" }, .trusted = { "p384-root" } },
	{ .name = "P-521", .sent = { "leaf-of-p521" }, .trusted = { "p521-root" } },
	{ .name = "Ed25519", .sent = { "leaf-of-ed25519" }, .trusted = { "ed25519-root" } },
	{ .name = "Ed448", .sent = { "leaf-of-ed448" }, .trusted = { "ed448-root" } },

	{ .name = "a second after the validity the leaf has expired",
		.sent = { "leaf", "ica" },
		.trusted = { "root" },
		.at = "2027-01-01T00:00:01Z",
		.problems = { "LeafExpired 0" },
		.text = "valid until 2027-01-01T00:00:00Z" },
	{ .name = "a second before the validity the leaf is not yet valid",
		.sent = { "leaf", "ica" },
		.trusted = { "root" },
		.at = "2025-12-31T23:59:59Z",
		.problems = { "LeafNotYetValid 0" } },
	{ .name = "an expired root is told apart from the leaf",
		.sent = { "leaf", "ica" },
		.trusted = { "root" },
		.at = "2041-01-01",
		.problems = { "LeafExpired 0", "CaExpired 1", "CaExpired -1" } },
	{ .name = "a missing intermediate is named, with its address",
		.sent = { "leaf" },
		.trusted = { "root" },
		.problems = { "IssuerMissing 0" },
		.text = "certificate of CN=Test CA 1, O=Example too; it is at http://ca.test/ca1.der" },
	{ .name = "without anchors the chain is incomplete",
		.sent = { "leaf", "ica" },
		.problems = { "IssuerMissing 1" },
		.text = "CN=Test Root" },
	{ .name = "a chain to a foreign root is refused",
		.sent = { "leaf-of-foreign", "foreign" },
		.trusted = { "root" },
		.problems = { "UntrustedRoot 1" } },
	{ .name = "a root with the name of an anchor is a foreign root",
		.sent = { "leaf-of-impostor", "impostor" },
		.trusted = { "root" },
		.problems = { "UntrustedRoot 1" } },
	{ .name = "a leaf of an anchor's name but of another key",
		.sent = { "leaf-of-impostor" },
		.trusted = { "root" },
		.problems = { "IssuerMissing 0" },
		.text = "with another key only" },
	{ .name = "a self-signed leaf is refused",
		.sent = { "self-signed" },
		.trusted = { "root" },
		.problems = { "SelfSignedLeaf 0" } },
	{ .name = "CAs that sign each other lead nowhere",
		.sent = { "leaf-of-circle", "circle-a", "circle-b" },
		.trusted = { "root" },
		.problems = { "IssuerMissing 2" },
		.text = "in a circle" },
	{ .name = "only an expired cross-certificate: both of its faults are told",
		.sent = { "leaf", "ica-cross" },
		.trusted = { "old-root" },
		.problems = { "CaExpired 1", "CaExpired -1" } },
	{ .name = "a client's certificate is no server's",
		.sent = { "leaf-client", "ica" },
		.trusted = { "root" },
		.problems = { "ExtendedKeyUsage 0" } },
	{ .name = "any purpose is not serverAuth",
		.sent = { "leaf-any", "ica" },
		.trusted = { "root" },
		.problems = { "ExtendedKeyUsage 0" } },
	{ .name = "a CA for clients may not issue for servers",
		.sent = { "leaf-of-client", "ica-client" },
		.trusted = { "root" },
		.problems = { "ExtendedKeyUsage 1" } },
	{ .name = "a server may not issue",
		.sent = { "leaf-of-nonca", "nonca" },
		.trusted = { "root" },
		.problems = { "NotACa 1" } },
	{ .name = "a CA without keyCertSign may not issue",
		.sent = { "leaf-of-no-sign", "ica-no-sign" },
		.trusted = { "root" },
		.problems = { "KeyUsage 1" } },
	{ .name = "an intermediate too many",
		.sent = { "leaf-of-sub", "ica-sub", "ica-length-0" },
		.trusted = { "root" },
		.problems = { "PathLength 2" } },
	{ .name = "the length of an anchor counts too",
		.sent = { "leaf-of-sub", "ica-sub" },
		.trusted = { "ica-length-0" },
		.problems = { "PathLength -1" } },
	{ .name = "ample names are not below a permitted one",
		.sent = { "leaf-ample", "ica-constrained" },
		.trusted = { "root" },
		.problems = { "NameConstraints 0" },
		.text = "DNS:mail.notexample.test" },
	{ .name = "constraints of a grandparent hold",
		.sent = { "leaf-below", "ica-below", "ica-constrained" },
		.trusted = { "root" },
		.problems = { "NameConstraints 0" } },
	{ .name = "an explicit policy that is missing",
		.sent = { "leaf-without-policy", "ica-policy" },
		.trusted = { "root" },
		.problems = { "Policy 0" } },
	{ .name = "an unknown critical extension",
		.sent = { "leaf-critical", "ica" },
		.trusted = { "root" },
		.problems = { "UnknownCritical 0" },
		.text = "1.2.3.4" },
	{ .name = "RSA of 1024 bits",
		.sent = { "leaf-rsa1024", "ica" },
		.trusted = { "root" },
		.problems = { "WeakKey 0" },
		.text = "1024" },
	{ .name = "P-192",
		.sent = { "leaf-p192", "ica" },
		.trusted = { "root" },
		.problems = { "WeakKey 0" } },
	{ .name = "SHA-1",
		.sent = { "leaf-sha1" },
		.trusted = { "rsa-root" },
		.problems = { "WeakSignature 0" },
		.text = "sha1WithRSAEncryption" },
	{ .name = "all problems are told at once",
		.sent = { "leaf-old-client" },
		.trusted = { "root" },
		.problems = { "LeafExpired 0", "ExtendedKeyUsage 0", "IssuerMissing 0" } },
	{ .name = "a leaf with a key longer than we compute with, signed with another",
		.sent = { "leaf-large" },
		.trusted = { "root-of-large" } },
	{ .name = "a CA with a key longer than we compute with",
		.sent = { "leaf-of-large" },
		.trusted = { "large-root" },
		.problems = { "BeyondLimits -1" },
		.text = "trust anchor (CN=Large Root, O=Example): RSA key of 8192 bits: this build" },
	{ .name = "the same, and nobody trusts it",
		.sent = { "leaf-of-large", "large-root" },
		.trusted = { "root" },
		.problems = { "BeyondLimits 1", "UntrustedRoot 1" } },
	{ .name = "nothing was sent", .trusted = { "root" }, .problems = { "Malformed 0" } },
};

/* One for all of them, as for the targets of a run. */
static struct signature_memo *memo;

static struct trust_store *
store_of(const char *const *names, size_t max)
{
	struct trust_store *store = trust_store_create();

	for (size_t i = 0; i < max && names[i] != NULL; i++)
		trust_fixture(store, names[i]);
	return store;
}

/* Whether there are problems and all of them are of this kind. */
static bool
only_problem_is(const struct path_verdict *verdict, enum path_problem_kind kind)
{
	for (size_t i = 0; i < verdict->problem_count; i++)
		if (verdict->problems[i].kind != kind)
			return false;
	return verdict->problem_count != 0;
}

static size_t
load_sent(struct arena *arena, const struct path_case *test, struct span sent[SENT_MAX])
{
	size_t count = 0;

	for (; count < SENT_MAX && test->sent[count] != NULL; count++)
		sent[count] = fixture(arena, test->sent[count]);
	return count;
}

static bool
is_told(const struct path_verdict *verdict, const char *text)
{
	for (size_t i = 0; i < verdict->problem_count; i++) {
		const struct path_problem *problem = &verdict->problems[i];

		if (strstr(problem->text, text) != NULL ||
			(problem->hint != NULL && strstr(problem->hint, text) != NULL))
			return true;
	}
	return false;
}

/* "Kind position, Kind position" */
static const char *
got(struct arena *arena, const struct path_verdict *verdict)
{
	const char *text = "";

	for (size_t i = 0; i < verdict->problem_count; i++)
		text = arena_printf(arena, "%s%s%s %d", text, i == 0 ? "" : ", ",
			path_problem_name(verdict->problems[i].kind),
			verdict->problems[i].position);
	return text;
}

static const char *
wanted(struct arena *arena, const struct path_case *test)
{
	const char *text = "";

	for (size_t i = 0; i < KINDS_MAX && test->problems[i] != NULL; i++)
		text = arena_printf(arena, "%s%s%s", text, i == 0 ? "" : ", ", test->problems[i]);
	return text;
}

static void
check_case(const struct path_case *test)
{
	struct span sent[SENT_MAX];
	struct path_verdict verdict;
	struct trust_store *store;
	struct arena arena;
	size_t count;

	arena_init(&arena);
	store = store_of(test->trusted, 4);
	count = load_sent(&arena, test, sent);
	verdict = path_judge(&(struct path_query){ sent, count, store,
				     date_at(test->at == NULL ? "2026-06-01" : test->at), memo },
		&arena);
	if (strcmp(got(&arena, &verdict), wanted(&arena, test)) != 0)
		fail_msg("%s: got \"%s\", want \"%s\"", test->name, got(&arena, &verdict),
			wanted(&arena, test));
	if (verdict.trusted != (test->problems[0] == NULL))
		fail_msg("%s: got trusted %d", test->name, verdict.trusted);
	if (test->text != NULL && !is_told(&verdict, test->text))
		fail_msg("%s: \"%s\" is not told, but: %s", test->name, test->text,
			verdict.problems[0].text);
	trust_store_release(store);
	arena_release(&arena);
}

static void
chains_are_judged_as_listed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check_case(&cases[i]);
}

static void
the_path_taken_is_handed_over(void **state)
{
	static const char *const trusted[] = { "root" };
	struct path_verdict verdict;
	struct trust_store *store;
	struct span sent[3];
	struct arena arena;

	(void)state;
	arena_init(&arena);
	store = store_of(trusted, 1);
	sent[0] = fixture(&arena, "leaf");
	sent[1] = fixture(&arena, "foreign");
	sent[2] = fixture(&arena, "ica");
	verdict = path_judge(
		&(struct path_query){ sent, 3, store, date_at("2026-06-01"), memo }, &arena);
	assert_int_equal(verdict.member_count, 3);
	assert_int_equal(verdict.members[0].position, 0);
	assert_int_equal(verdict.members[1].position, 2);
	assert_int_equal(verdict.members[2].position, -1);
	assert_int_equal(verdict.signatures, 2);
	assert_false(only_problem_is(&verdict, PATH_LEAF_EXPIRED));
	trust_store_release(store);
	arena_release(&arena);
}

/* The leaf, deep-0 to deep-`deepest`, in that order, and the root as anchor. */
static struct path_verdict
judge_deep(struct arena *arena, const struct trust_store *store, int deepest)
{
	struct span sent[20];
	size_t count = 0;

	sent[count++] = fixture(arena, arena_printf(arena, "leaf-of-deep-%d", deepest));
	for (int level = 0; level <= deepest; level++)
		sent[count++] = fixture(arena, arena_printf(arena, "deep-%d", level));
	return path_judge(
		&(struct path_query){ sent, count, store, date_at("2026-06-01"), memo }, arena);
}

static void
paths_have_16_certificates_at_most(void **state)
{
	static const char *const trusted[] = { "root" };
	struct path_verdict verdict;
	struct trust_store *store;
	struct arena arena;

	(void)state;
	arena_init(&arena);
	store = store_of(trusted, 1);
	verdict = judge_deep(&arena, store, 13);
	assert_true(verdict.trusted);
	assert_int_equal(verdict.member_count, PATH_CERTS_MAX);
	verdict = judge_deep(&arena, store, 14);
	assert_true(only_problem_is(&verdict, PATH_BUDGET));
	assert_non_null(strstr(verdict.problems[0].text, "no trust anchor within 16"));
	trust_store_release(store);
	arena_release(&arena);
}

/* Two CAs of one name: after the right one, the other is not tried. */
static void
no_signature_is_computed_in_vain(void **state)
{
	static const char *const trusted[] = { "root" };
	struct path_verdict verdict;
	struct trust_store *store;
	struct span sent[3];
	struct arena arena;

	(void)state;
	arena_init(&arena);
	store = store_of(trusted, 1);
	sent[0] = fixture(&arena, "leaf-of-self-issued");
	sent[1] = fixture(&arena, "ica-length-0");
	sent[2] = fixture(&arena, "ica-self-issued");
	verdict = path_judge(
		&(struct path_query){ sent, 3, store, date_at("2026-06-01"), memo }, &arena);
	assert_true(verdict.trusted);
	assert_int_equal(verdict.signatures, 3);
	trust_store_release(store);
	arena_release(&arena);
}

static void
an_expired_leaf_alone_can_be_told(void **state)
{
	static const char *const trusted[] = { "root" };
	struct path_verdict verdict;
	struct trust_store *store;
	struct span sent[2];
	struct arena arena;

	(void)state;
	arena_init(&arena);
	store = store_of(trusted, 1);
	sent[1] = fixture(&arena, "ica");
	sent[0] = fixture(&arena, "leaf-old");
	verdict = path_judge(
		&(struct path_query){ sent, 2, store, date_at("2026-06-01"), memo }, &arena);
	assert_true(only_problem_is(&verdict, PATH_LEAF_EXPIRED));
	sent[0] = fixture(&arena, "leaf-old-client");
	verdict = path_judge(
		&(struct path_query){ sent, 2, store, date_at("2026-06-01"), memo }, &arena);
	assert_false(only_problem_is(&verdict, PATH_LEAF_EXPIRED));
	trust_store_release(store);
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chains_are_judged_as_listed),
		cmocka_unit_test(the_path_taken_is_handed_over),
		cmocka_unit_test(paths_have_16_certificates_at_most),
		cmocka_unit_test(no_signature_is_computed_in_vain),
		cmocka_unit_test(an_expired_leaf_alone_can_be_told),
	};
	int failed;

	memo = signature_memo_create();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	signature_memo_release(memo);
	return failed;
}
