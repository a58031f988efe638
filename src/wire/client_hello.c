/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Writes an offer as one record; the lengths are filled in behind what they measure.
 */
#include "wire/client_hello.h"

#include <string.h>

#include "client_hello_extensions.h"
#include "wire/client_hello_bytes.h"

/* Longest name in server_name and in ALPN (RFC 6066 section 3, RFC 7301 section 3.1). */
#define NAME_MAX_LEN 255

/* Longest content of one record (RFC 8446 section 5.1). */
#define RECORD_BODY_MAX 16384

static const struct {
	uint32_t flag; /* enum hello_flag */
	uint16_t suite;
} signals[] = {
	{ HELLO_RENEGOTIATION_SIGNAL, TLS_SIGNAL_RENEGOTIATION },
	{ HELLO_FALLBACK_SIGNAL, TLS_SIGNAL_FALLBACK },
};

static bool
good_name(const char *name)
{
	size_t len = strlen(name);

	return len != 0 && len <= NAME_MAX_LEN;
}

static bool
good_names(const struct hello_offer *offer)
{
	if (offer->server_name != NULL && !good_name(offer->server_name))
		return false;
	for (size_t i = 0; i < HELLO_PROTOCOLS_MAX && offer->protocols[i] != NULL; i++)
		if (!good_name(offer->protocols[i]))
			return false;
	return true;
}

/* The suites with the signals behind them; false when they are none or too many. */
static bool
all_suites(const struct hello_offer *offer, struct tls_codes *all)
{
	*all = offer->suites;
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if ((offer->flags & signals[i].flag) != 0 && !tls_codes_add(all, signals[i].suite))
			return false;
	return offer->suites.count != 0;
}

static void
write_session_id(const struct hello_offer *offer, struct buf *out)
{
	size_t id = hello_open(out, 1);

	buf_add(out, offer->session_id, offer->session_id_len);
	hello_close(out, id, 1);
}

static void
write_compressions(const struct hello_offer *offer, struct buf *out)
{
	static const uint8_t null_method;
	size_t list = hello_open(out, 1);

	if (offer->compression_count == 0)
		buf_add(out, &null_method, 1);
	else
		buf_add(out, offer->compressions, offer->compression_count);
	hello_close(out, list, 1);
}

/* The handshake message, from its type on (RFC 8446 section 4). */
static void
write_message(const struct hello_offer *offer, const struct tls_codes *suites,
	const uint8_t random[HELLO_RANDOM_LEN], struct buf *message)
{
	size_t body, list;

	hello_put_u8(message, TLS_HANDSHAKE_CLIENT_HELLO);
	body = hello_open(message, 3);
	hello_put_u16(message, offer->legacy_version);
	buf_add(message, random, HELLO_RANDOM_LEN);
	write_session_id(offer, message);
	list = hello_open(message, 2);
	hello_put_codes(message, suites);
	hello_close(message, list, 2);
	write_compressions(offer, message);
	hello_write_extensions(offer, message);
	hello_close(message, body, 3);
}

static bool
add_record(uint16_t version, const struct buf *message, struct buf *out)
{
	const uint8_t header[] = { TLS_CONTENT_HANDSHAKE, (uint8_t)(version >> 8),
		(uint8_t)(version & 0xff), (uint8_t)(message->len >> 8),
		(uint8_t)(message->len & 0xff) };

	if (message->dropped != 0 || out->limit - out->len < sizeof(header) + message->len)
		return false;
	return buf_add(out, header, sizeof(header)) && buf_add(out, message->data, message->len);
}

bool
hello_write(
	const struct hello_offer *offer, const uint8_t random[HELLO_RANDOM_LEN], struct buf *out)
{
	struct tls_codes suites;
	struct buf message;
	bool done;

	if (!all_suites(offer, &suites) || !good_names(offer))
		return false;
	buf_init(&message, RECORD_BODY_MAX);
	write_message(offer, &suites, random, &message);
	done = add_record(offer->record_version, &message, out);
	buf_release(&message);
	return done;
}

bool
hello_offer_shares(const struct hello_offer *offer, uint16_t group)
{
	for (size_t i = 0; i < offer->share_count; i++)
		if (offer->shares[i].group == group)
			return true;
	return false;
}

bool
hello_offer_equal(const struct hello_offer *a, const struct hello_offer *b)
{
	static const uint8_t random[HELLO_RANDOM_LEN];
	struct buf first, second;
	bool equal;

	buf_init(&first, HELLO_LEN_MAX);
	buf_init(&second, HELLO_LEN_MAX);
	equal = hello_write(a, random, &first) && hello_write(b, random, &second) &&
		first.len == second.len && memcmp(first.data, second.data, first.len) == 0;
	buf_release(&first);
	buf_release(&second);
	return equal;
}
