/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * flight_hello: what a ServerHello or HelloRetryRequest says (RFC 5246 section 7.4.1.3, RFC 8446
 * sections 4.1.3 and 4.1.4).
 */
#ifndef GATE_WIRE_SERVER_HELLO_H
#define GATE_WIRE_SERVER_HELLO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/cursor.h"
#include "wire/tls_names.h"

#define FLIGHT_RANDOM_LEN 32
#define FLIGHT_SESSION_ID_MAX 32

/* Longest name of an ALPN protocol, terminator included (RFC 7301 section 3.1). */
#define FLIGHT_PROTOCOL_MAX 256

/* The end of the random of a server that could do more than it was asked for (RFC 8446 section
 * 4.1.3). */
enum flight_downgrade {
	FLIGHT_DOWNGRADE_NONE,
	FLIGHT_DOWNGRADE_TO_1_2,
	FLIGHT_DOWNGRADE_TO_1_1, /* or to less */
};

struct flight_hello {
	bool seen;
	bool retry; /* it is a HelloRetryRequest */
	uint16_t legacy_version;
	uint16_t version; /* negotiated, supported_versions taken into account */
	uint16_t suite;
	uint8_t compression; /* 0 is none, 1 DEFLATE, 64 LZS */
	uint8_t random[FLIGHT_RANDOM_LEN];
	enum flight_downgrade downgrade;
	uint8_t session_id[FLIGHT_SESSION_ID_MAX];
	size_t session_id_len;
	struct tls_codes extensions;        /* types, in the order they came */
	uint16_t group;                     /* of key_share; 0 when there is none */
	char protocol[FLIGHT_PROTOCOL_MAX]; /* of ALPN, "" when there is none; as sent */
};

/* Reads the body of the message, its header excluded. Returns NULL, or why it is malformed: a
 * literal that starts with the clause. */
const char *flight_hello_read(struct flight_hello *hello, struct span body);

/* Whether the server sent that extension (enum tls_extension). */
bool flight_hello_has(const struct flight_hello *hello, uint16_t extension);

/* The content of that extension in the body of a ServerHello that could be read; empty when there
 * is none. */
struct span flight_hello_extension(struct span body, uint16_t extension);

#endif
