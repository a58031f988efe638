/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The mta_sts.* rows that are about the policy: that it is served, what it says, and whether it lets the
 * domain's own mail servers through.
 */
#include <string.h>

#include "dns_answers.h"
#include "evidence/cause.h"
#include "evidence/target.h"
#include "families.h"
#include "mta_sts_policies.h"
#include "objections.h"
#include "policy_records.h"

enum { PART_POLICY, PART_RECORD };

/* Where the policy is to be fetched, if not where senders do. */
#define POLICY_PARAMS                                                                            \
	{                                                                                        \
		.name = "address",                                                               \
		.type = PARAM_TEXT,                                                              \
		.objection = object_to_host,                                                     \
		.help = "Where to connect for the policy, of a web server that mta-sts.DOMAIN "  \
			"does not lead to yet; its certificate may then come from an authority " \
			"that the checklist trusts.",                                            \
		.example = "\"192.0.2.80\"",                                                     \
	},                                                                                       \
	{                                                                                        \
		.name = "port", .type = PARAM_NUMBER, .minimum = 1, .maximum = 65535,            \
		.fallback = "443",                                                               \
		.help = "The port to connect to for the policy; senders take 443.",              \
		.example = "8443",                                                               \
	}

/* What is not deployed yet is not what the record leads to. */
static bool
is_staged(const struct arguments *arguments)
{
	return argument_of(arguments, "address")->given;
}

/* A policy counts only where the record says that there is one. */
static void
ask_policy_and_record(const struct arguments *arguments, struct questions *questions)
{
	ask_policy(questions, PART_POLICY);
	if (!is_staged(arguments))
		ask_record(questions, PART_RECORD, POLICY_RECORD_MTA_STS);
}

static bool
take_effective(const struct arguments *arguments, const struct evidence *evidence,
	struct mta_sts_policy *policy, struct finding *finding)
{
	struct policy_record record;
	struct span text;

	return (is_staged(arguments) ||
		       take_record(evidence, POLICY_RECORD_MTA_STS, &record, finding)) &&
	       take_policy(arguments, evidence, policy, &text, finding);
}

static void
judge_policy(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	struct mta_sts_policy policy;
	struct span text;

	if (take_policy(arguments, evidence, &policy, &text, finding))
		finding_pass(finding, "%s", policy_shown(finding->arena, &policy));
}

static const char *const modes[] = { "enforce", "testing", "none", NULL };

static enum mta_sts_mode
mode_of(const char *name)
{
	enum mta_sts_mode mode = MTA_STS_MODE_NONE;

	while (mode != MTA_STS_MODE_ENFORCE && strcmp(mta_sts_mode_name(mode), name) != 0)
		mode++;
	return mode;
}

static void
judge_mode(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	enum mta_sts_mode wanted = mode_of(argument_of(arguments, "mode")->text);
	const struct argument *minimum = argument_of(arguments, "max_age_minimum");
	struct mta_sts_policy policy;

	if (!take_effective(arguments, evidence, &policy, finding))
		return;
	if (policy.mode != wanted) {
		finding_fail(finding, CAUSE_NONE, "OtherMode",
			"the mode of the policy is %s, not %s", mta_sts_mode_name(policy.mode),
			mta_sts_mode_name(wanted));
		advise_policy(evidence, wanted, policy.max_age, finding);
	} else if (minimum->given && policy.max_age < (uint32_t)minimum->number) {
		finding_fail(finding, CAUSE_NONE, "ShortMaxAge",
			"max_age of the policy is %u seconds, less than %ld",
			(unsigned)policy.max_age, minimum->number);
		advise_policy(evidence, wanted, (uint32_t)minimum->number, finding);
	} else {
		finding_pass(finding, "mode %s, max_age %u", mta_sts_mode_name(policy.mode),
			(unsigned)policy.max_age);
	}
	finding_expected(finding, "mode %s%s", mta_sts_mode_name(wanted),
		minimum->given
			? arena_printf(finding->arena, ", max_age %ld at least", minimum->number)
			: "");
	finding_observed(finding, "mode %s, max_age %u", mta_sts_mode_name(policy.mode),
		(unsigned)policy.max_age);
}

static bool
is_covered(const struct mta_sts_policy *policy, const char *host)
{
	for (size_t i = 0; i < policy->mx_count; i++)
		if (mta_sts_pattern_matches(
			    policy->mx[i], (struct span){ (const uint8_t *)host, strlen(host) }))
			return true;
	return false;
}

/* Those that no pattern stands for, with commas; NULL: none. What leads to no host name is none of any
 * pattern either. */
static const char *
uncovered(const struct mta_sts_policy *policy, const struct mx_names *mx, struct arena *arena)
{
	const char *list = NULL;

	for (size_t i = 0; i < mx->entry_count; i++) {
		const struct mx_entry *entry = &mx->entries[i];

		if (entry->target == MX_NULL ||
			(entry->target == MX_HOST && is_covered(policy, entry->host)))
			continue;
		list = arena_printf(arena, "%s%s%s", list != NULL ? list : "",
			list != NULL ? ", " : "",
			entry->host[0] != '\0' ? entry->host : "an MX record without a host");
	}
	if (mx->implicit && !is_covered(policy, mx->domain))
		list = mx->domain;
	return list;
}

/* The mail servers are known, and there is one at least: else the finding is written. */
static bool
judge_servers(const struct evidence *evidence, struct finding *finding)
{
	const struct target *target = evidence->target;
	const struct mx_names *mx = target->mx;

	if (!judge_answer(evidence, &mx->answer, answer_title(finding->arena, DNS_MX, mx->domain),
		    CAUSE_MX, finding))
		return false;
	if (mx->host_count != 0)
		return true;
	finding_error(finding, CAUSE_MX, "NoServer",
		"%s has no mail server that a policy could cover", mx->domain);
	return false;
}

static void
judge_covers_mx(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct mx_names *mx = evidence->target->mx;
	struct mta_sts_policy policy;
	const char *open;

	if (!judge_servers(evidence, finding) ||
		!take_effective(arguments, evidence, &policy, finding))
		return;
	open = uncovered(&policy, mx, finding->arena);
	if (policy.mode == MTA_STS_MODE_NONE) {
		finding_pass(finding, "senders go by no mx: the mode of the policy is none");
	} else if (open == NULL) {
		finding_pass(finding, "all %zu mail servers are covered: %s", mx->host_count,
			policy_shown(finding->arena, &policy));
	} else {
		finding_fail(finding, CAUSE_NONE, "MxNotCovered", "no mx of the policy covers %s%s",
			open,
			policy.mode == MTA_STS_MODE_ENFORCE ? ": senders hand no mail over there"
							    : "");
		advise_policy(evidence, policy.mode, policy.max_age, finding);
	}
	finding_observed(finding, "%s", policy_shown(finding->arena, &policy));
}

static struct span
next_line(struct cursor *text)
{
	const uint8_t *end = text->left == 0 ? NULL : memchr(text->next, '\n', text->left);
	struct span line =
		cursor_bytes(text, end == NULL ? text->left : (size_t)(end - text->next));

	if (end != NULL)
		cursor_u8(text);
	if (line.len != 0 && line.data[line.len - 1] == '\r')
		line.len--;
	return line;
}

/* The number of the first line in which the two differ, whatever ends the lines; 0: none. */
static size_t
first_difference(struct span a, struct span b)
{
	struct cursor one = cursor_over(a), other = cursor_over(b);

	for (size_t number = 1; one.left != 0 || other.left != 0; number++) {
		bool is_one_over = one.left == 0, is_other_over = other.left == 0;

		if (is_one_over != is_other_over || !span_equal(next_line(&one), next_line(&other)))
			return number;
	}
	return 0;
}

static void
ask_file(const struct arguments *arguments, struct questions *questions)
{
	ask_policy(questions, PART_POLICY);
	if (argument_of(arguments, "record_id")->given)
		ask_record(questions, PART_RECORD, POLICY_RECORD_MTA_STS);
}

/* Whether the record has the id that goes with the file. */
static bool
judge_id(const char *id, const struct evidence *evidence, struct finding *finding)
{
	struct policy_record record;

	if (id == NULL)
		return true;
	if (!take_record(evidence, POLICY_RECORD_MTA_STS, &record, finding))
		return false;
	if (record.value.len == strlen(id) && memcmp(record.value.data, id, record.value.len) == 0)
		return true;
	finding_fail(finding, CAUSE_NONE, "OtherId",
		"the id of the record is %.*s, not %s: senders that know the old policy keep it",
		(int)record.value.len, (const char *)record.value.data, id);
	finding_expected(finding, "id=%s", id);
	finding_fix(finding,
		"The policy is served as it should be. Now change the record, for senders to fetch it:\n"
		"_mta-sts.%s. TXT \"v=STSv1; id=%s\"",
		evidence->target->domain, id);
	return false;
}

static void
judge_matches_file(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct argument *file = argument_of(arguments, "file");
	struct mta_sts_policy policy;
	struct span text = { NULL, 0 };
	size_t line;

	if (!take_policy(arguments, evidence, &policy, &text, finding))
		return;
	line = first_difference(text, file->bytes);
	if (line != 0) {
		mta_sts_policy_read(&policy, text);
		finding_observed(finding, "%s", policy_shown(finding->arena, &policy));
		mta_sts_policy_read(&policy, file->bytes);
		finding_expected(finding, "%s", policy_shown(finding->arena, &policy));
		finding_fail(finding, CAUSE_NONE, "OtherPolicy",
			"what is served is not %s: line %zu differs", file->text, line);
	} else if (judge_id(argument_of(arguments, "record_id")->text, evidence, finding)) {
		finding_pass(finding, "%s is what is served", file->text);
	}
}

static const char *
object_to_file(const struct arguments *arguments)
{
	const struct argument *file = argument_of(arguments, "file");
	struct mta_sts_policy policy;

	if (!file->given)
		return NULL;
	mta_sts_policy_read(&policy, file->bytes);
	return policy_fault(policy.fault);
}

static const struct check checks[] = {
	{
		.name = "mta_sts.policy",
		.summary = "senders can fetch the domain's policy of MTA-STS, and go by it",
		.why = "A policy that cannot be fetched, or has a fault, is none: senders that know no "
		       "older one hand mail over without asking who takes it, and once the old one is "
		       "out of date, all of them do.",
		.fix = "Serve the policy at https://mta-sts.DOMAIN/.well-known/mta-sts.txt: a valid "
		       "certificate for that name, status 200, text/plain, no redirect, and lines "
		       "\"key: value\" with version, mode, max_age and an mx for each mail server.",
		.source = "RFC 8461 sections 3.2 and 3.3",
		.subject = SUBJECT_WHOLE,
		.needs = TARGET_DOMAIN,
		.needs_public_roots = true,
		.ask = ask_policy_and_record,
		.judge = judge_policy,
		.params = { POLICY_PARAMS },
	},
	{
		.name = "mta_sts.mode",
		.summary = "the policy of MTA-STS is in force",
		.why = "In mode testing senders hand mail over whatever the certificate says, and only "
		       "report; none takes the policy back. A policy that is soon forgotten protects "
		       "nobody from somebody who keeps it from being fetched.",
		.fix = "Set mode: enforce once the reports of TLSRPT show no failures, and max_age to "
		       "weeks; then change the id of the record.",
		.source = "RFC 8461 sections 3.2 and 5",
		.subject = SUBJECT_WHOLE,
		.needs = TARGET_DOMAIN,
		.needs_public_roots = true,
		.ask = ask_policy_and_record,
		.judge = judge_mode,
		.params = {
			{
				.name = "mode",
				.type = PARAM_CHOICE,
				.choices = modes,
				.fallback = "\"enforce\"",
				.help = "The mode that the policy must have.",
				.example = "\"testing\"",
			},
			{
				.name = "max_age_minimum",
				.type = PARAM_NUMBER,
				.minimum = 1,
				.maximum = MTA_STS_AGE_MAX,
				.help = "How many seconds senders must keep the policy at least.",
				.example = "604800",
			},
			POLICY_PARAMS,
		},
	},
	{
		.name = "mta_sts.covers_mx",
		.summary = "the policy of MTA-STS names all mail servers of the domain",
		.why = "In mode enforce senders do not hand mail over to a server that no mx of the "
		       "policy stands for: with all servers missing, none arrives; with one, it is late "
		       "whenever the others are down.",
		.fix = "Add an mx to the policy for each MX record, as the record names it, before the "
		       "record is published; then change the id of the record at _mta-sts.",
		.source = "RFC 8461 section 4.1",
		.subject = SUBJECT_WHOLE,
		.needs = TARGET_DOMAIN,
		.needs_public_roots = true,
		.ask = ask_policy_and_record,
		.judge = judge_covers_mx,
		.params = { POLICY_PARAMS },
	},
	{
		.name = "mta_sts.matches_file",
		.summary = "the policy of MTA-STS that is served is the one in the file",
		.why = "A policy that was changed in the repository and not on the web server, or whose "
		       "record still has the old id, is not what senders go by.",
		.fix = "Deploy the file to the web server first, then change the id of the record.",
		.source = "RFC 8461 section 8.1",
		.subject = SUBJECT_WHOLE,
		.needs = TARGET_DOMAIN,
		.needs_public_roots = true,
		.ask = ask_file,
		.judge = judge_matches_file,
		.objection = object_to_file,
		.params = {
			{
				.name = "file",
				.type = PARAM_FILE,
				.required = true,
				.help = "The policy that should be served; a path from the directory of this "
					"file. How its lines end makes no difference.",
				.example = "\"mta-sts.txt\"",
			},
			{
				.name = "record_id",
				.type = PARAM_TEXT,
				.objection = object_to_sts_id,
				.help = "The id that the record must have when that policy is served.",
				.example = "\"20260101000000\"",
			},
			POLICY_PARAMS,
		},
	},
};

const struct check_family mta_sts_policy_family = {
	.name = "mta_sts",
	.summary = "MTA-STS: the policy",
	.checks = checks,
	.count = sizeof(checks) / sizeof(checks[0]),
};
