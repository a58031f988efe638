/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The names of the steps, as messages have them.
 */
#include "evidence/step.h"

#include "wire/dialect.h"

const char *
step_name(enum step step, const struct dialect *dialect)
{
	static const char *const names[STEP_COUNT] = {
		[STEP_CONNECT] = "the connection",
		[STEP_GREETING] = "the greeting",
		[STEP_HANDSHAKE] = "the TLS handshake",
		[STEP_AUTH] = "authentication",
	};

	switch (step) {
	case STEP_EHLO:
		return dialect->hello;
	case STEP_STARTTLS:
		return dialect->starttls;
	case STEP_SESSION_EHLO:
		return dialect->hello_inside;
	case STEP_CONNECT:
	case STEP_GREETING:
	case STEP_HANDSHAKE:
	case STEP_AUTH:
		break;
	}
	return names[step];
}
