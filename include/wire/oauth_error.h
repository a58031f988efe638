/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * oauth_error: why a server does not take a token, in JSON (RFC 7628 section 3.2.2).
 */
#ifndef GATE_WIRE_OAUTH_ERROR_H
#define GATE_WIRE_OAUTH_ERROR_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/span.h"

/* Most bytes that are read. */
#define OAUTH_ERROR_MAX 4096

/* Appends the members that the RFC has, printable: "status invalid_token, scope mail". False, and
 * nothing is appended, when it is no object of JSON, is longer, or has none of them. */
bool oauth_error_show(struct span json, struct buf *out);

#endif
