/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Writes one CLIENT-HELLO with all ciphers, and tells a SERVER-HELLO or error by its third byte.
 */
#include "wire/ssl2.h"

#include "wire/client_hello_bytes.h"
#include "wire/tls_names.h"

#define CIPHER_LEN 3

/* Message types (section 5.2). */
#define MESSAGE_ERROR 0
#define MESSAGE_CLIENT_HELLO 1
#define MESSAGE_SERVER_HELLO 4

/* A header of two bytes, without padding (section 5.1.1). */
#define HEADER_SHORT 0x80

/* All cipher kinds, by their three bytes. */
static const struct name_code all_ciphers[] = {
	{ "SSL_CK_RC4_128_WITH_MD5", 0x010080 },
	{ "SSL_CK_RC4_128_EXPORT40_WITH_MD5", 0x020080 },
	{ "SSL_CK_RC2_128_CBC_WITH_MD5", 0x030080 },
	{ "SSL_CK_RC2_128_CBC_EXPORT40_WITH_MD5", 0x040080 },
	{ "SSL_CK_IDEA_128_CBC_WITH_MD5", 0x050080 },
	{ "SSL_CK_DES_64_CBC_WITH_MD5", 0x060040 },
	{ "SSL_CK_DES_64_CBC_WITH_SHA", 0x060140 },
	{ "SSL_CK_DES_192_EDE3_CBC_WITH_MD5", 0x0700c0 },
	{ "SSL_CK_DES_192_EDE3_CBC_WITH_SHA", 0x0701c0 },
	{ "SSL_CK_RC4_64_WITH_MD5", 0x080080 },
	{ "SSL_CK_NULL_WITH_MD5", 0x000000 },
	{ NULL, 0 },
};

static void
put_ciphers(struct buf *out)
{
	for (const struct name_code *row = all_ciphers; row->name != NULL; row++) {
		hello_put_u8(out, (uint8_t)(row->code >> 16));
		hello_put_u16(out, (uint16_t)(row->code & 0xffff));
	}
}

bool
ssl2_write_hello(const uint8_t challenge[SSL2_CHALLENGE_LEN], struct buf *out)
{
	size_t record = hello_open(out, 2);
	size_t lengths, ciphers;

	hello_put_u8(out, MESSAGE_CLIENT_HELLO);
	hello_put_u16(out, TLS_VERSION_SSL2);
	lengths = hello_open(out, 2);
	hello_put_u16(out, 0); /* no session id */
	hello_put_u16(out, SSL2_CHALLENGE_LEN);
	ciphers = out->len;
	put_ciphers(out);
	if (out->dropped == 0)
		out->data[lengths - 1] = (char)(uint8_t)(out->len - ciphers);
	buf_add(out, challenge, SSL2_CHALLENGE_LEN);
	hello_close(out, record, 2);
	if (out->dropped != 0)
		return false;
	out->data[record - 2] = (char)(HEADER_SHORT | (uint8_t)out->data[record - 2]);
	return true;
}

static void
read_hello(struct cursor *body, struct ssl2_answer *answer)
{
	uint16_t certificate_len, ciphers_len, connection_id_len;

	cursor_u8(body); /* session-id-hit */
	cursor_u8(body); /* certificate type */
	answer->version = cursor_u16(body);
	certificate_len = cursor_u16(body);
	ciphers_len = cursor_u16(body);
	connection_id_len = cursor_u16(body);
	answer->certificate = cursor_bytes(body, certificate_len);
	answer->ciphers = cursor_bytes(body, ciphers_len);
	cursor_bytes(body, connection_id_len);
	if (!cursor_at_end(body) || ciphers_len % CIPHER_LEN != 0)
		*answer = (struct ssl2_answer){ .state = SSL2_MALFORMED };
	else
		answer->state = SSL2_HELLO;
}

static void
read_error(struct cursor *body, struct ssl2_answer *answer)
{
	uint16_t error = cursor_u16(body);

	if (cursor_at_end(body))
		*answer = (struct ssl2_answer){ .state = SSL2_ERROR, .error = error };
	else
		answer->state = SSL2_MALFORMED;
}

/* The message type, in the third byte, is looked at before the rest is there: plain text with
 * its high bit set is not waited for. */
static bool
could_be_ssl2(struct span bytes)
{
	if (bytes.len > 0 && (bytes.data[0] & HEADER_SHORT) == 0)
		return false;
	return bytes.len < 3 || bytes.data[2] == MESSAGE_ERROR ||
	       bytes.data[2] == MESSAGE_SERVER_HELLO;
}

struct ssl2_answer
ssl2_read(struct span bytes)
{
	struct ssl2_answer answer = { .state = SSL2_MORE };
	struct cursor cursor = cursor_over(bytes);
	size_t len = cursor_u16(&cursor) & 0x7fff;
	struct cursor body;

	if (!could_be_ssl2(bytes))
		return (struct ssl2_answer){ .state = SSL2_OTHER };
	body = cursor_over(cursor_bytes(&cursor, len));
	if (cursor.broken)
		return answer;
	switch (cursor_u8(&body)) {
	case MESSAGE_SERVER_HELLO:
		read_hello(&body, &answer);
		return answer;
	case MESSAGE_ERROR:
		read_error(&body, &answer);
		return answer;
	}
	return (struct ssl2_answer){ .state = SSL2_OTHER };
}
