/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * trust_files: the certificate authorities that a checklist trusts.
 */
#ifndef GATE_CHECKLIST_TRUST_FILES_H
#define GATE_CHECKLIST_TRUST_FILES_H

#include "loader.h"

/* Fills the trust store of the checklist from the system's file, unless `trust` says no, and from
 * --ca-file or trust.ca_file. */
void trust_files_load(struct loader *loader);

/* A store of the system's authorities alone, which the caller releases; NULL, with a problem unless they are
 * optional, when they cannot be read. */
struct trust_store *trust_files_system(struct loader *loader);

#endif
