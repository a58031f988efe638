/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Policies along a path (RFC 5280 section 6.1), where a CA asks for an explicit one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "x509/path_rules.h"

/* One or two PolicyInformation: 2.5.29.32.0 is any policy, the others are 1.2.x. */
#define NONE ""
#define A "\x30\x04\x06\x02\x2a\x01"
#define B "\x30\x04\x06\x02\x2a\x02"
#define ANY "\x30\x06\x06\x04\x55\x1d\x20\x00"

#define CERTS 4

/* A certificate with these policies, and what else is named. */
#define P(...)                          \
	{                               \
		.policies = __VA_ARGS__ \
	}

struct policy_cert {
	const char *policies;
	int require_explicit; /* SkipCerts; 0: not asked for, else one more */
	int inhibit_any;      /* the same */
	bool maps;
};

static const struct policy_case {
	const char *name;
	struct policy_cert certs[CERTS]; /* leaf first, root last */
	size_t count;
	bool holds;
} cases[] = {
	{ "nobody asks", { P(NONE), P(NONE), P(NONE) }, 3, true },
	{ "nobody asks, and they differ", { P(B), P(A), P(NONE) }, 3, true },
	{ "the same policy all along", { P(A), P(A, .require_explicit = 1), P(NONE) }, 3, true },
	{ "another policy in the leaf", { P(B), P(A, .require_explicit = 1), P(NONE) }, 3, false },
	{ "no policy in the leaf", { P(NONE), P(A, .require_explicit = 1), P(NONE) }, 3, false },
	{ "no policy in the issuer", { P(A), P(NONE, .require_explicit = 1), P(NONE) }, 3, false },
	{ "one of two policies", { P(B), P(A B, .require_explicit = 1), P(NONE) }, 3, true },
	{ "any policy in the issuer", { P(B), P(ANY, .require_explicit = 1), P(NONE) }, 3, true },
	{ "any policy in the leaf", { P(ANY), P(A, .require_explicit = 1), P(NONE) }, 3, true },
	{ "any policy where it is inhibited",
		{ P(ANY), P(A, .require_explicit = 1, .inhibit_any = 1), P(NONE) }, 3, false },
	{ "any policy that may be skipped once",
		{ P(ANY), P(A, .require_explicit = 1, .inhibit_any = 2), P(NONE) }, 3, true },
	{ "asked for one certificate further", { P(NONE), P(A, .require_explicit = 2), P(NONE) }, 3,
		false },
	{ "asked for beyond the leaf", { P(NONE), P(A, .require_explicit = 3), P(NONE) }, 3, true },
	{ "asked for by the leaf itself", { P(B, .require_explicit = 1), P(A), P(NONE) }, 3,
		false },
	{ "two intermediates in common", { P(A), P(A), P(A B, .require_explicit = 1), P(NONE) }, 4,
		true },
	{ "nothing in common any more", { P(A), P(B), P(A B, .require_explicit = 1), P(NONE) }, 4,
		false },
	{ "mapped policies are not followed",
		{ P(A), P(A, .require_explicit = 1, .maps = true), P(NONE) }, 3, false },
};

static struct span
span_of(const char *text)
{
	struct span span = { (const uint8_t *)text, 0 };

	while (text[span.len] == '\x30')
		span.len += 2 + (size_t)text[span.len + 1];
	return span;
}

static struct cert
cert_of(const struct policy_cert *given, const char *subject, const char *issuer)
{
	return (struct cert){
		.subject = { (const uint8_t *)subject, 15 },
		.issuer = { (const uint8_t *)issuer, 15 },
		.policies = { .present = given->policies[0] != '\0' },
		.policy_list = span_of(given->policies),
		.require_explicit_policy = given->require_explicit - 1,
		.inhibit_any_skip = given->inhibit_any - 1,
		.policy_mappings = { .present = given->maps },
	};
}

static void
policies_hold_as_listed(void **state)
{
	/* CN=L, CN=K ...: every subject is another's issuer. */
	static const char names[CERTS + 1][16] = {
		"\x30\x0d\x31\x0b\x30\x09\x06\x03\x55\x04\x03\x0c\x02zL",
		"\x30\x0d\x31\x0b\x30\x09\x06\x03\x55\x04\x03\x0c\x02zK",
		"\x30\x0d\x31\x0b\x30\x09\x06\x03\x55\x04\x03\x0c\x02zJ",
		"\x30\x0d\x31\x0b\x30\x09\x06\x03\x55\x04\x03\x0c\x02zI",
		"\x30\x0d\x31\x0b\x30\x09\x06\x03\x55\x04\x03\x0c\x02zH",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct policy_case *test = &cases[i];
		struct path_place places[CERTS];
		struct cert certs[CERTS];

		for (size_t n = 0; n < test->count; n++) {
			certs[n] = cert_of(&test->certs[n], names[n], names[n + 1]);
			places[n] = (struct path_place){ .cert = &certs[n], .position = (int)n };
		}
		if (path_policies_hold(places, test->count) != test->holds)
			fail_msg("%s: got %d", test->name, !test->holds);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(policies_hold_as_listed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
