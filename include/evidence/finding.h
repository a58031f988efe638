/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * finding: what a judge found. An untouched finding is an error, never a pass.
 */
#ifndef GATE_EVIDENCE_FINDING_H
#define GATE_EVIDENCE_FINDING_H

#include <stdint.h>

#include "base/arena.h"
#include "evidence/cause.h"
#include "evidence/verdict.h"

struct trace;

struct finding {
	struct arena *arena; /* of the texts */
	enum verdict verdict;
	uint32_t causes;  /* set of enum cause */
	const char *type; /* PascalCase */
	const char *message;
	const char *expected;
	const char *observed;
	const char *why; /* more to the point than the row's; NULL: the row's */
	const char *fix; /* the same */
	/* The connection that shows it, where that is not the session conversation; NULL: it is. */
	const struct trace *shown_by;
};

void finding_init(struct finding *finding, struct arena *arena);

/* The last of these calls stands. `message` is one line without a full stop. */
void finding_pass(struct finding *finding, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void finding_fail(struct finding *finding, uint32_t causes, const char *type, const char *format,
	...) __attribute__((format(printf, 4, 5)));
/* What is left out on purpose, and says so. */
void finding_skip(struct finding *finding, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void finding_error(struct finding *finding, uint32_t causes, const char *type, const char *format,
	...) __attribute__((format(printf, 4, 5)));

void finding_expected(struct finding *finding, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void finding_observed(struct finding *finding, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void finding_why(struct finding *finding, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void finding_fix(struct finding *finding, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
