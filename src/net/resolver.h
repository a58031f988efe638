/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * resolver: host names to socket addresses, within a deadline.
 */
#ifndef GATE_NET_RESOLVER_H
#define GATE_NET_RESOLVER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/error.h"

/* More addresses of one host than this are passed over. */
#define RESOLVER_ADDRESSES_MAX 16

struct resolved_address {
	struct sockaddr_storage address;
	socklen_t len;
};

/* Their ports are 0. */
struct resolved {
	struct resolved_address addresses[RESOLVER_ADDRESSES_MAX];
	size_t count;
};

/* Looks up a name, or reads an address literal (no packet is sent then). False, with the reason
 * in `error`, when there is no address or the deadline passed; a look-up that is still under way
 * then ends by itself in the background and is forgotten. */
bool resolver_look_up(
	const char *host, int64_t deadline_ms, struct resolved *resolved, struct error *error);

#endif
