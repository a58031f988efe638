/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * hello_bytes: writes big-endian numbers and vectors (RFC 8446 section 3) into a buffer. What
 * did not fit is counted in the buffer's `dropped`; one look after the last write is enough.
 */
#ifndef GATE_WIRE_CLIENT_HELLO_BYTES_H
#define GATE_WIRE_CLIENT_HELLO_BYTES_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "wire/tls_names.h"

void hello_put_u8(struct buf *out, uint8_t value);
void hello_put_u16(struct buf *out, uint16_t value);

/* The numbers of a list, two bytes each, without a length. */
void hello_put_codes(struct buf *out, const struct tls_codes *list);

/* Leaves room for a length of `width` bytes (1 to 3) and returns where the vector starts. */
size_t hello_open(struct buf *out, size_t width);

/* Sets the length of the vector that hello_open() started, now that its content is written. */
void hello_close(struct buf *out, size_t start, size_t width);

#endif
