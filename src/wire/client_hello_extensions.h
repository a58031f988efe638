/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * hello_extensions: the extension block of a ClientHello.
 */
#ifndef GATE_WIRE_CLIENT_HELLO_EXTENSIONS_H
#define GATE_WIRE_CLIENT_HELLO_EXTENSIONS_H

#include "base/buf.h"
#include "wire/client_hello.h"

/* Appends the extensions of the offer with their length in front, or nothing when it has none.
 * `message` holds the handshake message from its first byte on, because its length decides
 * about padding. */
void hello_write_extensions(const struct hello_offer *offer, struct buf *message);

#endif
