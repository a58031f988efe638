/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * conversation: one connection to a mail server, step by step, and everything that was seen on
 * it. A record has no opinion: odd things stand in it as they came.
 */
#ifndef GATE_EVIDENCE_CONVERSATION_H
#define GATE_EVIDENCE_CONVERSATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "evidence/heard.h"
#include "evidence/peer.h"
#include "evidence/step.h"
#include "net/dial.h"
#include "net/outcome.h"
#include "net/tls_handshake.h"
#include "wire/reply.h"

/* Most bytes of a transcript. */
#define TRANSCRIPT_MAX 16384

struct group_prime;

struct step_record {
	enum outcome outcome;
	int64_t ms;                /* from the beginning of the step to its end */
	enum stream_status status; /* how the stream ended when that is why the step broke */
	const char *text;          /* what happened, unless the outcome is OUTCOME_DONE */
};

struct conversation {
	struct arena arena; /* of everything below */
	struct step_record steps[STEP_COUNT];
	char address[DIAL_ADDRESS_MAX]; /* connected to, or tried last; "": not known */
	size_t addresses;               /* that the host has; all connections go to one of them */
	const char *through;            /* the proxy (see struct dialler); NULL: none */
	enum dial_fault fault;          /* why the connect is not done */
	bool no_route;                  /* this machine has none to the server's address */
	struct reply greeting;
	struct reply ehlo;
	struct reply starttls;
	struct span after_starttls; /* what followed the reply before our ClientHello */
	struct tls_facts tls;
	struct peer peer; /* the chain of `tls`, judged by the endpoint's terms */
	struct reply session_ehlo;
	struct heard heard;    /* in all replies up to a login */
	struct span unasked;   /* what the server said before it was asked, and is no answer then */
	struct buf transcript; /* "S: ...", "C: ..." lines, printable, without credentials */
	unsigned round_trips;  /* waits for the peer */
	bool answered;         /* a hello of our own was, or the handshake was completed */
	enum stream_status ended; /* how the last wait for the peer went */
};

/* What one answer to a ClientHello showed, whatever it was an answer to. What it did not tell is
 * 0. */
struct server_hello {
	uint16_t version; /* enum tls_version */
	uint16_t suite;
	uint16_t group;
	uint16_t signature;              /* scheme; in TLS 1.3 if it was the only one offered */
	unsigned bits;                   /* of the DHE prime */
	const struct group_prime *prime; /* NULL: not a known one */
	uint8_t compression;             /* method */
	bool lacks_renegotiation_info;   /* though it was offered; like the next below TLS 1.3 */
	bool lacks_extended_master_secret;
	size_t connection; /* of the observation, from 0 */
};

/* Replies are read by that row. */
void conversation_init(struct conversation *record, const struct dialect *dialect);
void conversation_release(struct conversation *record);

/* The steps of a conversation in that protocol, in their order; *count tells how many. */
const enum step *conversation_steps(
	const struct dialect *dialect, bool implicit_tls, size_t *count);

/* Whether the server, as it may, does not know the command that asks for its capabilities: what it
 * offers before TLS is not known, and TLS can be asked for all the same (RFC 2449 section 5, RFC
 * 2389 section 3). */
bool conversation_lists_nothing(const struct conversation *record);

/* The first step up to and with `last` that is not done; false when all are. What comes
 * behind a list of capabilities needs no list. */
bool conversation_broken_step(
	const struct conversation *record, bool implicit_tls, enum step last, enum step *broken);

/* "connected to 192.0.2.1 port 587 through socks5://proxy.example:1080", for a host whose address
 * is not known with its name; in the arena. */
const char *conversation_connected(
	const struct conversation *record, const char *host, unsigned port, struct arena *arena);

/* What the handshake of the conversation negotiated; version 0: there was none. */
struct server_hello conversation_hello(const struct conversation *record);

/* The last step before the handshake. */
enum step conversation_before_tls(bool implicit_tls);

#endif
