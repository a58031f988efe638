/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * facts: from frozen evidence to the facts of a target. Pure.
 */
#ifndef GATE_RUN_FACTS_H
#define GATE_RUN_FACTS_H

#include "evidence/evidence.h"
#include "facts_text.h"
#include "report/target_facts.h"

/* Everything lives in the cleaner's arena. */
const struct facts *facts_of(const struct evidence *evidence, const struct cleaner *cleaner);

/* Its parts. */
void facts_add_chains(
	struct facts *facts, const struct evidence *evidence, const struct cleaner *cleaner);
void facts_add_choices(
	struct facts *facts, const struct evidence *evidence, const struct cleaner *cleaner);

void facts_add_lookups(
	struct facts *facts, const struct evidence *evidence, const struct cleaner *cleaner);

/* Adds a cleaned copy of the text. */
void facts_list_add(struct facts_list *list, const struct cleaner *cleaner, const char *text);

#endif
