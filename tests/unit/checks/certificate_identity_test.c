/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * certificate.pin, certificate.issuer, certificate.matches_file and certificate.matches_key.
 */
#include "court_chains.h"

#include "x509/pem.h"

#define OTHER_PIN "0000000000000000000000000000000000000000000000000000000000000000"
#define LEAF_PIN "c0337903fc86c7a356917810782e2ac6ef01b8fa875856a037e0b5c474652cff"
#define LEAF_PIN_BASE64 "wDN5A/yGx6NWkXgQeC4qxu8BuPqHWFagN+C1xHRlLP8="
#define PINS(list) "{\"assert\":\"certificate.pin\",\"spki_sha256\":[" list "]}"
#define ISSUER(pattern) "{\"assert\":\"certificate.issuer\",\"matches\":\"" pattern "\"}"
#define MATCHES_FILE "{\"assert\":\"certificate.matches_file\",\"file\":\"ca.pem\"}"

static void
shows_another_elsewhere(struct court *court)
{
	present_elsewhere(court, "leaf-any ica");
}

static void
has_a_foreign_issuer_elsewhere(struct court *court)
{
	present_elsewhere(court, "leaf-of-foreign foreign");
}

static const struct chain_row pins[] = {
	{ "a key that is pinned in hex", PINS("\"" LEAF_PIN "\""), "leaf ica", NULL, NULL,
		VERDICT_PASS, NULL, CAUSE_NONE, "the key is pinned: " LEAF_PIN },
	{ "one of several", PINS("\"" OTHER_PIN "\",\"" LEAF_PIN "\""), "leaf ica", NULL, NULL,
		VERDICT_PASS, NULL, CAUSE_NONE, "the key is pinned: " LEAF_PIN },
	{ "the first of several", PINS("\"" LEAF_PIN "\",\"" OTHER_PIN "\""), "leaf ica", NULL,
		NULL, VERDICT_PASS, NULL, CAUSE_NONE, "the key is pinned: " LEAF_PIN },
	{ "in base64", PINS("\"" LEAF_PIN_BASE64 "\""), "leaf ica", NULL, NULL, VERDICT_PASS, NULL,
		CAUSE_NONE, "the key is pinned: " LEAF_PIN_BASE64 },
	{ "the dates do not matter", PINS("\"" LEAF_PIN "\""), "leaf:" ENDS ">261101000000Z", NULL,
		is_not_trusted, VERDICT_PASS, NULL, CAUSE_NONE, "" },
	{ "another key", PINS("\"" OTHER_PIN "\""), "leaf ica", NULL, NULL, VERDICT_FAIL,
		"KeyNotPinned", CAUSE_NONE, "none of those pinned" },
	{ "that of the issuer is another one", PINS("\"" LEAF_PIN "\""), "ica leaf", NULL, NULL,
		VERDICT_FAIL, "KeyNotPinned", CAUSE_NONE, "" },
	{ "what cannot be read has no key", PINS("\"" LEAF_PIN "\""), UNREADABLE, NULL, NULL,
		VERDICT_FAIL, "Malformed", CAUSE_PATH, "cannot be read" },
	{ "another key needs no proof", PINS("\"" OTHER_PIN "\""), "leaf ica", NULL, proves_nothing,
		VERDICT_FAIL, "KeyNotPinned", CAUSE_NONE, "" },
	{ "another connection shows another key", PINS("\"" LEAF_PIN "\""), "leaf ica", NULL,
		shows_another_elsewhere, VERDICT_FAIL, "KeyNotPinned", CAUSE_NONE,
		"(ECDSA certificate, serial 1004)" },
	{ "a file has its key", PINS("\"" OTHER_PIN "\""), "leaf ica", NULL, is_a_file,
		VERDICT_FAIL, "KeyNotPinned", CAUSE_NONE, "" },
};

static void
keys_are_pinned_or_not(void **state)
{
	(void)state;
	expect_of_chains(pins, COUNT(pins));
	expect_nothing_without_proof(PINS("\"" LEAF_PIN "\""), "leaf ica", NULL);
}

static const struct chain_row issuers[] = {
	{ "the expected authority", ISSUER("CN=Test CA 1,"), "leaf ica", NULL, NULL, VERDICT_PASS,
		NULL, CAUSE_NONE, "issued by CN=Test CA 1, O=Example" },
	{ "one of two", ISSUER("^CN=(Other|Test) CA [0-9]+, O=Example$"), "leaf ica", NULL, NULL,
		VERDICT_PASS, NULL, CAUSE_NONE, "issued by" },
	{ "the intermediate is not asked", ISSUER("Test CA 1"), "leaf", NULL, NULL, VERDICT_PASS,
		NULL, CAUSE_NONE, "" },
	{ "nor who issued it", ISSUER("Test Root"), "leaf ica root", NULL, NULL, VERDICT_FAIL,
		"IssuerUnexpected", CAUSE_NONE, "it was issued by CN=Test CA 1, O=Example" },
	{ "nor whom the certificate is for", ISSUER("mail.example.test"), "leaf ica", NULL, NULL,
		VERDICT_FAIL, "IssuerUnexpected", CAUSE_NONE, "" },
	{ "capitals are other letters", ISSUER("cn=test ca 1"), "leaf ica", NULL, NULL,
		VERDICT_FAIL, "IssuerUnexpected", CAUSE_NONE, "" },
	{ "what cannot be read has no issuer", ISSUER("."), UNREADABLE, NULL, NULL, VERDICT_FAIL,
		"Malformed", CAUSE_PATH, "cannot be read" },
	{ "another issuer needs no proof", ISSUER("Public"), "leaf ica", NULL, proves_nothing,
		VERDICT_FAIL, "IssuerUnexpected", CAUSE_NONE, "" },
	{ "another connection shows one of another issuer", ISSUER("Test CA"), "leaf ica", NULL,
		has_a_foreign_issuer_elsewhere, VERDICT_FAIL, "IssuerUnexpected", CAUSE_NONE,
		"it was issued by CN=Foreign Root" },
	{ "a file has its issuer", ISSUER("Public"), "leaf ica", NULL, is_a_file, VERDICT_FAIL,
		"IssuerUnexpected", CAUSE_NONE, "" },
};

static void
issuers_are_expected_or_not(void **state)
{
	(void)state;
	expect_of_chains(issuers, COUNT(issuers));
	expect_nothing_without_proof(ISSUER("Test CA 1"), "leaf ica", NULL);
}

/* The file that was released holds these certificates, each in PEM form. */
static void
release_file(struct court *court, const char *const *fixtures)
{
	struct argument *file = &court->loaded.checklist.assertions[0].arguments.values[0];
	struct arena *arena = &court->evidence.arena;
	struct buf pem;

	buf_init(&pem, 10000);
	for (; *fixtures != NULL; fixtures++) {
		struct span der = fixture(arena, *fixtures);

		buf_add_string(&pem, "-----BEGIN CERTIFICATE-----\n");
		text_add_base64(&pem, der.data, der.len);
		buf_add_string(&pem, "\n-----END CERTIFICATE-----\n");
	}
	file->bytes = (struct span){ arena_memdup(arena, pem.data, pem.len), pem.len };
	buf_release(&pem);
}

static void
released_the_leaf(struct court *court)
{
	release_file(court, (const char *const[]){ "leaf", "ica", NULL });
}

static void
released_it_second(struct court *court)
{
	release_file(court, (const char *const[]){ "ica", "leaf", NULL });
}

static void
released_another(struct court *court)
{
	release_file(court, (const char *const[]){ "leaf-any", NULL });
}

static void
released_another_and_proves_nothing(struct court *court)
{
	released_another(court);
	proves_nothing(court);
}

static void
serves_an_old_one_elsewhere(struct court *court)
{
	released_the_leaf(court);
	present_elsewhere(court, "leaf-old ica");
}

static void
is_a_file_of_another_release(struct court *court)
{
	released_another(court);
	is_a_file(court);
}

static const struct chain_row files[] = {
	{ "the certificate of the file", MATCHES_FILE, "leaf ica", NULL, released_the_leaf,
		VERDICT_PASS, NULL, CAUSE_NONE, "it is the certificate of ca.pem" },
	{ "its intermediates do not matter", MATCHES_FILE, "leaf foreign", NULL, released_the_leaf,
		VERDICT_PASS, NULL, CAUSE_NONE, "" },
	{ "the first of the file counts", MATCHES_FILE, "leaf ica", NULL, released_it_second,
		VERDICT_FAIL, "OtherCertificate", CAUSE_NONE,
		"it is not the certificate of ca.pem" },
	{ "another certificate of the same name", MATCHES_FILE, "leaf ica", NULL, released_another,
		VERDICT_FAIL, "OtherCertificate", CAUSE_NONE, "" },
	{ "one byte is another certificate", MATCHES_FILE, "leaf:" ENDS ">270101000001Z ica", NULL,
		released_the_leaf, VERDICT_FAIL, "OtherCertificate", CAUSE_NONE, "" },
	{ "what cannot be read is none", MATCHES_FILE, UNREADABLE, NULL, released_the_leaf,
		VERDICT_FAIL, "Malformed", CAUSE_PATH, "cannot be read" },
	{ "another certificate needs no proof", MATCHES_FILE, "leaf ica", NULL,
		released_another_and_proves_nothing, VERDICT_FAIL, "OtherCertificate", CAUSE_NONE,
		"" },
	{ "another connection shows the old one", MATCHES_FILE, "leaf ica", NULL,
		serves_an_old_one_elsewhere, VERDICT_FAIL, "OtherCertificate", CAUSE_NONE,
		"(ECDSA certificate, serial 1005)" },
	{ "a file is held to another", MATCHES_FILE, "leaf ica", NULL, is_a_file_of_another_release,
		VERDICT_FAIL, "OtherCertificate", CAUSE_NONE, "" },
};

static void
what_is_served_was_released_or_not(void **state)
{
	(void)state;
	expect_of_chains(files, COUNT(files));
	expect_nothing_without_proof(MATCHES_FILE, "leaf ica", released_the_leaf);
}

/* The loader takes the row only of a target with a key. */
static void
ask_for_the_key(struct court *court)
{
	court->loaded.checklist.assertions[0].arguments =
		(struct arguments){ .check = check_find("certificate.matches_key") };
}

static void
has_its_key(struct court *court)
{
	ask_for_the_key(court);
	target_of(court)->has_key = target_of(court)->key_matches = true;
}

static void
has_its_key_in_a_file(struct court *court)
{
	has_its_key(court);
	is_a_file(court);
}

static void
has_another_key(struct court *court)
{
	has_its_key_in_a_file(court);
	target_of(court)->key_matches = false;
}

static void
has_no_key(struct court *court)
{
	has_another_key(court);
	target_of(court)->has_key = false;
}

#define ANY_ROW ROW("certificate.hostname")

static const struct chain_row keys[] = {
	{ "the key belongs to the certificate", ANY_ROW, "leaf ica", NULL, has_its_key_in_a_file,
		VERDICT_PASS, NULL, CAUSE_NONE, "the private key belongs to the certificate" },
	{ "another key does not", ANY_ROW, "leaf ica", NULL, has_another_key, VERDICT_FAIL,
		"OtherKey", CAUSE_NONE, "does not belong" },
	{ "without a key it is open", ANY_ROW, "leaf ica", NULL, has_no_key, VERDICT_ERROR, "NoKey",
		CAUSE_NONE, "no private key was given" },
	{ "what cannot be read has no key", ANY_ROW, UNREADABLE, NULL, has_its_key_in_a_file,
		VERDICT_FAIL, "Malformed", CAUSE_PATH, "cannot be read" },
};

static void
the_private_key_belongs_to_it_or_not(void **state)
{
	(void)state;
	expect_of_chains(keys, COUNT(keys));
	expect_nothing_without_proof(ANY_ROW, "leaf ica", has_its_key);
}

static const struct said_row said[] = {
	{ "the key that there is can be copied", PINS("\"" OTHER_PIN "\",\"" LEAF_PIN "\""),
		"leaf ica", NULL, NULL, "one of 2 pinned keys", "SHA-256 of the key: " LEAF_PIN,
		NULL, NULL },
	{ "pattern and issuer are shown", ISSUER("Public"), "leaf ica", NULL, NULL,
		"an issuer that matches Public", "CN=Test CA 1, O=Example", NULL, NULL },
	{ "both certificates are told apart", MATCHES_FILE, "leaf ica", NULL, released_another,
		"SHA-256 4b1c1896ae733ff81ca646ef68b20b38ab130b5606aa03cf9c34c17caa185a40, issued by CN=Test CA 1",
		"SHA-256 e3c3e1ae1748debf55211f1288c6d9338ba21f7eff3390930a6e39f1bec4e8b9, issued by CN=Test CA 1",
		NULL, NULL },
};

static void
it_is_said_which_one_it_is(void **state)
{
	(void)state;
	expect_said(said, COUNT(said));
}

static void
a_file_without_a_certificate_is_refused(void **state)
{
	struct loaded loaded;

	(void)state;
	memory_files_clear();
	memory_file_add(MAIN_FILE,
		"{\"trust\":{\"system\":false},\"targets\":[{\"host\":\"a.example\"}],"
		"\"assertions\":[" MATCHES_FILE "]}");
	memory_file_add("dir/ca.pem", "-----BEGIN PRIVATE KEY-----\n");
	load(&loaded, NULL);
	assert_false(loaded.fine);
	assert_int_equal(loaded.problems.count, 1);
	assert_non_null(strstr(
		loaded.problems.items[0].message, "the file holds no certificate in PEM form"));
	loaded_release(&loaded);
}

static void
a_target_without_a_key_is_refused(void **state)
{
	struct loaded loaded;

	(void)state;
	load_text(&loaded,
		"{\"trust\":{\"system\":false},\"targets\":[{\"host\":\"a.example\"}],"
		"\"assertions\":[" ROW("certificate.matches_key") "]}",
		NULL);
	assert_false(loaded.fine);
	assert_int_equal(loaded.problems.count, 1);
	assert_non_null(strstr(loaded.problems.items[0].message, "has no \"private_key_file\""));
	loaded_release(&loaded);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_pinned_or_not),
		cmocka_unit_test(issuers_are_expected_or_not),
		cmocka_unit_test(what_is_served_was_released_or_not),
		cmocka_unit_test(the_private_key_belongs_to_it_or_not),
		cmocka_unit_test(it_is_said_which_one_it_is),
		cmocka_unit_test(a_file_without_a_certificate_is_refused),
		cmocka_unit_test(a_target_without_a_key_is_refused),
	};

	return cmocka_run_group_tests(tests, fill_stores, release_stores);
}
