/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * certificate_verify: the message of TLS 1.3 in which a server shows that it holds the key of the
 * certificate it just sent (RFC 8446 section 4.4.3).
 */
#ifndef GATE_WIRE_CERTIFICATE_VERIFY_H
#define GATE_WIRE_CERTIFICATE_VERIFY_H

#include <stdint.h>

#include "base/buf.h"
#include "wire/cursor.h"

enum certificate_verify_state {
	CERTIFICATE_VERIFY_MORE,      /* it is not all there */
	CERTIFICATE_VERIFY_DONE,      /* it was read */
	CERTIFICATE_VERIFY_MALFORMED, /* it is another message, or its lengths do not add up */
};

struct certificate_verify {
	enum certificate_verify_state state;
	uint16_t scheme;       /* SignatureScheme (RFC 8446 section 4.2.3) */
	struct span signature; /* points into the bytes that were read */
};

/* Reads the message that stands right behind the Certificate; `messages` begin there. What
 * follows it is left alone. */
struct certificate_verify certificate_verify_read(struct span messages);

/* Appends what a server signs, given the hash of the messages from ClientHello to Certificate.
 * False when the buffer's limit is too small. */
bool certificate_verify_content(struct span hash, struct buf *out);

#endif
