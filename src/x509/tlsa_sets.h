/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tlsa_sets: what TLSA records say of each other, without a look at certificates. Used by `tlsa` only.
 */
#ifndef GATE_X509_TLSA_SETS_H
#define GATE_X509_TLSA_SETS_H

#include "x509/tlsa.h"

bool tlsa_same_record(const struct tlsa_record *a, const struct tlsa_record *b);

/* Gives each record its outcome as far as it is known without a chain: unusable, passed over,
 * undecided (beyond TLSA_RECORDS_MAX); TLSA_NO_MATCH for those to be looked at. */
void tlsa_classify(const struct tlsa_record *records, size_t count, struct tlsa_finding *findings);

/* Fills `usable`, `completeness` and `incomplete` of a verdict whose findings are there. */
void tlsa_complete(const struct tlsa_record *records, struct tlsa_verdict *verdict);

#endif
