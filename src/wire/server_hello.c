/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reads the fixed fields, then the extensions by a table of readers.
 */
#include "wire/server_hello.h"

#include <string.h>

#define SENTINEL_LEN 8

/* SHA-256 of "HelloRetryRequest" (RFC 8446 section 4.1.3). */
static const uint8_t retry_random[FLIGHT_RANDOM_LEN] = { 0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61,
	0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb,
	0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c };

static enum flight_downgrade
downgrade_of(const uint8_t random[FLIGHT_RANDOM_LEN])
{
	const uint8_t *end = random + FLIGHT_RANDOM_LEN - SENTINEL_LEN;

	if (memcmp(end, "DOWNGRD\1", SENTINEL_LEN) == 0)
		return FLIGHT_DOWNGRADE_TO_1_2;
	if (memcmp(end, "DOWNGRD\0", SENTINEL_LEN) == 0)
		return FLIGHT_DOWNGRADE_TO_1_1;
	return FLIGHT_DOWNGRADE_NONE;
}

static const char *
read_version(struct flight_hello *hello, struct span body)
{
	struct cursor cursor = cursor_over(body);

	hello->version = cursor_u16(&cursor);
	return cursor_at_end(&cursor) ? NULL
				      : "RFC 8446 4.2.1: supported_versions is not one version";
}

/* A HelloRetryRequest names the group alone. */
static const char *
read_key_share(struct flight_hello *hello, struct span body)
{
	struct cursor cursor = cursor_over(body);

	hello->group = cursor_u16(&cursor);
	if (!hello->retry)
		cursor_vector16(&cursor);
	return cursor_at_end(&cursor) ? NULL : "RFC 8446 4.2.8: key_share is not one entry";
}

static const char *
read_protocol(struct flight_hello *hello, struct span body)
{
	struct cursor list = cursor_over(body);
	struct cursor names = cursor_over(cursor_vector16(&list));
	struct span name = cursor_vector8(&names);

	if (!cursor_at_end(&list) || !cursor_at_end(&names) || name.len == 0)
		return "RFC 7301 3.1: ALPN is not one protocol";
	memcpy(hello->protocol, name.data, name.len);
	hello->protocol[name.len] = '\0';
	return NULL;
}

static const struct {
	uint16_t type;
	const char *(*read)(struct flight_hello *hello, struct span body);
} readers[] = {
	{ TLS_EXTENSION_SUPPORTED_VERSIONS, read_version },
	{ TLS_EXTENSION_KEY_SHARE, read_key_share },
	{ TLS_EXTENSION_ALPN, read_protocol },
};

static const char *
read_extension(struct flight_hello *hello, uint16_t type, struct span body)
{
	if (!tls_codes_add(&hello->extensions, type))
		return "RFC 8446 4.2: more extensions than a hello can ask for";
	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++)
		if (readers[i].type == type)
			return readers[i].read(hello, body);
	return NULL;
}

static const char *
read_extensions(struct flight_hello *hello, struct span block)
{
	struct cursor cursor = cursor_over(block);

	while (cursor.left != 0) {
		uint16_t type = cursor_u16(&cursor);
		struct span body = cursor_vector16(&cursor);
		const char *why;

		if (cursor.broken)
			return "RFC 8446 4.2: an extension runs over the end of the block";
		why = read_extension(hello, type, body);
		if (why != NULL)
			return why;
	}
	return NULL;
}

static const char *
read_session_id(struct flight_hello *hello, struct span id)
{
	if (id.len > FLIGHT_SESSION_ID_MAX)
		return "RFC 5246 7.4.1.3: the session id is longer than 32 bytes";
	if (id.len != 0)
		memcpy(hello->session_id, id.data, id.len);
	hello->session_id_len = id.len;
	return NULL;
}

const char *
flight_hello_read(struct flight_hello *hello, struct span body)
{
	struct cursor cursor = cursor_over(body);
	struct span random, session_id, block = { NULL, 0 };
	const char *why;

	*hello = (struct flight_hello){ 0 };
	hello->legacy_version = hello->version = cursor_u16(&cursor);
	random = cursor_bytes(&cursor, FLIGHT_RANDOM_LEN);
	session_id = cursor_vector8(&cursor);
	hello->suite = cursor_u16(&cursor);
	hello->compression = cursor_u8(&cursor);
	/* RFC 5246 section 7.4.1.3: without extensions there is not even a length of them. */
	if (cursor.left != 0)
		block = cursor_vector16(&cursor);
	if (!cursor_at_end(&cursor))
		return "RFC 5246 7.4.1.3: the ServerHello's lengths do not add up";
	memcpy(hello->random, random.data, FLIGHT_RANDOM_LEN);
	hello->retry = memcmp(random.data, retry_random, FLIGHT_RANDOM_LEN) == 0;
	hello->downgrade = downgrade_of(hello->random);
	why = read_session_id(hello, session_id);
	if (why == NULL)
		why = read_extensions(hello, block);
	hello->seen = why == NULL;
	return why;
}

bool
flight_hello_has(const struct flight_hello *hello, uint16_t extension)
{
	return tls_codes_has(&hello->extensions, extension);
}

struct span
flight_hello_extension(struct span body, uint16_t extension)
{
	const struct span none = { NULL, 0 };
	struct cursor cursor = cursor_over(body), block;

	cursor_bytes(&cursor, 2 + FLIGHT_RANDOM_LEN);
	cursor_vector8(&cursor);
	cursor_bytes(&cursor, 3); /* suite and compression */
	block = cursor_over(cursor_vector16(&cursor));
	while (block.left != 0) {
		uint16_t type = cursor_u16(&block);
		struct span content = cursor_vector16(&block);

		if (type == extension && !block.broken)
			return content;
	}
	return none;
}
