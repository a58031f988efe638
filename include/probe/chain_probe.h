/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * chain_probe: the certificates of a server and what it sends along with them, read by a hello of
 * our own from its first flight. It takes chains and certificates that a TLS library would not
 * take, asks for a stapled OCSP response and for timestamps, and never completes a handshake. That
 * the server holds the key is proven by what it signed (see possession.h), or not at all.
 */
#ifndef GATE_PROBE_CHAIN_PROBE_H
#define GATE_PROBE_CHAIN_PROBE_H

#include "evidence/evidence.h"
#include "evidence/peer.h"

/* There is only one question: all records ask the same. Filled when OUTCOME_DONE. */
struct chain_record {
	uint16_t version;   /* enum tls_version */
	uint16_t signature; /* the scheme that the server signed with; 0: it was not seen */
	struct peer peer;
	struct span stapled; /* OCSP response for the leaf (RFC 6066 section 8); or empty */
	struct span
		timestamps; /* SignedCertificateTimestampList (RFC 6962 section 3.3.1); or empty */
};
extern const struct observer chain_observer;

/* Kinds of keys that a hello can choose between: RSA, ECDSA, EdDSA. */
#define CHAIN_KINDS 3

/* A server may have a certificate for each kind of key, and shows the one that its client likes
 * best: each kind is asked for until one is refused. There is only one question. OUTCOME_DONE:
 * there are no others. Those that were seen are among the peers of the observation. */
struct other_chains_record {
	size_t count;  /* of certificates that came: the last may be of a kind that came before */
	uint32_t seen; /* kinds: the observer's own, like the next */
	bool is_common;
};
extern const struct observer other_chains_observer;

/* Whether the library could not take what the server of the session sent, so that nothing that it
 * saw of the chain can be relied on; or took it, and the handshake broke before it was over, such
 * as that of a server which wants a certificate of its client. */
bool chain_is_doubtful(const struct conversation *session);

/* Reads the chain over a connection of its own and puts it, and what is proven of it, in place of
 * what the session saw. When it cannot be read, a chain that the library could not take is
 * forgotten, and one that it could stays, unproven. Returns how many connections were made. */
unsigned chain_read_again(struct conversation *session, const struct endpoint *endpoint);

#endif
