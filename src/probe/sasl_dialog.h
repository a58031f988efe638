/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * sasl_dialog: an exchange of SASL as the protocol carries it.
 */
#ifndef GATE_PROBE_SASL_DIALOG_H
#define GATE_PROBE_SASL_DIALOG_H

#include "evidence/evidence.h"
#include "probe/dialog.h"

/* Makes the attempt. `reply` is empty at first, and holds the server's last one. As dialog_command. */
enum outcome sasl_dialog(struct dialog *dialog, struct auth_attempt *attempt, struct reply *reply,
	struct error *error);

#endif
