/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * probe_connection: one connection of an observation: opened, spoken on and closed, with what was
 * seen on it kept for people to look at.
 */
#ifndef GATE_PROBE_PROBE_CONNECTION_H
#define GATE_PROBE_PROBE_CONNECTION_H

#include "evidence/evidence.h"
#include "probe/dialog.h"

struct probe_connection {
	struct observation *observation;
	const struct endpoint *endpoint;
	struct dialog dialog;
	int64_t started_ms;
	bool unmade; /* there was no use in it */
};

/* A reply as a record keeps it. */
struct answer {
	enum reply_status reply;    /* REPLY_NO_STATUS: none came */
	enum reply_meaning meaning; /* REPLY_STRAY also where none came: another one did */
	int code;                   /* to be compared with another's */
	enum stream_status status;  /* how the stream ended then; STREAM_OK: not at all */
	/* Its last line, printable; behind credentials its codes alone; or what happened instead. */
	const char *text;
	const char *codes; /* "550 5.7.1": its codes alone; "" when none came */
};

/* Ends the observation with that outcome and text. */
void observation_conclude(struct observation *observation, enum outcome outcome, const char *format,
	...) __attribute__((format(printf, 3, 4)));

/* Keeps a peer that has a chain, once for each leaf. Takes the arena over that it lives in. */
void observation_note_peer(
	struct observation *observation, const struct peer *peer, struct arena *arena);

/* Opens one more connection and takes the steps up to and with `last`. False when one of them is not
 * done: then the observation is OUTCOME_BROKEN and its text says why. Close it in either case. */
bool probe_open(struct probe_connection *connection, struct observation *observation,
	const struct endpoint *endpoint, enum step last);

/* Takes one more step; false as above, with `where` in front of the text. */
bool probe_take(struct probe_connection *connection, enum step step, const char *where);

/* Sends one command (without its CRLF) and keeps the reply; the text belongs to the observation.
 * False when no reply came, or 421, with which a server goes away (RFC 5321 section 3.8): then the
 * observation is OUTCOME_BROKEN and its text says why. */
bool probe_say(struct probe_connection *connection, const char *command, struct answer *answer);

/* The same for a command that begins a login, and for a line that goes on with it. */
bool probe_begin_login(
	struct probe_connection *connection, const char *command, struct answer *answer);

/* A whole login that must be refused: who answers that the password is wrong has looked at it. */
bool probe_try_login(
	struct probe_connection *connection, const char *command, struct answer *answer);
bool probe_go_on(struct probe_connection *connection, const char *line, struct answer *answer);

/* Reads one more reply that is on its way; as probe_say. */
bool probe_listen(struct probe_connection *connection, enum reply_to to, struct answer *answer);

/* Keeps the answer to a hello among those of the observation. */
void probe_note_hello(struct probe_connection *connection, struct server_hello hello);

/* Closes the connection, with QUIT if the server is waiting for a command, and keeps its trace. */
void probe_close(struct probe_connection *connection, bool at_command);

#endif
