/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * inspection: the facts of a target for a person to read: the dialogue with arrows, what TLS was agreed
 * on, whether the certificates hold and why not, and each of them. Nothing is judged. Pure: facts in,
 * text out; no line is longer than the width, no byte of it can steer a terminal.
 */
#ifndef GATE_REPORT_INSPECTION_H
#define GATE_REPORT_INSPECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "report/target_facts.h"

struct inspection_style {
	size_t width; /* columns, 40 or more */
	bool colour;  /* of headings and of what does not hold (ECMA-48 SGR) */
	int64_t now;  /* date from which days are counted */
};

/* Appends all of it. `transcript`: of the session, lines that begin with "S: ", "C: " or "-- "; NULL:
 * none. */
void inspection_add(struct buf *out, const struct facts *facts, const char *transcript,
	const struct inspection_style *style);

/* Appends the facts as the JSON report has them, in one line. */
void inspection_add_json(struct buf *out, const struct facts *facts);

/* Appends the certificates of the session, the leaf first, in PEM; false when there are none. */
bool inspection_add_pem(struct buf *out, const struct facts *facts);

#endif
