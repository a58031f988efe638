/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * overrides: what a checklist changes of the assertions that it includes: severity, waiver, title
 * and parameters, by id. The file that includes wins over what it includes.
 */
#ifndef GATE_CHECKLIST_OVERRIDES_H
#define GATE_CHECKLIST_OVERRIDES_H

#include "loader.h"

/* Collects the overrides of all sources. */
void overrides_find(struct loader *loader);

/* An assertion as the overrides of its id leave it: a JSON object whose members have the places where
 * they were written. The id is found as it is, or behind the name of its checklist and a dot.
 * *place becomes that of the override that changed a parameter; it is left alone when none did.
 * check may be NULL when it is not known. */
const struct json *overrides_apply(struct loader *loader, const struct source *source,
	const struct json *assertion, const char *id, const struct check *check,
	const struct place **place);

/* An id of an assertion and the checklist that it is of. */
struct owned_id {
	const char *id;
	const struct source *source;
};

/* Reports every override that changed nothing. `ids` are all there are. */
void overrides_check_used(struct loader *loader, const struct owned_id *ids, size_t count);

#endif
