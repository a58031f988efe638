/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * names: what the DNS says of a domain's mail servers and of their addresses. The run asks before
 * anything is planned, because the answers say which servers there are to be gated; from then on they
 * are evidence like any other.
 */
#ifndef GATE_EVIDENCE_NAMES_H
#define GATE_EVIDENCE_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "net/dns.h"
#include "wire/dns_rdata.h"

/* More mail servers of a domain, or addresses of a host, are not gated, and that is an error. */
#define NAMES_MAX 16

/* A host's A and AAAA records. The addresses are those of answers that may be believed: a bogus one
 * has none. */
struct host_names {
	const char *host; /* lower case, A-labels */
	struct dns_answer a, aaaa;
	const char **addresses; /* IPv4 first, each family in the order of its text, each once */
	size_t address_count;   /* above NAMES_MAX: too many */
	bool malformed;         /* a record holds no address */
};

/* One question and its answer. */
struct dns_lookup {
	const char *name; /* A-labels; may begin with an underline */
	uint16_t type;    /* enum dns_type */
	struct dns_answer answer;
};

/* What an MX record leads to. */
enum mx_target {
	MX_HOST,
	MX_NULL,      /* ".": no mail is taken (RFC 7505) */
	MX_LITERAL,   /* the text of an address, or the numbers of one as labels of a name */
	MX_LOCAL,     /* localhost, which is whoever asks (RFC 6761 section 6.3) */
	MX_MALFORMED, /* no MX record, or no host name */
};

struct mx_entry {
	unsigned preference;
	const char *host; /* as text; of MX_MALFORMED "" */
	enum mx_target target;
};

struct mx_names {
	const char *domain;
	struct dns_answer answer;
	struct mx_entry *entries; /* of all records, by preference and then by host */
	size_t entry_count;
	/* No MX record where the answer may be believed: the domain itself takes its mail (RFC 5321
	 * section 5.1). */
	bool implicit;
	struct mx_host *hosts; /* each once, in the order of the entries */
	size_t host_count;     /* above NAMES_MAX: too many */
};

struct mx_host {
	unsigned preference; /* 0 where the domain itself is meant */
	struct host_names names;
};

/* Reads the answer to the question for MX: entries and hosts, whose own answers are still missing. All of it
 * lives in the arena. */
void mx_names_read(struct mx_names *mx, struct arena *arena);

/* Reads the answers for A and AAAA. */
void host_names_read(struct host_names *names, struct arena *arena);

/* Whether an answer says that there is nothing, and may be believed. */
bool dns_answer_is_empty(const struct dns_answer *answer);

/* The answer that is worse, by what it proves (enum dns_state): bogus and failed before all others, so that
 * a host of which one family is known is not taken for one without the other. */
const struct dns_answer *host_names_worse(const struct host_names *names);

/* Whether an alias led to one of the answers. */
bool host_names_alias(const struct host_names *names);

/* Whether an address is one of IPv6. */
bool is_ipv6_address(const char *address);

/* Port at which mail is handed to a domain's servers (RFC 5321 section 4.5.4.2). */
#define MX_PORT 25

#endif
