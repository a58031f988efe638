/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cause: what an assertion can fail for that others can fail for as well.
 */
#ifndef GATE_EVIDENCE_CAUSE_H
#define GATE_EVIDENCE_CAUSE_H

#include "evidence/step.h"

/* Why an assertion does not hold: a set of bits (uint32_t). The first STEP_COUNT of them stand for
 * a step that broke (1 << enum step), the others for a property of the server, or of the run, that
 * more than one assertion can meet. A cause is reported once per target, by the assertion that it
 * belongs to (see causes.h); an assertion whose causes are all reported elsewhere is skipped. */
enum cause {
	CAUSE_NONE = 0,
	CAUSE_CONNECT = 1 << STEP_CONNECT,
	CAUSE_GREETING = 1 << STEP_GREETING,
	CAUSE_EHLO = 1 << STEP_EHLO,
	CAUSE_STARTTLS = 1 << STEP_STARTTLS, /* offered, but refused or not answered */
	CAUSE_HANDSHAKE = 1 << STEP_HANDSHAKE,
	CAUSE_SESSION_EHLO = 1 << STEP_SESSION_EHLO,
	CAUSE_AUTH = 1 << STEP_AUTH,       /* a mechanism is not offered */
	CAUSE_LEAF_DATES = 1 << 8,         /* the leaf has expired, or is not valid yet */
	CAUSE_PATH = 1 << 9,               /* the chain is untrusted for any other reason */
	CAUSE_HOSTNAME = 1 << 10,          /* the leaf does not name the host */
	CAUSE_NO_STARTTLS = 1 << 11,       /* STARTTLS is not offered */
	CAUSE_CUT_SHORT = 1 << 12,         /* the deadline, or an interrupt */
	CAUSE_OTHER_CERTIFICATE = 1 << 13, /* unknown whether there is one */
	CAUSE_LOGIN_OFFERED = 1 << 14,     /* before TLS */
	CAUSE_LOGIN_TAKEN = 1 << 15,       /* before TLS, or it is not known whether */
	CAUSE_MX = 1 << 16,                /* the domain has no mail server, or it is not known */
	CAUSE_ADDRESSES = 1 << 17,         /* the host has no address, or it is not known */
	CAUSE_TLSA = 1 << 18,              /* it has no TLSA record that senders go by */
	CAUSE_STS_RECORD = 1 << 19,        /* the domain has no record of MTA-STS that they go by */
	CAUSE_STS_POLICY = 1 << 20,        /* nor a policy */
	CAUSE_TLSA_MATCH = 1 << 21,        /* no TLSA record matches a certificate */
};

#endif
