/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * target_proxy: the proxy that a target is reached through, from its URL.
 */
#ifndef GATE_CHECKLIST_TARGET_PROXY_H
#define GATE_CHECKLIST_TARGET_PROXY_H

#include "loader.h"

struct proxy;

/* The proxy of a URL, PROTOCOL://[USER:${SECRET}@]HOST:PORT, whose other references are expanded
 * too. NULL, with a problem unless the loader is lenient, when it is none. Without a place the URL
 * is that of --proxy. */
const struct proxy *target_proxy_load(struct loader *loader, const struct json *url);

/* The proxy of a URL that an environment variable of that name has: its password may stand in it,
 * percent-encoded as its user, and a scheme need not: then it is http://. NULL, with a problem, when it
 * is none. */
const struct proxy *target_proxy_of_environment(
	struct loader *loader, const char *name, const char *url);

/* What stands in a URL where only the reference to a password may: a password, or where there is no
 * colon all of the login, which may be a token. NULL: nothing does. */
const char *target_proxy_clear_login(struct arena *arena, const char *url);

#endif
