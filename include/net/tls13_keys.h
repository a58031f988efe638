/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tls13_keys: the keys of one TLS 1.3 handshake, as far as it takes to read what the server sends
 * behind its ServerHello (RFC 8446 sections 5.2 and 7.1), and to tell what it signs. The handshake
 * is never completed, so nothing here shows who the server is.
 */
#ifndef GATE_NET_TLS13_KEYS_H
#define GATE_NET_TLS13_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "wire/client_hello.h"
#include "wire/cursor.h"
#include "wire/flight_record.h"

struct tls13_keys;

/* The suites whose records can be opened, best first. */
#define TLS13_SUITES_COUNT 5
extern const uint16_t tls13_suites[TLS13_SUITES_COUNT];

/* Has a share of each of these groups: X25519, P-256, P-384 and P-521, at most HELLO_SHARES_MAX of
 * them. NULL when one is of another group. The caller releases what it got. The shares are those of
 * wire/key_shares.h, to which everybody knows the private key: nothing that is to stay between
 * client and server may ever be sent with them. Nor would a secret key prove anything here: what is
 * read is believed only where the server signed it. */
struct tls13_keys *tls13_keys_create(const uint16_t *groups, size_t count);
void tls13_keys_release(struct tls13_keys *keys);

/* One share for each group in their order. */
const struct hello_share *tls13_keys_shares(const struct tls13_keys *keys);

/* Whether a share of that group can be had. */
bool tls13_keys_can(uint16_t group);

/* What the server chose, and the two hellos as handshake messages, without record headers. Behind a
 * HelloRetryRequest, client_hello is all that came before the ServerHello: the stand-in for the
 * first hello (tls13_stand_in), the request, and the second hello. */
struct tls13_agreement {
	uint16_t suite;
	uint16_t group;
	struct span share; /* the server's public key */
	struct span client_hello;
	struct span server_hello;
};

/* Derives the server's handshake traffic key. */
bool tls13_keys_agree(
	struct tls13_keys *keys, const struct tls13_agreement *agreement, struct error *error);

/* The longest hash of a transcript: SHA-384. */
#define TLS13_HASH_MAX 48

/* The hash of handshake messages, one part behind the other, with the hash of the suite that was
 * agreed on (RFC 8446 section 4.4.1); its length, or 0 when nothing was agreed on. */
size_t tls13_keys_transcript(const struct tls13_keys *keys, const struct span *parts, size_t count,
	uint8_t hash[TLS13_HASH_MAX]);

/* Appends the message that stands for a first ClientHello in transcripts: its hash (RFC 8446 section
 * 4.4.1). False when the suite is not one of tls13_suites. */
bool tls13_stand_in(uint16_t suite, struct span client_hello, struct buf *out);

/* Decrypts the next record of the server, appends its content, and tells its content type (enum
 * tls_content). False when it was not made with these keys, or is out of order. */
bool tls13_keys_open(struct tls13_keys *keys, const struct flight_record *record, uint8_t *type,
	struct buf *out, struct error *error);

#endif
