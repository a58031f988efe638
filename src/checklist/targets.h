/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * targets: the servers that a checklist is about.
 */
#ifndef GATE_CHECKLIST_TARGETS_H
#define GATE_CHECKLIST_TARGETS_H

#include "base/error.h"
#include "loader.h"

/* Fills the targets of the checklist: those of the file, or those that --target gives instead.
 * False when there is none, or a problem with --target itself. */
bool targets_load(struct loader *loader);

/* Takes HOST, HOST:PORT, [IPV6] or [IPV6]:PORT apart; a bare IPv6 address is a host. *port is left
 * alone when there is none. False, with an error, when the text is none of these. */
bool target_parse_endpoint(struct arena *arena, const char *text, const char **host, unsigned *port,
	struct error *error);

#endif
