/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * dhe: finite-field Diffie-Hellman, as several assertions ask for it.
 */
#ifndef GATE_CHECKS_DHE_H
#define GATE_CHECKS_DHE_H

#include "hellos.h"

/* Up to this size a prime that many servers share is within reach, because its cost is paid once
 * ("Imperfect Forward Secrecy", CCS 2015, section 4); any smaller one is within anyone's. */
#define SHARED_PRIME_BITS 1024

/* Every DHE suite with a certificate, export suites too: a server may well have a smaller group for
 * the anonymous ones, which are an assertion of their own. First without a group in the hello, so
 * that a server shows its own primes; one that keeps to RFC 7919 may want to see its groups. */
struct survey_record dhe_survey(void);

/* Whether the answer shows a prime, of a suite with a certificate. */
bool has_dhe_prime(const struct server_hello *hello);

/* Why a prime is too weak: "DhTooSmall" when it has fewer bits than that, "DhPrimeShared" when it is
 * a known one within reach; NULL when it is not. */
const char *dhe_weakness(const struct server_hello *hello, long minimum);

/* Writes the failure of that type. */
void judge_weak_prime(const struct server_hello *hello, const char *type, struct finding *finding);

/* Whether a suite of the survey was chosen without a prime to see: then its size is open. */
bool survey_lacks_prime(const struct survey_record *survey);

#endif
