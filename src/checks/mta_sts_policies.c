/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From the record of a fetch to a policy, or to the finding that there is none: by the stage that it came to,
 * then by what was served.
 */
#include "mta_sts_policies.h"

#include <string.h>

#include "base/text.h"
#include "certificate_view.h"
#include "dns_answers.h"
#include "evidence/cause.h"
#include "evidence/target.h"
#include "families.h"
#include "policy_records.h"

/* Most bytes of a line of a policy that are shown. */
#define LINE_SHOWN_MAX 200

#define STATUS_OK 200

static const char *
policy_host(const struct evidence *evidence, struct arena *arena)
{
	return arena_printf(arena, "mta-sts.%s", evidence->target->domain);
}

void
ask_policy(struct questions *questions, unsigned part)
{
	const struct arguments *asker = questions->asker;
	const struct policy_fetch question = {
		.host = policy_host(questions->evidence, &questions->evidence->arena),
		.address = argument_of(asker, "address")->text,
		.port = (unsigned)argument_of(asker, "port")->number,
	};

	ask(questions, part, &policy_observer, &question);
}

static bool
is_asked_at(const struct policy_fetch *fetch, const struct arguments *arguments)
{
	return text_equal(fetch->address, argument_of(arguments, "address")->text) &&
	       fetch->port == (unsigned)argument_of(arguments, "port")->number;
}

/* The fetch that the arguments ask for; for the owner of a cause, which nobody asked, the first of all. */
static const struct observation *
find_fetch(const struct evidence *evidence, const struct arguments *arguments)
{
	const struct observation *first = NULL;

	for (size_t i = 0; i < evidence->observation_count; i++) {
		const struct observation *observation = evidence->observations[i];

		if (observation->observer != &policy_observer)
			continue;
		if (is_asked_at(observation->record, arguments))
			return observation;
		if (first == NULL)
			first = observation;
	}
	return first;
}

static void
tell_unanswered(const struct evidence *evidence, const struct observation *observation,
	struct finding *finding)
{
	const struct policy_fetch *fetch = observation->record;

	if (evidence->cut_short != NULL &&
		(fetch->cut || observation->outcome == OUTCOME_NOT_REACHED)) {
		finding_error(
			finding, CAUSE_CUT_SHORT, "NotRun", "not decided: %s", evidence->cut_short);
		return;
	}
	finding_error(finding, CAUSE_STS_POLICY, "NoAnswer", "%s: %s", fetch->host,
		observation->text != NULL ? observation->text : "not asked");
	finding_fix(finding,
		"Nothing is known of the policy. See whether https://%s/.well-known/mta-sts.txt can be "
		"fetched from this machine, and what the web server's log says of the same moment; "
		"where connections to port 443 have to go through a proxy, set https_proxy in the "
		"environment. A sender waits for a minute at most.",
		fetch->host);
}

static void
tell_names(
	const struct evidence *evidence, const struct policy_fetch *fetch, struct finding *finding)
{
	const char *what = arena_printf(finding->arena, "the addresses of %s", fetch->host);

	if (!judge_answer(
		    evidence, host_names_worse(&fetch->names), what, CAUSE_STS_POLICY, finding))
		return;
	/* Without a record nobody looks for a policy: that it is missing too is the same thing. */
	finding_fail(finding,
		fetch->address == NULL &&
				is_record_absent(evidence, POLICY_RECORD_MTA_STS, finding->arena)
			? CAUSE_STS_RECORD
			: CAUSE_STS_POLICY,
		"NoPolicyHost", "%s has no address: %s", fetch->host,
		fetch->names.a.no_name ? "there is no such name" : "it has neither A nor AAAA");
	finding_fix(finding,
		"Publish A and AAAA records of %s (or a CNAME to where the policy is hosted), and serve "
		"the policy there.",
		fetch->host);
}

/* Everything that is wrong with the certificate of the web server. */
static void
tell_certificate(const struct policy_fetch *fetch, struct finding *finding)
{
	const struct peer *peer = &fetch->peer;
	const char *problems = view_problems(finding->arena, &peer->path);
	uint32_t causes = peer_distrust(peer);
	const char *whom =
		fetch->address != NULL ? "" : " by the authorities that the public trusts";

	if (view_is_limited(&peer->path) && peer->names_host)
		finding_error(finding, CAUSE_STS_POLICY, "NotJudged",
			"the certificate of %s could not be judged: %s", fetch->host, problems);
	else if ((causes & CAUSE_PATH) != 0 && !view_is_limited(&peer->path))
		finding_fail(finding, CAUSE_STS_POLICY, "PolicyHostUntrusted",
			"the certificate of %s is not trusted%s: %s", fetch->host, whom,
			problems != NULL ? problems : "it could not be judged");
	else if ((causes & CAUSE_LEAF_DATES) != 0)
		finding_fail(finding, CAUSE_STS_POLICY, "PolicyHostExpired",
			"the certificate of %s is out of its dates: %s", fetch->host, problems);
	else
		finding_fail(finding, CAUSE_STS_POLICY, "PolicyHostMismatch",
			"the certificate of the web server does not name %s", fetch->host);
	finding_expected(finding,
		"a certificate that names %s, has not expired, and leads to a public authority",
		fetch->host);
	finding_fix(finding,
		"Install a certificate with %s among its names, from an authority that everybody trusts, "
		"with all intermediates, on the web server that this name leads to, and have it renewed "
		"as that of the mail server is (an ACME client: one more domain). Senders do not "
		"fetch the policy over anything less.",
		fetch->host);
}

/* Whether what came is a response as the RFC has it: else the finding is written. */
static bool
judge_response(const struct policy_fetch *fetch, struct finding *finding)
{
	uint32_t cause = CAUSE_STS_POLICY;
	const char *host = fetch->host;

	if (fetch->state == HTTP_MALFORMED)
		finding_fail(finding, cause, "BadResponse",
			"the response of %s is not one of HTTP/1.1", host);
	else if (fetch->state == HTTP_LONG && !fetch->long_body)
		finding_error(finding, cause, "NotJudged",
			"the response of %s has more around the policy than is read here", host);
	else if (fetch->status == 0)
		finding_fail(finding, cause, "PolicyTruncated",
			"the response of %s ends before its status", host);
	else if (fetch->status / 100 == 3)
		finding_fail(finding, cause, "Redirect",
			"%s redirects to \"%s\" (status %u): senders do not follow", host,
			fetch->location, fetch->status);
	else if (fetch->status != STATUS_OK)
		finding_fail(finding, cause, "PolicyNotServed",
			"%s answers with status %u in place of 200", host, fetch->status);
	else if (fetch->state == HTTP_LONG)
		finding_fail(finding, cause, "PolicyTooLong",
			"the response of %s is longer than 64 KiB, and senders read no more", host);
	else if (fetch->state == HTTP_TRUNCATED)
		finding_fail(finding, cause, "PolicyTruncated",
			"the response of %s ends before it is whole", host);
	else if (fetch->encoded)
		finding_fail(finding, cause, "PolicyEncoded",
			"%s compresses the policy, though nobody asked for that", host);
	else if (!fetch->is_text)
		finding_fail(finding, cause, "WrongType",
			"%s serves the policy as \"%s\", not as text/plain", host, fetch->type);
	else
		return true;
	return false;
}

static const struct {
	const char *type;
	const char *text;
} faults[] = {
	[MTA_STS_LONG] = { "NotJudged", "it has more than 256 mx, and no more are read here" },
	[MTA_STS_EMPTY] = { "PolicyEmpty", "it is empty" },
	[MTA_STS_BAD_LINE] = { "PolicyMalformed", "a line is no \"key: value\"" },
	[MTA_STS_BAD_KEY] = { "PolicyMalformed",
		"a key has 1 to 32 letters, digits, \"_\", \"-\" and \".\"" },
	[MTA_STS_MISSPELT_KEY] = { "PolicyMisspelt",
		"a key is nearly one of version, mode, max_age and mx, which are in lower case" },
	[MTA_STS_BAD_VERSION] = { "PolicyMalformed", "version is not STSv1" },
	[MTA_STS_BAD_MODE] = { "PolicyMalformed", "mode is none of enforce, testing and none" },
	[MTA_STS_BAD_AGE] = { "PolicyMalformed",
		"max_age is no number of seconds from 0 to 31557600" },
	[MTA_STS_BAD_MX] = { "PolicyMalformed",
		"mx is no host name in ASCII, nor \"*.\" with one behind it" },
	[MTA_STS_NO_VERSION] = { "PolicyIncomplete", "it has no version" },
	[MTA_STS_NO_MODE] = { "PolicyIncomplete", "it has no mode" },
	[MTA_STS_NO_AGE] = { "PolicyIncomplete", "it has no max_age" },
	[MTA_STS_NO_MX] = { "PolicyIncomplete", "it has no mx, and its mode is not none" },
	[MTA_STS_GOOD] = { NULL, NULL },
};

const char *
policy_fault(enum mta_sts_fault fault)
{
	return faults[fault].text;
}

static const char *
line_shown(struct arena *arena, struct span line)
{
	const char *text;
	struct buf out;

	buf_init(&out, LINE_SHOWN_MAX);
	text_add_printable(&out, line.data, line.len);
	text = arena_printf(arena, "%s%s", out.data, out.dropped != 0 ? "..." : "");
	buf_release(&out);
	return text;
}

static bool
judge_text(const struct mta_sts_policy *policy, struct finding *finding)
{
	const char *type = faults[policy->fault].type, *text = faults[policy->fault].text;

	if (policy->fault == MTA_STS_GOOD)
		return true;
	if (policy->fault == MTA_STS_LONG)
		finding_error(
			finding, CAUSE_STS_POLICY, type, "the policy is not judged: %s", text);
	else if (policy->line == 0)
		finding_fail(finding, CAUSE_STS_POLICY, type,
			"the policy is none that senders take: %s", text);
	else
		finding_fail(finding, CAUSE_STS_POLICY, type,
			"the policy is none that senders take: line %zu, \"%s\": %s", policy->line,
			line_shown(finding->arena, policy->wrong), text);
	return false;
}

static const char *
names_shown(struct arena *arena, const struct span *names, size_t count)
{
	const char *list = NULL;

	for (size_t i = 0; i < count; i++)
		list = arena_printf(arena, "%s%s%.*s", list != NULL ? list : "",
			list != NULL ? ", " : "", (int)names[i].len, (const char *)names[i].data);
	return list != NULL ? list : "no mx";
}

const char *
policy_shown(struct arena *arena, const struct mta_sts_policy *policy)
{
	return arena_printf(arena, "%s for %u s: %s", mta_sts_mode_name(policy->mode),
		(unsigned)policy->max_age, names_shown(arena, policy->mx, policy->mx_count));
}

void
advise_policy(const struct evidence *evidence, enum mta_sts_mode mode, uint32_t max_age,
	struct finding *finding)
{
	const struct mx_names *mx = evidence->target->mx;
	struct arena *arena = finding->arena;
	const char *lines = "";

	for (size_t i = 0; mx != NULL && i < mx->host_count; i++)
		lines = arena_printf(arena, "%smx: %s\n", lines, mx->hosts[i].names.host);
	finding_fix(finding,
		"Serve this at https://%s/.well-known/mta-sts.txt, as text/plain, without a redirect, "
		"and then change the id of the record at _mta-sts.%s:\n"
		"version: STSv1\nmode: %s\n%smax_age: %u",
		policy_host(evidence, arena), evidence->target->domain, mta_sts_mode_name(mode),
		lines, (unsigned)max_age);
}

static bool
judge_fetch(const struct evidence *evidence, const struct observation *observation,
	struct finding *finding)
{
	const struct policy_fetch *fetch = observation->record;

	finding->shown_by = observation_trace(observation);
	if (observation->outcome == OUTCOME_NOT_REACHED ||
		(observation->outcome == OUTCOME_BROKEN && fetch->stage != POLICY_AT_NAMES)) {
		tell_unanswered(evidence, observation, finding);
		return false;
	}
	switch (fetch->stage) {
	case POLICY_AT_NAMES:
		tell_names(evidence, fetch, finding);
		return false;
	case POLICY_AT_CONNECT:
		finding_fail(finding, CAUSE_STS_POLICY, "PolicyHostRefuses", "%s: %s", fetch->host,
			observation->text);
		return false;
	case POLICY_AT_HANDSHAKE:
		finding_fail(finding, CAUSE_STS_POLICY, "NoHttps", "%s: %s", fetch->host,
			observation->text);
		return false;
	case POLICY_AT_CERTIFICATE:
		tell_certificate(fetch, finding);
		return false;
	case POLICY_AT_RESPONSE:
		break;
	}
	if (judge_response(fetch, finding))
		return true;
	advise_policy(evidence, MTA_STS_MODE_TESTING, POLICY_AGE_USUAL, finding);
	return false;
}

bool
take_policy(const struct arguments *arguments, const struct evidence *evidence,
	struct mta_sts_policy *policy, struct span *text, struct finding *finding)
{
	const struct observation *observation = find_fetch(evidence, arguments);
	const struct policy_fetch *fetch;

	if (observation == NULL) {
		finding_error(
			finding, CAUSE_STS_POLICY, "NoAnswer", "the policy was not asked for");
		return false;
	}
	if (!judge_fetch(evidence, observation, finding))
		return false;
	fetch = observation->record;
	*text = fetch->body;
	mta_sts_policy_read(policy, fetch->body);
	if (judge_text(policy, finding))
		return true;
	advise_policy(evidence, MTA_STS_MODE_TESTING, POLICY_AGE_USUAL, finding);
	return false;
}
