/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * certificate.chain.
 */
#include "court_chains.h"

#define CHAIN ROW("certificate.chain")
#define CHAIN_WITH(members) "{\"assert\":\"certificate.chain\"," members "}"
#define INCOMPLETE CHAIN_WITH("\"complete\":false")
#define UNORDERED CHAIN_WITH("\"ordered\":false")
#define ROOTED CHAIN_WITH("\"without_root\":false")
#define AT_MOST(number) CHAIN_WITH("\"maximum_length\":" #number)

static void
leaves_the_issuer_out_elsewhere(struct court *court)
{
	present_elsewhere(court, "leaf-any");
}

static void
shows_a_good_one_elsewhere(struct court *court)
{
	present_elsewhere(court, "leaf-any ica");
}

static void
was_not_judged(struct court *court)
{
	court->evidence.session.peer.path = (struct path_verdict){ .trusted = false };
}

static const struct chain_row shapes[] = {
	{ "the certificate and its intermediate pass", CHAIN, "leaf ica", NULL, NULL, VERDICT_PASS,
		NULL, CAUSE_NONE, "2 certificates" },
	{ "one that signed itself is complete", CHAIN, "self-signed", NULL, NULL, VERDICT_PASS,
		NULL, CAUSE_NONE, "1 certificate" },
	{ "trust is another question", CHAIN, "leaf-old ica", NULL, NULL, VERDICT_PASS, NULL,
		CAUSE_NONE, "2 certificates" },
	{ "so is a key beyond our limits", ROOTED, "leaf-of-large large-root", NULL, NULL,
		VERDICT_PASS, NULL, CAUSE_NONE, "2 certificates" },

	{ "a missing intermediate is a matter of the path", CHAIN, "leaf", NULL, NULL, VERDICT_FAIL,
		"ChainIncomplete", CAUSE_PATH, "CN=Test CA 1" },
	{ "so is one whose anchor nobody knows", CHAIN, "leaf ica", NULL, is_not_trusted,
		VERDICT_FAIL, "ChainIncomplete", CAUSE_PATH, "CN=Test Root" },
	{ "without a path it is incomplete", CHAIN, "leaf ica", NULL, was_not_judged, VERDICT_FAIL,
		"ChainIncomplete", CAUSE_PATH, "no chain could be built" },
	{ "where that is allowed, an intermediate may be missing", INCOMPLETE, "leaf", NULL, NULL,
		VERDICT_PASS, NULL, CAUSE_NONE, "1 certificate" },

	{ "an issuer must stand behind its certificate", CHAIN, "leaf foreign ica", NULL, NULL,
		VERDICT_FAIL, "ChainOutOfOrder", CAUSE_NONE,
		"certificate 1 is not the issuer of the one before it; certificate 1 is a root" },
	{ "the first that breaks the order is told", ROOTED,
		"leaf-of-sub ica-sub root ica-length-0", NULL, NULL, VERDICT_FAIL,
		"ChainOutOfOrder", CAUSE_NONE, "certificate 2 is not" },
	{ "a certificate twice is out of order", CHAIN, "leaf ica ica", NULL, NULL, VERDICT_FAIL,
		"ChainOutOfOrder", CAUSE_NONE, "certificate 2 is not" },
	{ "where that is allowed, any order will do", UNORDERED, "leaf-of-sub ica-length-0 ica-sub",
		NULL, NULL, VERDICT_PASS, NULL, CAUSE_NONE, "3 certificates" },

	{ "a root may not be sent along", CHAIN, "leaf ica root", NULL, NULL, VERDICT_FAIL,
		"ChainHasRoot", CAUSE_NONE, "certificate 2 is a root" },
	{ "where that is allowed, it may", ROOTED, "leaf ica root", NULL, NULL, VERDICT_PASS, NULL,
		CAUSE_NONE, "3 certificates" },
	{ "a root that nobody trusts is one", CHAIN, "leaf-of-foreign foreign", NULL, NULL,
		VERDICT_FAIL, "ChainHasRoot", CAUSE_NONE, "certificate 1 is a root" },
	{ "a cross-signed root is none", CHAIN, "leaf ica root-cross", NULL, NULL, VERDICT_PASS,
		NULL, CAUSE_NONE, "3 certificates" },

	{ "as many as may be sent pass", AT_MOST(2), "leaf ica", NULL, NULL, VERDICT_PASS, NULL,
		CAUSE_NONE, "2 certificates" },
	{ "one more does not", AT_MOST(1), "leaf ica", NULL, NULL, VERDICT_FAIL, "ChainTooLong",
		CAUSE_NONE, "2 certificates were sent" },

	{ "a leaf that cannot be read is more than a missing issuer", CHAIN, UNREADABLE " ica",
		NULL, NULL, VERDICT_FAIL, "CertificateUnreadable", CAUSE_NONE,
		"1 of the certificates cannot be read; no chain could be built" },
	{ "what cannot be read is no help", INCOMPLETE, "leaf " UNREADABLE " " UNREADABLE, NULL,
		NULL, VERDICT_FAIL, "CertificateUnreadable", CAUSE_NONE,
		"2 of the certificates cannot be read; certificate 1 is not the issuer" },
	{ "it counts among those that were sent",
		CHAIN_WITH("\"complete\":false,"
			   "\"ordered\":false,"
			   "\"maximum_length\":1"),
		"leaf " UNREADABLE, NULL, NULL, VERDICT_FAIL, "CertificateUnreadable", CAUSE_NONE,
		"cannot be read; 2 certificates were sent" },
	{ "with another fault, a missing issuer counts for itself", AT_MOST(1),
		"leaf-of-sub ica-sub", NULL, NULL, VERDICT_FAIL, "ChainIncomplete", CAUSE_NONE,
		"; 2 certificates were sent" },
	{ "all faults are told", AT_MOST(2), "leaf root ica", NULL, NULL, VERDICT_FAIL,
		"ChainOutOfOrder", CAUSE_NONE,
		"certificate 1 is not the issuer of the one before it; certificate 1 is a root; 3 "
		"certificates were sent" },

	{ "a fault needs no proof", CHAIN, "leaf ica root", NULL, proves_nothing, VERDICT_FAIL,
		"ChainHasRoot", CAUSE_NONE, "" },
	{ "nor does it matter what else there may be", CHAIN, "leaf ica root", NULL,
		may_have_others, VERDICT_FAIL, "ChainHasRoot", CAUSE_NONE, "" },
	{ "another connection shows one without its issuer", CHAIN, "leaf ica", NULL,
		leaves_the_issuer_out_elsewhere, VERDICT_FAIL, "ChainIncomplete", CAUSE_PATH,
		"(ECDSA certificate, serial 1004)" },
	{ "another connection shows a good one", CHAIN, "leaf ica root", NULL,
		shows_a_good_one_elsewhere, VERDICT_FAIL, "ChainHasRoot", CAUSE_NONE,
		"(ECDSA certificate, serial 1002)" },
	{ "a file is held to the same", CHAIN, "leaf ica root", NULL, is_a_file, VERDICT_FAIL,
		"ChainHasRoot", CAUSE_NONE, "" },
};

static void
a_chain_has_its_shape(void **state)
{
	(void)state;
	expect_of_chains(shapes, COUNT(shapes));
	expect_nothing_without_proof(CHAIN, "leaf ica", NULL);
}

static const struct said_row said[] = {
	{ "what was sent is shown in its order", CHAIN, "leaf ica " UNREADABLE, NULL, NULL,
		"the certificate, then each issuer of the one before",
		"0: CN=mail.example.test, O=Example; 1: CN=Test CA 1, O=Example; 2: unreadable",
		NULL, NULL },
	{ "where a missing issuer is to be had is said", CHAIN, "leaf", NULL, NULL, "certificate",
		"0: ", NULL, "http://ca.test/ca1.der. Append it in PEM form" },
	{ "of one that names no place, whose it is", CHAIN, "leaf-any", NULL, NULL, "certificate",
		"0: ", NULL, "the certificate of CN=Test CA 1" },
	{ "an issuer that may be missing is no matter for advice",
		CHAIN_WITH("\"complete\":false,\"maximum_length\":2"), "leaf foreign foreign", NULL,
		NULL, "certificate", "2: ", NULL, NULL },
	{ "of nothing, nothing is shown", CHAIN, "leaf ica", NULL, shows_nothing, "certificate",
		NULL, NULL, NULL },
};

static void
it_is_said_what_was_sent(void **state)
{
	(void)state;
	expect_said(said, COUNT(said));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_chain_has_its_shape),
		cmocka_unit_test(it_is_said_what_was_sent),
	};

	return cmocka_run_group_tests(tests, fill_stores, release_stores);
}
