/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * protection: records sealed and opened with keys that were agreed on elsewhere (RFC 8446 section
 * 5.2, RFC 5246 section 6.2.3), for probes that send what a TLS library would not, or read what it
 * keeps to itself.
 */
#ifndef GATE_NET_PROTECTION_H
#define GATE_NET_PROTECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "wire/flight_record.h"

#define PROTECTION_KEY_MAX 32
#define PROTECTION_IV_LEN 12
#define PROTECTION_MAC_MAX 48

enum protection_cipher {
	PROTECTION_NONE,
	PROTECTION_GCM,      /* RFC 5288, RFC 8446 */
	PROTECTION_CCM,      /* RFC 6655, RFC 8446 */
	PROTECTION_CHACHA20, /* RFC 7905, RFC 8446 */
	PROTECTION_CBC,      /* AES with HMAC inside (RFC 5246 section 6.2.3.2); TLS 1.1 and 1.2 */
};

/* One direction of a session. The caller fills in key, IV and MAC key. */
struct protection {
	uint16_t version; /* TLS_VERSION_1_1 to TLS_VERSION_1_3 */
	enum protection_cipher cipher;
	uint8_t key[PROTECTION_KEY_MAX];
	size_t key_len;
	uint8_t iv[PROTECTION_IV_LEN]; /* up to TLS 1.2, of GCM and CCM only the first 4 bytes */
	size_t tag_len;
	uint8_t mac_key[PROTECTION_MAC_MAX]; /* PROTECTION_CBC */
	size_t mac_len;                      /* also that of the hash: 20, 32 or 48 */
	uint64_t number;                     /* of the next record */
};

/* What the suite takes, with everything else zeroed; PROTECTION_NONE when it is none of those
 * above. */
struct protection protection_of(uint16_t version, uint16_t suite);

/* Appends a record of that content type (enum tls_content) with the next number. False when the
 * library does not do it, or the buffer has dropped bytes. */
bool protection_seal(
	struct protection *protection, uint8_t type, struct span content, struct buf *out);

/* Opens the next record of TLS 1.3, appends its content to `out` and tells its content type. False
 * when it was not made with this key, is out of order, or has no content type. */
bool protection_open(struct protection *protection, const struct flight_record *record,
	uint8_t *type, struct buf *out);

#endif
