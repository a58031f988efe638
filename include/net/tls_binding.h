/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tls_binding: what both ends of one TLS connection know and nobody between them (RFC 5056): with it a
 * login holds for that connection alone.
 */
#ifndef GATE_NET_TLS_BINDING_H
#define GATE_NET_TLS_BINDING_H

#include <stddef.h>
#include <stdint.h>

#include "net/stream.h"

#define TLS_BINDING_MAX 64

enum tls_binding_kind {
	TLS_BINDING_NONE,     /* `why` says why: a clause */
	TLS_BINDING_EXPORTER, /* tls-exporter (RFC 9266), TLS 1.3: 32 octets */
	TLS_BINDING_UNIQUE, /* tls-unique (RFC 5929 section 3), TLS 1.2 with extended master secret */
};

struct tls_binding {
	enum tls_binding_kind kind;
	const char *why;
	uint8_t bytes[TLS_BINDING_MAX];
	size_t len;
};

/* Of the session that the stream carries; each version of TLS has one that can be relied on. */
struct tls_binding tls_binding_of(const struct stream *stream);

#endif
