/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * withheld: what judges say of secrets that were not sent.
 */
#ifndef GATE_CHECKS_WITHHELD_H
#define GATE_CHECKS_WITHHELD_H

#include "evidence/evidence.h"
#include "evidence/finding.h"

/* Writes the error for a secret ("the password") that was kept back from a server whose certificate is not
 * trusted for these causes, or whose host is in doubt; `why` is about the certificate. */
void judge_withheld(const struct evidence *evidence, const char *secret, uint32_t distrust,
	const char *why, struct finding *finding);

#endif
