/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The session.* family, inside TLS: rows alone, with the judges of capabilities.c.
 */
#include "capabilities.h"
#include "families.h"
#include "objections.h"

static const struct check checks[] = {
	{
		.name = "session.ehlo",
		.summary = "the server tells its capabilities inside TLS",
		.why = "TLS starts the session over: a client must say EHLO again, and a server that does "
		       "not answer it takes no mail over TLS.",
		.fix = "Read the reply in the transcript. If the connection is closed here, see the mail "
		       "log: often a policy service, a milter or a proxy behind TLS is not reachable. A "
		       "503 says that the server did not start the session over: update it.",
		.source = "RFC 3207 section 4.2",
		.step = STEP_SESSION_EHLO,
		.needs = DIALECT_DIALOGUE,
		.judges_outcome = true,
		.judge = judge_ehlo,
	},
	{
		.name = "session.includes",
		.summary = "the listed capabilities are offered inside TLS",
		.why = "Clients use an extension only when it is offered; what is missing here, clients "
		       "that use TLS cannot do.",
		.fix = "Enable the extension for this listener, and look for settings that suppress "
		       "keywords (Postfix: smtpd_discard_ehlo_keywords) or a proxy in front that filters "
		       "the reply. AUTH is missing when the SASL service is not reachable.",
		.source = "RFC 5321 section 4.1.1.1",
		.step = STEP_SESSION_EHLO,
		.needs = DIALECT_DIALOGUE,
		.judge = judge_included,
		.params = {
			{
				.name = "capabilities",
				.type = PARAM_LIST,
				.required = true,
				.objection = object_to_capability,
				.help = "The keywords that must all be offered.",
				.example = "[\"AUTH\", \"SIZE\", \"8BITMIME\"]",
			},
		},
	},
	{
		.name = "session.excludes",
		.summary = "none of the listed capabilities is offered inside TLS",
		.why = "What is offered will be used: an extension that this server should not have is a "
		       "door that nobody watches.",
		.fix = "Disable the extension for this listener (Postfix: smtpd_discard_ehlo_keywords; "
		       "without AUTH: smtpd_sasl_auth_enable = no).",
		.source = "RFC 5321 section 4.1.1.1",
		.step = STEP_SESSION_EHLO,
		.needs = DIALECT_DIALOGUE,
		.judge = judge_excluded,
		.params = {
			{
				.name = "capabilities",
				.type = PARAM_LIST,
				.required = true,
				.objection = object_to_capability,
				.help = "The keywords none of which may be offered.",
				.example = "[\"AUTH\", \"VRFY\"]",
			},
		},
	},
};

const struct check_family session_family = {
	.name = "session",
	.summary = "the conversation inside TLS",
	.checks = checks,
	.count = sizeof(checks) / sizeof(checks[0]),
};
