/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "x509_fixtures.h"

#include "x509/chain.h"

#define SENT_MAX 5

struct chain_case {
	const char *name;
	const char *sent[SENT_MAX];
	const char *trusted;
	bool complete;
	bool ordered;
	size_t out_of_order;
	bool has_root;
};

static const struct chain_case cases[] = {
	{ "leaf and intermediate", { "leaf", "ica" }, "root", true, true, 0, false },
	{ "with its root", { "leaf", "ica", "root" }, "root", true, true, 0, true },
	{ "without the intermediate", { "leaf" }, "root", false, true, 0, false },
	{ "in the wrong order", { "leaf-of-self-issued", "ica-length-0", "foreign" }, "root", false,
		false, 2, true },
	{ "with the root in the middle", { "leaf", "root", "ica" }, "root", true, false, 1, true },
	{ "a foreign chain is complete too", { "leaf-of-foreign", "foreign" }, "root", true, true,
		0, true },
	{ "a self-signed leaf is no root that was sent", { "self-signed" }, "root", true, true, 0,
		false },
};

static void
chains_are_measured(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct chain_case *test = &cases[i];
		struct trust_store *store = trust_store_create();
		struct path_verdict verdict;
		struct chain_shape shape;
		struct span sent[SENT_MAX];
		struct path_query query = { .sent = sent, .trust = store };
		struct arena arena;

		arena_init(&arena);
		for (; query.count < SENT_MAX && test->sent[query.count] != NULL; query.count++)
			sent[query.count] = fixture(&arena, test->sent[query.count]);
		query.at = date_at("2026-06-01");
		trust_fixture(store, test->trusted);
		verdict = path_judge(&query, &arena);
		shape = chain_measure(&query, &verdict, &arena);
		if (shape.length != query.count || shape.complete != test->complete ||
			shape.ordered != test->ordered || shape.has_root != test->has_root ||
			shape.out_of_order != test->out_of_order)
			fail_msg("%s: got complete %d, ordered %d (%zu), root %d", test->name,
				shape.complete, shape.ordered, shape.out_of_order, shape.has_root);
		trust_store_release(store);
		arena_release(&arena);
	}
}

static void
what_is_no_certificate_is_counted(void **state)
{
	struct trust_store *store = trust_store_create();
	struct path_verdict verdict;
	struct chain_shape shape;
	struct span sent[2];
	struct arena arena;
	struct path_query query = { .sent = sent, .count = 2, .trust = store };

	(void)state;
	arena_init(&arena);
	sent[0] = fixture(&arena, "leaf");
	sent[1] = (struct span){ (const uint8_t *)"junk", 4 };
	verdict = path_judge(&query, &arena);
	shape = chain_measure(&query, &verdict, &arena);
	assert_int_equal(shape.unreadable, 1);
	assert_false(shape.complete);
	assert_false(shape.ordered);
	trust_store_release(store);
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chains_are_measured),
		cmocka_unit_test(what_is_no_certificate_is_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
