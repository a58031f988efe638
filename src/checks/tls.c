/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "families.h"
#include "gate/checklist.h"
#include "objections.h"

static const char *const versions[] = { "1.0", "1.1", "1.2", "1.3", NULL };

/* The texts of the versions sort as the versions do. */
static const char *
object_to_versions(const struct assertion *assertion)
{
	const struct argument *minimum = argument_of(assertion, "minimum");
	const struct argument *maximum = argument_of(assertion, "maximum");

	if (maximum->given && minimum->given && strcmp(maximum->text, minimum->text) < 0)
		return "the maximum is below the minimum (which is 1.2 where none is given)";
	return NULL;
}

static const struct check checks[] = {
	{
		.name = "tls.handshake",
		.summary = "the TLS handshake completes",
		.why = "Clients that require TLS cannot connect, and the others fall back to plaintext.",
		.fix = "The alert says what the server objects to: handshake_failure means no cipher "
		       "suite, group or certificate in common, protocol_version means no version in "
		       "common, internal_error often means a key that does not belong to the "
		       "certificate. See the mail log of the server for the same moment, and try the "
		       "configuration with \"openssl s_client -starttls smtp\".",
		.source = "RFC 8446 section 4",
		.step = STEP_HANDSHAKE,
		.judges_outcome = true,
	},
	{
		.name = "tls.version",
		.summary = "the TLS version is within bounds, and everything older is refused",
		.why = "TLS 1.0 and 1.1 rest on broken hash functions and are forbidden, SSLv3 can be "
		       "decrypted; a server that still accepts them can be forced down to them.",
		.fix = "Name the lowest version (Postfix: smtpd_tls_protocols = >=TLSv1.2 and "
		       "smtpd_tls_mandatory_protocols = >=TLSv1.2; Exim: tls_require_ciphers with "
		       "GnuTLS, openssl_options = +no_tlsv1 +no_tlsv1_1 with OpenSSL; Dovecot: "
		       "ssl_min_protocol = TLSv1.2). If a version is too new for `maximum`, the server "
		       "was upgraded: adapt the checklist.",
		.source = "RFC 8996 sections 4 and 5, RFC 9325 section 3.1.1",
		.step = STEP_HANDSHAKE,
		.judges_outcome = true,
		.params = {
			{
				.name = "minimum",
				.type = PARAM_CHOICE,
				.choices = versions,
				.fallback = "\"1.2\"",
				.help = "The oldest TLS version that the server may accept: the agreed one "
					"is not older, and all older ones down to SSLv3 are refused.",
				.example = "\"1.2\"",
			},
			{
				.name = "maximum",
				.type = PARAM_CHOICE,
				.choices = versions,
				.help = "The newest TLS version that may be agreed upon.",
				.example = "\"1.3\"",
			},
		},
		.objection = object_to_versions,
	},
	{
		.name = "tls.cipher",
		.summary = "the cipher suite agreed upon is one of those allowed",
		.why = "The suite decides whether recorded mail can be read once the key of the server is "
		       "lost, and whether it can be changed on the way.",
		.fix = "Narrow the suites of the server down to the allowed ones (Postfix: "
		       "smtpd_tls_mandatory_ciphers = high, tls_high_cipherlist, and "
		       "tls_preempt_cipherlist = yes so that the server chooses; Dovecot: "
		       "ssl_cipher_list), or allow the one that was chosen.",
		.source = "RFC 9325 section 4.2",
		.step = STEP_HANDSHAKE,
		.params = {
			{
				.name = "allowed",
				.type = PARAM_LIST,
				.required = true,
				.objection = object_to_cipher_suite,
				.help = "The cipher suites one of which must be agreed upon, by their IANA or "
					"OpenSSL names.",
				.example = "[\"TLS_AES_256_GCM_SHA384\", \"TLS_AES_128_GCM_SHA256\"]",
			},
		},
	},
};

const struct check_family tls_family = {
	.name = "tls",
	.summary = "the TLS handshake",
	.checks = checks,
	.count = sizeof(checks) / sizeof(checks[0]),
};
