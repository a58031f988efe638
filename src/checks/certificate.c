/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "families.h"
#include "objections.h"

static const struct check checks[] = {
	{
		.name = "certificate.trusted",
		.summary = "the certificate leads to a trusted authority",
		.why = "Clients that verify certificates refuse the connection; the others cannot tell "
		       "this server from an impostor.",
		.fix = "Have the server send the certificate followed by all intermediates, without the "
		       "root (Postfix: smtpd_tls_chain_files with the full chain, such as "
		       "fullchain.pem of an ACME client). If the authority is your own, name its "
		       "certificate in trust.ca_file or with --ca-file.",
		.source = "RFC 5280 section 6",
		.step = STEP_HANDSHAKE,
	},
	{
		.name = "certificate.hostname",
		.summary = "the certificate names the host",
		.why = "Clients that verify certificates compare them with the name they connect to; a "
		       "certificate for another name is refused, or is the sign of an impostor.",
		.fix = "Have a certificate issued whose subjectAltName holds this name (the common name "
		       "does not count), and check that the server chooses it for this server name: "
		       "with several certificates, SNI decides (Postfix: tls_server_sni_maps).",
		.source = "RFC 9525 section 6",
		.step = STEP_HANDSHAKE,
		.params = {
			{
				.name = "name",
				.type = PARAM_TEXT,
				.objection = object_to_host,
				.help = "The name that the certificate must carry, if it is not the host of "
					"the target.",
				.example = "\"mx.example.com\"",
			},
		},
	},
	{
		.name = "certificate.expiry",
		.summary = "the certificate is valid now and for the days to come",
		.why = "On the day a certificate expires, clients that verify stop delivering; the time "
		       "left is the time to repair a renewal that does not work.",
		.fix = "Renew the certificate and have the server load it: renewal often works while the "
		       "reload of the mail server is forgotten (ACME clients run it as a deploy hook). "
		       "If the certificate on disk is newer than the one seen here, reload the server.",
		.source = "RFC 5280 section 4.1.2.5",
		.step = STEP_HANDSHAKE,
		.params = {
			{
				.name = "days",
				.type = PARAM_NUMBER,
				.minimum = 0,
				.maximum = 3650,
				.fallback = "14",
				.help = "For how many more days the certificate must be valid.",
				.example = "21",
			},
		},
	},
};

const struct check_family certificate_family = {
	.name = "certificate",
	.summary = "the certificate that the server presents",
	.checks = checks,
	.count = sizeof(checks) / sizeof(checks[0]),
};
