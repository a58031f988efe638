/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * target: the server, or the certificates, that a checklist is about.
 */
#ifndef GATE_EVIDENCE_TARGET_H
#define GATE_EVIDENCE_TARGET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/place.h"
#include "base/span.h"
#include "wire/dialect.h"

struct host_names;
struct mx_host;
struct mx_names;
struct proxy;
struct tls_identity;

/* What a target can be asked beside the features of its protocol; see enum dialect_feature. */
enum target_feature {
	TARGET_DOMAIN = 1 << 16, /* it names a domain */
	TARGET_NODES = 1 << 17,  /* it may stand for several servers */
};

/* Which part of what the checklist names a target is. */
enum target_part {
	TARGET_WHOLE, /* all of it */
	TARGET_LEAD,  /* what its servers have in common: the domain, and whether they agree */
	TARGET_NODE,  /* one of its servers */
};

/* What becomes of IPv6 addresses. */
enum ipv6_rule {
	IPV6_REQUIRED,  /* they are gated like others; without a route that is an error */
	IPV6_IF_ROUTED, /* where this machine has no route to them they are skipped */
	IPV6_OFF,       /* they are skipped */
};

struct target {
	const char *name;              /* unique; "host:port" unless given */
	const char *entry;             /* of a part: the name of the whole */
	const struct dialect *dialect; /* of the protocol that it speaks */
	bool implicit_tls;
	const char *host;    /* the name that the certificate must carry; lower case, A-labels;
			      * NULL of a domain's lead and before its servers are known */
	unsigned port;       /* 1 to 65535 */
	const char *address; /* where to connect; NULL: look `host` up */
	const struct proxy *proxy; /* to connect through; NULL: none */
	const char *server_name;   /* SNI; NULL: none is sent (an IP address is no SNI) */
	const char *ehlo_name;
	const struct tls_identity *identity; /* shown to a server that asks; NULL: none */
	bool send_credentials_untrusted;
	struct place place;

	/* Of what is looked up before anything is planned. */
	const char *domain; /* whose mail servers are meant, A-labels; NULL: one host is named */
	bool all_addresses; /* of each host; else one of them */
	enum ipv6_rule ipv6;
	enum target_part part;
	const struct mx_names *mx;      /* NULL: no domain is named */
	const struct mx_host *mx_host;  /* of a node; NULL: no domain is named */
	const struct host_names *names; /* of `host`; NULL: nobody asked */
	bool is_repeat;                 /* a node of the same host comes before */
	uint32_t missing; /* the cause for which there is no server to connect to; or none */
	const char *missing_text; /* what the matter is, a clause; NULL: nothing */
	const char *left_out;     /* why it is not gated, a clause; NULL: it is */

	/* Of certificates that no server has yet; of the above only name, host and place count. */
	const char *certificate_file; /* path as written; NULL: the target is a server */
	const struct span *chain;     /* DER, in the order of the file */
	size_t chain_count;
	bool has_key;     /* a private key was given */
	bool key_matches; /* and belongs to the first certificate */
	bool has_date;
	int64_t date; /* at which to judge, instead of now */
};

/* Why a certificate that names the host proves nothing of the domain: who can forge what named the host sends
 * clients to a host of his own. A clause; NULL: the checklist names it, or signatures vouch for it. */
const char *target_host_doubt(const struct target *target);

/* What the server has of those (enum dialect_feature) that its protocol knows. */
uint32_t target_features(const struct target *target);

#endif
