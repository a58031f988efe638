/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Facts in, text out: what a person is shown of a server.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "report/inspection.h"
#include "report/shown.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define NOW 1795219200 /* 2026-11-21 */
#define DAY 86400

static const struct inspection_style plain = { .width = 80, .now = NOW };

static const char *names[] = { "DNS:mail.example.test", "DNS:other.example.test" };
static const char *mechanisms[] = { "PLAIN", "LOGIN" };
static const char *problems[] = { "leaf (CN=mail): RFC 5280 section 6.1.3: expired" };

static struct facts_certificate certificates[] = {
	{
		.subject = "CN=mail",
		.issuer = "CN=ca",
		.serial = "0f",
		.names = { names, COUNT(names) },
		.not_before = NOW - 10 * DAY,
		.not_after = NOW + 5 * DAY + 10,
		.key = "P-256",
		.signature = "ecdsa-with-SHA256",
		.sha256 = "aa",
		.spki_sha256 = "cGlu",
		.pem = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n",
	},
	{ .problem = "RFC 5280 section 4.1: no certificate", .sha256 = "bb", .pem = "second\n" },
};

static struct facts_chain chains[] = {
	{ .proven = true,
		.trusted = true,
		.names_host = true,
		.certificates = certificates,
		.count = 2 },
};

static struct facts_step steps[] = { { "the connection", "done", NULL, 3 } };

static struct facts
good_facts(void)
{
	return (struct facts){ .protocol = "smtp",
		.host = "mail.example.test",
		.port = 587,
		.address = "192.0.2.1",
		.addresses = 2,
		.version = "1.3",
		.suite = "TLS_AES_128_GCM_SHA256",
		.group = "X25519",
		.signature = "ecdsa_secp256r1_sha256",
		.mechanisms_inside = { mechanisms, COUNT(mechanisms) },
		.chains = chains,
		.chain_count = 1,
		.steps = steps,
		.step_count = 1 };
}

static void
expect_style(const struct facts *facts, const char *transcript, const char *want,
	const struct inspection_style *style)
{
	struct buf got;

	buf_init(&got, 100000);
	inspection_add(&got, facts, transcript, style);
	if (strstr(got.data, want) == NULL)
		fail_msg("\"%s\" is not in:\n%s", want, got.data);
	buf_release(&got);
}

static void
expect(const struct facts *facts, const char *transcript, const char *want)
{
	expect_style(facts, transcript, want, &plain);
}

static void
all_that_was_seen_is_shown(void **state)
{
	static const char transcript[] = "-- connected to 192.0.2.1 port 587\n"
					 "S: 220 mail ESMTP\nC: EHLO gate\nS: 250-mail\n"
					 "S: 250 STARTTLS\nC: STARTTLS\nS: 220 go\n"
					 "-- TLS 1.3, TLS_AES_128_GCM_SHA256\nC: EHLO gate\n"
					 "S: 250 AUTH PLAIN\n";
	static const char want[] =
		"mail.example.test:587, 192.0.2.1 (one of 2 addresses): smtp with STARTTLS\n"
		"\n"
		"dialogue\n"
		"      connected to 192.0.2.1 port 587\n"
		"  <-  220 mail ESMTP\n"
		"   -> EHLO gate\n"
		"  <-  250-mail\n"
		"  <-  250 STARTTLS\n"
		"   -> STARTTLS\n"
		"  <-  220 go\n"
		"      TLS 1.3, TLS_AES_128_GCM_SHA256\n"
		"   ~> EHLO gate\n"
		"  <~  250 AUTH PLAIN\n"
		"\n"
		"session\n"
		"  version     TLS 1.3\n"
		"  suite       TLS_AES_128_GCM_SHA256\n"
		"  group       X25519\n"
		"  signature   ecdsa_secp256r1_sha256\n"
		"  login       PLAIN, LOGIN\n"
		"\n"
		"verification\n"
		"  trusted     yes\n"
		"  names host  yes\n"
		"  holds key   yes\n"
		"\n"
		"certificate 1 of 2\n"
		"  subject     CN=mail\n"
		"  names       DNS:mail.example.test, DNS:other.example.test\n"
		"  issuer      CN=ca\n"
		"  serial      0f\n"
		"  valid       2026-11-11T00:00:00 to 2026-11-26T00:00:10 UTC, 5 days left\n"
		"  key         P-256\n"
		"  signed with ecdsa-with-SHA256\n"
		"  SPKI pin    cGlu\n"
		"  SHA-256     aa\n"
		"\n"
		"certificate 2 of 2\n"
		"  unreadable  RFC 5280 section 4.1: no certificate\n"
		"  SHA-256     bb\n";
	struct facts facts = good_facts();
	struct buf got;

	(void)state;
	buf_init(&got, 100000);
	inspection_add(&got, &facts, transcript, &plain);
	assert_string_equal(got.data, want);
	buf_release(&got);
}

static void
what_does_not_hold_says_why(void **state)
{
	struct facts_chain bad = {
		.certificates = certificates, .count = 1, .problems = { problems, COUNT(problems) }
	};
	struct facts facts = good_facts();

	(void)state;
	facts.chains = &bad;
	expect(&facts, NULL,
		"  trusted     no: leaf (CN=mail): RFC 5280 section 6.1.3: expired\n"
		"  names host  no: the certificate does not name mail.example.test\n"
		"  holds key   not shown: the server signed nothing that proves it\n");
}

static void
the_step_that_broke_is_told(void **state)
{
	static struct facts_step broken[] = { { "the connection", "done", NULL, 3 },
		{ "STARTTLS", "refused", "454 TLS not available", 1 } };
	struct facts facts = good_facts();

	(void)state;
	facts.steps = broken;
	facts.step_count = COUNT(broken);
	facts.version = facts.suite = facts.group = facts.signature = NULL;
	facts.chain_count = 0;
	expect(&facts, NULL,
		"session\n"
		"  refused     STARTTLS: 454 TLS not available\n"
		"  TLS         none was established\n");
}

static const struct days_case {
	const char *name;
	int64_t from, to;
	const char *want;
} days[] = {
	{ "a day and a second", 0, DAY + 1, "UTC, 1 day left" },
	{ "the last second", -DAY, 0, "0 days left" },
	{ "a second ago", -DAY, -1, "expired 0 days ago" },
	{ "two days ago", -9 * DAY, -2 * DAY, "expired 2 days ago" },
	{ "not yet", DAY + 1, 9 * DAY, "begins in 2 days" },
};

static void
days_are_counted_from_now(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(days); i++) {
		struct facts_certificate one = certificates[0];
		struct facts_chain chain = { .certificates = &one, .count = 1 };
		struct facts facts = good_facts();

		one.not_before = NOW + days[i].from;
		one.not_after = NOW + days[i].to;
		facts.chains = &chain;
		expect(&facts, NULL, days[i].want);
	}
}

static void
what_is_taken_is_shown_by_strength(void **state)
{
	struct facts_choice versions[] = { { "1.0", NULL }, { "1.3", NULL } };
	struct facts_choice refused[] = { { "ssl2", NULL }, { "ssl3", NULL } };
	struct facts_choice suites[] = { { "TLS_RSA_WITH_RC4_128_SHA", "1.0" },
		{ "TLS_RSA_WITH_AES_128_CBC_SHA", "1.0" }, { "TLS_AES_128_GCM_SHA256", "1.3" },
		{ "0xabcd", "1.2" } };
	struct facts_choice groups[] = { { "secp192r1", "1.2" }, { "x25519", "1.3" },
		{ "X25519MLKEM768", "1.3" }, { "ffdhe2048", "1.3" } };
	struct facts_choice schemes[] = { { "rsa_pkcs1_sha1", "1.2" }, { "rsa_md5", "1.2" },
		{ "ed25519", "1.3" } };
	struct facts facts = good_facts();

	(void)state;
	facts.versions = (struct facts_choices){ versions, COUNT(versions), NULL, 0 };
	facts.suites = (struct facts_choices){ suites, COUNT(suites), NULL, 0 };
	facts.groups = (struct facts_choices){ groups, COUNT(groups), refused, 2 };
	facts.schemes = (struct facts_choices){ schemes, COUNT(schemes), NULL, 0 };
	facts.chain_count = 0;
	/* Nothing was asked for. */
	expect(&facts, NULL, "  login       PLAIN, LOGIN\n");
	facts.mechanisms = facts.mechanisms_inside;
	expect(&facts, NULL, "  before TLS  PLAIN, LOGIN\n");
	facts.versions.refused = refused;
	facts.versions.refused_count = COUNT(refused);
	expect(&facts, NULL,
		"\nversions\n"
		"  strong      TLS 1.3\n"
		"  weak        TLS 1.0\n"
		"  refused     SSLv2, SSLv3\n"
		"\nsuites\n"
		"  strong      TLS_AES_128_GCM_SHA256 (TLS 1.3)\n"
		"  weak        TLS_RSA_WITH_AES_128_CBC_SHA (TLS 1.0)\n"
		"  broken      TLS_RSA_WITH_RC4_128_SHA (TLS 1.0)\n"
		"  broken      0xabcd (TLS 1.2)\n"
		"\ngroups\n"
		"  hybrid      X25519MLKEM768 (TLS 1.3)\n"
		"  strong      x25519 (TLS 1.3)\n"
		"  strong      ffdhe2048 (TLS 1.3)\n"
		"  weak        secp192r1 (TLS 1.2)\n"
		"  refused     2 others\n"
		"\nsignatures\n"
		"  strong      ed25519 (TLS 1.3)\n"
		"  weak        rsa_pkcs1_sha1 (TLS 1.2)\n"
		"  broken      rsa_md5 (TLS 1.2)\n");
}

/* Lines of any length and any bytes. */
static void
no_line_is_longer_than_the_width(void **state)
{
	struct facts facts = good_facts();
	char name[2000], transcript[5000];
	struct buf got;

	(void)state;
	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	snprintf(transcript, sizeof(transcript), "S: 250-%s\nS: \x1b[31m%s\nC: \xff %.300s", name,
		name, name);
	facts.host = facts.suite = facts.group = name;
	for (size_t width = 40; width <= 200; width += 7) {
		const struct inspection_style style = { .width = width, .now = NOW };
		const char *end;

		buf_init(&got, 1000000);
		inspection_add(&got, &facts, transcript, &style);
		assert_null(strchr(got.data, '\x1b'));
		for (const char *line = got.data; *line != '\0'; line = end + 1) {
			end = strchr(line, '\n');
			assert_non_null(end);
			if (shown_columns(line, (size_t)(end - line)) > width)
				fail_msg("longer than %zu: %.*s", width, (int)(end - line), line);
		}
		buf_release(&got);
	}
}

static void
colours_are_for_those_who_want_them(void **state)
{
	const struct inspection_style coloured = { .width = 80, .colour = true, .now = NOW };
	struct facts facts = good_facts();
	struct buf got;

	(void)state;
	expect_style(&facts, NULL, "  trusted     \033[32myes\033[0m\n", &coloured);
	expect_style(&facts, NULL, "\033[1msession\033[0m\n", &coloured);
	buf_init(&got, 100000);
	inspection_add(&got, &facts, NULL, &plain);
	assert_null(strchr(got.data, '\033'));
	buf_release(&got);
}

static void
pem_is_the_chain_alone(void **state)
{
	struct facts facts = good_facts();
	struct buf got;

	(void)state;
	buf_init(&got, 1000);
	assert_true(inspection_add_pem(&got, &facts));
	assert_string_equal(got.data, "-----BEGIN CERTIFICATE-----\nAA==\n"
				      "-----END CERTIFICATE-----\nsecond\n");
	buf_reset(&got);
	facts.chain_count = 0;
	assert_false(inspection_add_pem(&got, &facts));
	assert_int_equal(got.len, 0);
	buf_release(&got);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_that_was_seen_is_shown),
		cmocka_unit_test(what_does_not_hold_says_why),
		cmocka_unit_test(the_step_that_broke_is_told),
		cmocka_unit_test(days_are_counted_from_now),
		cmocka_unit_test(what_is_taken_is_shown_by_strength),
		cmocka_unit_test(no_line_is_longer_than_the_width),
		cmocka_unit_test(colours_are_for_those_who_want_them),
		cmocka_unit_test(pem_is_the_chain_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
