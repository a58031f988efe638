/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The rules for one certificate, each at its edge: a fixture without a fault is given one, and it
 * alone is to be found; and what is no fault, is none.
 */
#include "x509_fixtures.h"

#include "x509/path_rules.h"

static const uint8_t long_serial[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17,
	18, 19, 20, 21 };

static void
leave(struct cert *cert)
{
	(void)cert;
}

static void
set_rsa(struct cert *cert, unsigned bits)
{
	cert->key.kind = KEY_RSA;
	cert->key.bits = bits;
}

static void
rsa_2048(struct cert *cert)
{
	set_rsa(cert, 2048);
}

static void
rsa_2047(struct cert *cert)
{
	set_rsa(cert, 2047);
}

static void
dsa(struct cert *cert)
{
	cert->key.kind = KEY_DSA;
}

static void
explicit_curve(struct cert *cert)
{
	cert->key.kind = KEY_EC_EXPLICIT;
}

static void
sha1_signature(struct cert *cert)
{
	cert->algorithm.hash = HASH_SHA1;
	cert->algorithm.scheme = SCHEME_RSA_PKCS1;
}

static void
version_1(struct cert *cert)
{
	cert->version = 1;
}

static void
two_algorithms(struct cert *cert)
{
	cert->algorithms_differ = true;
}

static void
no_basic_constraints(struct cert *cert)
{
	cert->basic_constraints.present = false;
	cert->is_ca = false;
}

static void
not_a_ca(struct cert *cert)
{
	cert->is_ca = false;
}

static void
loose_ca_flag(struct cert *cert)
{
	cert->basic_constraints.critical = false;
}

static void
cert_sign(struct cert *cert)
{
	cert->usages |= KEY_USAGE_KEY_CERT_SIGN;
}

static void
no_cert_sign(struct cert *cert)
{
	cert->key_usage.present = true;
	cert->usages = KEY_USAGE_CRL_SIGN;
}

static void
no_key_usage(struct cert *cert)
{
	cert->key_usage.present = false;
	cert->usages = 0;
}

static void
set_purposes(struct cert *cert, unsigned purposes)
{
	cert->extended_key_usage.present = true;
	cert->purposes = purposes;
}

static void
any_purpose(struct cert *cert)
{
	set_purposes(cert, PURPOSE_ANY);
}

static void
for_clients(struct cert *cert)
{
	set_purposes(cert, PURPOSE_CLIENT_AUTH);
}

static void
any_purpose_listed(struct cert *cert)
{
	set_purposes(cert, PURPOSE_ANY | PURPOSE_SERVER_AUTH);
}

static void
constraining(struct cert *cert)
{
	cert->name_constraints.present = true;
}

static void
serial_of_20(struct cert *cert)
{
	cert->serial = (struct span){ long_serial, 20 };
}

static void
serial_of_21(struct cert *cert)
{
	cert->serial = (struct span){ long_serial, 21 };
}

static void
serial_zero(struct cert *cert)
{
	cert->serial = (struct span){ (const uint8_t *)"\0", 1 };
}

static void
negative_serial(struct cert *cert)
{
	cert->serial = (struct span){ (const uint8_t *)"\x80\1", 2 };
}

static void
empty_issuer(struct cert *cert)
{
	cert->issuer = (struct span){ (const uint8_t *)"\x30\0", 2 };
}

static void
empty_subject(struct cert *cert)
{
	cert->subject = (struct span){ (const uint8_t *)"\x30\0", 2 };
}

static void
empty_subject_and_critical_names(struct cert *cert)
{
	empty_subject(cert);
	cert->subject_alt_name.critical = true;
}

static void
loose_policy(struct cert *cert)
{
	cert->policy_constraints = (struct cert_extension){ .present = true };
}

static void
unknown_critical(struct cert *cert)
{
	cert->unknown_critical = (struct span){ (const uint8_t *)"\x2a\3", 2 };
}

static const struct rule_case {
	const char *name;
	enum path_role role;
	void (*change)(struct cert *cert);
	const char *problem; /* NULL: none */
} cases[] = {
	{ "a good leaf", ROLE_LEAF, leave, NULL },
	{ "a good intermediate", ROLE_INTERMEDIATE, leave, NULL },
	{ "a good anchor", ROLE_ANCHOR, leave, NULL },
	{ "RSA with 2048 bits", ROLE_LEAF, rsa_2048, NULL },
	{ "RSA with a bit less", ROLE_LEAF, rsa_2047, "WeakKey" },
	{ "a short key of an intermediate", ROLE_INTERMEDIATE, rsa_2047, "WeakKey" },
	{ "a short key of an anchor", ROLE_ANCHOR, rsa_2047, "WeakKey" },
	{ "a key of DSA", ROLE_LEAF, dsa, "WeakKey" },
	{ "a curve that is written out", ROLE_LEAF, explicit_curve, "ExplicitCurve" },
	{ "SHA-1 in a leaf", ROLE_LEAF, sha1_signature, "WeakSignature" },
	{ "SHA-1 in an intermediate", ROLE_INTERMEDIATE, sha1_signature, "WeakSignature" },
	{ "SHA-1 in an anchor", ROLE_ANCHOR, sha1_signature, NULL },
	{ "SHA-1 in a leaf that is trusted itself", ROLE_TRUSTED_LEAF, sha1_signature, NULL },
	{ "version 1", ROLE_LEAF, version_1, "Version" },
	{ "version 1 of an anchor", ROLE_ANCHOR, version_1, "Version" },
	{ "two algorithms", ROLE_INTERMEDIATE, two_algorithms, "Malformed" },
	{ "an intermediate without basicConstraints", ROLE_INTERMEDIATE, no_basic_constraints,
		"NotACa" },
	{ "an anchor without basicConstraints", ROLE_ANCHOR, no_basic_constraints, "NotACa" },
	{ "an intermediate that is no CA", ROLE_INTERMEDIATE, not_a_ca, "NotACa" },
	{ "basicConstraints that are not critical", ROLE_INTERMEDIATE, loose_ca_flag, "Profile" },
	{ "those of an anchor", ROLE_ANCHOR, loose_ca_flag, NULL },
	{ "a leaf that may sign certificates", ROLE_LEAF, cert_sign, "KeyUsage" },
	{ "an intermediate that may not", ROLE_INTERMEDIATE, no_cert_sign, "KeyUsage" },
	{ "an intermediate without keyUsage", ROLE_INTERMEDIATE, no_key_usage, NULL },
	{ "a leaf for any purpose", ROLE_LEAF, any_purpose, "ExtendedKeyUsage" },
	{ "a leaf for any purpose and servers", ROLE_LEAF, any_purpose_listed, NULL },
	{ "a CA for any purpose", ROLE_INTERMEDIATE, any_purpose, NULL },
	{ "a CA for clients", ROLE_INTERMEDIATE, for_clients, "ExtendedKeyUsage" },
	{ "an anchor for clients", ROLE_ANCHOR, for_clients, "ExtendedKeyUsage" },
	{ "nameConstraints in a leaf", ROLE_LEAF, constraining, "NameConstraints" },
	{ "nameConstraints in a CA", ROLE_INTERMEDIATE, constraining, NULL },
	{ "a serial number of 20 bytes", ROLE_LEAF, serial_of_20, NULL },
	{ "a serial number of 21 bytes", ROLE_LEAF, serial_of_21, "Profile" },
	{ "serial number zero", ROLE_LEAF, serial_zero, "Profile" },
	{ "a negative serial number", ROLE_INTERMEDIATE, negative_serial, "Profile" },
	{ "the serial number of an anchor", ROLE_ANCHOR, negative_serial, NULL },
	{ "an empty issuer", ROLE_LEAF, empty_issuer, "Profile" },
	{ "an empty subject of a CA", ROLE_INTERMEDIATE, empty_subject, "Profile" },
	{ "an empty subject of a leaf", ROLE_LEAF, empty_subject, "Profile" },
	{ "an empty subject, the names being critical", ROLE_LEAF, empty_subject_and_critical_names,
		NULL },
	{ "policyConstraints that are not critical", ROLE_INTERMEDIATE, loose_policy, "Profile" },
	{ "an unknown critical extension", ROLE_INTERMEDIATE, unknown_critical, "UnknownCritical" },
	{ "that of an anchor", ROLE_ANCHOR, unknown_critical, "UnknownCritical" },
};

static bool
is_of_a_leaf(enum path_role role)
{
	return role == ROLE_LEAF || role == ROLE_TRUSTED_LEAF;
}

static void
each_fault_is_found_and_no_other(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct rule_case *test = &cases[i];
		struct path_findings findings = { .arena = &arena };
		struct error error = { .text = "" };
		struct cert cert;
		struct span der = fixture(&arena, is_of_a_leaf(test->role) ? "leaf" : "ica");

		assert_true(cert_parse(&cert, der, &arena, &error));
		test->change(&cert);
		path_check_place(&(struct path_place){ &cert, test->role, 0 },
			date_at("2026-06-01"), &findings);
		if (findings.count != (test->problem == NULL ? 0 : 1))
			fail_msg("%s: %zu problems", test->name, findings.count);
		if (test->problem != NULL &&
			strcmp(path_problem_name(findings.problems[0].kind), test->problem) != 0)
			fail_msg("%s: got %s", test->name,
				path_problem_name(findings.problems[0].kind));
	}
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_fault_is_found_and_no_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
