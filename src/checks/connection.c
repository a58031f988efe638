/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "families.h"

static const struct check checks[] = {
	{
		.name = "connection.established",
		.summary = "the server accepts a TCP connection",
		.why = "A server that does not answer takes no mail, and nothing else about it can be "
		       "checked.",
		.fix = "Check that the name leads to the right address, that the service runs and "
		       "listens on this port of that address, and that no firewall between here and "
		       "there drops or refuses the connection.",
		.source = "RFC 5321 section 3.1",
		.step = STEP_CONNECT,
		.judges_outcome = true,
	},
	{
		.name = "connection.greeting",
		.summary = "the server greets with the expected reply",
		.why = "A server that greets with 421 or 554 takes no mail, whatever else works; an "
		       "unexpected text shows that the port leads to another server than was meant.",
		.fix = "554 refuses every message: look for an access list, a DNS block list or a "
		       "postscreen rule that matches the address of this client. 421 says that the "
		       "server is shutting down or at its connection limit. If the text is not the "
		       "expected one, check what the port is forwarded to.",
		.source = "RFC 5321 section 3.1",
		.step = STEP_GREETING,
		.judges_outcome = true,
		.params = {
			{
				.name = "code",
				.type = PARAM_NUMBER,
				.minimum = 200,
				.maximum = 599,
				.fallback = "220",
				.help = "The reply code that the greeting must have.",
				.example = "220",
			},
			{
				.name = "matches",
				.type = PARAM_REGEX,
				.help = "A POSIX extended regular expression that must match somewhere in "
					"the text of the greeting (without the code; its lines are joined "
					"by newlines).",
				.example = "\"^mail\\\\.example\\\\.com ESMTP\"",
			},
		},
	},
};

const struct check_family connection_family = {
	.name = "connection",
	.summary = "reaching the server",
	.checks = checks,
	.count = sizeof(checks) / sizeof(checks[0]),
};
