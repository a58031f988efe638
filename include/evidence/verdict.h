/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * verdict: what becomes of an assertion.
 */
#ifndef GATE_EVIDENCE_VERDICT_H
#define GATE_EVIDENCE_VERDICT_H

/* The zero value is an error: what nobody decided is not a pass. */
enum verdict {
	VERDICT_ERROR,
	VERDICT_FAIL,
	VERDICT_SKIPPED, /* needs what another case of the suite reports as broken */
	VERDICT_WARNED,  /* failed or could not be evaluated, but is advisory */
	VERDICT_WAIVED,  /* the same, under a waiver */
	VERDICT_PASS,
};
#define VERDICT_COUNT 6

/* "pass", "fail", "error", "skipped", "warned", "waived". */
const char *verdict_name(enum verdict verdict);

#endif
