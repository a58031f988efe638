/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * mta_sts_policy: the policy of MTA-STS (RFC 8461 section 3.2), and what its patterns stand for
 * (section 4.1).
 */
#ifndef GATE_WIRE_MTA_STS_POLICY_H
#define GATE_WIRE_MTA_STS_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

/* Most bytes of a policy, and of lines with mx. */
#define MTA_STS_POLICY_MAX 65536
#define MTA_STS_MX_MAX 256

/* Seconds (section 3.2). */
#define MTA_STS_AGE_MAX 31557600

enum mta_sts_mode {
	MTA_STS_MODE_NONE,
	MTA_STS_MODE_TESTING,
	MTA_STS_MODE_ENFORCE,
};

/* "enforce" */
const char *mta_sts_mode_name(enum mta_sts_mode mode);

/* Only the last one is a policy that senders go by. */
enum mta_sts_fault {
	MTA_STS_LONG,         /* above MTA_STS_POLICY_MAX, or more patterns than MTA_STS_MX_MAX */
	MTA_STS_EMPTY,        /* no line at all */
	MTA_STS_BAD_LINE,     /* not a key, ":", blanks or none, and a value; or an empty line */
	MTA_STS_BAD_KEY,      /* characters that no key has, or more than 32 of them */
	MTA_STS_MISSPELT_KEY, /* unknown, but nearly one that is known; keys are case-sensitive */
	MTA_STS_BAD_VERSION,  /* not "STSv1" */
	MTA_STS_BAD_MODE,     /* not "none", "testing" or "enforce" */
	MTA_STS_BAD_AGE,      /* no number, or above MTA_STS_AGE_MAX */
	MTA_STS_BAD_MX, /* no host name of A-labels, not "*." with one behind it, or an address */
	MTA_STS_NO_VERSION,
	MTA_STS_NO_MODE,
	MTA_STS_NO_AGE,
	MTA_STS_NO_MX, /* and the mode is not "none" */
	MTA_STS_GOOD,
};

/* Everything points into the text. */
struct mta_sts_policy {
	enum mta_sts_fault fault;
	size_t line;       /* that the fault is about, the first is 1; 0: none */
	struct span wrong; /* that line, without its end */
	enum mta_sts_mode mode;
	uint32_t max_age; /* seconds */
	struct span mx[MTA_STS_MX_MAX];
	size_t mx_count;
};

/* Reads a policy: lines that end in LF or CRLF (E6253), the last one may do without. Unknown keys are
 * passed over; of several lines with one key, mx aside, the first counts. Where a line is at fault,
 * what comes behind it is not read. */
void mta_sts_policy_read(struct mta_sts_policy *policy, struct span text);

/* Whether the pattern stands for the host, without regard to ASCII case: itself, or with "*" for exactly
 * one whole label, its first. No dot at the end of either. */
bool mta_sts_pattern_matches(struct span pattern, struct span host);

#endif
