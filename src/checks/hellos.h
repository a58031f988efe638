/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * hellos: what the assertions share that are answered by hellos of our own: what all answers of a
 * run say together, and when a refusal counts.
 */
#ifndef GATE_CHECKS_HELLOS_H
#define GATE_CHECKS_HELLOS_H

#include "checks/ask.h"
#include "evidence/evidence.h"
#include "evidence/finding.h"
#include "probe/hello_probe.h"
#include "probe/survey.h"

/* "TLS 1.2", "SSLv3"; the arena holds what is not a constant. */
const char *version_shown(struct arena *arena, uint16_t version);

/* "TLS_RSA_WITH_RC4_128_SHA", or its number. */
const char *suite_shown(struct arena *arena, uint16_t suite);

/* The answer to the control hello; NULL when it was not accepted. */
const struct flight_hello *control_answer(const struct evidence *evidence);

/* Goes through the answers of the run that are of a version that there is (see
 * evidence_next_hello): what one of them shows, the server does, whatever it was asked. */
bool next_hello(const struct evidence *evidence, size_t *at, struct seen_hello *seen);

/* The versions of all answers for which `counts` holds, newest first, each once and with commas;
 * NULL: none. The finding is shown by the first of them. */
const char *versions_seen(const struct evidence *evidence,
	bool (*counts)(uint16_t version, const void *context), const void *context,
	struct finding *finding);

/* Whether refusals count, because a hello to the same target was accepted in the same run: the
 * control, or any other. Otherwise the finding is an error. */
bool judge_control(const struct evidence *evidence, struct finding *finding);

/* Whether the observation was answered, by an acceptance or by a refusal. Otherwise the finding
 * is an error that says what is not decided: "whether ...". In either case the finding is shown by
 * the observation. */
bool judge_answered(const struct evidence *evidence, const struct observation *observation,
	const char *undecided, struct finding *finding);

/* Writes that error. Returns false. */
bool judge_undecided(const struct evidence *evidence, const struct observation *observation,
	const char *undecided, struct finding *finding);

/* The same, for what is missing to prove a claim: "that RC4 is refused". */
bool judge_no_proof(const struct evidence *evidence, const struct observation *observation,
	const char *claim, struct finding *finding);

/* Whether the observation is an acceptance. Otherwise the finding is an error, as above. */
bool judge_accepted_hello(const struct evidence *evidence, const struct observation *observation,
	const char *undecided, struct finding *finding);

/* Whether the observation is a refusal, and refusals count. Otherwise the finding is an error. */
bool judge_refused(const struct evidence *evidence, const struct observation *observation,
	const char *undecided, struct finding *finding);

/* Adds a text to a list with commas; list may be NULL. Returns the new list. */
const char *list_with(struct arena *arena, const char *list, const char *text);

/* What a ServerHello can be. */
typedef bool hello_property(const struct server_hello *hello);
bool hello_is_before_tls13(const struct server_hello *hello);

/* A refusal of what the server took elsewhere in the run is none: true, with the finding written as
 * an error, where a ServerHello of the run has the property. */
bool judge_contradiction(
	const struct evidence *evidence, hello_property *taken, struct finding *finding);

/* The answer to the ordinary hello. NULL when there was none: then the finding is a pass if
 * TLS 1.2 and everything older was refused, because no version can have `weakness` then, and
 * else an error. */
const struct flight_hello *ordinary_answer(
	const struct evidence *evidence, const char *weakness, struct finding *finding);

/* Judges that the server does not agree to TLS compression. */
void judge_compression(const struct arguments *arguments, const struct evidence *evidence,
	struct finding *finding);

#endif
