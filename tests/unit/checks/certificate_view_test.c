/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the judges of certificates look at: which of those sent count, and how they are called.
 */
#include "court_chains.h"

#include "checks/certificate_view.h"

#define ANY_ROW ROW("certificate.key")

static void
has_no_path(struct court *court)
{
	court->evidence.session.peer.path = (struct path_verdict){ .trusted = false };
}

struct links_row {
	const char *sentence;
	const char *chain;
	void (*arrange)(struct court *court);
	const char *want; /* how the links are called, with semicolons; NULL: there are none */
};

static const struct links_row rows[] = {
	{ "those of the path count, without the anchor", "leaf ica", NULL,
		"the certificate; intermediate 1 (CN=Test CA 1, O=Example)" },
	{ "an anchor that was sent is one all the same", "leaf ica root", NULL,
		"the certificate; intermediate 1 (CN=Test CA 1, O=Example)" },
	{ "one that was sent between does not count", "leaf foreign ica", NULL,
		"the certificate; intermediate 2 (CN=Test CA 1, O=Example)" },
	{ "a root that is no anchor counts", "leaf-of-foreign foreign", NULL,
		"the certificate; intermediate 1 (CN=Foreign Root, O=Example)" },
	{ "a path that ends early counts as far as it goes", "leaf ica", is_not_trusted,
		"the certificate; intermediate 1 (CN=Test CA 1, O=Example)" },
	{ "a leaf that is an anchor counts", "root", NULL, "the certificate" },
	{ "without a path all that were sent count", "leaf foreign ica", has_no_path,
		"the certificate; intermediate 1 (CN=Foreign Root, O=Example); intermediate 2 "
		"(CN=Test CA 1, O=Example)" },
	{ "those that cannot be read do not", "leaf " UNREADABLE " ica", has_no_path,
		"the certificate; intermediate 2 (CN=Test CA 1, O=Example)" },
	{ "where none can be read, none counts", UNREADABLE, NULL, NULL },
};

static void
clients_rely_on_the_path(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *got = NULL;
		struct court court;
		struct links links;

		open_for_chain(&court, ANY_ROW, rows[i].chain, NULL, rows[i].arrange);
		links = view_links(&court.evidence.session.peer, &court.arena);
		for (size_t j = 0; j < links.count; j++)
			got = text_joined(
				&court.arena, got, link_shown(&court.arena, &links.members[j]));
		expect_part(rows[i].sentence, "what counts", got, rows[i].want);
		if (got != NULL)
			assert_string_equal(got, rows[i].want);
		court_close(&court);
	}
}

struct leaf_row {
	const char *sentence;
	const char *chain; /* NULL: none */
	bool is_there;
	enum verdict verdict; /* of a finding that was not touched: an error */
	const char *type;
};

static const struct leaf_row leaves[] = {
	{ "the leaf is the first", "leaf ica", true, VERDICT_ERROR, "Undecided" },
	{ "no certificate is open", NULL, false, VERDICT_ERROR, "NoCertificate" },
	{ "one that cannot be read fails", UNREADABLE " ica", false, VERDICT_FAIL, "Malformed" },
	{ "an issuer that cannot be read is no matter", "leaf " UNREADABLE, true, VERDICT_ERROR,
		"Undecided" },
};

static void
the_leaf_is_there_or_the_finding(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(leaves); i++) {
		const struct leaf_row *row = &leaves[i];
		struct finding finding;
		struct court court;
		struct cert leaf;

		open_for_chain(&court, ANY_ROW, row->chain, NULL, NULL);
		finding_init(&finding, &court.arena);
		if (view_leaf(&court.evidence.session.peer, &finding, &leaf) != row->is_there)
			fail_msg("%s: it is %s there", row->sentence, row->is_there ? "not" : "");
		if (finding.verdict != row->verdict || strcmp(finding.type, row->type) != 0)
			fail_msg("%s: got %s", row->sentence, finding.type);
		if (finding.causes != (row->is_there ? CAUSE_NONE : CAUSE_PATH))
			fail_msg("%s: got causes %x", row->sentence, (unsigned)finding.causes);
		if (row->is_there)
			assert_true(span_equal(leaf.der, court.evidence.session.peer.chain[0]));
		court_close(&court);
	}
}

static void
advice_says_where_servers_look(void **state)
{
	const struct path_problem missing = { .kind = PATH_ISSUER_MISSING, .hint = "send it" };
	const struct path_problem silent = { .kind = PATH_ISSUER_MISSING };
	const struct path_problem other = { .kind = PATH_WEAK_KEY, .hint = "make another" };
	struct target target = { .dialect = dialects };
	const struct evidence evidence = { .target = &target };
	struct arena arena;

	(void)state;
	arena_init(&arena);
	assert_non_null(strstr(fix_of_problem(&arena, &missing, &evidence), "Postfix: smtpd_tls"));
	target.dialect = dialect_find("imap");
	assert_non_null(strstr(fix_of_problem(&arena, &missing, &evidence), "(Dovecot: ssl_cert,"));
	assert_non_null(strstr(
		fix_of_problem(&arena, &missing, &evidence), "send it. Append it in PEM form"));
	assert_null(fix_of_problem(&arena, &silent, &evidence));
	assert_string_equal(fix_of_problem(&arena, &other, &evidence), "make another");
	arena_release(&arena);
}

static void
the_query_is_that_of_the_peer(void **state)
{
	struct path_query query;
	struct court court;

	(void)state;
	open_for_chain(&court, ANY_ROW, "leaf ica", "2026-06-01", NULL);
	query = view_query(&court.evidence, &court.evidence.session.peer);
	assert_ptr_equal(query.sent, court.evidence.session.peer.chain);
	assert_int_equal(query.count, 2);
	assert_int_equal(query.at, date_at("2026-06-01"));
	court_close(&court);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clients_rely_on_the_path),
		cmocka_unit_test(the_leaf_is_there_or_the_finding),
		cmocka_unit_test(advice_says_where_servers_look),
		cmocka_unit_test(the_query_is_that_of_the_peer),
	};

	return cmocka_run_group_tests(tests, fill_stores, release_stores);
}
