/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tlsa_probe: the TLSA records of a server, looked for as senders do (RFC 7671 section 7, RFC 7672 section
 * 2.2). It makes no connection to the target.
 */
#ifndef GATE_PROBE_TLSA_PROBE_H
#define GATE_PROBE_TLSA_PROBE_H

#include "evidence/evidence.h"
#include "net/dns.h"

/* The question first, then the answers. OUTCOME_BROKEN: one of them failed; else OUTCOME_DONE, also where
 * senders ask for no TLSA records. */
struct tlsa_lookup {
	unsigned port; /* of the name that is asked for, "_25._tcp...." */
	/* The CNAME of the host; asked where it is an alias and signatures do not vouch for its addresses.
	 * A zeroed answer otherwise. */
	struct dns_answer alias;
	/* TLSA base domain: the end of a chain of aliases all of which are signed, where there is something;
	 * else the host. NULL: nothing vouches for the host, or it is not known whether, and no TLSA
	 * records were asked for. */
	const char *base;
	const char *name;         /* the name that they were asked for at; NULL as `base` */
	struct dns_answer answer; /* to that */
};

/* The endpoint must have names. */
extern const struct observer tlsa_observer;

#endif
