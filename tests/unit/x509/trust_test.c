/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "x509_fixtures.h"

#include <pthread.h>

#include "x509/cert.h"
#include "x509/pem.h"
#include "x509/trust.h"

static void
add_pem(struct buf *text, struct arena *arena, const char *name, const char *newline)
{
	struct span der = fixture(arena, name);
	struct buf base64;

	buf_init(&base64, 65536);
	text_add_base64(&base64, der.data, der.len);
	buf_addf(text, "-----BEGIN CERTIFICATE-----%s", newline);
	for (size_t i = 0; i < base64.len; i += 64)
		buf_addf(text, "%.64s%s", base64.data + i, newline);
	buf_addf(text, "-----END CERTIFICATE-----%s", newline);
	buf_release(&base64);
}

static void
a_bundle_is_read_in_order(void **state)
{
	struct error error = { { 0 } };
	struct pem_certs certs;
	struct arena arena;
	struct buf text;

	(void)state;
	arena_init(&arena);
	buf_init(&text, 65536);
	buf_add_string(&text, "# a comment\n-----BEGIN PRIVATE KEY-----\nAAAA\n"
			      "-----END PRIVATE KEY-----\nsubject=CN = x\n");
	add_pem(&text, &arena, "leaf", "\n");
	add_pem(&text, &arena, "ica", "\r\n");
	assert_true(pem_read_certs(&certs, text.data, text.len, &arena, &error));
	assert_int_equal(certs.count, 2);
	assert_true(span_equal(certs.der[0], fixture(&arena, "leaf")));
	assert_true(span_equal(certs.der[1], fixture(&arena, "ica")));
	buf_release(&text);
	arena_release(&arena);
}

static void
bad_blocks_are_told_with_their_line(void **state)
{
	static const struct {
		const char *name;
		const char *text;
		const char *told; /* NULL: it is no error */
	} cases[] = {
		{ "no certificate", "nothing here\n", NULL },
		{ "an empty text", "", NULL },
		{ "an end that is missing", "\n-----BEGIN CERTIFICATE-----\nAAAA\n", "line 2: " },
		{ "another beginning", "-----BEGIN CERTIFICATE-----\n-----BEGIN CERTIFICATE-----\n",
			"line 1: " },
		{ "what is not base64",
			"-----BEGIN CERTIFICATE-----\nA?AA\n-----END CERTIFICATE-----\n",
			"line 1: " },
	};
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct error error = { { 0 } };
		struct pem_certs certs;
		bool good = pem_read_certs(
			&certs, cases[i].text, strlen(cases[i].text), &arena, &error);

		if (good != (cases[i].told == NULL) || certs.count != 0)
			fail_msg("%s: got %d, %s", cases[i].name, good, error.text);
		if (!good && strncmp(error.text, cases[i].told, strlen(cases[i].told)) != 0)
			fail_msg("%s: got %s", cases[i].name, error.text);
	}
	arena_release(&arena);
}

static void
every_prefix_of_a_bundle_is_survived(void **state)
{
	struct arena arena;
	struct buf text;

	(void)state;
	arena_init(&arena);
	buf_init(&text, 65536);
	add_pem(&text, &arena, "root", "\n");
	for (size_t len = 0; len < text.len; len++) {
		char *cut = test_malloc(len + 1);
		struct error error = { { 0 } };
		struct pem_certs certs;

		memcpy(cut, text.data, len);
		pem_read_certs(&certs, cut, len, &arena, &error);
		if (certs.count != 0 && len + 1 != text.len)
			fail_msg("a certificate in %zu bytes", len);
		test_free(cut);
	}
	buf_release(&text);
	arena_release(&arena);
}

static void
anchors_are_found_by_subject(void **state)
{
	struct trust_store *store = trust_store_create();
	const struct trust_anchor *anchor;
	struct error error = { { 0 } };
	struct cert root, impostor;
	struct arena arena;

	(void)state;
	arena_init(&arena);
	trust_fixture(store, "root");
	trust_fixture(store, "root");
	trust_fixture(store, "foreign");
	assert_int_equal(trust_store_count(store), 2);
	assert_true(cert_parse(&root, fixture(&arena, "root"), &arena, &error));
	assert_true(cert_parse(&impostor, fixture(&arena, "impostor"), &arena, &error));
	anchor = trust_store_find(store, impostor.subject);
	assert_non_null(anchor);
	assert_true(span_equal(anchor->der, root.der));
	assert_null(trust_anchor_next(anchor, root.subject));
	assert_true(trust_store_holds(store, root.der, root.subject));
	assert_false(trust_store_holds(store, impostor.der, impostor.subject));
	trust_store_release(store);
	arena_release(&arena);
}

static void
a_bad_certificate_in_a_bundle_is_told(void **state)
{
	size_t found;
	static const char bad[] = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
	struct trust_store *store = trust_store_create();
	struct error error = { { 0 } };
	struct arena arena;
	struct buf text;

	(void)state;
	arena_init(&arena);
	buf_init(&text, 65536);
	buf_add_string(&text, bad);
	add_pem(&text, &arena, "root", "\n");
	assert_false(trust_store_add_pem(store, text.data, text.len, &found, &error));
	assert_string_equal(
		error.text, "certificate 1: RFC 5280 section 4.1: not a certificate in DER");
	assert_int_equal(trust_store_count(store), 1);
	buf_release(&text);
	trust_store_release(store);
	arena_release(&arena);
}

static struct span
subject_of(struct arena *arena, const char *name)
{
	struct error error = { { 0 } };
	struct cert cert;

	assert_true(cert_parse(&cert, fixture(arena, name), arena, &error));
	return cert.subject;
}

static const char bad_der[] = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
static const char bad_pem[] = "-----BEGIN CERTIFICATE-----\nM?A=\n-----END CERTIFICATE-----\n";

/* Words: names of fixtures, or one of the two above. */
static void
add_words(struct buf *text, struct arena *arena, const char *words)
{
	while (*words != '\0') {
		char *word = arena_printf(arena, "%.*s", (int)strcspn(words, " "), words);

		if (strcmp(word, "bad-der") == 0)
			buf_add_string(text, bad_der);
		else if (strcmp(word, "bad-pem") == 0)
			buf_add_string(text, bad_pem);
		else
			add_pem(text, arena, word, "\n");
		words += strlen(word);
		words += strspn(words, " ");
	}
}

static void
bundles_are_taken_as_far_as_they_can_be_read(void **state)
{
	static const struct {
		const char *name;
		const char *words;
		const char *told; /* NULL: it is taken */
		size_t anchors;
		bool has_foreign;
	} cases[] = {
		{ "one certificate", "root", NULL, 1, false },
		{ "two", "root foreign", NULL, 2, true },
		{ "one twice", "root root foreign root", NULL, 2, true },
		{ "one that is no certificate, first", "bad-der root foreign", NULL, 2, true },
		{ "one that is no certificate, between", "root bad-der foreign", NULL, 2, true },
		{ "a block that is no PEM, between", "root bad-pem foreign", NULL, 1, false },
		{ "a block that is no PEM, first", "bad-pem root foreign", "line 1: RFC 7468", 0,
			false },
		{ "none that is a certificate", "bad-der bad-der", "certificate 1: RFC 5280", 0,
			false },
		{ "nothing", "", "", 0, false },
	};
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct trust_store *store = trust_store_create();
		struct span foreign = subject_of(&arena, "foreign");
		struct error error = { { 0 } };
		struct buf text;
		bool taken;

		buf_init(&text, 65536);
		add_words(&text, &arena, cases[i].words);
		taken = trust_store_add_bundle(store, &text, &error);
		if (taken != (cases[i].told == NULL) || text.len != 0)
			fail_msg("%s: got %d, %s", cases[i].name, taken, error.text);
		if (!taken && strncmp(error.text, cases[i].told, strlen(cases[i].told)) != 0)
			fail_msg("%s: got %s", cases[i].name, error.text);
		if ((trust_store_find(store, foreign) != NULL) != cases[i].has_foreign)
			fail_msg("%s: the last one", cases[i].name);
		if (trust_store_count(store) != cases[i].anchors)
			fail_msg("%s: got %zu anchors", cases[i].name, trust_store_count(store));
		buf_release(&text);
		trust_store_release(store);
	}
	arena_release(&arena);
}

static void
a_bundle_that_nobody_asks_is_released(void **state)
{
	struct trust_store *store = trust_store_create();
	struct error error = { { 0 } };
	struct arena arena;
	struct buf text;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < 2; i++) {
		buf_init(&text, 65536);
		add_words(&text, &arena, "root foreign");
		assert_true(trust_store_add_bundle(store, &text, &error));
	}
	trust_store_release(store);
	arena_release(&arena);
}

#define THREADS 8

struct seeker {
	const struct trust_store *store;
	struct span der, subject;
	bool found;
	pthread_t thread;
};

static void *
seek(void *argument)
{
	struct seeker *seeker = argument;
	const struct trust_anchor *anchor = trust_store_find(seeker->store, seeker->subject);

	seeker->found = anchor != NULL && span_equal(anchor->der, seeker->der) &&
			trust_store_holds(seeker->store, seeker->der, seeker->subject);
	return NULL;
}

static void
many_threads_may_be_the_first_to_look(void **state)
{
	static const char *const names[] = { "root", "foreign", "rsa-root", "ed25519-root" };
	struct trust_store *store = trust_store_create();
	struct seeker seekers[THREADS];
	struct error error = { { 0 } };
	struct arena arena;
	struct buf text;

	(void)state;
	arena_init(&arena);
	buf_init(&text, 65536);
	add_words(&text, &arena, "root foreign rsa-root ed25519-root");
	assert_true(trust_store_add_bundle(store, &text, &error));
	for (size_t i = 0; i < THREADS; i++) {
		seekers[i] = (struct seeker){ .store = store,
			.der = fixture(&arena, names[i % 4]),
			.subject = subject_of(&arena, names[i % 4]) };
		assert_int_equal(pthread_create(&seekers[i].thread, NULL, seek, &seekers[i]), 0);
	}
	for (size_t i = 0; i < THREADS; i++) {
		pthread_join(seekers[i].thread, NULL);
		assert_true(seekers[i].found);
	}
	trust_store_release(store);
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bundle_is_read_in_order),
		cmocka_unit_test(bad_blocks_are_told_with_their_line),
		cmocka_unit_test(every_prefix_of_a_bundle_is_survived),
		cmocka_unit_test(anchors_are_found_by_subject),
		cmocka_unit_test(a_bad_certificate_in_a_bundle_is_told),
		cmocka_unit_test(bundles_are_taken_as_far_as_they_can_be_read),
		cmocka_unit_test(a_bundle_that_nobody_asks_is_released),
		cmocka_unit_test(many_threads_may_be_the_first_to_look),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
