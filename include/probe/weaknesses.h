/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * weaknesses: the observers of named weaknesses that one plain hello does not show, and what
 * they record. None has an opinion, and none goes on once it has seen what there is to see.
 *
 * Of every observation here: OUTCOME_DONE, the record holds the answer; OUTCOME_BROKEN, the
 * server did not get that far or did not answer, and what the record holds is what came before.
 */
#ifndef GATE_PROBE_WEAKNESSES_H
#define GATE_PROBE_WEAKNESSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "evidence/evidence.h"
#include "wire/flight.h"
#include "wire/suites.h"

/* Kinds of suites with a weakness of their own. */
enum weak_kind {
	WEAK_RC4,         /* RFC 7465 */
	WEAK_64_BIT,      /* CVE-2016-2183 */
	WEAK_RSA_EXPORT,  /* CVE-2015-0204 */
	WEAK_DHE_EXPORT,  /* CVE-2015-4000 */
	WEAK_CBC_TLS_1_0, /* CVE-2011-3389: CBC up to TLS 1.0 */
};
#define WEAK_KIND_COUNT 5

/* Which suites a kind has, of those that can be had up to a version (enum tls_version). */
struct suite_query weak_kind_suites(enum weak_kind kind, uint16_t maximum);

/* The newest version in which the kind is a weakness. */
uint16_t weak_kind_newest(enum weak_kind kind);

/* What became of one kind. */
struct weak_answer {
	enum outcome outcome; /* DONE: accepted; REFUSED: in every hello; else not known */
	uint16_t suite;       /* accepted first */
	uint16_t version;
};

/* All kinds in one hello up to TLS 1.2 and one up to TLS 1.0; when a server accepts one, again
 * without the kinds that are known now. */
struct weak_suites_record {
	struct weak_answer kinds[WEAK_KIND_COUNT];
};
extern const struct observer weak_suites_observer;

/* Hellos that say they are a second try at a lower version (RFC 7507), from TLS 1.2 downwards
 * until one is refused. */
#define FALLBACK_HELLOS_MAX 3

struct fallback_hello {
	uint16_t maximum;     /* version offered */
	enum outcome outcome; /* DONE: a ServerHello came */
	uint16_t version;     /* chosen */
	bool for_signal;      /* refused by inappropriate_fallback, or by closes where the same
				 hello without the signal was accepted */
};

struct fallback_record {
	struct fallback_hello hellos[FALLBACK_HELLOS_MAX];
	size_t count;
};
extern const struct observer fallback_observer;

/* A heartbeat request that claims one byte more than it holds, up to TLS 1.2 (CVE-2014-0160).
 * REFUSED: the server has no such version. */
struct heartbleed_record {
	bool offered; /* the server knows heartbeats; if not, none was sent */
	bool leaked;  /* the request was answered, with a byte that was not ours */
};
extern const struct observer heartbleed_observer;

/* ChangeCipherSpec before any key was agreed upon, up to TLS 1.2 (CVE-2014-0224). REFUSED: the
 * server has no such version. */
struct ccs_record {
	bool obeyed; /* the server took what follows for encrypted */
};
extern const struct observer ccs_observer;

/* RSA premaster secrets with good and bad padding, up to TLS 1.2 (ROBOT). Takes one connection
 * where no suite with such a secret is accepted (REFUSED), and else ten, or thrice as many when
 * the answers differ. */
struct robot_record {
	bool oracle; /* the answers tell good padding from bad, each time */
};
extern const struct observer robot_observer;

#endif
