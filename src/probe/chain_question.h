/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * chain_question: asking for a chain of a certain kind of key, for the observers of chains.
 */
#ifndef GATE_PROBE_CHAIN_QUESTION_H
#define GATE_PROBE_CHAIN_QUESTION_H

#include "probe/chain_probe.h"
#include "refusal.h"
#include "wire/suites.h"
#include "x509/cert.h"

/* What a certificate's key signs with, as far as a hello can choose: bits. */
enum signing { SIGNING_RSA = 1, SIGNING_ECDSA = 2, SIGNING_EDDSA = 4 };

/* The kind that a signature scheme is for, by what RFC 8446 section 4.2.3 says of the numbers. */
uint32_t signing_of_scheme(uint16_t scheme);

/* The kinds that a suite can be signed with; EdDSA goes with the suites of ECDSA (RFC 8422 section
 * 5.10), and TLS 1.3 with all. */
uint32_t signings_of_suite(const struct suite *suite);

/* Reads a chain, of a key that is of none of the kinds that are not wanted. */
struct chain_question {
	struct chain_record *record;
	uint32_t without;
	bool alone;     /* nothing is wanted along with it: some servers hang up on that */
	bool is_common; /* the first hello has what the server agreed to before */
	bool at_once;   /* it was the first hello that was answered */
};

/* Puts hellos one after the other, as long as the next may fare better; `context` is a struct
 * chain_question. A server that wants another key share is asked with the others; one that refuses
 * a chain of a kind has refused it. */
enum try_end chain_try(
	struct observation *observation, const struct endpoint *endpoint, void *context);

#endif
