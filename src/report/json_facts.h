/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * json_facts: the facts of a target in the JSON report.
 */
#ifndef GATE_REPORT_JSON_FACTS_H
#define GATE_REPORT_JSON_FACTS_H

#include "base/buf.h"
#include "report/target_facts.h"

/* NULL gives null. */
void json_facts(struct buf *out, const char *name, const struct facts *facts);

/* A date as RFC 3339 in UTC. */
void json_date(struct buf *out, const char *name, int64_t date);

#endif
