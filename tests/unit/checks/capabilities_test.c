/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How the judges of EHLO replies read one: what is offered, what is not, and what is not known.
 */
#include "court_session.h"

#define ACCEPTED ASSERT("ehlo.accepted")
#define INCLUDES(list) ASSERT_WITH("ehlo.includes", "\"capabilities\":[" list "]")
#define EXCLUDES(list) ASSERT_WITH("ehlo.excludes", "\"capabilities\":[" list "]")

#define OFFERS(lines)                                     \
	{                                                 \
		.ehlo = "250-mail.example.test\r\n" lines \
	}

static const struct session_row accepted[] = {
	{ PASSES("all capabilities are shown", ACCEPTED, "STARTTLS, SIZE 1000, AUTH=PLAIN"),
		OFFERS("250-STARTTLS\r\n250-SIZE 1000\r\n250 AUTH=PLAIN\r\n") },
	{ PASSES("a server that offers nothing accepts EHLO", ACCEPTED, "no capabilities"),
		{ .ehlo = "250 mail.example.test\r\n" } },
	{ PASSES("the first line is the server's name, whatever stands in it", ACCEPTED, "SIZE"),
		{ .ehlo = "250-mail\x01 at your service\r\n250 SIZE\r\n" } },
	{ IS_OPEN("a control character leaves it open", ACCEPTED, "Malformed", CAUSE_EHLO,
		  "RFC 5321 section 4.1.1.1: no capability: \"SIZE\\x01\""),
		OFFERS("250-STARTTLS\r\n250 SIZE\x01\r\n") },
	{ IS_OPEN("a character that no keyword has leaves it open", ACCEPTED, "Malformed",
		  CAUSE_EHLO, "\"SI*ZE\""),
		OFFERS("250 SI*ZE\r\n") },
	{ IS_OPEN("the first line that cannot be read is shown", ACCEPTED, "Malformed", CAUSE_EHLO,
		  "\"ONE\\x7f\""),
		OFFERS("250-ONE\x7f\r\n250 TWO\x7f\r\n") },
};

static const struct session_row included[] = {
	{ PASSES("all that is wanted is offered", INCLUDES("\"SIZE\",\"ETRN\""),
		  "offered: SIZE, ETRN"),
		OFFERS("250-ETRN\r\n250-DSN\r\n250 SIZE\r\n") },
	{ PASSES("case does not matter", INCLUDES("\"Size\""), "offered: Size"),
		OFFERS("250 sIZE\r\n") },
	{ PASSES("a keyword that goes on is offered", INCLUDES("\"SIZE\""), "offered: SIZE"),
		OFFERS("250 SIZE 1000\r\n") },
	{ PASSES("an equals sign ends a keyword", INCLUDES("\"AUTH\""), "offered: AUTH"),
		OFFERS("250 AUTH=PLAIN LOGIN\r\n") },
	{ FAILS("what is missing of it is named", INCLUDES("\"SIZE\",\"ETRN\",\"DSN\""),
		  "CapabilityMissing", CAUSE_NONE, "not offered: ETRN, DSN"),
		OFFERS("250 SIZE\r\n") },
	{ FAILS("a server that offers nothing lacks it", INCLUDES("\"SIZE\""), "CapabilityMissing",
		  CAUSE_NONE, "not offered: SIZE"),
		{ .ehlo = "250 mail.example.test\r\n" } },
	{ FAILS("the server's name is no capability", INCLUDES("\"SIZE\""), "CapabilityMissing",
		  CAUSE_NONE, "not offered: SIZE"),
		{ .ehlo = "250-SIZE\r\n250 DSN\r\n" } },
	{ FAILS("a longer keyword is another one", INCLUDES("\"SIZE\""), "CapabilityMissing",
		  CAUSE_NONE, "not offered: SIZE"),
		OFFERS("250 SIZES\r\n") },
	{ IS_OPEN("what is missing may be what cannot be read", INCLUDES("\"SIZE\",\"ETRN\""),
		  "Malformed", CAUSE_EHLO, "\"E\\tTRN\""),
		OFFERS("250-SIZE\r\n250 E\tTRN\r\n") },
	{ IS_OPEN("what is offered may be what others read otherwise", INCLUDES("\"SIZE\""),
		  "Malformed", CAUSE_EHLO, "\"E\\tTRN\""),
		OFFERS("250-SIZE\r\n250 E\tTRN\r\n") },
};

static const struct session_row excluded[] = {
	{ PASSES("nothing of it is offered", EXCLUDES("\"ETRN\",\"VRFY\""),
		  "not offered: ETRN, VRFY"),
		OFFERS("250 SIZE\r\n") },
	{ PASSES("a server that offers nothing offers none of it", EXCLUDES("\"ETRN\""),
		  "not offered: ETRN"),
		{ .ehlo = "250 mail.example.test\r\n" } },
	{ PASSES("a longer keyword is another one", EXCLUDES("\"SIZE\""), "not offered: SIZE"),
		OFFERS("250 SIZES\r\n") },
	{ FAILS("one that is offered fails, and is named", EXCLUDES("\"ETRN\",\"VRFY\",\"SIZE\""),
		  "CapabilityOffered", CAUSE_NONE, "offered: VRFY, SIZE"),
		OFFERS("250-SIZE\r\n250 VRFY\r\n") },
	{ FAILS("case does not matter", EXCLUDES("\"ETRN\""), "CapabilityOffered", CAUSE_NONE,
		  "offered: ETRN"),
		OFFERS("250 etrn\r\n") },
	{ FAILS("what is offered is, beside a line that cannot be read", EXCLUDES("\"ETRN\""),
		  "CapabilityOffered", CAUSE_NONE, "offered: ETRN"),
		OFFERS("250-ETRN\r\n250 SI\tZE\r\n") },
	{ IS_OPEN("what is not offered may be what cannot be read", EXCLUDES("\"ETRN\""),
		  "Malformed", CAUSE_EHLO, "\"E\\tTRN\""),
		OFFERS("250-SIZE\r\n250 E\tTRN\r\n") },
};

static void
a_reply_is_shown_and_read_one_way(void **state)
{
	(void)state;
	expect_session_findings(accepted, COUNT(accepted));
}

static void
all_that_is_wanted_must_be_offered(void **state)
{
	(void)state;
	expect_session_findings(included, COUNT(included));
}

static void
nothing_that_is_unwanted_may_be_offered(void **state)
{
	(void)state;
	expect_session_findings(excluded, COUNT(excluded));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reply_is_shown_and_read_one_way),
		cmocka_unit_test(all_that_is_wanted_must_be_offered),
		cmocka_unit_test(nothing_that_is_unwanted_may_be_offered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
