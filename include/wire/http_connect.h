/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * http_connect: the CONNECT method of HTTP (RFC 9110 section 9.3.6) in the form of HTTP/1.1
 * (RFC 9112).
 */
#ifndef GATE_WIRE_HTTP_CONNECT_H
#define GATE_WIRE_HTTP_CONNECT_H

#include "base/buf.h"
#include "base/span.h"
#include "wire/proxy_answer.h"

/* The most bytes of a response up to and with its blank line. */
#define HTTP_HEAD_MAX 8192

/* Asks for a tunnel to the host, a name or an address. username NULL: without a login; else both
 * go along as Basic credentials (RFC 7617). */
void http_write_connect(struct buf *out, const char *host, unsigned port, const char *username,
	const char *password);

/* Reads the head of a response; the code is its status. What stands behind the blank line of one
 * that is 2xx comes through the tunnel, whatever its fields say of a body. */
struct proxy_answer http_read_head(struct span bytes);

#endif
