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
};

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
};

/* True when the last one that was written is empty. */
static bool
write_fixed(const struct hello_offer *offer, struct buf *out)
{
	bool empty = false;

	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++) {
		if ((offer->flags & fixed[i].flag) == 0)
			continue;
		hello_put_u16(out, fixed[i].type);
		hello_put_u16(out, (uint16_t)fixed[i].len);
		buf_add(out, fixed[i].body, fixed[i].len);
		empty = fixed[i].len == 0;
	}
	return empty;
}

/* True when there was one. */
static bool
write_written(const struct hello_offer *offer, struct buf *out)
{
	bool any = false;

	for (size_t i = 0; i < sizeof(written) / sizeof(written[0]); i++) {
		size_t body;

		if (!written[i].wanted(offer))
			continue;
		hello_put_u16(out, written[i].type);
		body = hello_open(out, 2);
		written[i].write(offer, out);
		hello_close(out, body, 2);
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
	for (size_t i = 0; i < sizeof(written) / sizeof(written[0]); i++)
		if (written[i].wanted(offer))
			return true;
	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		if ((offer->flags & fixed[i].flag) != 0)
			return true;
	return false;
}

void
hello_write_extensions(const struct hello_offer *offer, struct buf *message)
{
	bool ends_empty;
	size_t block;

	if (!has_extensions(offer))
		return;
	block = hello_open(message, 2);
	ends_empty = write_fixed(offer, message);
	if (write_written(offer, message))
		ends_empty = false;
	write_padding(padding_len(message->len, ends_empty), message);
	hello_close(message, block, 2);
}
