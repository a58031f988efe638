/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * mta_sts.certificate.
 */
#include "court_chains.h"

#define STS "{\"assert\":\"mta_sts.certificate\"}"

static void
everybody_trusts_the_root(struct court *court)
{
	court->evidence.public_roots = stores[1];
}

static void
nobody_trusts_the_root(struct court *court)
{
	court->evidence.public_roots = stores[0];
}

static void
nobody_knows_whom_everybody_trusts(struct court *court)
{
	court->evidence.public_roots = NULL;
}

static void
the_checklist_trusts_nobody(struct court *court)
{
	everybody_trusts_the_root(court);
	is_not_trusted(court);
}

static void
is_another_host(struct court *court)
{
	everybody_trusts_the_root(court);
	target_of(court)->host = "other.example.test";
}

static void
is_another_host_that_nobody_trusts(struct court *court)
{
	is_another_host(court);
	nobody_trusts_the_root(court);
}

static void
is_a_file_of_everybodys(struct court *court)
{
	everybody_trusts_the_root(court);
	is_a_file(court);
}

static const struct chain_row chains[] = {
	{ "everybody trusts the root", STS, "leaf ica", NULL, everybody_trusts_the_root,
		VERDICT_PASS, NULL, CAUSE_NONE, "vouch for mail.example.test" },
	{ "whom the checklist trusts does not matter", STS, "leaf ica", NULL,
		the_checklist_trusts_nobody, VERDICT_PASS, NULL, CAUSE_NONE, "" },
	{ "that the checklist trusts it does not help", STS, "leaf ica", NULL,
		nobody_trusts_the_root, VERDICT_FAIL, "NotPubliclyTrusted", CAUSE_PATH,
		"CN=Test Root" },
	{ "an intermediate is missing", STS, "leaf", NULL, everybody_trusts_the_root, VERDICT_FAIL,
		"NotPubliclyTrusted", CAUSE_PATH, "was not sent" },
	{ "the leaf has expired", STS, "leaf-old ica", NULL, everybody_trusts_the_root,
		VERDICT_FAIL, "OutOfDates", CAUSE_LEAF_DATES, "expired" },
	{ "the leaf names another host", STS, "leaf ica", NULL, is_another_host, VERDICT_FAIL,
		"HostnameMismatch", CAUSE_HOSTNAME, "does not name other.example.test" },
	{ "of several faults trust comes first", STS, "leaf ica", NULL,
		is_another_host_that_nobody_trusts, VERDICT_FAIL, "NotPubliclyTrusted",
		CAUSE_PATH | CAUSE_HOSTNAME, "" },
	{ "a key beyond our limits leaves it open", STS, "leaf-of-large large-root", NULL,
		everybody_trusts_the_root, VERDICT_ERROR, "NotJudged", CAUSE_PATH,
		"could not be judged" },
	{ "but for the name", STS, "leaf-of-large large-root", NULL, is_another_host, VERDICT_FAIL,
		"HostnameMismatch", CAUSE_PATH | CAUSE_HOSTNAME, "does not name" },
	{ "whom everybody trusts is not known", STS, "leaf ica", NULL,
		nobody_knows_whom_everybody_trusts, VERDICT_ERROR, "NotJudged", CAUSE_NONE,
		"are not known" },
	{ "a leaf that cannot be read", STS, UNREADABLE " ica", NULL, everybody_trusts_the_root,
		VERDICT_FAIL, "Malformed", CAUSE_PATH, "cannot be read" },
	{ "a file is held to the same", STS, "leaf", NULL, is_a_file_of_everybodys, VERDICT_FAIL,
		"NotPubliclyTrusted", CAUSE_PATH, "" },
};

static void
senders_go_by_whom_everybody_trusts(void **state)
{
	(void)state;
	expect_of_chains(chains, COUNT(chains));
	expect_nothing_without_proof(STS, "leaf ica", everybody_trusts_the_root);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(senders_go_by_whom_everybody_trusts),
	};

	setenv("SSL_CERT_FILE", "dir/ca.pem", 1);
	return cmocka_run_group_tests(tests, fill_stores, release_stores);
}
