/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * caa: whether a set of CAA records lets an authority issue (RFC 8659 section 4; RFC 8657 for its
 * parameters). Which set is the one for a name (section 3) is for whoever asks to find.
 */
#ifndef GATE_WIRE_CAA_H
#define GATE_WIRE_CAA_H

#include <stdbool.h>
#include <stddef.h>

#include "wire/dns_rdata.h"

struct caa_question {
	const char *issuer;      /* the domain that the authority lists as its own */
	bool wildcard;           /* for a name that begins with "*." */
	const char *account_uri; /* of accounturi (RFC 8657 section 3); NULL: not known */
	const char *method; /* of validationmethods (section 4), as "dns-01"; NULL: not known */
};

enum caa_permission {
	CAA_CRITICAL,   /* a tag that nobody knows has the flag 128: nobody may issue */
	CAA_NOBODY,     /* no record names anyone: ";", or what cannot be read */
	CAA_OTHERS,     /* the authority is not among those that are named */
	CAA_PARAMETERS, /* it is, but for another account, or by other methods */
	CAA_NAMED,      /* it is named */
	CAA_LIMITED,    /* as before, with parameters that the question says nothing of */
	CAA_EVERYONE,   /* there is no record that restricts this */
};

struct caa_verdict {
	enum caa_permission permission;
	size_t record; /* that decided; of CAA_OTHERS and CAA_NOBODY the first; 0: none */
};

/* Judges a set: issuewild where the question is for a wildcard and there is any, else issue. Domains and
 * tags are compared without regard to ASCII case. A value that cannot be read names nobody (section
 * 4.2), and parameters that cannot leave nobody able to meet them. */
struct caa_verdict caa_judge(
	const struct caa_record *records, size_t count, const struct caa_question *question);

#endif
