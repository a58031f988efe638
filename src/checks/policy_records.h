/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * policy_records: what judges make of the TXT record that says a domain has a policy.
 */
#ifndef GATE_CHECKS_POLICY_RECORDS_H
#define GATE_CHECKS_POLICY_RECORDS_H

#include "checks/ask.h"
#include "evidence/finding.h"
#include "wire/policy_record.h"

/* Asks for the record of the target's domain. */
void ask_record(struct questions *questions, unsigned part, enum policy_record_kind kind);

/* True with the record when it is one that senders go by; else the finding is written, with the cause that
 * such a record is missing. */
bool take_record(const struct evidence *evidence, enum policy_record_kind kind,
	struct policy_record *record, struct finding *finding);

/* Whether nothing stands where the record would: the domain does not go by it. */
bool is_record_absent(
	const struct evidence *evidence, enum policy_record_kind kind, struct arena *arena);

/* Why a text is no id of a record; NULL when it is one. */
const char *object_to_sts_id(const char *text);

#endif
