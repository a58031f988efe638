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

struct proxy;
struct tls_identity;

struct target {
	const char *name;              /* unique; "host:port" unless given */
	const struct dialect *dialect; /* of the protocol that it speaks */
	bool implicit_tls;
	const char *host;    /* the name that the certificate must carry; lower case, A-labels */
	unsigned port;       /* 1 to 65535 */
	const char *address; /* where to connect; NULL: look `host` up */
	const struct proxy *proxy; /* to connect through; NULL: none */
	const char *server_name;   /* SNI; NULL: none is sent (an IP address is no SNI) */
	const char *ehlo_name;
	const struct tls_identity *identity; /* shown to a server that asks; NULL: none */
	bool send_credentials_untrusted;
	struct place place;

	/* Of certificates that no server has yet; of the above only name, host and place count. */
	const char *certificate_file; /* path as written; NULL: the target is a server */
	const struct span *chain;     /* DER, in the order of the file */
	size_t chain_count;
	bool has_key;     /* a private key was given */
	bool key_matches; /* and belongs to the first certificate */
	bool has_date;
	int64_t date; /* at which to judge, instead of now */
};

/* What the server has of those (enum dialect_feature) that its protocol knows. */
uint32_t target_features(const struct target *target);

#endif
