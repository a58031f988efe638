/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * socks: the messages of SOCKS 5 (RFC 1928) and of its login (RFC 1929).
 */
#ifndef GATE_WIRE_SOCKS_H
#define GATE_WIRE_SOCKS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "wire/proxy_answer.h"

/* The most bytes of one message. */
#define SOCKS_MESSAGE_MAX 520

/* Methods (RFC 1928 section 3). */
enum socks_method {
	SOCKS_METHOD_NONE = 0x00,
	SOCKS_METHOD_LOGIN = 0x02,
	SOCKS_METHOD_UNACCEPTABLE = 0xff, /* none of those that were offered */
};

/* Kinds of addresses (RFC 1928 section 5). */
enum socks_address {
	SOCKS_IPV4 = 0x01,
	SOCKS_DOMAIN = 0x03,
	SOCKS_IPV6 = 0x04,
};

/* Replies to a request (RFC 1928 section 6). */
enum socks_reply {
	SOCKS_SUCCEEDED = 0x00,
	SOCKS_FAILURE = 0x01,
	SOCKS_NOT_ALLOWED = 0x02,
	SOCKS_NETWORK_UNREACHABLE = 0x03,
	SOCKS_HOST_UNREACHABLE = 0x04,
	SOCKS_REFUSED = 0x05,
	SOCKS_EXPIRED = 0x06,
	SOCKS_NO_COMMAND = 0x07,
	SOCKS_NO_ADDRESS_TYPE = 0x08,
};

/* Offers to go without a login, and with one if there is one. */
void socks_write_methods(struct buf *out, bool login);

/* False when user name or password is empty or longer than 255 bytes. */
bool socks_write_login(struct buf *out, const char *username, const char *password);

/* Asks for a connection. The address is 4 or 16 bytes, or a name of 1 to 255; false when it is
 * not. */
bool socks_write_connect(
	struct buf *out, enum socks_address kind, struct span address, unsigned port);

/* The answers to these three: the code is the method; 0 or a failure; an enum socks_reply. */
struct proxy_answer socks_read_method(struct span bytes);
struct proxy_answer socks_read_login(struct span bytes);
struct proxy_answer socks_read_reply(struct span bytes);

#endif
