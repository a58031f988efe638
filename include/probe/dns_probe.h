/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * dns_probe: one question to the DNS as an observation. It makes no connection to the target.
 */
#ifndef GATE_PROBE_DNS_PROBE_H
#define GATE_PROBE_DNS_PROBE_H

#include "evidence/evidence.h"
#include "net/dns.h"

/* The question first, then the answer, which is there whatever the outcome: OUTCOME_BROKEN when it failed,
 * else OUTCOME_DONE. */
struct dns_lookup {
	const char *name; /* A-labels; may begin with an underline */
	uint16_t type;    /* enum dns_type */
	struct dns_answer answer;
};

extern const struct observer dns_lookup_observer;

#endif
