/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * authenticate: attempts to authenticate.
 */
#ifndef GATE_PROBE_AUTHENTICATE_H
#define GATE_PROBE_AUTHENTICATE_H

#include "evidence/evidence.h"
#include "probe/dialog.h"

/* Makes the attempts that have not been made yet, in their order, until one is accepted or the
 * server stops answering (RFC 4954 section 4). The dialog stands behind EHLO inside TLS. Returns
 * whether the server is waiting for a command. */
bool authenticate(struct dialog *dialog, struct auth_attempt *attempts, size_t count);

#endif
