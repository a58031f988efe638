/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Bytes of a test from hexadecimal text.
 */
#ifndef FLIGHT_HEX_H
#define FLIGHT_HEX_H

#include <stdint.h>
#include <string.h>

#include "wire/client_hello_bytes.h"

static inline uint8_t
nibble(char c)
{
	static const char digits[] = "0123456789abcdef";

	return (uint8_t)(strchr(digits, c) - digits);
}

static inline void
add_hex(struct buf *out, const char *hex)
{
	for (; hex[0] != '\0'; hex += 2)
		hello_put_u8(out, (uint8_t)(nibble(hex[0]) << 4 | nibble(hex[1])));
}

/* A record (type 16 for handshake) with the hex bytes in it. */
static inline void
add_record(struct buf *out, uint8_t type, const char *hex)
{
	size_t body;

	hello_put_u8(out, type);
	hello_put_u16(out, TLS_VERSION_1_2);
	body = hello_open(out, 2);
	add_hex(out, hex);
	hello_close(out, body, 2);
}

#endif
