/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * caa.allows: whether the authorities that issue the certificates may do so.
 */
#include "wire/caa.h"

#include "base/text.h"
#include "checks/ask.h"
#include "dns_answers.h"
#include "evidence/cause.h"
#include "evidence/target.h"
#include "families.h"
#include "probe/dns_probe.h"

#define WILDCARD "*."
#define WILDCARD_LEN 2

static const char *
object_to_name(const char *text)
{
	return object_to_dns_name(text_starts_with(text, WILDCARD) ? text + WILDCARD_LEN : text);
}

static const char *
object_to_target(const struct arguments *arguments, const struct target *target)
{
	char ignored[DNS_REVERSE_MAX];

	return !argument_of(arguments, "names")->given && target->domain == NULL &&
			       dns_reverse_name(ignored, target->host)
		       ? "whose host is an address: give it the \"names\" that certificates are for"
		       : NULL;
}

/* The name of that number, from 0, that certificates are for: those that are listed, else the hosts of the
 * target. NULL: there are no more, or it is not known yet which there are. */
static const char *
name_at(const struct arguments *arguments, const struct target *target, size_t index)
{
	const struct argument *names = argument_of(arguments, "names");

	if (names->given)
		return index < names->count ? names->items[index] : NULL;
	if (target->domain == NULL)
		return index == 0 ? target->host : NULL;
	return target->mx != NULL && target->missing == CAUSE_NONE && index < target->mx->host_count
		       ? target->mx->hosts[index].names.host
		       : NULL;
}

static void
ask_caa(const struct arguments *arguments, struct questions *questions)
{
	const struct target *target = questions->evidence->target;
	const char *name;

	for (size_t i = 0; (name = name_at(arguments, target, i)) != NULL; i++)
		ask(questions, (unsigned)i, &caa_observer,
			&(struct caa_climb){ .name = text_starts_with(name, WILDCARD)
							     ? name + WILDCARD_LEN
							     : name });
}

/* A name and the records that count for it. */
struct set {
	const char *name;
	const struct caa_climb *climb;
	struct caa_record *records;
	size_t count;
};

/* False, with the finding, when one of them is none: authorities may take it for a refusal. */
static bool
read_set(struct set *set, struct finding *finding)
{
	const struct dns_answer *answer = &set->climb->answer;

	set->records = arena_array(finding->arena, answer->count, sizeof(*set->records));
	for (; set->count < answer->count; set->count++)
		if (!caa_record_read(&set->records[set->count], answer->records[set->count])) {
			finding_fail(finding, CAUSE_NONE, "Malformed",
				"%s has a CAA record that is none: %s", set->climb->at,
				answer_shown(finding->arena, answer, DNS_CAA));
			return false;
		}
	return true;
}

static void
tell_fix(const struct set *set, const char *issuer, struct finding *finding)
{
	bool wildcard = text_starts_with(set->name, WILDCARD);

	finding_fix(finding, "Publish the record: %s. CAA 0 %s \"%s\"%s",
		set->count != 0 ? set->climb->at : set->climb->name,
		wildcard ? "issuewild" : "issue", issuer,
		set->count != 0 ? " beside the others, and take away those that nobody needs" : "");
}

/* Why an authority may not issue; NULL: it may. */
static const char *const refusals[] = {
	[CAA_CRITICAL] = "a record of a kind that nobody knows is critical among",
	[CAA_NOBODY] = "nobody may, say",
	[CAA_OTHERS] = "others are named by",
	[CAA_PARAMETERS] = "conditions that cannot be met are set by",
	[CAA_EVERYONE] = NULL,
};

static void
judge_issuer(const struct set *set, const char *issuer, bool required, struct finding *finding)
{
	const struct caa_question question = { .issuer = issuer,
		.wildcard = text_starts_with(set->name, WILDCARD) };
	enum caa_permission permission = caa_judge(set->records, set->count, &question).permission;

	if (refusals[permission] != NULL)
		finding_fail(finding, CAUSE_NONE, "CaaForbids",
			"%s may not issue for %s: %s the CAA records of %s", issuer, set->name,
			refusals[permission], set->climb->at);
	else if (permission != CAA_EVERYONE)
		finding_pass(finding, "%s may issue for %s%s, by the CAA records of %s", issuer,
			set->name, permission == CAA_LIMITED ? " under conditions" : "",
			set->climb->at);
	else if (required)
		finding_fail(finding, CAUSE_NONE, "NoCaa",
			"anybody may issue for %s: no CAA record says who may", set->name);
	else
		finding_pass(finding, "anybody may issue for %s", set->name);
	if (finding->verdict == VERDICT_FAIL)
		tell_fix(set, issuer, finding);
}

static void
judge_set(const struct arguments *arguments, const struct evidence *evidence, struct set *set,
	struct finding *finding)
{
	const struct argument *issuers = argument_of(arguments, "issuers");

	if (!judge_answer(evidence, &set->climb->answer,
		    answer_title(finding->arena, DNS_CAA,
			    set->climb->at != NULL ? set->climb->at : set->name),
		    CAUSE_NONE, finding) ||
		!read_set(set, finding))
		return;
	for (size_t i = 0; i < issuers->count; i++) {
		struct finding one;

		finding_init(&one, finding->arena);
		judge_issuer(
			set, issuers->items[i], argument_of(arguments, "required")->truth, &one);
		add_finding(finding, &one, i == 0);
	}
}

/* "mx1.example.com: 0 issue "ca.example" (of example.com)" */
static const char *
set_shown(const struct set *set, const char *list, struct arena *arena)
{
	return arena_printf(arena, "%s%s%s: %s%s%s%s", list != NULL ? list : "",
		list != NULL ? ", " : "", set->name,
		answer_shown(arena, &set->climb->answer, DNS_CAA), set->count != 0 ? " (of " : "",
		set->count != 0 ? set->climb->at : "", set->count != 0 ? ")" : "");
}

static void
judge_allows(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct target *target = evidence->target;
	const char *observed = NULL, *name;

	for (size_t i = 0; (name = name_at(arguments, target, i)) != NULL; i++) {
		struct set set = { .name = name,
			.climb = evidence_answer(evidence, arguments, (unsigned)i)->record };
		struct finding one;

		finding_init(&one, finding->arena);
		judge_set(arguments, evidence, &set, &one);
		observed = set_shown(&set, observed, finding->arena);
		add_finding(finding, &one, i == 0);
	}
	if (observed == NULL) {
		finding_error(finding, target->missing, "NoServer", "no name to look up: %s",
			target->missing_text);
		return;
	}
	finding_observed(finding, "%s", observed);
}

static const struct check checks[] = {
	{
		.name = "caa.allows",
		.summary = "the certificate authorities that are used may issue",
		.why = "An authority that the CAA records do not name renews no certificate: the server "
		       "goes on until the old one expires. Without any record every authority may "
		       "issue for the name, also to somebody else.",
		.fix = "Publish a CAA record with the domain that the authority names for itself (such "
		       "as 0 issue \"letsencrypt.org\") at the name or above it: the first set of "
		       "records from the name upwards counts. A name server that answers CAA with "
		       "SERVFAIL, or signatures that do not verify, keep all of them from issuing.",
		.source = "RFC 8659 sections 3 and 4, RFC 8657",
		.subject = SUBJECT_WHOLE,
		.target_objection = object_to_target,
		.ask = ask_caa,
		.judge = judge_allows,
		.params = {
			{
				.name = "issuers",
				.type = PARAM_LIST,
				.required = true,
				.objection = object_to_dns_name,
				.help = "The authorities, by the domains that they list as their own: each "
					"of them must be allowed to issue.",
				.example = "[\"letsencrypt.org\"]",
			},
			{
				.name = "names",
				.type = PARAM_LIST,
				.objection = object_to_name,
				.help = "The names that certificates are for, in place of the hosts of the "
					"target; one may begin with \"*.\".",
				.example = "[\"mta-sts.example.com\"]",
			},
			{
				.name = "required",
				.type = PARAM_BOOLEAN,
				.fallback = "false",
				.help = "Whether there must be a record that names who may issue.",
				.example = "true",
			},
		},
	},
};

const struct check_family caa_family = {
	.name = "caa",
	.summary = "which certificate authorities may issue",
	.checks = checks,
	.count = sizeof(checks) / sizeof(checks[0]),
};
