/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Header fields, transfer encodings and Received fields of messages.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "wire/mail_message.h"
#include "wire/received.h"
#include "wire/tls_names.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SPAN(text) ((struct span){ (const uint8_t *)(text), strlen(text) })

struct field_row {
	const char *sentence, *headers, *first, *second; /* NULL: there is none */
};

static const struct field_row fields[] = {
	{ "a field is found by its name", "A: 1\r\nB: 2\r\n", " 2", NULL },
	{ "in any letters", "b: 2\r\n", " 2", NULL },
	{ "with blanks in front of the colon", "B : 2\r\n", " 2", NULL },
	{ "each in turn", "B: 1\r\nA: x\r\nB: 2\r\n", " 1", " 2" },
	{ "a fold is a blank", "B: 1\r\n\t2\r\n  3\r\nC: 4\r\n", " 1 2  3", NULL },
	{ "a fold of another field is none", "A: 1\r\n B: 2\r\n", NULL, NULL },
	{ "a longer name is another", "BB: 2\r\n", NULL, NULL },
	{ "a name without a colon is none", "B 2\r\n", NULL, NULL },
	{ "the last line needs no end", "B: 2", " 2", NULL },
	{ "a line may end with LF alone", "B: 2\n 3\nC: 4\n", " 2 3", NULL },
	{ "a value may be empty", "B:\r\n", "", NULL },
	{ "no header has no field", "", NULL, NULL },
};

static void
expect_text(const char *sentence, const char *got, const char *want)
{
	if ((got == NULL) != (want == NULL) || (got != NULL && strcmp(got, want) != 0))
		fail_msg("%s: got \"%s\", want \"%s\"", sentence, got != NULL ? got : "none",
			want != NULL ? want : "none");
}

static void
fields_are_found_by_their_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(fields); i++) {
		struct arena arena;
		size_t at = 0;

		arena_init(&arena);
		expect_text(fields[i].sentence,
			mail_next_field(SPAN(fields[i].headers), "B", &at, &arena),
			fields[i].first);
		if (fields[i].first != NULL)
			expect_text(fields[i].sentence,
				mail_next_field(SPAN(fields[i].headers), "B", &at, &arena),
				fields[i].second);
		arena_release(&arena);
	}
}

struct split_row {
	const char *message, *headers, *body;
};

static const struct split_row splits[] = {
	{ "A: 1\r\n\r\nx\r\n\r\ny", "A: 1\r\n", "x\r\n\r\ny" },
	{ "A: 1\n\nx", "A: 1\n", "x" },
	{ "\r\nx", "", "x" },
	{ "A: 1\r\n", "A: 1\r\n", "" },
	{ "", "", "" },
};

static void
the_body_is_behind_the_first_empty_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(splits); i++) {
		struct mail_message got = mail_message_split(SPAN(splits[i].message));

		assert_true(span_equal(got.headers, SPAN(splits[i].headers)));
		assert_true(span_equal(got.body, SPAN(splits[i].body)));
	}
}

struct body_row {
	const char *sentence, *encoding, *body, *want; /* NULL: it cannot be decoded */
};

static const struct body_row bodies[] = {
	{ "7bit is as it is", "7bit", "a=3D\r\n", "a=3D\r\n" },
	{ "so is 8bit", "8BIT (comment)", "\xc3\xbc\r\n", "\xc3\xbc\r\n" },
	{ "an unknown encoding", "x-own", "a", NULL },
	{ "base64", "base64", "YWJj\r\n", "abc" },
	{ "base64 that is none", "base64", "YW#j", NULL },
	{ "an escape", "quoted-printable", "=C3=bc\r\n", "\xc3\xbc\r\n" },
	{ "a soft line end", "quoted-printable", "a=\r\nb= \t\r\nc\r\n", "abc\r\n" },
	{ "a soft line end with LF", "quoted-printable", "a=\nb", "ab" },
	{ "a soft end of the text", "quoted-printable", "a=", "a" },
	{ "blanks in front of a line end are not of the text", "quoted-printable", "a  \r\nb\t\n",
		"a\r\nb\n" },
	{ "blanks that are written stay", "quoted-printable", "a =20\r\n", "a  \r\n" },
	{ "blanks within a line stay", "quoted-printable", "a  b", "a  b" },
	{ "no digits", "quoted-printable", "a=XY", NULL },
	{ "one digit", "quoted-printable", "a=4", NULL },
};

static void
bodies_are_decoded(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(bodies); i++) {
		struct mail_message message = { .body = SPAN(bodies[i].body) };
		struct buf headers, out;
		bool done;

		buf_init(&headers, 1000);
		buf_init(&out, 1000);
		buf_addf(&headers, "Content-Transfer-Encoding: %s\r\n", bodies[i].encoding);
		message.headers = buf_span(&headers);
		done = mail_decode_body(&message, &out);
		expect_text(bodies[i].sentence, done ? out.data : NULL, bodies[i].want);
		buf_release(&out);
		buf_release(&headers);
	}
}

struct hop_row {
	const char *sentence, *value;
	bool is_ours;
	const char *protocol, *id;
	enum received_with with;
	uint16_t version;
};

#define OURS "gate.example.test"

static const struct hop_row hops[] = {
	{ "Postfix",
		" from " OURS
		" (unknown [192.0.2.1])  (using TLSv1.3 with cipher X (256/256 bits))  "
		"by mail.example.test (Postfix) with ESMTPSA id ABC123  for <b@c.test>; Thu, 1 Jan",
		true, "ESMTPSA", "ABC123", RECEIVED_TLS, TLS_VERSION_1_3 },
	{ "Postfix, without the version",
		"from " OURS " (x [192.0.2.1]) by m (Postfix) with ESMTPS id A1; Thu", true,
		"ESMTPS", "A1", RECEIVED_TLS, 0 },
	{ "Exim",
		"from [192.0.2.1] (helo=" OURS
		") by m with esmtps  (TLS1.3) tls TLS_AES_256_GCM_SHA384 "
		"(Exim 4.96) (envelope-from <a@b.test>) id 1abc-0001-2d for b@c.test; Thu",
		true, "esmtps", "1abc-0001-2d", RECEIVED_TLS, TLS_VERSION_1_3 },
	{ "Gmail",
		"from " OURS " (x. [192.0.2.1]) by mx.google.com with ESMTPS id a1-2.3 "
		"(version=TLS1_3 cipher=X bits=256/256); Thu",
		true, "ESMTPS", "a1-2.3", RECEIVED_TLS, TLS_VERSION_1_3 },
	{ "Exchange",
		"from " OURS " (192.0.2.1) by m (192.0.2.2) with Microsoft SMTP Server "
		"(version=TLS1_2, cipher=X) id 15.1.2; Thu",
		true, "Microsoft", "15.1.2", RECEIVED_TLS, TLS_VERSION_1_2 },
	{ "LMTP of Dovecot",
		"from mail.example.test ([192.0.2.1]) by box with LMTP id x9+Y (envelope-from <a@b>)",
		false, "LMTP", "x9+Y", RECEIVED_PLAIN, 0 },
	{ "without TLS", "from " OURS " by m with ESMTP id 1", true, "ESMTP", "1", RECEIVED_PLAIN,
		0 },
	{ "by UTF8SMTPSA", "from " OURS " by m with UTF8SMTPSA id 1", true, "UTF8SMTPSA", "1",
		RECEIVED_TLS, 0 },
	{ "a name that is longer", "from x" OURS " by m with ESMTPS id 1", false, "ESMTPS", "1",
		RECEIVED_TLS, 0 },
	{ "a name that goes on", "from " OURS ".other by m with ESMTPS id 1", false, "ESMTPS", "1",
		RECEIVED_TLS, 0 },
	{ "a name behind by", "from x by " OURS " with ESMTPS id 1", false, "ESMTPS", "1",
		RECEIVED_TLS, 0 },
	{ "words in comments do not count", "from x (with ESMTPS id 9) by m (with A id 8) id 1",
		false, "", "1", RECEIVED_UNKNOWN, 0 },
	{ "nested comments", "from " OURS " (a (b) \\) with X) by m with ESMTPS id 1", true,
		"ESMTPS", "1", RECEIVED_TLS, 0 },
	{ "an unclosed comment", "from " OURS " (x by m with ESMTPS id 1", true, "", "",
		RECEIVED_UNKNOWN, 0 },
	{ "no from", "by m (Postfix, from userid 0) id 1; Thu", false, "", "1", RECEIVED_UNKNOWN,
		0 },
	{ "nothing", "", false, "", "", RECEIVED_UNKNOWN, 0 },
	{ "words at the end", "from " OURS " by m with", true, "", "", RECEIVED_UNKNOWN, 0 },
};

static void
hops_are_read_as_servers_write_them(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(hops); i++) {
		const struct hop_row *row = &hops[i];
		struct received got;
		struct arena arena;

		arena_init(&arena);
		got = received_read(row->value, &arena);
		expect_text(row->sentence, got.protocol, row->protocol);
		expect_text(row->sentence, got.id, row->id);
		if (received_is_from(&got, OURS) != row->is_ours || got.with != row->with ||
			got.tls_version != row->version)
			fail_msg("%s: from \"%s\", with %d, version %x", row->sentence, got.from,
				(int)got.with, (unsigned)got.tls_version);
		assert_false(received_is_from(&got, ""));
		arena_release(&arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_are_found_by_their_names),
		cmocka_unit_test(the_body_is_behind_the_first_empty_line),
		cmocka_unit_test(bodies_are_decoded),
		cmocka_unit_test(hops_are_read_as_servers_write_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
