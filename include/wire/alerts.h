/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * alerts: the alerts of TLS (IANA "TLS Alerts"), and what a fatal one says of the question that it
 * answers. Only some say no to it. internal_error does not: it counts no more than a close does (see
 * refusal.h). OpenSSL 3 sends it where its security level allows no signature of TLS 1.1.
 */
#ifndef GATE_WIRE_ALERTS_H
#define GATE_WIRE_ALERTS_H

#include <stdint.h>

enum alert_meaning {
	ALERT_REFUSES,  /* the peer understood what was asked, and says no */
	ALERT_MISREAD,  /* what arrived was damaged, out of order, or of another protocol */
	ALERT_GIVES_UP, /* the peer goes away or failed, and does not say over what */
	ALERT_OTHER,    /* about something else, such as the client's certificate */
};

/* The refusal of a second try with an older version (RFC 7507 section 2). */
#define ALERT_INAPPROPRIATE_FALLBACK 86

struct alert {
	uint8_t description;
	const char *name;
	enum alert_meaning meaning;
	const char *clause;
};

/* The alert of that description; one that the registry does not have is of an unknown kind, and
 * refuses nothing. Never NULL. */
const struct alert *alert_of(uint8_t description);

#endif
