/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * hello: the ClientHello of SSL 3.0 to TLS 1.3 as plain data, and its bytes (RFC 6101 section
 * 5.6.1.2, RFC 5246 section 7.4.1.2, RFC 8446 section 4.1.2). An offer says what to ask; nothing
 * here holds a key or completes a handshake, the asker looks at the answer and hangs up.
 */
#ifndef GATE_WIRE_CLIENT_HELLO_H
#define GATE_WIRE_CLIENT_HELLO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "wire/cursor.h"
#include "wire/suites.h"
#include "wire/tls_names.h"

#define HELLO_RANDOM_LEN 32
#define HELLO_SESSION_ID_MAX 32
#define HELLO_COMPRESSIONS_MAX 8
#define HELLO_PROTOCOLS_MAX 4
#define HELLO_SHARES_MAX 3

/* A hello with its record header is never longer than this many bytes. */
#define HELLO_LEN_MAX 16389

/* Signals and extensions whose content never varies. */
enum hello_flag {
	HELLO_RENEGOTIATION_SIGNAL = 1 << 0,   /* suite 00ff (RFC 5746 section 3.3) */
	HELLO_RENEGOTIATION_INFO = 1 << 1,     /* the empty extension (RFC 5746 section 3.2) */
	HELLO_FALLBACK_SIGNAL = 1 << 2,        /* suite 5600 (RFC 7507 section 2) */
	HELLO_SESSION_TICKET = 1 << 3,         /* wants a ticket (RFC 5077 section 3.2) */
	HELLO_HEARTBEAT = 1 << 4,              /* peer_allowed_to_send (RFC 6520 section 2) */
	HELLO_EXTENDED_MASTER_SECRET = 1 << 5, /* RFC 7627 section 5.1 */
	HELLO_ENCRYPT_THEN_MAC = 1 << 6,       /* RFC 7366 section 2 */
	HELLO_STATUS_REQUEST = 1 << 7,         /* an OCSP response, please (RFC 6066 section 8) */
	HELLO_EARLY_DATA = 1 << 8,             /* RFC 8446 section 4.2.10 */
	HELLO_TIMESTAMPS = 1 << 9,             /* timestamps, please (RFC 6962 section 3.3.1) */
};

/* A public key of ours for one group (RFC 8446 section 4.2.8); the key's bytes are borrowed. */
struct hello_share {
	uint16_t group;
	struct span key;
};

/* Zeroed, then filled: a field that is zero or empty is not offered. Strings and spans are
 * borrowed and must live as long as the offer. */
struct hello_offer {
	uint16_t record_version; /* of the record header */
	uint16_t legacy_version; /* of the ClientHello; the highest one below TLS 1.3 */

	/* The supported_versions extension; with TLS 1.3 in it, key_share (even if empty) and
	 * psk_key_exchange_modes (psk_dhe_ke) go along. */
	struct tls_codes versions;
	struct tls_codes suites;
	struct tls_codes groups; /* ec_point_formats (uncompressed) goes along */
	struct tls_codes signatures;
	struct tls_codes chain_signatures; /* none: those above (RFC 8446 section 4.2.3) */
	struct hello_share shares[HELLO_SHARES_MAX];
	size_t share_count;

	uint8_t compressions[HELLO_COMPRESSIONS_MAX];
	size_t compression_count; /* none: the null method alone */
	uint8_t session_id[HELLO_SESSION_ID_MAX];
	size_t session_id_len;

	struct span verify_data; /* of a renegotiation (RFC 5746 section 3.5), not the flag's */
	struct span ticket;      /* to resume a session (RFC 5077), not the flag's empty one */

	const char *server_name;                    /* NULL: no server_name extension */
	const char *protocols[HELLO_PROTOCOLS_MAX]; /* ALPN, up to the first NULL */
	uint32_t flags;                             /* enum hello_flag */

	/* Types of extensions: these are written, in this order, and no others; flags for extensions
	 * say nothing then. A type without anything to say in this offer (no server_name, no cookie)
	 * is left out, and so is a type that is not known here. None: our own order. */
	struct tls_codes order;
	struct span cookie; /* of a HelloRetryRequest (RFC 8446 section 4.2.2) */
};

/* An offer of everything that a mail server could want to speak the versions from minimum to
 * maximum (enum tls_version, SSL 3.0 or above): the best 128 suites in our order, all groups and
 * signature schemes, and what strict servers insist on (renegotiation_info, extended master
 * secret, encrypt-then-MAC); the server name is left to the caller. SSL 3.0 alone goes without
 * extensions in a 0300 record; below TLS 1.2 there are no signature schemes; below TLS 1.3 no
 * supported_versions. A hello cannot say "not below" before TLS 1.3, so a server may answer
 * with less than the minimum; the answer tells. To ask for a class of suites, replace
 * `suites` by what suites_select() gives. */
struct hello_offer hello_offer_versions(uint16_t minimum, uint16_t maximum);

/* The control of offers that are to be refused: what every server of today accepts. */
struct hello_offer hello_offer_control(void);

/* Exchanges the suites of an offer for further ones that its versions can negotiate and that were
 * not among the `asked` ones yet, and adds those to them: all but what needs an account at the
 * server. Returns false, with no suite left in the offer, once all were asked. */
struct suites_asked {
	bool rows[SUITES_MAX]; /* in step with suites_table */
};
bool hello_next_suites(
	struct hello_offer *offer, uint16_t minimum, uint16_t maximum, struct suites_asked *asked);

/* Whether it has a key share of that group. */
bool hello_offer_shares(const struct hello_offer *offer, uint16_t group);

/* Whether both write the same bytes (given the same random). */
bool hello_offer_equal(const struct hello_offer *a, const struct hello_offer *b);

/* Appends one record with the ClientHello. False, with nothing that may be sent in `out`, when
 * the offer cannot be written: no suite, more than 128 suites with the signals counted, a name
 * or protocol that is empty or longer than 255 bytes, or beyond the limit of the buffer.
 *
 * What servers stumble over is kept out: an empty extension is not the last one, and with
 * extensions the message is not 256 to 511 bytes long (RFC 7685 section 1). */
bool hello_write(
	const struct hello_offer *offer, const uint8_t random[HELLO_RANDOM_LEN], struct buf *out);

#endif
