/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * policy_probe: the policy of MTA-STS as an observation, fetched as senders do (RFC 8461 section 3.3): one GET
 * over HTTPS, no redirect followed. What is seen of the web server is no part of what is known of the mail
 * server.
 */
#ifndef GATE_PROBE_POLICY_PROBE_H
#define GATE_PROBE_POLICY_PROBE_H

#include "evidence/evidence.h"
#include "evidence/names.h"
#include "wire/http_get.h"

/* For all of it, from the look-up to the last byte (RFC 8461 section 3.3). */
#define POLICY_FETCH_MS 60000

#define HTTPS_PORT 443

/* How far it came. */
enum policy_stage {
	POLICY_AT_NAMES, /* no address was found; see the answers */
	POLICY_AT_CONNECT,
	POLICY_AT_HANDSHAKE,
	POLICY_AT_CERTIFICATE, /* it is not trusted, and nothing was asked */
	POLICY_AT_RESPONSE,
};

/* The question first. The outcome of the observation is that of the stage: OUTCOME_BROKEN when nothing can be
 * said of the server, OUTCOME_REFUSED when it refused the connection or TLS, else OUTCOME_DONE. All of it lives
 * in the observation's arena. */
struct policy_fetch {
	const char *host;    /* "mta-sts.example.com" */
	const char *address; /* where to connect; NULL: where the DNS says */
	unsigned port;

	enum policy_stage stage;
	bool cut; /* time ran out, or the run was interrupted: it might have been our own fault */
	struct host_names names; /* of the host; nothing where an address is given */
	/* Judged for the host: by the public's authorities, or the checklist's where an address is given. */
	struct peer peer;
	enum http_state state; /* of the response, of which the rest is: */
	unsigned status;
	const char *type, *location; /* printable; "": none */
	bool is_text;                /* text/plain */
	bool encoded;                /* with a Content-Encoding */
	bool long_body;              /* of HTTP_LONG: it is the body that is too long */
	struct span body;
};

extern const struct observer policy_observer;

#endif
