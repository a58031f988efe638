/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * policy_record: the TXT records of MTA-STS (RFC 8461 section 3.1) and TLSRPT (RFC 8460 section 3), which
 * have one grammar: a version, then fields of a name and a value, with ";" between them.
 */
#ifndef GATE_WIRE_POLICY_RECORD_H
#define GATE_WIRE_POLICY_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"
#include "wire/cursor.h"

enum policy_record_kind {
	POLICY_RECORD_MTA_STS, /* "v=STSv1; id=20260101", at _mta-sts */
	POLICY_RECORD_TLS_RPT, /* "v=TLSRPTv1; rua=mailto:tls@example.com", at _smtp._tls */
};

/* Only the last one is a record that senders go by. */
enum policy_record_state {
	POLICY_RECORD_NONE,    /* no text begins with the version and ";" */
	POLICY_RECORD_BLANK,   /* nor does this one: it has blanks in between (E6285 of RFC 8461) */
	POLICY_RECORD_SEVERAL, /* more than one does: then none counts */
	POLICY_RECORD_BAD_FIELD,  /* no field of the grammar */
	POLICY_RECORD_NO_FIELDS,  /* nothing behind the version */
	POLICY_RECORD_NO_VALUE,   /* without the field that is asked for: id, rua */
	POLICY_RECORD_BAD_VALUE,  /* id: not 1 to 32 letters and digits; rua: no list of URIs */
	POLICY_RECORD_BAD_SCHEME, /* rua: no URI in it is mailto: or https: */
	POLICY_RECORD_GOOD,
};

/* Everything points into the texts. */
struct policy_record {
	enum policy_record_state state;
	size_t index;      /* of the text that the state is about; of several, the second */
	struct span value; /* of id or rua: the first that stands there; empty before BAD_VALUE */
	struct span wrong; /* what in the text the state is about; or empty */
};

/* Reads the texts of all TXT records at the name, each with its strings joined. Fields of other names
 * are passed over; of several of one name the first counts. */
struct policy_record policy_record_read(
	enum policy_record_kind kind, const struct span *texts, size_t count);

/* The next URI of a list of rua; false behind the last. */
bool policy_record_next_uri(struct cursor *list, struct span *uri);

#endif
