/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Greeting, login and request of SOCKS5, and their answers as far as they came.
 */
#include "wire/socks.h"

#include <string.h>

#include "wire/client_hello_bytes.h"

#define VERSION 5
#define LOGIN_VERSION 1
#define COMMAND_CONNECT 1
#define FIELD_MAX 255
#define PORT_LEN 2

void
socks_write_methods(struct buf *out, bool login)
{
	hello_put_u8(out, VERSION);
	hello_put_u8(out, login ? 2 : 1);
	hello_put_u8(out, SOCKS_METHOD_NONE);
	if (login)
		hello_put_u8(out, SOCKS_METHOD_LOGIN);
}

static bool
put_field(struct buf *out, struct span field)
{
	if (field.len == 0 || field.len > FIELD_MAX)
		return false;
	hello_put_u8(out, (uint8_t)field.len);
	return buf_add(out, field.data, field.len);
}

bool
socks_write_login(struct buf *out, const char *username, const char *password)
{
	hello_put_u8(out, LOGIN_VERSION);
	return put_field(out, (struct span){ (const uint8_t *)username, strlen(username) }) &&
	       put_field(out, (struct span){ (const uint8_t *)password, strlen(password) });
}

/* 0: the kind does not exist, or has no length of its own. */
static size_t
address_len(unsigned kind)
{
	return kind == SOCKS_IPV4 ? 4 : kind == SOCKS_IPV6 ? 16 : 0;
}

bool
socks_write_connect(struct buf *out, enum socks_address kind, struct span address, unsigned port)
{
	hello_put_u8(out, VERSION);
	hello_put_u8(out, COMMAND_CONNECT);
	hello_put_u8(out, 0);
	hello_put_u8(out, (uint8_t)kind);
	if (kind != SOCKS_DOMAIN && address.len != address_len(kind))
		return false;
	if (kind == SOCKS_DOMAIN ? !put_field(out, address)
				 : !buf_add(out, address.data, address.len))
		return false;
	hello_put_u16(out, (uint16_t)port);
	return out->dropped == 0;
}

static struct proxy_answer
malformed(void)
{
	return (struct proxy_answer){ .state = PROXY_ANSWER_MALFORMED };
}

static struct proxy_answer
read_up_to(struct span bytes, size_t len)
{
	if (bytes.len < len)
		return (struct proxy_answer){ PROXY_ANSWER_MORE, len - bytes.len, 0 };
	return (struct proxy_answer){ PROXY_ANSWER_WHOLE, 0, bytes.data[1] };
}

static struct proxy_answer
read_pair(struct span bytes, uint8_t version)
{
	return bytes.len > 0 && bytes.data[0] != version ? malformed() : read_up_to(bytes, 2);
}

struct proxy_answer
socks_read_method(struct span bytes)
{
	return read_pair(bytes, VERSION);
}

struct proxy_answer
socks_read_login(struct span bytes)
{
	return read_pair(bytes, LOGIN_VERSION);
}

/* VER REP RSV ATYP BND.ADDR BND.PORT; a name has its length in front. */
struct proxy_answer
socks_read_reply(struct span bytes)
{
	static const uint8_t head[] = { VERSION, 0, 0 };
	size_t len = sizeof(head) + 1;

	for (size_t i = 0; i < sizeof(head) && i < bytes.len; i++)
		if (i != 1 && bytes.data[i] != head[i])
			return malformed();
	if (bytes.len < len)
		return read_up_to(bytes, len);
	if (bytes.data[3] != SOCKS_DOMAIN && address_len(bytes.data[3]) == 0)
		return malformed();
	len += bytes.data[3] == SOCKS_DOMAIN ? 1 : address_len(bytes.data[3]);
	if (bytes.data[3] == SOCKS_DOMAIN && bytes.len >= len)
		len += bytes.data[4];
	return read_up_to(bytes, len + PORT_LEN);
}
