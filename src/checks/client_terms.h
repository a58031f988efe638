/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * client_terms: whether a client takes what a server chose of its offer.
 */
#ifndef GATE_CHECKS_CLIENT_TERMS_H
#define GATE_CHECKS_CLIENT_TERMS_H

#include "base/arena.h"
#include "probe/client_probe.h"

struct client_objection {
	const char *type;   /* of the failure */
	const char *reason; /* one line without a full stop; NULL: there is nothing to object to */
	const char *fix;    /* NULL: the assertion's */
	bool undecided;     /* what it hangs on was not seen */
};

/* What the client has against the choice in the record of an observation that is OUTCOME_DONE. Pure. */
struct client_objection client_object(const struct client_record *record, struct arena *arena);

#endif
