/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * target_host: names and addresses of hosts as targets give them.
 */
#ifndef GATE_CHECKLIST_TARGETS_HOST_H
#define GATE_CHECKLIST_TARGETS_HOST_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"

/* The host as hostname_normalise gives it, in the arena; NULL, with an error, when it is neither a
 * host name nor an address. */
const char *host_normalise(struct arena *arena, const char *host, struct error *error);

bool host_is_address(const char *host);

/* The name for EHLO when none is given: that of this machine if it is a full one, else an address
 * literal (RFC 5321 section 4.1.3). */
const char *default_ehlo_name(struct arena *arena);

#endif
