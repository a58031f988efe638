/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * login: logging in on a connection of an observation, for what can be seen only behind that.
 */
#ifndef GATE_PROBE_LOGIN_H
#define GATE_PROBE_LOGIN_H

#include "evidence/evidence.h"
#include "probe/probe_connection.h"

/* Whom to log in as. Nothing in it is owned. */
struct login {
	const char *mechanism;
	const char *username; /* NULL: no login is wanted */
	const char *password;
};

/* Whether both are the same. */
bool login_is_same(const struct login *login, const struct login *other);

/* Logs in on a connection that stands behind EHLO inside TLS; true at once where no login is wanted.
 * The password goes only to a server that was judged trusted for the host (see authenticate.h). False
 * when it did not succeed: then the observation is OUTCOME_BROKEN, and the attempt tells why. */
bool probe_login(struct probe_connection *connection, const struct login *login,
	struct auth_attempt *attempt);

#endif
