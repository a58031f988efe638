/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * mailbox: looking for one message in the mailbox that it is sent to, by IMAP or POP3, inside TLS. Each
 * look is a connection of its own: to POP3 a session is a snapshot (RFC 1939 section 8).
 */
#ifndef GATE_PROBE_MAILBOX_H
#define GATE_PROBE_MAILBOX_H

#include "probe/login.h"

/* Most of a message that is fetched. */
#define MAILBOX_MESSAGE_MAX ((size_t)256 * 1024)

/* Where the mailbox is. Nothing in it is owned. */
struct mailbox {
	const struct dialect *dialect; /* IMAP or POP3 */
	const char *host;              /* that the certificate must carry; normalised */
	const char *address;           /* where to connect; NULL: where the host leads */
	unsigned port;
	bool implicit_tls;
	struct login login;
};

/* Why a look came to nothing. */
struct mailbox_trouble {
	const char *text; /* NULL: it did not; in the arena of the observation */
	bool distrusted;  /* the certificate is not trusted for the host: nothing was sent to it */
};

/* A series of looks. */
struct mailbox_view {
	const struct mailbox *mailbox;
	const char *token;
	struct observation observation; /* of the connections to it; of nobody else's */
	struct endpoint endpoint;
	struct dial_route *route;
	struct probe_connection connection;
	struct arena scratch; /* of one reply */

	/* What the looks found. */
	uint32_t validity, next; /* IMAP: UIDVALIDITY and UIDNEXT before anything was sent */
	unsigned copies;         /* in the last look */
	bool in_junk;            /* they are in the mailbox for that */
	struct span message;     /* the first of them, in the arena of the observation; or empty */
	bool left;               /* some of them could not be deleted */
	struct mailbox_trouble trouble;
};

/* `endpoint` is that of the server that the message goes through: limits, authorities and the way to dial
 * are the same. */
void mailbox_view_init(struct mailbox_view *view, const struct mailbox *mailbox, const char *token,
	const struct endpoint *endpoint);

/* Adds what was seen of the connections to the observation, which keeps what the looks found. */
void mailbox_view_release(struct mailbox_view *view, struct observation *observation);

/* What a look is for. */
enum mailbox_look {
	MAILBOX_BEFORE, /* whether there can be one, and what is there before anything is sent */
	MAILBOX_FIND,
	MAILBOX_REMOVE, /* once more; and nothing but what was found is deleted */
};

/* False: it came to nothing. */
bool mailbox_look(struct mailbox_view *view, enum mailbox_look look);

#endif
