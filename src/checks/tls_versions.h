/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tls_versions: which versions a server takes, for rows that are about all of them.
 */
#ifndef GATE_CHECKS_TLS_VERSIONS_H
#define GATE_CHECKS_TLS_VERSIONS_H

#include "checks/ask.h"
#include "evidence/finding.h"
#include "net/outcome.h"

/* Asks for each version that there is; the part of a question is the version (enum tls_version). */
void ask_every_version(struct questions *questions);

/* What became of that question of the asker: OUTCOME_DONE: the server takes the version, as any answer of the
 * run shows; OUTCOME_REFUSED: it does not; else that is not known. `finding` gets the connection that
 * shows it. */
enum outcome version_outcome(const struct arguments *asker, const struct evidence *evidence,
	uint16_t version, struct finding *finding);

#endif
