/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bad_checklist.h"

struct advice {
	const char *name;
	enum bad_part part;
	const char *text;
	const char *label; /* of the first problem */
	const char *note;
};

static const struct advice advices[] = {
	{ "a key that looks like another", MEMBER, "\"limts\": {},", "did you mean \"limits\"?",
		"it may have: $schema, $comment, name, description, variables, secrets, trust, "
		"limits, dns, target_defaults, targets, "
		"targets_file, include, overrides, assertions" },
	{ "a key that looks like none", TARGET, "{\"host\": \"a\", \"zebra\": 1}", NULL,
		"it may have: name, host, mx, certificate_file, private_key_file, at, protocol, "
		"tls, port, address, proxy, addresses, ipv6, server_name, ehlo_name, "
		"client_certificate, client_key, send_credentials_untrusted, $comment" },
	{ "a parameter that looks like another", ASSERTION,
		"{\"assert\": \"certificate.expiry\", \"day\": 3}", "did you mean \"days\"?",
		"it may have: assert, id, title, tags, targets, severity, waive, $comment, days, "
		"fraction, chain" },
	{ "an assertion that looks like another", ASSERTION, "{\"assert\": \"starttls.acepted\"}",
		"did you mean \"starttls.accepted\"?",
		"\"starttls-gate list\" shows all assertions" },
	{ "a choice that looks like another", TARGET, "{\"host\": \"a\", \"tls\": \"implict\"}",
		"did you mean \"implicit\"?", "one of: starttls, implicit" },
	{ "a target that looks like another", ASSERTION,
		"{\"assert\": \"tls.handshake\", \"targets\": [\"stagin\"]}",
		"did you mean \"staging\"?", "targets: staging" },
	{ "a variable that looks like another", ASSERTION,
		"{\"assert\": \"tls.handshake\", \"title\": \"${hots}\"}", "did you mean \"host\"?",
		"give it with --var hots=VALUE, as STARTTLS_GATE_VAR_hots in the environment or in "
		"\"variables\"" },
	{ "a secret that looks like another", ASSERTION,
		"{\"assert\": \"auth.login\", \"username\": \"u\", \"password\": \"${pasword}\"}",
		"did you mean \"password\"?", "secrets: password" },
	{ "a shipped checklist that looks like another", MEMBER, "\"include\": [\"submision\"],",
		"did you mean \"submission\"?",
		"a file has a '/' or \".json\" in its name; checklists of the program: dane, domain, ftps, imap, imaps, lmtp, managesieve, mta-sts, mx, "
		"policy/bsi-tr-02102-2-2026, policy/internet-nl-mail, "
		"policy/mozilla-intermediate-5.7, policy/mozilla-intermediate-6.0, "
		"policy/mozilla-modern-6.0, policy/ncsc-nl-2025-05, policy/rfc8996, "
		"policy/rfc9325, pop3, pop3s, posture, smtps, staging-round-trip, submission" },
	{ "an id that is taken", ASSERTION,
		"{\"assert\": \"tls.handshake\"},\n{\"assert\": \"tls.handshake\"}",
		"first at dir/test.json:4", "give this assertion an \"id\" of its own" },
};

static void
expect_text(const char *name, const char *got, const char *want)
{
	if (got == NULL || want == NULL ? got != want : strcmp(got, want) != 0)
		fail_msg("%s: got \"%s\", want \"%s\"", name, got == NULL ? "NULL" : got,
			want == NULL ? "NULL" : want);
}

static void
test_problems_say_what_was_meant_and_what_is_allowed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(advices) / sizeof(advices[0]); i++) {
		struct loaded loaded;

		bad_checklist_load(&loaded, advices[i].part, advices[i].text);
		assert_false(loaded.fine);
		expect_text(advices[i].name, loaded.problems.items[0].label, advices[i].label);
		expect_text(advices[i].name, loaded.problems.items[0].note, advices[i].note);
		loaded_release(&loaded);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_problems_say_what_was_meant_and_what_is_allowed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
