/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "families.h"

static const struct check checks[] = {
	{
		.name = "starttls.advertised",
		.summary = "the EHLO reply offers STARTTLS",
		.why = "Clients that are not offered STARTTLS either send mail and passwords in plaintext "
		       "or do not send at all.",
		.fix = "Configure a certificate and key that the server can read and switch TLS on "
		       "(Postfix: smtpd_tls_chain_files with smtpd_tls_security_level = may, or encrypt "
		       "for submission; Exim: tls_advertise_hosts = *). Servers stop offering STARTTLS "
		       "when a file cannot be loaded: see the mail log. If the server offers it when "
		       "asked on its own machine, a firewall on the way removes it.",
		.source = "RFC 3207 section 2",
		.step = STEP_EHLO,
		.starttls_only = true,
	},
	{
		.name = "starttls.accepted",
		.summary = "the server answers STARTTLS with the expected code",
		.why = "A server that offers STARTTLS and then refuses it leaves clients with plaintext or "
		       "with undelivered mail.",
		.fix = "454 says that TLS is not available at the moment: see the mail log for a "
		       "certificate or key that cannot be loaded, or an exhausted random source or "
		       "process limit. 501 or 502 says that the command was not understood: look for a "
		       "proxy in front of the server.",
		.source = "RFC 3207 section 4",
		.step = STEP_STARTTLS,
		.judges_outcome = true,
		.starttls_only = true,
		.params = {
			{
				.name = "code",
				.type = PARAM_NUMBER,
				.minimum = 200,
				.maximum = 599,
				.fallback = "220",
				.help = "The reply code that STARTTLS must get.",
				.example = "220",
			},
		},
	},
	{
		.name = "starttls.clean_reply",
		.summary = "no byte follows the reply to STARTTLS before the TLS handshake",
		.why = "Bytes behind the reply are not protected by TLS, yet a client that keeps them in "
		       "its buffer takes them for part of the encrypted session: so an attacker on the "
		       "way can put replies of their own into it.",
		.fix = "Update the server, and look for a proxy or filter in front of it that adds "
		       "bytes or answers ahead of the client: nothing may be sent between the end of "
		       "the 220 reply and the handshake.",
		.source = "RFC 3207 sections 4 and 4.2",
		.step = STEP_STARTTLS,
		.starttls_only = true,
	},
	{
		.name = "starttls.not_reoffered",
		.summary = "STARTTLS is gone from the EHLO reply after TLS",
		.why = "A server that offers STARTTLS inside TLS does not know that TLS is active: it may "
		       "have kept what was said in plaintext before, or something in front of it ends "
		       "TLS and passes plaintext on.",
		.fix = "Let the mail server itself speak TLS, or tell it that the connection is already "
		       "protected; if nothing stands in front of it, update it.",
		.source = "RFC 3207 section 4.2",
		.step = STEP_SESSION_EHLO,
		.starttls_only = true,
	},
};

const struct check_family starttls_family = {
	.name = "starttls",
	.summary = "the change from plaintext to TLS",
	.checks = checks,
	.count = sizeof(checks) / sizeof(checks[0]),
};
