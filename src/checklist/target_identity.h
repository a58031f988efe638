/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * target_identity: the certificate that the gate shows of itself.
 */
#ifndef GATE_CHECKLIST_TARGET_IDENTITY_H
#define GATE_CHECKLIST_TARGET_IDENTITY_H

#include "loader.h"

struct tls_identity;

/* Reads certificate and key, whose settings these are, and holds them against each other. NULL without
 * either (that one of them is missing is a problem), or, with a problem, when they cannot serve. A key
 * that cannot be read is no problem where secrets are optional. */
const struct tls_identity *target_identity_load(
	struct loader *loader, const struct json *certificate, const struct json *key);

#endif
