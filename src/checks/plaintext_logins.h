/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * plaintext_logins: the answers to logins that were begun before TLS.
 */
#ifndef GATE_CHECKS_PLAINTEXT_LOGINS_H
#define GATE_CHECKS_PLAINTEXT_LOGINS_H

#include "probe/starttls_probes.h"

/* The answer to the first login that the server takes up; NULL: it takes none. */
const struct answer *auth_taken(const struct required_record *record);

/* The first answer that is no permanent refusal; NULL: all are. */
const struct answer *auth_open(const struct required_record *record);

#endif
