/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * certificate.trusted and certificate.hostname.
 */
#include "court_chains.h"

#define TRUSTED ROW("certificate.trusted")
#define HOSTNAME ROW("certificate.hostname")
#define NAMED(name) "{\"assert\":\"certificate.hostname\",\"name\":\"" name "\"}"

static void
was_not_judged(struct court *court)
{
	court->evidence.session.peer.judged = false;
}

static void
was_judged_without_a_reason(struct court *court)
{
	court->evidence.session.peer.path =
		(struct path_verdict){ .trusted = false, .problem_count = 0 };
}

static void
shows_a_client_elsewhere(struct court *court)
{
	present_elsewhere(court, "leaf-client ica");
}

static void
shows_an_outsider_elsewhere(struct court *court)
{
	present_elsewhere(court, "leaf-outside ica");
}

static void
shows_junk_elsewhere(struct court *court)
{
	present_elsewhere(court, UNREADABLE " ica");
}

static void
is_an_untrusted_file(struct court *court)
{
	is_not_trusted(court);
	is_a_file(court);
}

static void
is_called_otherwise(struct court *court)
{
	target_of(court)->host = "mx.example.test";
}

static const struct chain_row trust[] = {
	{ "a chain without its root leads to the anchor", TRUSTED, "leaf ica", NULL, NULL,
		VERDICT_PASS, NULL, CAUSE_NONE,
		"CN=mail.example.test, O=Example <- CN=Test CA 1, O=Example <- CN=Test Root" },
	{ "a chain with its root does", TRUSTED, "leaf ica root", NULL, NULL, VERDICT_PASS, NULL,
		CAUSE_NONE, "CN=Test Root" },
	{ "so does one with strangers in between", TRUSTED, "leaf foreign ica", NULL, NULL,
		VERDICT_PASS, NULL, CAUSE_NONE, "CN=Test Root" },
	{ "whom the certificate names is another question", TRUSTED, "leaf-outside ica", NULL, NULL,
		VERDICT_PASS, NULL, CAUSE_NONE, "CN=Test Root" },
	{ "without the intermediate it is incomplete", TRUSTED, "leaf", NULL, NULL, VERDICT_FAIL,
		"IssuerMissing", CAUSE_PATH, "CN=Test CA 1" },
	{ "without the anchor it leads nowhere", TRUSTED, "leaf ica", NULL, is_not_trusted,
		VERDICT_FAIL, "IssuerMissing", CAUSE_PATH, "CN=Test Root" },
	{ "a root of one's own is no anchor", TRUSTED, "leaf-of-foreign foreign", NULL, NULL,
		VERDICT_FAIL, "UntrustedRoot", CAUSE_PATH, "CN=Foreign Root" },
	{ "who signs himself is not trusted", TRUSTED, "self-signed", NULL, NULL, VERDICT_FAIL,
		"SelfSignedLeaf", CAUSE_PATH, "" },
	{ "a root of the same name is another one", TRUSTED, "leaf-of-impostor impostor", NULL,
		NULL, VERDICT_FAIL, "UntrustedRoot", CAUSE_PATH, "" },
	{ "a signature that does not fit is told", TRUSTED, "leaf:" BEGINS ">260102000000Z ica",
		NULL, NULL, VERDICT_FAIL, "BadSignature", CAUSE_PATH, "" },
	{ "an expired leaf is a matter of its dates", TRUSTED, "leaf-old ica", NULL, NULL,
		VERDICT_FAIL, "LeafExpired", CAUSE_LEAF_DATES, "2025-01-01" },
	{ "so is one of the future", TRUSTED, "leaf ica", "2025-06-01", NULL, VERDICT_FAIL,
		"LeafNotYetValid", CAUSE_LEAF_DATES, "2026-01-01" },
	{ "what else is wrong is told before the dates, and both are causes", TRUSTED,
		"leaf-old-client ica", NULL, NULL, VERDICT_FAIL, "ExtendedKeyUsage",
		CAUSE_LEAF_DATES | CAUSE_PATH, "" },
	{ "an expired authority is a matter of the path", TRUSTED, "leaf-of-foreign foreign",
		"2041-01-01", NULL, VERDICT_FAIL, "CaExpired", CAUSE_LEAF_DATES | CAUSE_PATH, "" },
	{ "a certificate for clients is none of a server", TRUSTED, "leaf-client ica", NULL, NULL,
		VERDICT_FAIL, "ExtendedKeyUsage", CAUSE_PATH, "" },
	{ "what cannot be read is not trusted", TRUSTED, UNREADABLE " ica", NULL, NULL,
		VERDICT_FAIL, "Malformed", CAUSE_PATH, "" },
	{ "a key beyond our limits says nothing of the chain", TRUSTED, "leaf-of-large large-root",
		NULL, NULL, VERDICT_ERROR, "BeyondLimits", CAUSE_PATH, "8192" },
	{ "beyond our limits, what is wrong is", TRUSTED, "leaf-of-large large-root", NULL,
		is_not_trusted, VERDICT_FAIL, "UntrustedRoot", CAUSE_PATH, "" },
	{ "beyond our limits, what has expired has", TRUSTED, "leaf-of-large large-root",
		"2028-01-01", NULL, VERDICT_FAIL, "LeafExpired", CAUSE_LEAF_DATES | CAUSE_PATH,
		"" },
	{ "a chain that nobody judged is open", TRUSTED, "leaf ica", NULL, was_not_judged,
		VERDICT_ERROR, "NotJudged", CAUSE_PATH, "could not be judged" },
	{ "distrust without a reason is open", TRUSTED, "leaf ica", NULL,
		was_judged_without_a_reason, VERDICT_ERROR, "NotJudged", CAUSE_PATH,
		"could not be judged" },
	{ "a chain that is not trusted needs no proof to fail", TRUSTED, "leaf", NULL,
		proves_nothing, VERDICT_FAIL, "IssuerMissing", CAUSE_PATH, "" },
	{ "nor does it matter what else there may be", TRUSTED, "leaf", NULL, may_have_others,
		VERDICT_FAIL, "IssuerMissing", CAUSE_PATH, "" },
	{ "another connection shows one that is not trusted", TRUSTED, "leaf ica", NULL,
		shows_a_client_elsewhere, VERDICT_FAIL, "ExtendedKeyUsage", CAUSE_PATH,
		"(ECDSA certificate, serial 1003)" },
	{ "another connection shows one that cannot be read", TRUSTED, "leaf ica", NULL,
		shows_junk_elsewhere, VERDICT_FAIL, "Malformed", CAUSE_PATH,
		"(a certificate that cannot be read)" },
	{ "a file is held to the same", TRUSTED, "leaf ica", NULL, is_an_untrusted_file,
		VERDICT_FAIL, "IssuerMissing", CAUSE_PATH, "CN=Test Root" },
};

static void
trust_is_that_of_the_path(void **state)
{
	(void)state;
	expect_of_chains(trust, COUNT(trust));
	expect_nothing_without_proof(TRUSTED, "leaf ica", NULL);
}

static const struct chain_row names[] = {
	{ "the host is among the names", HOSTNAME, "leaf ica", NULL, NULL, VERDICT_PASS, NULL,
		CAUSE_NONE, "names mail.example.test" },
	{ "trust is another question", HOSTNAME, "leaf-old", NULL, is_not_trusted, VERDICT_PASS,
		NULL, CAUSE_NONE, "" },
	{ "another name fails, and the common name does not count", HOSTNAME, "leaf-outside ica",
		NULL, NULL, VERDICT_FAIL, "HostnameMismatch", CAUSE_HOSTNAME,
		"does not name mail.example.test" },
	{ "the host is that of the target", HOSTNAME, "leaf ica", NULL, is_called_otherwise,
		VERDICT_FAIL, "HostnameMismatch", CAUSE_HOSTNAME, "does not name mx.example.test" },
	{ "a name that was asked for comes before the host", NAMED("mail.other.test"),
		"leaf-outside ica", NULL, NULL, VERDICT_PASS, NULL, CAUSE_NONE, "mail.other.test" },
	{ "one that is missing is nobody else's cause", NAMED("mx.example.test"), "leaf ica", NULL,
		NULL, VERDICT_FAIL, "HostnameMismatch", CAUSE_NONE,
		"does not name mx.example.test" },
	{ "a wildcard stands for one label", NAMED("a.wild.example.test"), "leaf ica", NULL, NULL,
		VERDICT_PASS, NULL, CAUSE_NONE, "" },
	{ "a wildcard does not stand for two", NAMED("a.b.wild.example.test"), "leaf ica", NULL,
		NULL, VERDICT_FAIL, "HostnameMismatch", CAUSE_NONE, "" },
	{ "capitals are the same name", NAMED("Mail.Example.TEST"), "leaf ica", NULL, NULL,
		VERDICT_PASS, NULL, CAUSE_NONE, "" },
	{ "an address is a name", NAMED("192.0.2.1"), "leaf ica", NULL, NULL, VERDICT_PASS, NULL,
		CAUSE_NONE, "" },
	{ "so is one of IPv6, however it is spelt", NAMED("2001:DB8:0::1"), "leaf ica", NULL, NULL,
		VERDICT_PASS, NULL, CAUSE_NONE, "" },
	{ "another address is not", NAMED("192.0.2.2"), "leaf ica", NULL, NULL, VERDICT_FAIL,
		"HostnameMismatch", CAUSE_NONE, "" },
	{ "what cannot be read names nobody", HOSTNAME, UNREADABLE " ica", NULL, NULL, VERDICT_FAIL,
		"Malformed", CAUSE_PATH, "cannot be read" },
	{ "another connection shows one for another host", HOSTNAME, "leaf ica", NULL,
		shows_an_outsider_elsewhere, VERDICT_FAIL, "HostnameMismatch", CAUSE_HOSTNAME,
		"(ECDSA certificate, serial 100a) the certificate does not name" },
	{ "a file is held to the host too", HOSTNAME, "leaf-outside ica", NULL, is_a_file,
		VERDICT_FAIL, "HostnameMismatch", CAUSE_HOSTNAME, "" },
};

static void
the_host_is_named_or_not(void **state)
{
	(void)state;
	expect_of_chains(names, COUNT(names));
	expect_nothing_without_proof(HOSTNAME, "leaf ica", NULL);
}

static const struct said_row said[] = {
	{ "of a certificate that is missing it is said where to have it", TRUSTED, "leaf", NULL,
		NULL, "a chain that leads to a trust anchor", "CN=Test CA 1", NULL,
		"http://ca.test/ca1.der. Append it in PEM form" },
	{ "all that is wrong is observed", TRUSTED, "leaf-old-client ica", NULL, NULL, "anchor",
		"serverAuth", NULL, "issued again, for TLS servers" },
	{ "the date among it", TRUSTED, "leaf-old-client ica", NULL, NULL, "anchor", "; ", NULL,
		"issued again" },
	{ "a chain that passes needs no advice", TRUSTED, "leaf ica", NULL, NULL, "anchor", NULL,
		NULL, NULL },
	{ "the names that there are can be seen", HOSTNAME, "leaf-outside ica", NULL, NULL,
		"mail.example.test among its names", "DNS:mail.other.test", NULL, NULL },
};

static void
it_is_said_what_there_is_and_what_to_do(void **state)
{
	(void)state;
	expect_said(said, COUNT(said));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trust_is_that_of_the_path),
		cmocka_unit_test(the_host_is_named_or_not),
		cmocka_unit_test(it_is_said_what_there_is_and_what_to_do),
	};

	return cmocka_run_group_tests(tests, fill_stores, release_stores);
}
