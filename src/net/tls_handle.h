/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tls_handle: what lies beneath a stream that carries a TLS session.
 */
#ifndef GATE_NET_TLS_HANDLE_H
#define GATE_NET_TLS_HANDLE_H

#include <wolfssl/options.h>
#include <wolfssl/ssl.h>

#include "net/tls_handshake.h"
#include "protection.h"

/* Most bytes of the first read. */
#define TLS_EARLY_MAX 2048

struct tls_session {
	WOLFSSL_SESSION *session;
	uint16_t group; /* of the key exchange; 0: none, or not known */
};

struct tls_handle {
	WOLFSSL_CTX *context;
	WOLFSSL *session;
	const struct transport *below;
	void *below_handle;
	int64_t deadline_ms;
	enum stream_status status; /* of the last call to the transport below */
	struct arena *arena;       /* of the facts; used only during the handshake */
	struct tls_facts *facts;
	struct buf early; /* the first bytes read, until the library has taken them */
	bool begun;       /* something was read */
	bool upgraded;    /* plaintext came before: behind STARTTLS */
	bool computing;   /* the library has a turn at curve points */
	bool alien;       /* what came first is no record */
	uint64_t written; /* records of application data */

	/* Of tls_reader, which is at work once there is a cipher. */
	struct protection theirs;
	struct buf sealed;   /* records that are not whole */
	struct buf messages; /* a handshake message that is not whole */
	struct buf plain;    /* application data, until it is taken */
};

/* Puts 1 to room of the bytes that lie beneath the session into `bytes`, as the library has it
 * done for itself; not positive when there are none, and then the handle's status says why. */
int tls_handle_receive(WOLFSSL *session, char *bytes, int room, void *handle);

/* Writes bytes to the transport, as the library has it done. Not positive when that did not work. */
int tls_handle_transmit(WOLFSSL *session, char *bytes, int len, void *handle);

/* From right behind the handshake of TLS 1.3 on, reads in the library's place. Tickets, alerts and
 * whether anything came go into the handle's facts. */
void tls_reader_begin(struct tls_handle *handle, uint16_t suite);
enum stream_status tls_reader_read(
	struct tls_handle *handle, void *bytes, size_t room, size_t *got);

#endif
