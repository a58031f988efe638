/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ssl2_probe: the CLIENT-HELLO of SSL 2.0, and whether a server answers it.
 */
#ifndef GATE_PROBE_SSL2_PROBE_H
#define GATE_PROBE_SSL2_PROBE_H

#include <stddef.h>

#include "evidence/evidence.h"

/* OUTCOME_DONE: a SERVER-HELLO came. OUTCOME_REFUSED: an SSL 2.0 error, a TLS alert, or a close
 * that repeated. There is only one question, so two records always ask the same. */
struct ssl2_record {
	size_t kind_count; /* cipher kinds that the server offers */
};
extern const struct observer ssl2_observer;

#endif
