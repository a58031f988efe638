/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * target_facts: what a target was seen to be, as data, whatever was asserted of it. Texts are free of
 * secrets; NULL and empty lists stand for what was not seen. Dates are seconds since
 * 1970-01-01T00:00:00Z.
 */
#ifndef GATE_REPORT_TARGET_FACTS_H
#define GATE_REPORT_TARGET_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct facts_list {
	const char **items;
	size_t count;
};

struct facts_certificate {
	const char *problem; /* why it cannot be read: then only sha256 and pem count; or NULL */
	const char *subject;
	const char *issuer;
	const char *serial; /* hexadecimal */
	struct facts_list names;
	int64_t not_before, not_after;
	const char *key;       /* "RSA with 2048 bits", "P-256" */
	const char *signature; /* "sha256WithRSAEncryption" */
	const char *sha256;    /* of the certificate, hexadecimal */
	const char *
		spki_sha256; /* of the SubjectPublicKeyInfo, base64: what pins and TLSA are made of */
	const char *pem;
};

/* Certificates that the target showed, the leaf first. */
struct facts_chain {
	bool proven; /* the server showed that it holds the key */
	bool trusted;
	bool names_host;
	struct facts_list problems; /* why it is not trusted */
	struct facts_certificate *certificates;
	size_t count;
};

/* What the target took, and what it refused of that which was asked. */
struct facts_choice {
	const char *name;
	const char *
		version; /* in which it was taken; NULL of a version itself, and of what was refused */
};

struct facts_choices {
	struct facts_choice *accepted;
	size_t accepted_count;
	struct facts_choice *refused;
	size_t refused_count;
};

struct facts_step {
	const char *name;
	const char *outcome; /* "done", "refused", "broken" */
	const char *text;    /* what happened, unless it is done */
	int64_t ms;
};

struct facts_connection {
	const char *what; /* what it was made for */
	int64_t ms;
};

/* A question to the DNS. */
struct facts_lookup {
	const char *name;
	const char *type;          /* "MX" */
	const char *state;         /* "secure", "secure denial", "insecure", "bogus", "failed" */
	const char *reason;        /* why it is bogus or failed */
	const char *alias_of;      /* the name that the records are of, where that is another one */
	struct facts_list records; /* as zone files have them, but for dots and quotes */
	size_t ttl;                /* that the zone gives them; 0: not signed, not known */
};

struct facts {
	const char *protocol; /* NULL of certificates from a file */
	bool implicit_tls;
	const char *host;
	unsigned port;
	const char *address;
	size_t addresses; /* that the host has */
	const char *greeting;
	struct facts_list capabilities, capabilities_inside; /* before TLS, and inside */
	struct facts_list mechanisms, mechanisms_inside;     /* of AUTH */

	const char *version; /* of the session */
	const char *suite;
	const char *group;
	const char *signature; /* seen in another handshake of that version and certificate */
	const char *alpn;

	struct facts_chain *chains;
	size_t chain_count;
	struct facts_choices versions, suites, groups, schemes;
	struct facts_step *steps; /* of the session that were taken */
	size_t step_count;
	struct facts_connection *connections;
	size_t connection_count;
	struct facts_lookup *lookups;
	size_t lookup_count;
};

#endif
