/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The ehlo.* family, before TLS: rows alone, with the judges of capabilities.c.
 */
#include "capabilities.h"
#include "families.h"
#include "objections.h"

static const struct check checks[] = {
	{
		.name = "ehlo.accepted",
		.summary = "the server tells its capabilities before TLS",
		.why = "Without EHLO there are no extensions: clients fall back to HELO and see neither "
		       "STARTTLS nor AUTH, so they send in plaintext or not at all.",
		.fix = "Read the reply: a refusal of the name is a matter of the server's HELO "
		       "restrictions (Postfix: smtpd_helo_restrictions) or of the target's ehlo_name. "
		       "If EHLO comes back as an unknown command, a firewall rewrites SMTP (such as "
		       "\"inspect esmtp\" of Cisco ASA): switch that off.",
		.source = "RFC 5321 section 4.1.1.1",
		.step = STEP_EHLO,
		.judges_outcome = true,
		.needs = DIALECT_STARTTLS,
		.judge = judge_ehlo,
	},
	{
		.name = "ehlo.includes",
		.summary = "the listed capabilities are offered before TLS",
		.why = "Clients use an extension only when it is offered; what is missing here is missing "
		       "for every client that has not started TLS.",
		.fix = "Enable the extension for this listener, and look for settings that suppress "
		       "keywords (Postfix: smtpd_discard_ehlo_keywords) or a proxy in front that filters "
		       "the reply.",
		.source = "RFC 5321 section 4.1.1.1",
		.step = STEP_EHLO,
		.needs = DIALECT_STARTTLS,
		.judge = judge_included,
		.params = {
			{
				.name = "capabilities",
				.type = PARAM_LIST,
				.required = true,
				.objection = object_to_capability,
				.help = "The keywords that must all be offered.",
				.example = "[\"SIZE\", \"PIPELINING\"]",
			},
		},
	},
	{
		.name = "ehlo.excludes",
		.summary = "none of the listed capabilities is offered before TLS",
		.why = "What is offered before TLS is open to whoever reads or changes the traffic; "
		       "some extensions are for authenticated clients or for nobody.",
		.fix = "Disable the extension for this listener, or offer it after TLS only (Postfix: "
		       "smtpd_discard_ehlo_keywords, smtpd_tls_auth_only = yes).",
		.source = "RFC 5321 section 4.1.1.1",
		.step = STEP_EHLO,
		.needs = DIALECT_STARTTLS,
		.judge = judge_excluded,
		.params = {
			{
				.name = "capabilities",
				.type = PARAM_LIST,
				.required = true,
				.objection = object_to_capability,
				.help = "The keywords none of which may be offered.",
				.example = "[\"AUTH\", \"ETRN\"]",
			},
		},
	},
};

const struct check_family ehlo_family = {
	.name = "ehlo",
	.summary = "the capabilities before TLS",
	.checks = checks,
	.count = sizeof(checks) / sizeof(checks[0]),
};
