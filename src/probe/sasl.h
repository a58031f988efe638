/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * sasl: the client's side of a mechanism (RFC 4422): what it answers to what the server says. How that
 * is carried is none of its business.
 */
#ifndef GATE_PROBE_SASL_H
#define GATE_PROBE_SASL_H

#include <gsasl.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/span.h"
#include "evidence/evidence.h"
#include "probe/dialog.h"

/* Most bytes of a response. */
#define SASL_RESPONSE_MAX 8192

struct sasl;

/* What the client does next. */
enum sasl_turn {
	SASL_ANSWERS,
	SASL_IS_DONE, /* all was said before: the server must decide */
	SASL_CANCELS, /* the attempt has a flaw, which says why */
};

/* A row for each mechanism. */
struct mechanism {
	const char *name;
	bool client_first;  /* the first response may come with the command */
	bool proves_server; /* a yes counts only with the server's signature */
	bool by_library;    /* libgsasl computes it */
	bool binds;         /* to the TLS connection (RFC 5056) */
	enum sasl_turn (*respond)(struct sasl *sasl, struct span challenge, struct buf *response);
};

/* An exchange under way. */
struct sasl {
	const struct mechanism *mechanism;
	struct auth_attempt *attempt; /* where flaws are recorded */
	struct arena *arena;          /* of their texts */
	const struct dialog *dialog;
	unsigned responses; /* made before */
	const char *shown;  /* what a transcript shows of the response just made */
	bool presents;      /* that holds the password, or shows that it is known */
	bool proven;        /* the server's signature was verified */
	Gsasl *library;
	Gsasl_session *session;
	struct buf nonce; /* of the client, in SCRAM */
};

/* Begins an exchange for the attempt, whose mechanism must be known, in a dialog inside TLS. Nothing is
 * sent. End it in any case. */
void sasl_begin(struct sasl *sasl, struct auth_attempt *attempt, const struct dialog *dialog);
void sasl_end(struct sasl *sasl);

/* Appends the next response to the bytes of a challenge; of a mechanism in which the client is first,
 * the first one is to none. A challenge without `data` could not be read. */
enum sasl_turn sasl_respond(struct sasl *sasl, struct span challenge, struct buf *response);

/* Takes a yes, with the data that came with it: finds the flaw of one that is not proven. */
void sasl_accept(struct sasl *sasl, struct span data);

/* Records a flaw, the first of an attempt, and cancels. */
enum sasl_turn sasl_find(struct sasl *sasl, enum auth_flaw flaw, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* For rows: of mechanisms that the library computes. */
enum sasl_turn cram_respond(struct sasl *sasl, struct span challenge, struct buf *response);
enum sasl_turn scram_respond(struct sasl *sasl, struct span challenge, struct buf *response);
void scram_accept(struct sasl *sasl, struct span data);

/* For rows: those that send a token. */
enum sasl_turn oauthbearer_respond(struct sasl *sasl, struct span challenge, struct buf *response);
enum sasl_turn xoauth2_respond(struct sasl *sasl, struct span challenge, struct buf *response);

/* Has the library begin. False, with the flaw found, if it cannot. */
bool sasl_library_begin(struct sasl *sasl);
void sasl_library_end(struct sasl *sasl);

#endif
