/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * certificate.expiry, .not_before and .lifetime: the dates of the leaf, and for expiry those above
 * it.
 */
#include "base/clock.h"
#include "certificate_view.h"
#include "checks/arguments.h"
#include "evidence/cause.h"
#include "evidence/target.h"
#include "families.h"

#define DAY_SECONDS ((int64_t)24 * 60 * 60)

/* Asked for where neither days nor a fraction are given. */
#define DAYS_DEFAULT 14

/* From notBefore to notAfter, both of which belong to it (RFC 5280 section 4.1.2.5). */
static int64_t
lifetime_of(const struct cert *cert)
{
	return cert->not_after - cert->not_before + 1;
}

/* How many seconds must be left. */
static int64_t
margin_of(const struct arguments *arguments, const struct cert *leaf)
{
	const struct argument *days = argument_of(arguments, "days");
	const struct argument *fraction = argument_of(arguments, "fraction");
	int64_t margin = 0, part = 0;

	if (days->given || !fraction->given)
		margin = (days->given ? days->number : DAYS_DEFAULT) * DAY_SECONDS;
	if (fraction->given && leaf->not_after >= leaf->not_before)
		part = (int64_t)((double)lifetime_of(leaf) * fraction->fraction);
	return part > margin ? part : margin;
}

/* "21 days", or "40 hours" where days say too little. */
static const char *
span_shown(struct arena *arena, int64_t seconds)
{
	if (seconds < 3 * DAY_SECONDS && seconds % DAY_SECONDS != 0)
		return arena_printf(arena, "%ld hours", (long)(seconds / 3600));
	return arena_printf(arena, "%ld days", (long)(seconds / DAY_SECONDS));
}

static const char future_why[] =
	"Clients refuse a certificate of the future as they refuse one of the past.";
static const char future_fix[] =
	"Wait until then before the certificate is installed. If the date is right now, the clock of "
	"this machine or that of the authority is wrong.";

static const char *
date_shown(struct arena *arena, int64_t date)
{
	char text[CLOCK_DATE_MAX];

	clock_format_date(text, date);
	return arena_printf(arena, "%s UTC", text);
}

/* Judged for a day to come, a certificate may have run out by then and be valid now. */
static const char *
end_shown(struct arena *arena, const struct evidence *evidence, int64_t end)
{
	const char *shown = date_shown(arena, end);

	if (end < evidence->today && end >= evidence->now)
		return arena_printf(arena, "will have expired by %s: it is valid until %s",
			date_shown(arena, evidence->today), shown);
	if (end < evidence->today)
		return arena_printf(arena, "has expired at %s", shown);
	if (evidence->target->has_date)
		return arena_printf(arena, "expires %s after %s, at %s",
			span_shown(arena, end - evidence->today),
			date_shown(arena, evidence->today), shown);
	return arena_printf(
		arena, "expires in %s, at %s", span_shown(arena, end - evidence->today), shown);
}

/* One that has run out breaks the path, which others report too. What was said of an issuer that is
 * not valid yet is no advice for it. */
static void
report_too_short(
	const struct evidence *evidence, const struct path_member *member, struct finding *finding)
{
	int64_t end = member->cert->not_after;
	bool is_leaf = member->position == 0;

	finding->why = finding->fix = NULL;
	if (end < evidence->today)
		finding_fail(finding, is_leaf ? CAUSE_LEAF_DATES : CAUSE_PATH,
			is_leaf ? "CertificateExpired" : "IntermediateExpired", "%s %s",
			link_shown(finding->arena, member),
			end_shown(finding->arena, evidence, end));
	else
		finding_fail(finding, CAUSE_NONE,
			is_leaf ? "CertificateExpiresSoon" : "IntermediateExpiresSoon", "%s %s",
			link_shown(finding->arena, member),
			end_shown(finding->arena, evidence, end));
}

static void
report_not_yet_valid(const struct path_member *member, struct finding *finding)
{
	bool is_leaf = member->position == 0;

	finding_fail(finding, is_leaf ? CAUSE_LEAF_DATES : CAUSE_PATH,
		is_leaf ? "CertificateNotYetValid" : "IntermediateNotYetValid",
		"%s is valid only from %s on", link_shown(finding->arena, member),
		date_shown(finding->arena, member->cert->not_before));
	finding_why(finding, "%s", future_why);
	finding_fix(finding, "%s", future_fix);
}

/* The links that expiry looks at: all of them, or the leaf alone. */
static struct links
links_of(const struct arguments *arguments, const struct peer *peer, struct arena *arena)
{
	struct links links = view_links(peer, arena);

	if (!argument_of(arguments, "chain")->truth && links.count > 1)
		links.count = 1;
	return links;
}

static void
judge_expiry(const struct arguments *arguments, const struct evidence *evidence,
	const struct peer *peer, struct finding *finding)
{
	struct arena *arena = finding->arena;
	const char *observed = NULL;
	struct links links;
	struct cert leaf;
	int64_t margin;

	if (!view_leaf(peer, finding, &leaf))
		return;
	margin = margin_of(arguments, &leaf);
	links = links_of(arguments, peer, arena);
	finding_pass(finding, "valid for %s more, until %s",
		span_shown(arena, leaf.not_after - evidence->today),
		date_shown(arena, leaf.not_after));
	for (size_t i = links.count; i > 0; i--) {
		const struct path_member *member = &links.members[i - 1];
		const struct cert *cert = member->cert;
		int64_t left = cert->not_after - evidence->today;

		observed = text_joined(arena, observed,
			arena_printf(arena, "%s: notBefore %s, notAfter %s",
				link_shown(arena, member), date_shown(arena, cert->not_before),
				date_shown(arena, cert->not_after)));
		if (cert->not_before > evidence->today)
			report_not_yet_valid(member, finding);
		else if (left < 0 || left < margin)
			report_too_short(evidence, member, finding);
	}
	finding_expected(finding, "at least %s more", span_shown(finding->arena, margin));
	finding_observed(finding, "%s", observed);
}

static void
judge_not_before(const struct arguments *arguments, const struct evidence *evidence,
	const struct peer *peer, struct finding *finding)
{
	struct arena *arena = finding->arena;
	struct links links;
	struct cert leaf;

	(void)arguments;
	if (!view_leaf(peer, finding, &leaf))
		return;
	links = view_links(peer, arena);
	finding_pass(finding, "valid since %s", date_shown(arena, leaf.not_before));
	finding_observed(finding, "notBefore %s", date_shown(arena, leaf.not_before));
	for (size_t i = links.count; i > 0; i--)
		if (links.members[i - 1].cert->not_before > evidence->today)
			report_not_yet_valid(&links.members[i - 1], finding);
	finding_expected(
		finding, "validity that has begun by %s", date_shown(arena, evidence->today));
}

static void
judge_lifetime(const struct arguments *arguments, const struct evidence *evidence,
	const struct peer *peer, struct finding *finding)
{
	int64_t maximum = argument_of(arguments, "maximum_days")->number * DAY_SECONDS;
	struct cert leaf;
	const char *span;

	(void)evidence;
	if (!view_leaf(peer, finding, &leaf))
		return;
	span = span_shown(finding->arena, lifetime_of(&leaf));
	if (leaf.not_after < leaf.not_before)
		finding_fail(finding, CAUSE_NONE, "LifetimeNegative",
			"the certificate ends before it begins");
	else if (lifetime_of(&leaf) > maximum)
		finding_fail(finding, CAUSE_NONE, "LifetimeTooLong",
			"the certificate is valid for %s altogether", span);
	else
		finding_pass(finding, "valid for %s altogether", span);
	finding_expected(finding, "at most %s", span_shown(finding->arena, maximum));
	finding_observed(finding, "from %s to %s", date_shown(finding->arena, leaf.not_before),
		date_shown(finding->arena, leaf.not_after));
}

static const struct check checks[] = {
	{
		.name = "certificate.expiry",
		.summary = "the certificate is valid now and for the days to come",
		.why = "On the day a certificate expires, clients that verify stop delivering; the time "
		       "left is the time to repair a renewal that does not work.",
		.fix = "Renew the certificate and have the server load it: renewal often works while the "
		       "reload of the mail server is forgotten (ACME clients run it as a deploy hook). "
		       "If the certificate on disk is newer than the one seen here, reload the server. "
		       "An intermediate that expires is replaced together with the certificate: "
		       "install the chain file of the latest renewal.",
		.source = "RFC 5280 section 4.1.2.5",
		.step = STEP_HANDSHAKE,
		.judges_chain = true,
		.judge_peer = judge_expiry,
		.params = {
			{
				.name = "days",
				.type = PARAM_NUMBER,
				.minimum = 0,
				.maximum = 3650,
				.help = "For how many more days the certificate must be valid; 14 where "
					"neither days nor a fraction are given.",
				.example = "21",
			},
			{
				.name = "fraction",
				.type = PARAM_FRACTION,
				.help = "The part of the lifetime that must be left: for certificates that "
					"live for some days only.",
				.example = "0.33",
			},
			{
				.name = "chain",
				.type = PARAM_BOOLEAN,
				.fallback = "true",
				.help = "Whether the intermediates must be valid for as long as the "
					"certificate must.",
				.example = "false",
			},
		},
	},
	{
		.name = "certificate.not_before",
		.summary = "the validity of the certificate has begun",
		.why = future_why,
		.fix = future_fix,
		.source = "RFC 5280 section 4.1.2.5",
		.step = STEP_HANDSHAKE,
		.judges_chain = true,
		.judge_peer = judge_not_before,
	},
	{
		.name = "certificate.lifetime",
		.summary = "the certificate is not valid for too long altogether",
		.why = "A key that has leaked can be used for as long as its certificate lives, and "
		       "clients refuse certificates of public authorities that live for too long.",
		.fix = "Have the certificate issued for fewer days, and renew it automatically.",
		.source = "CA/Browser Forum Baseline Requirements section 6.3.2",
		.step = STEP_HANDSHAKE,
		.judges_chain = true,
		.judge_peer = judge_lifetime,
		.params = {
			{
				.name = "maximum_days",
				.type = PARAM_NUMBER,
				.required = true,
				.minimum = 1,
				.maximum = 36500,
				.help = "The longest lifetime that is acceptable, in days.",
				.example = "200",
			},
		},
	},
};

const struct check_family certificate_dates_family = {
	.name = "certificate",
	.summary = "when the certificates are valid",
	.checks = checks,
	.count = sizeof(checks) / sizeof(checks[0]),
};
