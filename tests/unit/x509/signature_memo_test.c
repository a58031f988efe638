/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A memory of good signatures says what computing them says, whatever was asked of it before.
 */
#include "x509_fixtures.h"

#include <pthread.h>
#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/ed25519.h>

#include "x509/cert.h"
#include "x509/path.h"
#include "x509/signature_memo.h"

#define PAIRS 7

/* More than the memo has room for. */
#define MANY 1500

/* All that a verification depends on. */
struct question {
	struct public_key key;
	struct signature_algorithm algorithm;
	struct span message;
	struct span signature;
};

static const char *const pairs[PAIRS][2] = { { "leaf", "ica" }, { "leaf-of-rsa", "rsa-root" },
	{ "leaf-of-pss", "rsa-root" }, { "leaf-of-p384", "p384-root" },
	{ "leaf-of-p521", "p521-root" }, { "leaf-of-ed25519", "ed25519-root" },
	{ "leaf-of-ed448", "ed448-root" } };

static struct question
question_of(struct arena *arena, const char *name, const char *issuer_name)
{
	struct error error = { { 0 } };
	struct cert cert, issuer;

	assert_true(cert_parse(&cert, fixture(arena, name), arena, &error));
	assert_true(cert_parse(&issuer, fixture(arena, issuer_name), arena, &error));
	return (struct question){ issuer.key, cert.algorithm, cert.tbs, cert.signature };
}

static bool
computed(const struct question *asked)
{
	return signature_verify(&asked->key, &asked->algorithm, asked->message, asked->signature);
}

/* Adds to a count of those computed. */
static bool
counted(struct signature_memo *memo, const struct question *asked, size_t *count)
{
	return signature_memo_verify(
		memo, &asked->key, &asked->algorithm, asked->message, asked->signature, count);
}

static bool
remembered(struct signature_memo *memo, const struct question *asked)
{
	size_t ignored = 0;

	return counted(memo, asked, &ignored);
}

/* A memo that has seen every pair. */
static struct signature_memo *
memo_of_all(struct arena *arena, struct question questions[PAIRS])
{
	struct signature_memo *memo = signature_memo_create();
	size_t count = 0;

	for (size_t i = 0; i < PAIRS; i++) {
		questions[i] = question_of(arena, pairs[i][0], pairs[i][1]);
		assert_true(counted(memo, &questions[i], &count));
	}
	assert_int_equal(count, PAIRS);
	return memo;
}

static void
what_was_good_is_not_computed_again(void **state)
{
	struct question questions[PAIRS];
	struct signature_memo *memo;
	struct arena arena;
	size_t count = 0;

	(void)state;
	arena_init(&arena);
	memo = memo_of_all(&arena, questions);
	for (size_t i = 0; i < 3 * PAIRS; i++)
		assert_true(counted(memo, &questions[i % PAIRS], &count));
	assert_int_equal(count, 0);
	for (size_t i = 0; i < 3; i++)
		assert_true(counted(NULL, &questions[0], &count));
	assert_int_equal(count, 3);
	signature_memo_release(memo);
	signature_memo_release(NULL);
	arena_release(&arena);
}

/* Every part of each question in the place of the same part of each other. */
static void
no_part_of_one_question_answers_another(void **state)
{
	struct question questions[PAIRS];
	struct signature_memo *memo;
	struct arena arena;

	(void)state;
	arena_init(&arena);
	memo = memo_of_all(&arena, questions);
	for (size_t i = 0; i < PAIRS * PAIRS * 6; i++) {
		const struct question *other = &questions[i % PAIRS];
		struct question asked = questions[i / PAIRS % PAIRS];
		size_t part = i / PAIRS / PAIRS;

		asked.key = part == 0 ? other->key : asked.key;
		asked.key.kind = part == 1 ? other->key.kind : asked.key.kind;
		asked.algorithm.scheme =
			part == 2 ? other->algorithm.scheme : asked.algorithm.scheme;
		asked.algorithm.hash = part == 3 ? other->algorithm.hash : asked.algorithm.hash;
		asked.message = part == 4 ? other->message : asked.message;
		asked.signature = part == 5 ? other->signature : asked.signature;
		if (remembered(memo, &asked) != computed(&asked))
			fail_msg("part %zu of %s in %s: got %d", part, pairs[i % PAIRS][0],
				pairs[i / PAIRS % PAIRS][0], !computed(&asked));
	}
	signature_memo_release(memo);
	arena_release(&arena);
}

static void
check_changed_bits(struct signature_memo *memo, const struct question *good, struct span *part)
{
	struct span whole = *part;
	uint8_t *bytes = test_malloc(whole.len);

	memcpy(bytes, whole.data, whole.len);
	part->data = bytes;
	for (size_t i = 0; i < whole.len; i++) {
		bytes[i] ^= (uint8_t)(1 << i % 8);
		if (remembered(memo, good))
			fail_msg("good with byte %zu of %zu changed", i, whole.len);
		bytes[i] ^= (uint8_t)(1 << i % 8);
	}
	if (!remembered(memo, good))
		fail_msg("bad with all bytes restored");
	*part = whole;
	test_free(bytes);
}

static void
no_changed_bit_is_good(void **state)
{
	static const size_t tried[] = { 0, 2, 5 };
	struct question questions[PAIRS];
	struct signature_memo *memo;
	struct arena arena;

	(void)state;
	arena_init(&arena);
	memo = memo_of_all(&arena, questions);
	for (size_t i = 0; i < sizeof(tried) / sizeof(tried[0]); i++) {
		struct question *asked = &questions[tried[i]];

		check_changed_bits(memo, asked, &asked->key.material);
		check_changed_bits(memo, asked, &asked->message);
		check_changed_bits(memo, asked, &asked->signature);
	}
	signature_memo_release(memo);
	arena_release(&arena);
}

/* Key, message and signature stand side by side, and are cut elsewhere: the same bytes in the same
 * order are another question. */
static void
parts_do_not_run_into_one_another(void **state)
{
	struct question questions[PAIRS];
	struct signature_memo *memo;
	struct arena arena;

	(void)state;
	arena_init(&arena);
	memo = memo_of_all(&arena, questions);
	for (size_t i = 0; i < PAIRS * 19 * 19; i++) {
		struct question asked = questions[i / 19 / 19];
		size_t first = asked.key.material.len + i % 19 - 9;
		size_t second = asked.key.material.len + asked.message.len + i / 19 % 19 - 9;
		struct buf all;

		buf_init(&all, 65536);
		buf_add(&all, asked.key.material.data, asked.key.material.len);
		buf_add(&all, asked.message.data, asked.message.len);
		buf_add(&all, asked.signature.data, asked.signature.len);
		asked.key.material = (struct span){ (uint8_t *)all.data, first };
		asked.message = (struct span){ (uint8_t *)all.data + first, second - first };
		asked.signature = (struct span){ (uint8_t *)all.data + second, all.len - second };
		if (remembered(memo, &asked) != computed(&asked))
			fail_msg("%s cut at %zu and %zu: got %d", pairs[i / 19 / 19][0], first,
				second, !computed(&asked));
		buf_release(&all);
	}
	signature_memo_release(memo);
	arena_release(&arena);
}

/* A signature that is bad, one of an algorithm that is not accepted, and two that the library gives
 * up on: a key too long for it, and one that is no point of the curve. */
static void
what_was_not_good_is_never_kept(void **state)
{
	struct signature_memo *memo = signature_memo_create();
	struct question bad[4];
	struct arena arena;
	size_t count = 0;
	uint8_t *point;

	(void)state;
	arena_init(&arena);
	bad[0] = question_of(&arena, "leaf", "root");
	bad[1] = question_of(&arena, "leaf-sha1", "rsa-root");
	bad[2] = question_of(&arena, "leaf-of-large", "large-root");
	bad[3] = question_of(&arena, "leaf", "ica");
	point = arena_memdup(&arena, bad[3].key.material.data, bad[3].key.material.len);
	point[bad[3].key.material.len - 1] ^= 1;
	bad[3].key.material.data = point;
	for (size_t i = 0; i < 3 * 4; i++) {
		assert_false(counted(memo, &bad[i % 4], &count));
		assert_int_equal(count, i + 1);
	}
	point[bad[3].key.material.len - 1] ^= 1;
	assert_true(remembered(memo, &bad[3]));
	signature_memo_release(memo);
	arena_release(&arena);
}

/* Signatures of numbers, made with one key. */
struct numbers {
	struct public_key key;
	uint8_t material[ED25519_PUB_KEY_SIZE];
	uint8_t messages[MANY][sizeof(size_t)];
	uint8_t signatures[MANY][ED25519_SIG_SIZE];
};

static void
sign_numbers(struct numbers *numbers)
{
	word32 len = sizeof(numbers->material);
	ed25519_key key;
	WC_RNG rng;

	assert_int_equal(wc_InitRng(&rng), 0);
	assert_int_equal(wc_ed25519_init(&key), 0);
	assert_int_equal(wc_ed25519_make_key(&rng, ED25519_KEY_SIZE, &key), 0);
	assert_int_equal(wc_ed25519_export_public(&key, numbers->material, &len), 0);
	numbers->key =
		(struct public_key){ .kind = KEY_ED25519, .material = { numbers->material, len } };
	for (size_t i = 0; i < MANY; i++) {
		len = ED25519_SIG_SIZE;
		memcpy(numbers->messages[i], &i, sizeof(i));
		assert_int_equal(wc_ed25519_sign_msg(numbers->messages[i], sizeof(i),
					 numbers->signatures[i], &len, &key),
			0);
	}
	wc_ed25519_free(&key);
	wc_FreeRng(&rng);
}

static bool
number_is_signed(struct signature_memo *memo, const struct numbers *numbers, size_t message,
	size_t signature, size_t *count)
{
	const struct signature_algorithm algorithm = { .scheme = SCHEME_ED25519,
		.hash = HASH_INTRINSIC };

	return signature_memo_verify(memo, &numbers->key, &algorithm,
		(struct span){ numbers->messages[message], sizeof(size_t) },
		(struct span){ numbers->signatures[signature], ED25519_SIG_SIZE }, count);
}

static void
a_full_memo_forgets_and_stays_right(void **state)
{
	struct signature_memo *memo = signature_memo_create();
	struct numbers *numbers = test_malloc(sizeof(*numbers));
	size_t count = 0;

	(void)state;
	sign_numbers(numbers);
	for (size_t round = 0; round < 2; round++)
		for (size_t i = 0; i < MANY; i++)
			if (!number_is_signed(memo, numbers, i, i, &count))
				fail_msg("%zu is not good", i);
	assert_true(count > MANY);
	assert_true(count < 2 * MANY);
	for (size_t i = 0; i < MANY; i++)
		if (number_is_signed(memo, numbers, i, (i + 1) % MANY, &count))
			fail_msg("%zu is good with the signature of the next", i);
	test_free(numbers);
	signature_memo_release(memo);
}

#define THREADS 8

struct crowd {
	struct signature_memo *memo;
	struct question questions[PAIRS];
	bool right[THREADS];
};

struct member {
	struct crowd *crowd;
	size_t number;
	pthread_t thread;
};

static void *
ask_all(void *argument)
{
	const struct member *member = argument;
	struct crowd *crowd = member->crowd;
	bool right = true;

	for (size_t i = 0; i < 4 * PAIRS; i++) {
		struct question asked = crowd->questions[(i + member->number) % PAIRS];

		right = remembered(crowd->memo, &asked) && right;
		asked.message.len--;
		right = !remembered(crowd->memo, &asked) && right;
	}
	crowd->right[member->number] = right;
	return NULL;
}

static void
many_threads_may_ask(void **state)
{
	struct crowd crowd = { .memo = signature_memo_create() };
	struct member members[THREADS];
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < PAIRS; i++)
		crowd.questions[i] = question_of(&arena, pairs[i][0], pairs[i][1]);
	for (size_t i = 0; i < THREADS; i++) {
		members[i] = (struct member){ .crowd = &crowd, .number = i };
		assert_int_equal(pthread_create(&members[i].thread, NULL, ask_all, &members[i]), 0);
	}
	for (size_t i = 0; i < THREADS; i++) {
		pthread_join(members[i].thread, NULL);
		assert_true(crowd.right[i]);
	}
	signature_memo_release(crowd.memo);
	arena_release(&arena);
}

static void
a_chain_that_is_judged_again_costs_no_signature(void **state)
{
	struct signature_memo *memo = signature_memo_create();
	struct trust_store *store = trust_store_create();
	struct span sent[2];
	struct arena arena;

	(void)state;
	arena_init(&arena);
	trust_fixture(store, "root");
	sent[0] = fixture(&arena, "leaf");
	sent[1] = fixture(&arena, "ica");
	for (size_t i = 0; i < 3; i++) {
		struct path_query query = { .sent = sent,
			.count = 2,
			.trust = store,
			.at = date_at("2026-06-01"),
			.memo = memo };

		struct path_verdict verdict = path_judge(&query, &arena);

		assert_true(verdict.trusted);
		assert_int_equal(verdict.signatures, 2);
		assert_int_equal(verdict.computed, i == 0 ? 2 : 0);
	}
	trust_store_release(store);
	signature_memo_release(memo);
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_good_is_not_computed_again),
		cmocka_unit_test(no_part_of_one_question_answers_another),
		cmocka_unit_test(no_changed_bit_is_good),
		cmocka_unit_test(parts_do_not_run_into_one_another),
		cmocka_unit_test(what_was_not_good_is_never_kept),
		cmocka_unit_test(a_full_memo_forgets_and_stays_right),
		cmocka_unit_test(many_threads_may_ask),
		cmocka_unit_test(a_chain_that_is_judged_again_costs_no_signature),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
