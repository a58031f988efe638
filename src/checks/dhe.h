/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * dhe: how a server's finite-field Diffie-Hellman is asked for.
 */
#ifndef GATE_DHE_H
#define GATE_DHE_H

#include "gate/survey.h"

/* Up to this size a prime that many servers share is within reach ("Imperfect Forward Secrecy",
 * CCS 2015, section 4). */
#define SHARED_PRIME_BITS 1024

/* DHE suites alone; a server that keeps to RFC 7919 may want to see its groups in the hello. The
 * first choice has the prime. */
struct survey_record dhe_survey(void);

#endif
