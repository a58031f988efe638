/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * certificate.expiry, certificate.not_before and certificate.lifetime. Most certificates are valid
 * from 2026-01-01T00:00:00Z to 2027-01-01T00:00:00Z, their issuers from 2020 to 2040; today is
 * 2026-11-21.
 */
#include "court_chains.h"

#define EXPIRY ROW("certificate.expiry")
#define EXPIRY_WITH(members) "{\"assert\":\"certificate.expiry\"," members "}"
#define DAYS(number) EXPIRY_WITH("\"days\":" #number)
#define FRACTION(number) EXPIRY_WITH("\"fraction\":" #number)
#define LEAF_ALONE EXPIRY_WITH("\"chain\":false")
#define NOT_BEFORE ROW("certificate.not_before")
#define LIFETIME(number) "{\"assert\":\"certificate.lifetime\",\"maximum_days\":" #number "}"

/* Issuers that end, and that begin, at another time than they do. */
#define ENDING(date) "leaf ica:400101000000Z>" date
#define BEGINNING(date) "leaf ica:200101000000Z>" date

static void
was_not_judged(struct court *court)
{
	court->evidence.session.peer.path = (struct path_verdict){ .trusted = false };
}

static void
expired_elsewhere(struct court *court)
{
	present_elsewhere(court, "leaf-old ica");
}

static void
begins_tomorrow_elsewhere(struct court *court)
{
	present_elsewhere(court, "leaf-any:" BEGINS ">261122000000Z ica");
}

static void
lives_long_elsewhere(struct court *court)
{
	present_elsewhere(court, "leaf-any:" ENDS ">280101000000Z ica");
}

/* The checklist asks of a day to come. */
static void
is_a_file_of_then(struct court *court)
{
	is_a_file(court);
	court->evidence.now = TODAY;
	target_of(court)->has_date = true;
}

static const struct chain_row expiries[] = {
	{ "two weeks are left where nothing is said", EXPIRY, "leaf ica", "2026-12-18T00:00:00Z",
		NULL, VERDICT_PASS, NULL, CAUSE_NONE,
		"valid for 14 days more, until 2027-01-01T00:00:00 UTC" },
	{ "a second less is too little", EXPIRY, "leaf ica", "2026-12-18T00:00:01Z", NULL,
		VERDICT_FAIL, "CertificateExpiresSoon", CAUSE_NONE,
		"the certificate expires in 13 days, at 2027-01-01T00:00:00 UTC" },
	{ "as many days are left as were asked for", DAYS(21), "leaf ica", "2026-12-11T00:00:00Z",
		NULL, VERDICT_PASS, NULL, CAUSE_NONE, "valid for 21 days more" },
	{ "a second less than the days", DAYS(21), "leaf ica", "2026-12-11T00:00:01Z", NULL,
		VERDICT_FAIL, "CertificateExpiresSoon", CAUSE_NONE, "expires in 20 days" },
	{ "the last second is valid still", DAYS(0), "leaf ica", "2027-01-01T00:00:00Z", NULL,
		VERDICT_PASS, NULL, CAUSE_NONE, "valid for 0 days more" },
	{ "the one after it is not", DAYS(0), "leaf ica", "2027-01-01T00:00:01Z", NULL,
		VERDICT_FAIL, "CertificateExpired", CAUSE_LEAF_DATES,
		"the certificate has expired at 2027-01-01T00:00:00 UTC" },
	{ "an expired one is no matter of days", EXPIRY, "leaf-old ica", NULL, NULL, VERDICT_FAIL,
		"CertificateExpired", CAUSE_LEAF_DATES, "has expired at 2025-01-01" },
	{ "few hours are told as such", EXPIRY, "leaf ica", "2026-12-30T08:00:00Z", NULL,
		VERDICT_FAIL, "CertificateExpiresSoon", CAUSE_NONE, "expires in 40 hours" },
	{ "whole days are told as such", EXPIRY, "leaf ica", "2026-12-30T00:00:00Z", NULL,
		VERDICT_FAIL, "CertificateExpiresSoon", CAUSE_NONE, "expires in 2 days" },

	{ "half of its life is left", FRACTION(0.5), "leaf ica", "2026-07-02T12:00:00Z", NULL,
		VERDICT_PASS, NULL, CAUSE_NONE, "182 days" },
	{ "a second less than half", FRACTION(0.5), "leaf ica", "2026-07-02T12:00:01Z", NULL,
		VERDICT_FAIL, "CertificateExpiresSoon", CAUSE_NONE, "182 days" },
	{ "a fraction stands in place of two weeks", FRACTION(0.01), "leaf ica", "2026-12-25", NULL,
		VERDICT_PASS, NULL, CAUSE_NONE, "7 days" },
	{ "of days and fraction, the longer counts: days",
		EXPIRY_WITH("\"days\":30,\"fraction\":0.01"), "leaf ica", "2026-12-10", NULL,
		VERDICT_FAIL, "CertificateExpiresSoon", CAUSE_NONE, "22 days" },
	{ "of days and fraction, the longer counts: fraction",
		EXPIRY_WITH("\"days\":1,\"fraction\":0.5"), "leaf ica", NULL, NULL, VERDICT_FAIL,
		"CertificateExpiresSoon", CAUSE_NONE, "41 days" },
	{ "what ends before it begins has no half", FRACTION(0.5),
		"leaf:" ENDS ">251231235959Z ica", NULL, NULL, VERDICT_FAIL, "CertificateExpired",
		CAUSE_LEAF_DATES, "has expired at 2025-12-31T23:59:59" },

	{ "it begins this second", EXPIRY, "leaf ica", "2026-01-01T00:00:00Z", NULL, VERDICT_PASS,
		NULL, CAUSE_NONE, "365 days" },
	{ "it begins the next", EXPIRY, "leaf ica", "2025-12-31T23:59:59Z", NULL, VERDICT_FAIL,
		"CertificateNotYetValid", CAUSE_LEAF_DATES,
		"the certificate is valid only from 2026-01-01T00:00:00 UTC on" },

	{ "an issuer lasts as long as the certificate must", EXPIRY, ENDING("261205000000Z"),
		"2026-11-21", NULL, VERDICT_PASS, NULL, CAUSE_NONE, "valid for 41 days more" },
	{ "one that ends before is too short", EXPIRY, ENDING("261204235959Z"), "2026-11-21", NULL,
		VERDICT_FAIL, "IntermediateExpiresSoon", CAUSE_NONE,
		"intermediate 1 (CN=Test CA 1, O=Example) expires in 13 days" },
	{ "one that has ended is a matter of the path", EXPIRY, ENDING("261101000000Z"), NULL, NULL,
		VERDICT_FAIL, "IntermediateExpired", CAUSE_PATH,
		"intermediate 1 (CN=Test CA 1, O=Example) has expired at 2026-11-01" },
	{ "one that has not begun is too", EXPIRY, BEGINNING("261201000000Z"), NULL, NULL,
		VERDICT_FAIL, "IntermediateNotYetValid", CAUSE_PATH,
		"intermediate 1 (CN=Test CA 1, O=Example) is valid only from 2026-12-01" },
	{ "where the leaf alone counts, its issuer may end", LEAF_ALONE, ENDING("261101000000Z"),
		NULL, NULL, VERDICT_PASS, NULL, CAUSE_NONE, "" },
	{ "the leaf alone is held to its days", LEAF_ALONE, "leaf ica", "2026-12-25", NULL,
		VERDICT_FAIL, "CertificateExpiresSoon", CAUSE_NONE, "7 days" },
	{ "what is wrong with the leaf is told before its issuer", EXPIRY, ENDING("261101000000Z"),
		"2026-12-25", NULL, VERDICT_FAIL, "CertificateExpiresSoon", CAUSE_NONE,
		"the certificate expires in 7 days" },
	{ "the nearer of two issuers is told", EXPIRY,
		"leaf-of-sub ica-sub:400101000000Z>261130000000Z ica-length-0:400101000000Z>"
		"261101000000Z",
		NULL, NULL, VERDICT_FAIL, "IntermediateExpiresSoon", CAUSE_NONE,
		"intermediate 1 (CN=Sub CA, O=Example)" },
	{ "an anchor may end: clients have it", EXPIRY,
		"leaf:" ENDS ">400301000000Z ica:400101000000Z>400301000000Z", "2039-12-31", NULL,
		VERDICT_PASS, NULL, CAUSE_NONE, "valid for 61 days" },
	{ "one that is shown itself may not", EXPIRY, "root", "2039-12-31", NULL, VERDICT_FAIL,
		"CertificateExpiresSoon", CAUSE_NONE, "the certificate expires in 1 days" },
	{ "without a path, all that was sent counts", EXPIRY, ENDING("261201000000Z"), NULL,
		was_not_judged, VERDICT_FAIL, "IntermediateExpiresSoon", CAUSE_NONE,
		"intermediate 1" },
	{ "what was sent beside the path does not", EXPIRY, "leaf old-root ica", NULL, NULL,
		VERDICT_PASS, NULL, CAUSE_NONE, "" },
	{ "what cannot be read has no dates", EXPIRY, "leaf " UNREADABLE, NULL, was_not_judged,
		VERDICT_PASS, NULL, CAUSE_NONE, "" },
	{ "a leaf that cannot be read has none either", EXPIRY, UNREADABLE " ica", NULL, NULL,
		VERDICT_FAIL, "Malformed", CAUSE_PATH, "cannot be read" },

	{ "what has run out needs no proof", EXPIRY, "leaf-old ica", NULL, proves_nothing,
		VERDICT_FAIL, "CertificateExpired", CAUSE_LEAF_DATES, "" },
	{ "nor does it matter what else there may be", EXPIRY, "leaf ica", "2026-12-25",
		may_have_others, VERDICT_FAIL, "CertificateExpiresSoon", CAUSE_NONE, "" },
	{ "another connection shows one that has run out", EXPIRY, "leaf ica", NULL,
		expired_elsewhere, VERDICT_FAIL, "CertificateExpired", CAUSE_LEAF_DATES,
		"(ECDSA certificate, serial 1005) the certificate has expired" },

	{ "of a day to come it is said what will be", EXPIRY, "leaf ica", "2027-06-01",
		is_a_file_of_then, VERDICT_FAIL, "CertificateExpired", CAUSE_LEAF_DATES,
		"the certificate will have expired by 2027-06-01T00:00:00 UTC: it is valid until "
		"2027-01-01T00:00:00 UTC" },
	{ "and what will be soon", EXPIRY, "leaf ica", "2026-12-25", is_a_file_of_then,
		VERDICT_FAIL, "CertificateExpiresSoon", CAUSE_NONE,
		"the certificate expires 7 days after 2026-12-25T00:00:00 UTC, at 2027-01-01" },
	{ "what has run out by now has", EXPIRY, "leaf-old ica", "2026-12-25", is_a_file_of_then,
		VERDICT_FAIL, "CertificateExpired", CAUSE_LEAF_DATES,
		"the certificate has expired at 2025-01-01" },
};

static void
certificates_last_long_enough_or_not(void **state)
{
	(void)state;
	expect_of_chains(expiries, COUNT(expiries));
	expect_nothing_without_proof(EXPIRY, "leaf ica", NULL);
}

static const struct chain_row beginnings[] = {
	{ "its validity has begun", NOT_BEFORE, "leaf ica", NULL, NULL, VERDICT_PASS, NULL,
		CAUSE_NONE, "valid since 2026-01-01T00:00:00 UTC" },
	{ "this very second it has", NOT_BEFORE, "leaf ica", "2026-01-01T00:00:00Z", NULL,
		VERDICT_PASS, NULL, CAUSE_NONE, "valid since" },
	{ "the second before it had not", NOT_BEFORE, "leaf ica", "2025-12-31T23:59:59Z", NULL,
		VERDICT_FAIL, "CertificateNotYetValid", CAUSE_LEAF_DATES,
		"the certificate is valid only from 2026-01-01T00:00:00 UTC on" },
	{ "how it ends is another question", NOT_BEFORE, "leaf-old ica", NULL, NULL, VERDICT_PASS,
		NULL, CAUSE_NONE, "valid since 2024-01-01" },
	{ "an issuer that has not begun is a matter of the path", NOT_BEFORE,
		BEGINNING("261121000001Z"), NULL, NULL, VERDICT_FAIL, "IntermediateNotYetValid",
		CAUSE_PATH,
		"intermediate 1 (CN=Test CA 1, O=Example) is valid only from 2026-11-21T00:00:01" },
	{ "one that begins this second has", NOT_BEFORE, BEGINNING("261121000000Z"), NULL, NULL,
		VERDICT_PASS, NULL, CAUSE_NONE, "" },
	{ "of both, the leaf is told", NOT_BEFORE, BEGINNING("261121000000Z"), "2025-06-01", NULL,
		VERDICT_FAIL, "CertificateNotYetValid", CAUSE_LEAF_DATES, "the certificate is" },
	{ "what cannot be read has no dates", NOT_BEFORE, UNREADABLE, NULL, NULL, VERDICT_FAIL,
		"Malformed", CAUSE_PATH, "cannot be read" },
	{ "what has not begun needs no proof", NOT_BEFORE, "leaf ica", "2025-06-01", proves_nothing,
		VERDICT_FAIL, "CertificateNotYetValid", CAUSE_LEAF_DATES, "" },
	{ "another connection shows one of tomorrow", NOT_BEFORE, "leaf ica", NULL,
		begins_tomorrow_elsewhere, VERDICT_FAIL, "CertificateNotYetValid", CAUSE_LEAF_DATES,
		"(ECDSA certificate, serial 1004)" },
	{ "a file has begun too", NOT_BEFORE, "leaf ica", "2025-06-01", is_a_file_of_then,
		VERDICT_FAIL, "CertificateNotYetValid", CAUSE_LEAF_DATES, "" },
};

static void
validity_has_begun_or_not(void **state)
{
	(void)state;
	expect_of_chains(beginnings, COUNT(beginnings));
	expect_nothing_without_proof(NOT_BEFORE, "leaf ica", NULL);
}

static const struct chain_row lifetimes[] = {
	{ "both ends belong to a life", LIFETIME(365), "leaf ica", NULL, NULL, VERDICT_FAIL,
		"LifetimeTooLong", CAUSE_NONE, "valid for 365 days altogether" },
	{ "a day more allows for it", LIFETIME(366), "leaf ica", NULL, NULL, VERDICT_PASS, NULL,
		CAUSE_NONE, "valid for 365 days altogether" },
	{ "exactly the maximum passes", LIFETIME(365), "leaf:" ENDS ">261231235959Z ica", NULL,
		NULL, VERDICT_PASS, NULL, CAUSE_NONE, "valid for 365 days altogether" },
	{ "a day too long", LIFETIME(364), "leaf:" ENDS ">261231235959Z ica", NULL, NULL,
		VERDICT_FAIL, "LifetimeTooLong", CAUSE_NONE, "365 days" },
	{ "that it is over is another question", LIFETIME(367), "leaf-old ica", NULL, NULL,
		VERDICT_PASS, NULL, CAUSE_NONE, "366 days" },
	{ "one second is a life", LIFETIME(1), "leaf:" ENDS ">" BEGINS " ica", NULL, NULL,
		VERDICT_PASS, NULL, CAUSE_NONE, "0 hours" },
	{ "one that ends before it begins is none", LIFETIME(1), "leaf:" ENDS ">251231235959Z ica",
		NULL, NULL, VERDICT_FAIL, "LifetimeNegative", CAUSE_NONE, "ends before it begins" },
	{ "what cannot be read has no life", LIFETIME(366), UNREADABLE, NULL, NULL, VERDICT_FAIL,
		"Malformed", CAUSE_PATH, "cannot be read" },
	{ "what lives too long needs no proof", LIFETIME(365), "leaf ica", NULL, proves_nothing,
		VERDICT_FAIL, "LifetimeTooLong", CAUSE_NONE, "" },
	{ "another connection shows one that lives too long", LIFETIME(366), "leaf ica", NULL,
		lives_long_elsewhere, VERDICT_FAIL, "LifetimeTooLong", CAUSE_NONE,
		"(ECDSA certificate, serial 1004) the certificate is valid for 730 days" },
	{ "a file is held to the same", LIFETIME(365), "leaf ica", NULL, is_a_file, VERDICT_FAIL,
		"LifetimeTooLong", CAUSE_NONE, "" },
};

static void
lives_are_short_enough_or_not(void **state)
{
	(void)state;
	expect_of_chains(lifetimes, COUNT(lifetimes));
	expect_nothing_without_proof(LIFETIME(366), "leaf ica", NULL);
}

static const struct said_row said[] = {
	{ "the dates of all that counts are observed", EXPIRY, "leaf ica", NULL, NULL,
		"at least 14 days more",
		"intermediate 1 (CN=Test CA 1, O=Example): notBefore 2020-01-01T00:00:00 UTC, "
		"notAfter 2040-01-01T00:00:00 UTC; the certificate: notBefore 2026-01-01T00:00:00 "
		"UTC, notAfter 2027-01-01T00:00:00 UTC",
		NULL, NULL },
	{ "a fraction is told in days", FRACTION(0.5), "leaf ica", NULL, NULL,
		"at least 182 days more", "notAfter", NULL, NULL },
	{ "what is of the future is to be waited for", EXPIRY, "leaf ica", "2025-06-01", NULL,
		"14 days", "notBefore", "one of the past", "Wait until then" },
	{ "what has run out is not", EXPIRY, "leaf-old ica", NULL, NULL, "14 days", "notAfter",
		NULL, NULL },
	{ "nor what runs out below an issuer of the future", EXPIRY, BEGINNING("261226000000Z"),
		"2026-12-25", NULL, "14 days", "notBefore 2026-12-26", NULL, NULL },
	{ "by when it should have begun is said", NOT_BEFORE, "leaf ica", NULL, NULL,
		"validity that has begun by 2026-11-21T00:00:00 UTC",
		"notBefore 2026-01-01T00:00:00 UTC", NULL, NULL },
	{ "and that one may wait for it", NOT_BEFORE, "leaf ica", "2025-06-01", NULL, "2025-06-01",
		"2026-01-01", "one of the past", "Wait until then" },
	{ "both ends of a life are observed", LIFETIME(90), "leaf ica", NULL, NULL,
		"at most 90 days", "from 2026-01-01T00:00:00 UTC to 2027-01-01T00:00:00 UTC", NULL,
		NULL },
};

static void
it_is_said_when_and_what_to_do(void **state)
{
	(void)state;
	expect_said(said, COUNT(said));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(certificates_last_long_enough_or_not),
		cmocka_unit_test(validity_has_begun_or_not),
		cmocka_unit_test(lives_are_short_enough_or_not),
		cmocka_unit_test(it_is_said_when_and_what_to_do),
	};

	return cmocka_run_group_tests(tests, fill_stores, release_stores);
}
