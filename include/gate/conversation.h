/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * conversation: one connection to a mail server, step by step, and everything that was seen on
 * it. A record has no opinion: odd things stand in it as they came.
 */
#ifndef GATE_CONVERSATION_H
#define GATE_CONVERSATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gate/arena.h"
#include "gate/buf.h"
#include "gate/dial.h"
#include "gate/error.h"
#include "gate/peer.h"
#include "gate/reply.h"
#include "gate/step.h"
#include "gate/tls.h"

/* Most bytes of a transcript. */
#define TRANSCRIPT_MAX 16384

struct group_prime;

/* Who to reach and how. Nothing in it is owned. */
struct endpoint {
	const char *host; /* looked up unless there is an address */
	const char *address;
	unsigned port;
	const char *server_name; /* SNI, NULL: none */
	const char *ehlo_name;
	const struct tls_wish *wish; /* for the handshake; NULL: none */
	bool implicit_tls;
	bool send_credentials_untrusted; /* even to a server not judged trusted */
	int64_t connect_timeout_ms;
	int64_t reply_timeout_ms;
	int64_t deadline_ms; /* of everything */
	const struct trust_store *trust;
	int64_t today;            /* date at which certificates are judged */
	struct dial_route *route; /* of all connections to the target */
	/* Called before each connect, to wait until it may be made; NULL: at once. */
	void (*await_turn)(void *turn);
	void *turn;
};

struct step_record {
	enum outcome outcome;
	int64_t ms;                /* from the beginning of the step to its end */
	enum stream_status status; /* how the stream ended when that is why the step broke */
	const char *text;          /* what happened, unless the outcome is OUTCOME_DONE */
};

struct conversation {
	struct arena arena; /* of everything below */
	struct step_record steps[STEP_COUNT];
	char address[DIAL_ADDRESS_MAX]; /* connected to, or tried last */
	size_t addresses;               /* that the host has; all connections go to one of them */
	struct reply greeting;
	struct reply ehlo;
	struct reply starttls;
	struct span after_starttls; /* what followed the reply before our ClientHello */
	struct tls_facts tls;
	struct peer peer; /* the chain of `tls`, judged by the endpoint's terms */
	struct reply session_ehlo;
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
	uint16_t signature;              /* scheme; below TLS 1.3 */
	unsigned bits;                   /* of the DHE prime */
	const struct group_prime *prime; /* NULL: not a known one */
	uint8_t compression;             /* method */
	bool lacks_renegotiation_info;   /* though it was offered; like the next below TLS 1.3 */
	bool lacks_extended_master_secret;
	size_t connection; /* of the observation, from 0 */
};

/* A conversation that is under way. */
struct dialog {
	struct conversation *record;
	const struct endpoint *endpoint;
	struct stream stream;
	enum stream_status status; /* of the last read or write; STREAM_OK when that went well */
	bool reticent; /* credentials were sent: of replies only the codes are transcribed */
};

void conversation_init(struct conversation *record);
void conversation_release(struct conversation *record);

/* Takes the steps in their order up to and with `last`, and stops at the first that is not
 * done. The connection stays open in `dialog` (which may hold a closed stream if a step broke);
 * the caller ends it with dialog_end. STEP_AUTH is no step of this function. */
void dialog_begin(struct dialog *dialog, struct conversation *record,
	const struct endpoint *endpoint, enum step last);

/* Takes one more step, as its outcome in the record says. */
enum outcome dialog_take(struct dialog *dialog, enum step step);

/* Waits for what shows that the server agreed to the handshake, where only its next words do; the
 * step's outcome is changed when they do not come. */
void dialog_confirm(struct dialog *dialog);

/* Sends QUIT and reads the reply. False when that is one to another command, so that the replies
 * before it cannot be told apart either; a server that closes or says nothing has not shown that. */
bool dialog_in_step(struct dialog *dialog);

/* Sends QUIT if the server is waiting for a command, and closes without awaiting an answer. */
void dialog_end(struct dialog *dialog, bool at_command);

/* Sends one line (its CRLF is added) and reads the reply. What the transcript shows of the line
 * is `shown`. OUTCOME_DONE: a complete reply came, whatever its code. OUTCOME_BROKEN also when the
 * server has said something before: a reply must come after its command (RFC 5321 section 4.1), or
 * it could be anybody's; only 421 may come at any time (section 3.8). */
enum outcome dialog_command(struct dialog *dialog, const char *line, const char *shown,
	struct reply *reply, struct error *error);

/* Its halves. The first does not mind what the server has said before; the second is also for a
 * reply that nothing was sent for: the greeting. */
enum stream_status dialog_send(struct dialog *dialog, const char *line, const char *shown);
enum outcome dialog_read_reply(struct dialog *dialog, struct reply *reply, struct error *error);

/* Until when an answer to what is sent now may come. */
int64_t dialog_deadline(const struct dialog *dialog);

/* Takes down plaintext that followed the reply to STARTTLS; only the first is kept. */
void dialog_note_stray(struct dialog *dialog, struct span stray);

/* Adds a remark to the transcript ("-- ..."). */
void dialog_remark(struct dialog *dialog, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The steps of an endpoint in their order; *count tells how many. */
const enum step *conversation_steps(bool implicit_tls, size_t *count);

/* What the certificates of the server are judged against. */
struct peer_terms endpoint_terms(const struct endpoint *endpoint);

/* What the handshake of the conversation negotiated; version 0: there was none. */
struct server_hello conversation_hello(const struct conversation *record);

/* The last step before the handshake. */
enum step conversation_before_tls(bool implicit_tls);

#endif
