/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * survey: what a server takes out of a list of suites, groups or signature schemes, in as few
 * connections as there are answers. A hello offers all of them at once; a refusal settles them
 * all. What the server chooses is noted and left out of the next hello.
 */
#ifndef GATE_PROBE_SURVEY_H
#define GATE_PROBE_SURVEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "evidence/evidence.h"
#include "wire/client_hello.h"

enum survey_subject {
	SURVEY_SUITES,
	SURVEY_GROUPS,
	SURVEY_SIGNATURES,
};

/* A hello, and how much of the subject's list is asked about. */
struct survey_hello {
	struct hello_offer offer; /* without suites: not asked */
	/* So many codes at the end of the list keep the others company: without the curve of its
	 * certificate among the groups a server may refuse them all (RFC 8422 section 5.1). What the
	 * server chooses of them is left out of the next hello, but for that curve: where it is
	 * preferred to all others, they cannot be had. */
	size_t company;
};

#define SURVEY_HELLOS_MAX 3

struct survey_record {
	/* The question. Each further hello asks about what those before it left unchosen. */
	enum survey_subject subject;
	struct survey_hello hellos[SURVEY_HELLOS_MAX];
	size_t most; /* choices that are wanted; 0: all */

	/* The answer. Choices stand also when the survey did not come to its end
	 * (OUTCOME_BROKEN): they were seen. OUTCOME_DONE: there are choices and nothing else is
	 * taken, or as many as wanted were made. OUTCOME_REFUSED: nothing is taken. */
	struct server_hello choices[TLS_CODES_MAX];
	size_t choice_count;

	/* How far it has got, for another try. */
	size_t current;             /* the hello that is asked */
	struct tls_codes sent_away; /* of the company */
	uint16_t share; /* group of the key share that the server wants; 0: the offer's */
};
extern const struct observer survey_observer;

/* The list of an offer that the subject is about. */
struct tls_codes *survey_list(struct hello_offer *offer, enum survey_subject subject);

/* The code of the subject in a choice; 0: it tells none. */
uint16_t survey_code(const struct server_hello *choice, enum survey_subject subject);

#endif
