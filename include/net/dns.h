/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * dns: answers of the DNS that are validated here (DNSSEC, RFC 4033 to 4035), by libunbound. One for the
 * whole run, with one cache; any number of threads may ask at a time. Nothing is loaded, sent or started
 * before the first question.
 */
#ifndef GATE_NET_DNS_H
#define GATE_NET_DNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"
#include "wire/dns_rdata.h"

/* In place of resolvers: none is used, name servers are asked from the root on. */
#define DNS_RECURSIVE "recursive"

/* Nothing in it is owned; it must outlive the `dns`. */
struct dns_settings {
	/* "192.0.2.53", "192.0.2.53@5353", "2001:db8::53@53", or DNS_RECURSIVE alone; none: those of
	 * /etc/resolv.conf. Names that RFC 6761 keeps off the net ("test.") are asked for too, and so are reverse
	 * zones of private addresses. */
	const char *const *resolvers;
	size_t resolver_count;
	/* A file of DS or DNSKEY records, one a line with its owner in front; NULL: the root's, of the
	 * system, else those that are built in. */
	const char *trust_anchor;
};

struct dns;

/* Ends the process when there is no memory. */
struct dns *dns_create(const struct dns_settings *settings);

const struct dns_settings *dns_settings_of(const struct dns *dns);

/* Nobody may be asking any more. NULL does nothing. */
void dns_release(struct dns *dns);

/* What an answer proves. All but the first say something of the domain. */
enum dns_state {
	DNS_FAILED, /* nothing was learnt: see dns_failure */
	/* The domain is broken or forged: signatures do not verify, or are missing. That the resolver
	 * passes signatures on was seen (canary), so it is not to blame. */
	DNS_BOGUS,
	DNS_INSECURE, /* not signed, whatever it says; it may also say that there is nothing */
	DNS_DENIED,   /* signed proof that there is nothing of that type, or no such name */
	DNS_SECURE,   /* records, signed all the way, aliases included */
};

/* "secure", "secure denial" ...: for reports. */
const char *dns_state_name(enum dns_state state);

enum dns_failure {
	DNS_NO_FAILURE,
	DNS_BAD_NAME,     /* not sent: no name of the DNS, not ASCII, or with "?" */
	DNS_NOT_SET_UP,   /* not sent: a setting, the anchor or the system does not let us */
	DNS_TIMED_OUT,    /* the deadline passed */
	DNS_INTERRUPTED,  /* the run was */
	DNS_SERVER_ERROR, /* the resolvers say so (SERVFAIL, REFUSED), or none of them answered */
	/* Not even the anchor's own zone is secure: the resolver passes no DNSSEC, or the anchor or the
	 * clock is wrong. Of the domain nothing is known. */
	DNS_STRIPPED,
};

/* A zeroed answer is one that failed. All of it lives in the arena that was given. */
struct dns_answer {
	enum dns_state state;
	enum dns_failure failure;
	const char *reason; /* DNS_FAILED, DNS_BOGUS: a sentence without an end; else NULL */
	/* Data of DNS_SECURE and DNS_INSECURE, as dns_rdata.h reads it; a bogus answer has none, whatever
	 * was sent. */
	const struct span *records;
	size_t count;
	bool no_name;    /* DNS_INSECURE, DNS_DENIED: the name itself does not exist */
	bool unanchored; /* DNS_INSECURE: no trust anchor stands above the name, signed or not */
	/* Where the chain of aliases ends, in lower case and without a dot at its end; the name itself
	 * without one. "?" stands for what is no letter, digit, hyphen, underline or "*", and such a name
	 * cannot be asked for. NULL of what failed or is bogus. */
	const char *canonical;
	uint32_t ttl;           /* seconds that the answer may still be kept */
	uint32_t published_ttl; /* seconds that the zone gives it; 0: unsigned, not known */
};

/* Asks for the records of a type (enum dns_type, or any number) at a name, A-labels and others that may begin
 * with an underline, with or without a dot at the end. Waits until there is an answer, the deadline (of
 * the monotonic clock) passes or the run is interrupted, and never longer; the canary has no more time. */
void dns_ask(struct dns *dns, const char *name, uint16_t type, int64_t deadline_ms,
	struct arena *arena, struct dns_answer *answer);

struct dns_asking;

struct dns_question {
	const char *name;
	uint16_t type;
	struct dns_answer *answer;
	/* Called when the answer is there; may add more questions. NULL: nobody is. */
	void (*answered)(struct dns_asking *asking, void *context);
	void *context;
};

/* Questions that are put side by side. */
struct dns_asking {
	struct dns *dns;
	int64_t timeout_ms;             /* for each answer */
	int64_t deadline_ms;            /* for all of them, of the monotonic clock */
	struct arena *arena;            /* of answers and questions */
	struct dns_question *questions; /* those that were added */
	size_t count;
	size_t begun;  /* of them */
	bool is_plain; /* nothing is asked about what is bogus or insecure */
};

/* Asks them side by side, as dns_ask() does, under one deadline. */
void dns_ask_all(struct dns *dns, const struct dns_question *questions, size_t count,
	int64_t deadline_ms, struct arena *arena);

/* Adds a question; it is copied, its name is not. */
void dns_asking_add(struct dns_asking *asking, const struct dns_question *question);

/* Asks each as dns_ask() does, until all are answered, those too that are added meanwhile. */
void dns_asking_run(struct dns_asking *asking);

#endif
