/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * dns_probe: questions to the DNS as observations. They make no connection to the target. An answer is there
 * whatever the outcome, and what was not asked is an answer that failed: OUTCOME_BROKEN when one that it
 * takes failed, else OUTCOME_DONE.
 */
#ifndef GATE_PROBE_DNS_PROBE_H
#define GATE_PROBE_DNS_PROBE_H

#include "evidence/evidence.h"
#include "evidence/names.h"
#include "net/dns.h"

/* One question; a record is a struct dns_lookup, with name and type as the question. */
extern const struct observer dns_lookup_observer;

/* The records at a name, and the A and AAAA records of the hosts that they lead to, all of it within the time
 * for one answer. */
struct dns_hosts {
	const char *name; /* as of a dns_lookup; the question, with the next */
	uint16_t type;    /* DNS_PTR or DNS_SRV */
	struct dns_answer answer;
	/* Each once, but for ".", in the order of their text; only the first NAMES_MAX are looked up. */
	struct host_names *hosts;
	size_t host_count;
};
extern const struct observer dns_hosts_observer;

/* The CAA records that count for a name: the first set that is not empty, from the name upwards, not the
 * root's (RFC 8659 section 3). All of it within the time for one answer. */
struct caa_climb {
	const char *name;         /* without "*."; the question */
	const char *at;           /* whose answer it is: where the climb ended */
	struct dns_answer answer; /* without records: there are none, as far up as it goes */
};
extern const struct observer caa_observer;

/* For observers: asks, until the deadline, and keeps what was asked among the look-ups of the observation, in
 * whose arena all of it lives. Several are asked side by side. */
void observation_ask(struct observation *observation, const struct endpoint *endpoint,
	const struct dns_question *question, int64_t deadline_ms);
void observation_ask_all(struct observation *observation, const struct endpoint *endpoint,
	const struct dns_question *questions, size_t count, int64_t deadline_ms);

/* Likewise: ends it, by the answer that counts, to a question for that type at that name. */
void observation_conclude_lookup(struct observation *observation, const char *name, uint16_t type,
	const struct dns_answer *answer);

/* The deadline for an answer that is asked for now. */
int64_t dns_deadline_ms(const struct endpoint *endpoint);

#endif
