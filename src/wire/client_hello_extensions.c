/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A table of extensions: when an offer has each, and how it is written.
 */
#include "client_hello_extensions.h"

#include "wire/client_hello_bytes.h"

/* Lengths of a ClientHello at which some load balancers hang (RFC 7685 section 1). */
#define UNLUCKY_MIN 256
#define UNLUCKY_MAX 511
#define EXTENSION_HEADER_LEN 4

static bool
offers_tls13(const struct hello_offer *offer)
{
	return tls_codes_has(&offer->versions, TLS_VERSION_1_3);
}

static bool
has_server_name(const struct hello_offer *offer)
{
	return offer->server_name != NULL;
}

static bool
has_groups(const struct hello_offer *offer)
{
	return offer->groups.count != 0;
}

static bool
has_signatures(const struct hello_offer *offer)
{
	return offer->signatures.count != 0;
}

static bool
has_chain_signatures(const struct hello_offer *offer)
{
	return offer->chain_signatures.count != 0;
}

static bool
has_protocols(const struct hello_offer *offer)
{
	return offer->protocols[0] != NULL;
}

static bool
has_versions(const struct hello_offer *offer)
{
	return offer->versions.count != 0;
}

static bool
has_ticket(const struct hello_offer *offer)
{
	return offer->ticket.len != 0;
}

/* RFC 5077 section 3.2. */
static void
write_ticket(const struct hello_offer *offer, struct buf *out)
{
	buf_add(out, offer->ticket.data, offer->ticket.len);
}

static bool
has_verify_data(const struct hello_offer *offer)
{
	return offer->verify_data.len != 0;
}

/* RFC 5746 section 3.5. */
static void
write_verify_data(const struct hello_offer *offer, struct buf *out)
{
	size_t data = hello_open(out, 1);

	buf_add(out, offer->verify_data.data, offer->verify_data.len);
	hello_close(out, data, 1);
}

/* RFC 6066 section 3. */
static void
write_server_name(const struct hello_offer *offer, struct buf *out)
{
	const uint8_t host_name = 0;
	size_t list = hello_open(out, 2);
	size_t name;

	hello_put_u8(out, host_name);
	name = hello_open(out, 2);
	buf_add_string(out, offer->server_name);
	hello_close(out, name, 2);
	hello_close(out, list, 2);
}

static void
write_codes(const struct tls_codes *codes, size_t width, struct buf *out)
{
	size_t list = hello_open(out, width);

	hello_put_codes(out, codes);
	hello_close(out, list, width);
}

static void
write_groups(const struct hello_offer *offer, struct buf *out)
{
	write_codes(&offer->groups, 2, out);
}

/* RFC 8422 section 5.1.2: the uncompressed form. */
static void
write_point_formats(const struct hello_offer *offer, struct buf *out)
{
	(void)offer;
	buf_add(out, "\1\0", 2);
}

static void
write_signatures(const struct hello_offer *offer, struct buf *out)
{
	write_codes(&offer->signatures, 2, out);
}

static void
write_chain_signatures(const struct hello_offer *offer, struct buf *out)
{
	write_codes(&offer->chain_signatures, 2, out);
}

/* RFC 7301 section 3.1. */
static void
write_protocols(const struct hello_offer *offer, struct buf *out)
{
	size_t list = hello_open(out, 2);

	for (size_t i = 0; i < HELLO_PROTOCOLS_MAX && offer->protocols[i] != NULL; i++) {
		size_t name = hello_open(out, 1);

		buf_add_string(out, offer->protocols[i]);
		hello_close(out, name, 1);
	}
	hello_close(out, list, 2);
}

static void
write_versions(const struct hello_offer *offer, struct buf *out)
{
	write_codes(&offer->versions, 1, out);
}

/* RFC 8446 section 4.2.9: psk_dhe_ke. */
static void
write_psk_modes(const struct hello_offer *offer, struct buf *out)
{
	(void)offer;
	buf_add(out, "\1\1", 2);
}

/* RFC 8446 section 4.2.8: an empty list asks the server to name the group it wants. */
static void
write_shares(const struct hello_offer *offer, struct buf *out)
{
	size_t list = hello_open(out, 2);

	for (size_t i = 0; i < offer->share_count; i++) {
		size_t key;

		hello_put_u16(out, offer->shares[i].group);
		key = hello_open(out, 2);
		buf_add(out, offer->shares[i].key.data, offer->shares[i].key.len);
		hello_close(out, key, 2);
	}
	hello_close(out, list, 2);
}

static bool
has_cookie(const struct hello_offer *offer)
{
	return offer->cookie.len != 0;
}

/* RFC 8446 section 4.2.2. */
static void
write_cookie(const struct hello_offer *offer, struct buf *out)
{
	size_t cookie = hello_open(out, 2);

	buf_add(out, offer->cookie.data, offer->cookie.len);
	hello_close(out, cookie, 2);
}

/* For an ECH that no key of the server is known for (RFC 9849 section 6.2): AES-128-GCM with
 * HKDF-SHA256, a share of 32 bytes and 144 bytes of noise. */
static bool
sends_noise(const struct hello_offer *offer)
{
	return tls_codes_has(&offer->order, TLS_EXTENSION_ENCRYPTED_CLIENT_HELLO);
}

static void
write_noise(const struct hello_offer *offer, struct buf *out)
{
	static const uint8_t share[32] = { 9 }, noise[144];
	size_t body;

	(void)offer;
	buf_add(out, "\0\0\1\0\1\0", 6);
	body = hello_open(out, 2);
	buf_add(out, share, sizeof(share));
	hello_close(out, body, 2);
	body = hello_open(out, 2);
	buf_add(out, noise, sizeof(noise));
	hello_close(out, body, 2);
}

/* Extensions that are there or not. The empty ones stand first, so that they are not the last
 * of the hello: WebSphere 7 took an empty extension at the end for a decoding error. */
static const struct {
	uint32_t flag; /* enum hello_flag */
	uint16_t type;
	const char *body;
	size_t len;
} fixed[] = {
	{ HELLO_EXTENDED_MASTER_SECRET, TLS_EXTENSION_EXTENDED_MASTER_SECRET, "", 0 },
	{ HELLO_ENCRYPT_THEN_MAC, TLS_EXTENSION_ENCRYPT_THEN_MAC, "", 0 },
	{ HELLO_SESSION_TICKET, TLS_EXTENSION_SESSION_TICKET, "", 0 },
	{ HELLO_TIMESTAMPS, TLS_EXTENSION_TIMESTAMPS, "", 0 },
	{ HELLO_EARLY_DATA, TLS_EXTENSION_EARLY_DATA, "", 0 },
	{ HELLO_STATUS_REQUEST, TLS_EXTENSION_STATUS_REQUEST, "\1\0\0\0\0", 5 },
	{ HELLO_HEARTBEAT, TLS_EXTENSION_HEARTBEAT, "\1", 1 },
	{ HELLO_RENEGOTIATION_INFO, TLS_EXTENSION_RENEGOTIATION_INFO, "\0", 1 },
	/* Without a flag: for those who give the order. What they say is what the client of the
	 * capture says (ocsp_multi; 16385; zlib, Brotli and Zstandard; four schemes of ECDSA). */
	{ 0, TLS_EXTENSION_STATUS_REQUEST_V2, "\0\7\2\0\4\0\0\0\0", 9 },
	{ 0, TLS_EXTENSION_RECORD_SIZE_LIMIT, "\x40\1", 2 },
	{ 0, TLS_EXTENSION_COMPRESS_CERTIFICATE, "\6\0\1\0\2\0\3", 7 },
	{ 0, TLS_EXTENSION_DELEGATED_CREDENTIAL, "\0\x08\4\3\5\3\6\3\2\3", 10 },
};
#define FIXED_COUNT (sizeof(fixed) / sizeof(fixed[0]))

static const struct {
	uint16_t type;
	bool (*wanted)(const struct hello_offer *offer);
	void (*write)(const struct hello_offer *offer, struct buf *out);
} written[] = {
	{ TLS_EXTENSION_SERVER_NAME, has_server_name, write_server_name },
	{ TLS_EXTENSION_SESSION_TICKET, has_ticket, write_ticket },
	{ TLS_EXTENSION_RENEGOTIATION_INFO, has_verify_data, write_verify_data },
	{ TLS_EXTENSION_SUPPORTED_GROUPS, has_groups, write_groups },
	{ TLS_EXTENSION_EC_POINT_FORMATS, has_groups, write_point_formats },
	{ TLS_EXTENSION_SIGNATURE_ALGORITHMS, has_signatures, write_signatures },
	{ TLS_EXTENSION_CHAIN_SIGNATURES, has_chain_signatures, write_chain_signatures },
	{ TLS_EXTENSION_ALPN, has_protocols, write_protocols },
	{ TLS_EXTENSION_SUPPORTED_VERSIONS, has_versions, write_versions },
	{ TLS_EXTENSION_PSK_KEY_EXCHANGE_MODES, offers_tls13, write_psk_modes },
	{ TLS_EXTENSION_KEY_SHARE, offers_tls13, write_shares },
	{ TLS_EXTENSION_COOKIE, has_cookie, write_cookie },
	{ TLS_EXTENSION_ENCRYPTED_CLIENT_HELLO, sends_noise, write_noise },
};
#define WRITTEN_COUNT (sizeof(written) / sizeof(written[0]))

/* Rows by type; the count of the table when there is none. */
static size_t
fixed_row(uint16_t type)
{
	size_t i = 0;

	while (i < FIXED_COUNT && fixed[i].type != type)
		i++;
	return i;
}

static size_t
written_row(uint16_t type)
{
	size_t i = 0;

	while (i < WRITTEN_COUNT && written[i].type != type)
		i++;
	return i;
}

static void
put_fixed(size_t row, struct buf *out)
{
	hello_put_u16(out, fixed[row].type);
	hello_put_u16(out, (uint16_t)fixed[row].len);
	buf_add(out, fixed[row].body, fixed[row].len);
}

static void
put_written(size_t row, const struct hello_offer *offer, struct buf *out)
{
	size_t body;

	hello_put_u16(out, written[row].type);
	body = hello_open(out, 2);
	written[row].write(offer, out);
	hello_close(out, body, 2);
}

/* True when the last one that was written is empty. */
static bool
write_fixed(const struct hello_offer *offer, struct buf *out)
{
	bool empty = false;

	for (size_t i = 0; i < FIXED_COUNT; i++) {
		if ((offer->flags & fixed[i].flag) == 0)
			continue;
		put_fixed(i, out);
		empty = fixed[i].len == 0;
	}
	return empty;
}

/* True when there was one. */
static bool
write_written(const struct hello_offer *offer, struct buf *out)
{
	bool any = false;

	for (size_t i = 0; i < WRITTEN_COUNT; i++) {
		if (!written[i].wanted(offer))
			continue;
		put_written(i, offer, out);
		any = true;
	}
	return any;
}

/* How many bytes the padding extension takes, its header counted; 0 for none. */
static size_t
padding_len(size_t message_len, bool ends_empty)
{
	const size_t least = EXTENSION_HEADER_LEN + 1;
	size_t wanted = ends_empty ? least : 0;

	if (message_len + wanted < UNLUCKY_MIN || message_len + wanted > UNLUCKY_MAX)
		return wanted;
	wanted = UNLUCKY_MAX + 1 - message_len;
	return wanted < least ? least : wanted;
}

static void
write_padding(size_t len, struct buf *out)
{
	size_t body;

	if (len == 0)
		return;
	hello_put_u16(out, TLS_EXTENSION_PADDING);
	body = hello_open(out, 2);
	for (size_t i = EXTENSION_HEADER_LEN; i < len; i++)
		hello_put_u8(out, 0);
	hello_close(out, body, 2);
}

static bool
has_extensions(const struct hello_offer *offer)
{
	for (size_t i = 0; i < WRITTEN_COUNT; i++)
		if (written[i].wanted(offer))
			return true;
	for (size_t i = 0; i < FIXED_COUNT; i++)
		if ((offer->flags & fixed[i].flag) != 0)
			return true;
	return false;
}

/* As a client has them that is to be imitated. A ticket is asked for empty. */
static void
write_in_order(const struct hello_offer *offer, struct buf *message)
{
	for (size_t i = 0; i < offer->order.count; i++) {
		uint16_t type = offer->order.codes[i];
		size_t row = written_row(type);

		if (type == TLS_EXTENSION_PADDING)
			write_padding(padding_len(message->len, false), message);
		else if (row < WRITTEN_COUNT && written[row].wanted(offer))
			put_written(row, offer, message);
		else if (fixed_row(type) < FIXED_COUNT)
			put_fixed(fixed_row(type), message);
	}
}

void
hello_write_extensions(const struct hello_offer *offer, struct buf *message)
{
	bool ends_empty;
	size_t block;

	if (offer->order.count == 0 && !has_extensions(offer))
		return;
	block = hello_open(message, 2);
	if (offer->order.count != 0) {
		write_in_order(offer, message);
		hello_close(message, block, 2);
		return;
	}
	ends_empty = write_fixed(offer, message);
	if (write_written(offer, message))
		ends_empty = false;
	write_padding(padding_len(message->len, ends_empty), message);
	hello_close(message, block, 2);
}
