/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * dns_context: makes libunbound's context as the settings want it. Used by `dns` only.
 */
#ifndef GATE_NET_DNS_CONTEXT_H
#define GATE_NET_DNS_CONTEXT_H

#include "base/arena.h"
#include "base/error.h"
#include "net/dns.h"
#include "unbound_library.h"

/* Zones that a trust anchor stands for, as text without the dot at the end; the root is "". */
struct dns_zones {
	const char **names;
	size_t count;
};

/* NULL with an error when a setting cannot be used. The zones live in the arena. */
struct ub_ctx *dns_context_make(const struct unbound *unbound, const struct dns_settings *settings,
	struct dns_zones *zones, struct arena *arena, struct error *error);

#endif
