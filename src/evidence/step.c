/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The names of the steps, as messages have them.
 */
#include "evidence/step.h"

const char *
step_name(enum step step)
{
	static const char *const names[STEP_COUNT] = {
		[STEP_CONNECT] = "the connection",
		[STEP_GREETING] = "the greeting",
		[STEP_EHLO] = "EHLO",
		[STEP_STARTTLS] = "STARTTLS",
		[STEP_HANDSHAKE] = "the TLS handshake",
		[STEP_SESSION_EHLO] = "EHLO inside TLS",
		[STEP_AUTH] = "authentication",
	};

	return names[step];
}
