/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * web: what this machine goes by when it fetches something over HTTPS: whom everybody trusts, and the
 * proxy that the environment names.
 */
#ifndef GATE_NET_WEB_H
#define GATE_NET_WEB_H

#include <stdbool.h>

struct proxy;
struct trust_store;

/* Nothing in it is owned but by the checklist that fills it. */
struct web {
	/* The authorities of the system alone, whatever a checklist trusts beside them: those that other
	 * people's clients go by. NULL: nobody asks for them, or they could not be read. */
	struct trust_store *public_roots;
	const struct proxy *proxy; /* of https_proxy; NULL: none */
	const char *no_proxy;      /* as the environment has it; NULL: nothing */
};

/* Whether the list in the manner of no_proxy has the host, a name or an address: itself, a domain that it is
 * in (with a dot in front of it or without), or "*". Commas or blanks stand between the items. */
bool no_proxy_lists(const char *list, const char *host);

#endif
