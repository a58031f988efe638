/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * handshake: the messages of a TLS handshake one after the other (RFC 8446 section 4, RFC 5246 section
 * 7.4): a type, a length of three bytes, and a body.
 */
#ifndef GATE_WIRE_HANDSHAKE_H
#define GATE_WIRE_HANDSHAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/cursor.h"

#define HANDSHAKE_HEADER_LEN 4

struct handshake_message {
	uint8_t type; /* enum tls_handshake */
	uint32_t len; /* of the body, as its header says */
	struct span body;
	struct span whole; /* with its header */
};

enum handshake_result {
	HANDSHAKE_MORE, /* it is not whole; type and len are told once its header is */
	HANDSHAKE_TAKEN,
};

/* Takes the next message where it is whole, and leaves the cursor alone otherwise. */
enum handshake_result handshake_take(struct cursor *cursor, struct handshake_message *message);

#endif
