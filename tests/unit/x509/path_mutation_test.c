/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * No certificate that was cut or changed anywhere may be trusted: every byte of it is signed,
 * belongs to the signature, or says how the two are read.
 */
#include "x509_fixtures.h"

#include "x509/path.h"

#define SENT_MAX 3

struct chain {
	const char *name;
	const char *sent[SENT_MAX];
	const char *trusted;
	size_t changed; /* which of the sent ones is changed */
};

static const struct chain chains[] = {
	{ "a leaf signed with P-256", { "leaf", "ica" }, "root", 0 },
	{ "an intermediate signed with P-256", { "leaf", "ica" }, "root", 1 },
	{ "a leaf signed with RSA", { "leaf-of-rsa" }, "rsa-root", 0 },
	{ "a leaf signed with RSA-PSS", { "leaf-of-pss" }, "rsa-root", 0 },
	{ "a leaf signed with Ed25519", { "leaf-of-ed25519" }, "ed25519-root", 0 },
};

/* One for all: what was good once makes nothing else good. */
static struct signature_memo *memo;

static bool
is_trusted(const struct span *sent, size_t count, const struct trust_store *store)
{
	struct path_verdict verdict;
	struct arena arena;

	arena_init(&arena);
	verdict = path_judge(
		&(struct path_query){ sent, count, store, date_at("2026-06-01"), memo }, &arena);
	arena_release(&arena);
	return verdict.trusted;
}

static void
check_chain(const struct chain *chain,
	void (*check)(const struct chain *, struct span *, size_t, const struct trust_store *))
{
	struct trust_store *store = trust_store_create();
	struct span sent[SENT_MAX];
	struct arena arena;
	size_t count = 0;

	arena_init(&arena);
	trust_fixture(store, chain->trusted);
	for (; count < SENT_MAX && chain->sent[count] != NULL; count++)
		sent[count] = fixture(&arena, chain->sent[count]);
	if (!is_trusted(sent, count, store))
		fail_msg("%s: not trusted to begin with", chain->name);
	check(chain, sent, count, store);
	trust_store_release(store);
	arena_release(&arena);
}

/* Each prefix as memory that ends with it, so that a sanitizer sees a read beyond. */
static void
check_prefixes(
	const struct chain *chain, struct span *sent, size_t count, const struct trust_store *store)
{
	struct span whole = sent[chain->changed];

	for (size_t len = 0; len < whole.len; len++) {
		uint8_t *bytes = test_malloc(len + (len == 0));

		memcpy(bytes, whole.data, len);
		sent[chain->changed] = (struct span){ bytes, len };
		if (is_trusted(sent, count, store))
			fail_msg("%s: trusted with %zu of %zu bytes", chain->name, len, whole.len);
		test_free(bytes);
	}
}

static void
check_suffix(
	const struct chain *chain, struct span *sent, size_t count, const struct trust_store *store)
{
	struct span *grown = &sent[chain->changed];
	uint8_t *longer = test_malloc(grown->len + 1);

	memcpy(longer, grown->data, grown->len);
	longer[grown->len] = 0;
	*grown = (struct span){ longer, grown->len + 1 };
	if (is_trusted(sent, count, store))
		fail_msg("%s: trusted with a byte behind it", chain->name);
	test_free(longer);
}

static void
check_changes(
	const struct chain *chain, struct span *sent, size_t count, const struct trust_store *store)
{
	/* every single bit, and all of them */
	static const uint8_t changes[] = { 1, 2, 4, 8, 16, 32, 64, 128, 255 };
	struct span *changed = &sent[chain->changed];
	uint8_t *bytes = test_malloc(changed->len);

	memcpy(bytes, changed->data, changed->len);
	changed->data = bytes;
	for (size_t i = 0; i < changed->len; i++) {
		for (size_t j = 0; j < sizeof(changes); j++) {
			bytes[i] ^= changes[j];
			if (is_trusted(sent, count, store))
				fail_msg("%s: trusted with byte %zu changed by %02x", chain->name,
					i, changes[j]);
			bytes[i] ^= changes[j];
		}
	}
	if (!is_trusted(sent, count, store))
		fail_msg("%s: not trusted with all bytes restored", chain->name);
	test_free(bytes);
}

static void
check_all(void (*check)(const struct chain *, struct span *, size_t, const struct trust_store *))
{
	for (size_t i = 0; i < sizeof(chains) / sizeof(chains[0]); i++)
		check_chain(&chains[i], check);
}

static void
no_prefix_is_trusted(void **state)
{
	(void)state;
	check_all(check_prefixes);
}

static void
nothing_may_follow(void **state)
{
	(void)state;
	check_all(check_suffix);
}

static void
no_changed_byte_is_trusted(void **state)
{
	(void)state;
	check_all(check_changes);
}

/* All orders of four certificates behind the leaf; the leaf stays first. */
static void
any_order_behind_the_leaf_is_trusted(void **state)
{
	static const char *const names[] = { "ica-length-0", "root", "ica-self-issued", "foreign" };
	struct trust_store *store = trust_store_create();
	struct span sent[5];
	struct arena arena;

	(void)state;
	arena_init(&arena);
	trust_fixture(store, "root");
	sent[0] = fixture(&arena, "leaf-of-self-issued");
	for (size_t order = 0; order < 24; order++) {
		bool used[4] = { false, false, false, false };
		size_t rest = order;

		for (size_t i = 0; i < 4; i++) {
			size_t skip = rest % (4 - i), pick = 0;

			rest /= 4 - i;
			while (used[pick] || skip > 0)
				skip -= !used[pick++];
			used[pick] = true;
			sent[i + 1] = fixture(&arena, names[pick]);
		}
		if (!is_trusted(sent, 5, store))
			fail_msg("order %zu is not trusted", order);
	}
	trust_store_release(store);
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_prefix_is_trusted),
		cmocka_unit_test(nothing_may_follow),
		cmocka_unit_test(no_changed_byte_is_trusted),
		cmocka_unit_test(any_order_behind_the_leaf_is_trusted),
	};
	int failed;

	memo = signature_memo_create();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	signature_memo_release(memo);
	return failed;
}
