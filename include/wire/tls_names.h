/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tls_names: the numbers of TLS and what the RFCs call them, and short lists of such numbers.
 * Cipher suites are in suites.h, groups in groups.h.
 */
#ifndef GATE_WIRE_TLS_NAMES_H
#define GATE_WIRE_TLS_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/names.h"

/* Protocol versions as they stand on the wire. SSL 2.0 is 0x0002 in its own hello (RFC 6101
 * appendix E.2); the others are ProtocolVersion (RFC 8446 section 4.2.1). Ascending. */
enum tls_version {
	TLS_VERSION_SSL2 = 0x0002,
	TLS_VERSION_SSL3 = 0x0300,
	TLS_VERSION_1_0 = 0x0301,
	TLS_VERSION_1_1 = 0x0302,
	TLS_VERSION_1_2 = 0x0303,
	TLS_VERSION_1_3 = 0x0304,
};

/* Content types of a record (RFC 8446 appendix B.1, RFC 6520 section 6). */
enum tls_content {
	TLS_CONTENT_CHANGE_CIPHER_SPEC = 20,
	TLS_CONTENT_ALERT = 21,
	TLS_CONTENT_HANDSHAKE = 22,
	TLS_CONTENT_APPLICATION_DATA = 23,
	TLS_CONTENT_HEARTBEAT = 24,
};

/* Handshake messages that stand in a hello or in a server's first flight (RFC 5246 section 7.4,
 * RFC 5077 section 3.3, RFC 6066 section 8). */
enum tls_handshake {
	TLS_HANDSHAKE_HELLO_REQUEST = 0,
	TLS_HANDSHAKE_CLIENT_HELLO = 1,
	TLS_HANDSHAKE_SERVER_HELLO = 2,
	TLS_HANDSHAKE_NEW_SESSION_TICKET = 4,
	TLS_HANDSHAKE_ENCRYPTED_EXTENSIONS = 8, /* TLS 1.3 */
	TLS_HANDSHAKE_CERTIFICATE = 11,
	TLS_HANDSHAKE_SERVER_KEY_EXCHANGE = 12,
	TLS_HANDSHAKE_CERTIFICATE_REQUEST = 13,
	TLS_HANDSHAKE_SERVER_HELLO_DONE = 14,
	TLS_HANDSHAKE_CERTIFICATE_VERIFY = 15, /* TLS 1.3 */
	TLS_HANDSHAKE_CERTIFICATE_STATUS = 22,
	TLS_HANDSHAKE_COMPRESSED_CERTIFICATE = 25, /* RFC 8879 section 4 */
	TLS_HANDSHAKE_MESSAGE_HASH = 254,          /* TLS 1.3, in transcripts alone */
};

/* Extensions that are sent or looked for here (IANA "TLS ExtensionType Values"). */
enum tls_extension {
	TLS_EXTENSION_SERVER_NAME = 0,
	TLS_EXTENSION_STATUS_REQUEST = 5,
	TLS_EXTENSION_SUPPORTED_GROUPS = 10,
	TLS_EXTENSION_EC_POINT_FORMATS = 11,
	TLS_EXTENSION_SIGNATURE_ALGORITHMS = 13,
	TLS_EXTENSION_HEARTBEAT = 15,
	TLS_EXTENSION_ALPN = 16,
	TLS_EXTENSION_STATUS_REQUEST_V2 = 17, /* RFC 6961 */
	TLS_EXTENSION_TIMESTAMPS = 18, /* signed_certificate_timestamp (RFC 6962 section 3.3.1) */
	TLS_EXTENSION_PADDING = 21,
	TLS_EXTENSION_ENCRYPT_THEN_MAC = 22,
	TLS_EXTENSION_EXTENDED_MASTER_SECRET = 23,
	TLS_EXTENSION_COMPRESS_CERTIFICATE = 27, /* RFC 8879 */
	TLS_EXTENSION_RECORD_SIZE_LIMIT = 28,    /* RFC 8449 */
	TLS_EXTENSION_DELEGATED_CREDENTIAL = 34, /* RFC 9345 */
	TLS_EXTENSION_SESSION_TICKET = 35,
	TLS_EXTENSION_EARLY_DATA = 42,
	TLS_EXTENSION_SUPPORTED_VERSIONS = 43,
	TLS_EXTENSION_COOKIE = 44,
	TLS_EXTENSION_PSK_KEY_EXCHANGE_MODES = 45,
	TLS_EXTENSION_CHAIN_SIGNATURES = 50, /* signature_algorithms_cert */
	TLS_EXTENSION_KEY_SHARE = 51,
	TLS_EXTENSION_ENCRYPTED_CLIENT_HELLO = 0xfe0d,
	TLS_EXTENSION_RENEGOTIATION_INFO = 0xff01,
};

/* Suite numbers that are signals, not suites (RFC 5746 section 3.3, RFC 7507 section 2). */
enum tls_signal {
	TLS_SIGNAL_RENEGOTIATION = 0x00ff,
	TLS_SIGNAL_FALLBACK = 0x5600,
};

/* "ssl2", "ssl3", "1.0", "1.1", "1.2", "1.3", by enum tls_version. */
extern const struct name_code tls_version_names[];

/* "rsa_pss_rsae_sha256" and the like (RFC 8446 section 4.2.3), with the pairs of RFC 5246
 * section 7.4.1.4.1 that have no name there spelt in the same way ("rsa_md5"). */
extern const struct name_code tls_signature_names[];

/* Most numbers in one list; also the most suites in one hello, because some servers look at no
 * more than the first 128. */
#define TLS_CODES_MAX 128

/* Registry numbers in order of preference. A zeroed list is empty. */
struct tls_codes {
	uint16_t codes[TLS_CODES_MAX];
	size_t count;
};

/* Adds a number behind the others; false when the list is full. */
bool tls_codes_add(struct tls_codes *list, uint16_t code);

/* Adds a number unless it is in the list; false when it had to be added and the list is full. */
bool tls_codes_add_once(struct tls_codes *list, uint16_t code);

bool tls_codes_has(const struct tls_codes *list, uint16_t code);

#endif
