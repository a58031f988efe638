/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * mta_sts_policies: what judges make of a policy of MTA-STS that was to be fetched, and what to serve in its
 * place.
 */
#ifndef GATE_CHECKS_MTA_STS_POLICIES_H
#define GATE_CHECKS_MTA_STS_POLICIES_H

#include "checks/ask.h"
#include "evidence/finding.h"
#include "probe/policy_probe.h"
#include "wire/mta_sts_policy.h"

/* A week, and what a policy is to be valid for at least if its cache is to protect (RFC 8461 section 3.2). */
#define POLICY_AGE_USUAL 604800

/* Asks for the policy, at the "address" and "port" of the asker if it has them. */
void ask_policy(struct questions *questions, unsigned part);

/* True with the policy, and its text, when senders can fetch it and go by it; else the finding is written,
 * with the cause that such a policy is missing. */
bool take_policy(const struct arguments *arguments, const struct evidence *evidence,
	struct mta_sts_policy *policy, struct span *text, struct finding *finding);

/* What is wrong with a policy, in a sentence without its end; NULL when nothing is. */
const char *policy_fault(enum mta_sts_fault fault);

/* The fix: to serve a policy with that mode and age, and a pattern for each mail server of the domain. */
void advise_policy(const struct evidence *evidence, enum mta_sts_mode mode, uint32_t max_age,
	struct finding *finding);

/* "enforce for 604800 s: mx1.example.com, *.example.net" */
const char *policy_shown(struct arena *arena, const struct mta_sts_policy *policy);

#endif
