/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * quoted_printable: the transfer encoding of RFC 2045 section 6.7.
 */
#ifndef GATE_WIRE_QUOTED_PRINTABLE_H
#define GATE_WIRE_QUOTED_PRINTABLE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/span.h"

/* Appends what the text stands for. False when it is not written so, or beyond the buffer's limit. */
bool quoted_printable_add(struct buf *out, struct span text);

#endif
