/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * certificate.san. The names of "leaf" are mail.example.test, *.wild.example.test, 192.0.2.1 and
 * 2001:db8::1.
 */
#include "court_chains.h"

#define SAN(members) "{\"assert\":\"certificate.san\"," members "}"
#define INCLUDES(list) SAN("\"includes\":[" list "]")
#define ONLY(list) SAN("\"only\":[" list "]")

#define ALL_BUT_IPV6 "\"mail.example.test\",\"*.wild.example.test\",\"192.0.2.1\""
#define ALL ALL_BUT_IPV6 ",\"2001:db8::1\""

/* Tags of names: DNS, email, URI. */
#define DNS_NAME "#82116d61696c2e"
#define EMAIL_NAME "#81116d61696c2e"
#define URI_NAME "#86116d61696c2e"

static void
shows_an_outsider_elsewhere(struct court *court)
{
	present_elsewhere(court, "leaf-outside ica");
}

static void
shows_more_elsewhere(struct court *court)
{
	present_elsewhere(court, "leaf ica");
}

static const struct chain_row rows[] = {
	{ "a name that must be there is", INCLUDES("\"mail.example.test\""), "leaf ica", NULL, NULL,
		VERDICT_PASS, NULL, CAUSE_NONE, "the names are as they should be" },
	{ "all of them are", INCLUDES(ALL), "leaf ica", NULL, NULL, VERDICT_PASS, NULL, CAUSE_NONE,
		"" },
	{ "one is missing", INCLUDES("\"mail.example.test\",\"mx.example.test\""), "leaf ica", NULL,
		NULL, VERDICT_FAIL, "NameMissing", CAUSE_NONE,
		"the certificate does not name mx.example.test" },
	{ "two are missing", INCLUDES("\"a.test\",\"mail.example.test\",\"b.test\""), "leaf ica",
		NULL, NULL, VERDICT_FAIL, "NameMissing", CAUSE_NONE,
		"does not name a.test, b.test" },
	{ "a wildcard is good for a host", INCLUDES("\"a.wild.example.test\""), "leaf ica", NULL,
		NULL, VERDICT_PASS, NULL, CAUSE_NONE, "" },
	{ "but not for two labels", INCLUDES("\"a.b.wild.example.test\""), "leaf ica", NULL, NULL,
		VERDICT_FAIL, "NameMissing", CAUSE_NONE, "a.b.wild.example.test" },
	{ "a wildcard must stand there itself", INCLUDES("\"*.example.test\""), "leaf ica", NULL,
		NULL, VERDICT_FAIL, "NameMissing", CAUSE_NONE, "*.example.test" },
	{ "capitals are the same name", INCLUDES("\"MAIL.example.TEST\",\"*.WILD.example.test\""),
		"leaf ica", NULL, NULL, VERDICT_PASS, NULL, CAUSE_NONE, "" },
	{ "an address however it is spelt", INCLUDES("\"2001:0DB8:0:0::1\""), "leaf ica", NULL,
		NULL, VERDICT_PASS, NULL, CAUSE_NONE, "" },
	{ "another address", INCLUDES("\"192.0.2.2\""), "leaf ica", NULL, NULL, VERDICT_FAIL,
		"NameMissing", CAUSE_NONE, "192.0.2.2" },
	{ "the common name does not count", INCLUDES("\"mail.example.test\""), "leaf-outside ica",
		NULL, NULL, VERDICT_FAIL, "NameMissing", CAUSE_NONE, "mail.example.test" },
	{ "a name with its kind", INCLUDES("\"DNS:mail.example.test\""), "leaf ica", NULL, NULL,
		VERDICT_PASS, NULL, CAUSE_NONE, "" },
	{ "a name of another kind is none of a host", INCLUDES("\"mail.example.test\""),
		"leaf:" DNS_NAME ">" EMAIL_NAME " ica", NULL, NULL, VERDICT_FAIL, "NameMissing",
		CAUSE_NONE, "" },
	{ "one of that kind is", INCLUDES("\"email:mail.example.test\""),
		"leaf:" DNS_NAME ">" EMAIL_NAME " ica", NULL, NULL, VERDICT_PASS, NULL, CAUSE_NONE,
		"" },
	{ "a certificate without names has none", INCLUDES("\"mail.example.test\""), "nonca", NULL,
		NULL, VERDICT_FAIL, "NameMissing", CAUSE_NONE, "" },

	{ "only what is allowed is there", ONLY(ALL), "leaf ica", NULL, NULL, VERDICT_PASS, NULL,
		CAUSE_NONE, "as they should be" },
	{ "more is allowed than there is", ONLY(ALL ",\"mx.example.test\""), "leaf ica", NULL, NULL,
		VERDICT_PASS, NULL, CAUSE_NONE, "" },
	{ "one name too many", ONLY(ALL_BUT_IPV6), "leaf ica", NULL, NULL, VERDICT_FAIL,
		"NameUnwanted", CAUSE_NONE, "the certificate also names IP:2001:db8::1" },
	{ "several too many", ONLY("\"192.0.2.1\",\"2001:db8::1\""), "leaf ica", NULL, NULL,
		VERDICT_FAIL, "NameUnwanted", CAUSE_NONE,
		"also names DNS:mail.example.test, DNS:*.wild.example.test" },
	{ "a host does not allow for its wildcard",
		ONLY("\"mail.example.test\",\"a.wild.example.test\",\"192.0.2.1\",\"2001:db8::1\""),
		"leaf ica", NULL, NULL, VERDICT_FAIL, "NameUnwanted", CAUSE_NONE,
		"also names DNS:*.wild.example.test" },
	{ "a wildcard does not allow for a host",
		ONLY("\"*.example.test\",\"*.wild.example.test\",\"192.0.2.1\",\"2001:db8::1\""),
		"leaf ica", NULL, NULL, VERDICT_FAIL, "NameUnwanted", CAUSE_NONE,
		"also names DNS:mail.example.test" },
	{ "a host does not allow for an address of mail", ONLY(ALL),
		"leaf:" DNS_NAME ">" EMAIL_NAME " ica", NULL, NULL, VERDICT_FAIL, "NameUnwanted",
		CAUSE_NONE, "also names email:mail.example.test" },
	{ "nor for a URI", ONLY(ALL), "leaf:" DNS_NAME ">" URI_NAME " ica", NULL, NULL,
		VERDICT_FAIL, "NameUnwanted", CAUSE_NONE, "also names URI:mail.example.test" },
	{ "which is allowed with its kind", ONLY(ALL ",\"URI:mail.example.test\""),
		"leaf:" DNS_NAME ">" URI_NAME " ica", NULL, NULL, VERDICT_PASS, NULL, CAUSE_NONE,
		"" },
	{ "no names are not too many", ONLY(ALL), "nonca", NULL, NULL, VERDICT_PASS, NULL,
		CAUSE_NONE, "" },

	{ "all must be there and no other",
		SAN("\"includes\":[\"mail.example.test\"],\"only\":[\"mail.example.test\"]"),
		"leaf-any ica", NULL, NULL, VERDICT_PASS, NULL, CAUSE_NONE, "" },
	{ "what is missing is told before what is too many",
		SAN("\"includes\":[\"mx.example.test\"],\"only\":[\"mx.example.test\"]"),
		"leaf ica", NULL, NULL, VERDICT_FAIL, "NameMissing", CAUSE_NONE,
		"does not name mx.example.test" },

	{ "names that cannot be read are none to rely on", ONLY(ALL),
		"leaf:#0603551d11044230>#0603551d11044231 ica", NULL, NULL, VERDICT_FAIL,
		"Malformed", CAUSE_PATH,
		"the names cannot be relied on: unreadable subjectAltName" },
	{ "nor are they where they stand twice", INCLUDES("\"mail.example.test\""),
		"leaf:#0603551d0e>#0603551d11 ica", NULL, NULL, VERDICT_FAIL, "Malformed",
		CAUSE_PATH, "subjectAltName stands there twice" },
	{ "what cannot be read names nobody", ONLY(ALL), UNREADABLE " ica", NULL, NULL,
		VERDICT_FAIL, "Malformed", CAUSE_PATH, "cannot be read" },
	{ "a missing name needs no proof", INCLUDES("\"mx.example.test\""), "leaf ica", NULL,
		proves_nothing, VERDICT_FAIL, "NameMissing", CAUSE_NONE, "" },
	{ "another connection shows one without the name", INCLUDES("\"mail.example.test\""),
		"leaf ica", NULL, shows_an_outsider_elsewhere, VERDICT_FAIL, "NameMissing",
		CAUSE_NONE, "(ECDSA certificate, serial 100a)" },
	{ "another connection shows one with more", ONLY("\"mail.example.test\""), "leaf-any ica",
		NULL, shows_more_elsewhere, VERDICT_FAIL, "NameUnwanted", CAUSE_NONE,
		"(ECDSA certificate, serial 1002)" },
	{ "a file is held to the same", ONLY("\"mail.example.test\""), "leaf ica", NULL, is_a_file,
		VERDICT_FAIL, "NameUnwanted", CAUSE_NONE, "" },
};

static void
names_are_as_they_should_be_or_not(void **state)
{
	(void)state;
	expect_of_chains(rows, COUNT(rows));
	expect_nothing_without_proof(INCLUDES("\"mail.example.test\""), "leaf ica", NULL);
	expect_nothing_without_proof(ONLY(ALL), "leaf ica", NULL);
}

static const struct said_row said[] = {
	{ "the names that there are can be seen", ONLY("\"mail.example.test\""), "leaf ica", NULL,
		NULL, NULL,
		"DNS:mail.example.test, DNS:*.wild.example.test, IP:192.0.2.1, IP:2001:db8::1",
		NULL, NULL },
	{ "where there are none, that is said", INCLUDES("\"a.test\""), "nonca", NULL, NULL, NULL,
		"no subjectAltName", NULL, NULL },
};

static void
it_is_said_which_there_are(void **state)
{
	(void)state;
	expect_said(said, COUNT(said));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_as_they_should_be_or_not),
		cmocka_unit_test(it_is_said_which_there_are),
	};

	return cmocka_run_group_tests(tests, fill_stores, release_stores);
}
