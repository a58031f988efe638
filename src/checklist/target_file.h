/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * target_file: targets that are certificates in a file, to be judged before a server has them.
 */
#ifndef GATE_CHECKLIST_TARGET_FILE_H
#define GATE_CHECKLIST_TARGET_FILE_H

#include "loader.h"

/* Whether the JSON of a target names a file of certificates. */
bool target_is_file(const struct json *json);

/* Fills in the target, whose host is set, from its JSON: reads the certificates, compares the
 * private key with the first of them, and takes the date. */
void target_file_load(struct loader *loader, const struct json *json, struct target *target);

/* Reports what a target that is a server has for files only. */
void target_file_forbid(struct loader *loader, const struct json *json);

#endif
