/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * target_settings: what a target says, and where it says nothing, what `target_defaults` say: of
 * the file that was asked for first, then of those that it includes.
 */
#ifndef GATE_CHECKLIST_TARGET_SETTINGS_H
#define GATE_CHECKLIST_TARGET_SETTINGS_H

#include "loader.h"

/* The text of a setting, expanded; NULL when there is none, or, with a problem, when it is
 * empty. `json` is that of the target; NULL: the defaults alone count. */
const char *target_text(struct loader *loader, const struct json *json, const char *key);

/* The same of a setting that names a host. */
const char *target_host(struct loader *loader, const struct json *json, const char *key);

/* Fills in everything but name (unless it is NULL) and host. `port` is that of the command line, or
 * 0. Without a host (NULL) the names that follow it are left open. */
void target_settings_load(
	struct loader *loader, const struct json *json, unsigned port, struct target *target);

/* Fills in what follows the host where it is not given: name and SNI. Nothing without a host. */
void target_settle_names(struct arena *arena, struct target *target);

#endif
