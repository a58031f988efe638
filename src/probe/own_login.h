/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * own_login: the logins that protocols have beside SASL.
 */
#ifndef GATE_PROBE_OWN_LOGIN_H
#define GATE_PROBE_OWN_LOGIN_H

#include "evidence/evidence.h"
#include "probe/dialog.h"

/* Makes the attempt by the login of the dialect (struct dialect_login). As sasl_dialog. */
enum outcome own_login(struct dialog *dialog, struct auth_attempt *attempt, struct reply *reply,
	struct error *error);

#endif
