/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * advice: what to do about it at a server of that protocol. The `fix` of a row speaks of SMTP servers;
 * what differs for others stands in one table here.
 */
#ifndef GATE_CHECKS_ADVICE_H
#define GATE_CHECKS_ADVICE_H

#include "base/arena.h"
#include "checks/check.h"
#include "wire/dialect.h"

/* The fix of the row for the servers of that protocol; may live in the arena. */
const char *advice_fix(
	const struct check *check, const struct dialect *dialect, struct arena *arena);

/* How those servers call the file of the certificate: "Dovecot: ssl_cert; ...". */
const char *advice_certificate(const struct dialect *dialect);

#endif
