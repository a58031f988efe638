/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tls.groups and tls.dh_size: the groups of the ephemeral key exchange. TLS 1.3 names its group
 * in a HelloRetryRequest, without any key of ours; TLS 1.2 in the ServerKeyExchange.
 */
#include "base/names.h"
#include "checks/arguments.h"
#include "dhe.h"
#include "evidence/cause.h"
#include "families.h"
#include "hellos.h"
#include "objections.h"
#include "wire/groups.h"
#include "wire/groups_primes.h"
#include "wire/suites.h"

/* Curves of certificates. In TLS 1.2 a server with an ECDSA key needs its curve in the list (RFC
 * 8422 section 5.1), whatever else is in it. */
static const uint16_t certificate_curves[] = { GROUP_SECP256R1, GROUP_SECP384R1, GROUP_SECP521R1 };

static const char *
object_to_group(const char *text)
{
	uint16_t group;

	if (group_by_name(text, &group))
		return NULL;
	return "there is no group of this name (IANA's, such as x25519, secp256r1 or "
	       "X25519MLKEM768, or P-256)";
}

static const char *
object_to_combination(const struct arguments *arguments)
{
	if (item_in_both(arguments, "includes", "excludes") != NULL)
		return "a group cannot be both included and excluded";
	return NULL;
}

/* Those of the groups that the version can use, in their order. The groups of DHE say nothing in a
 * hello for ECDHE: tls.dh_size asks for those. */
static struct tls_codes
usable_groups(const struct tls_codes *groups, uint16_t version)
{
	struct tls_codes all = { .count = 0 }, usable = { .count = 0 };

	group_add_all(&all, version, version);
	for (size_t i = 0; i < groups->count; i++)
		if (tls_codes_has(&all, groups->codes[i]) &&
			(version == TLS_VERSION_1_3 || !group_is_finite_field(groups->codes[i])))
			tls_codes_add(&usable, groups->codes[i]);
	return usable;
}

static struct tls_codes
listed_groups(const struct argument *list)
{
	struct tls_codes groups = { .count = 0 };
	uint16_t group;

	for (size_t i = 0; i < list->count; i++)
		if (group_by_name(list->items[i], &group))
			tls_codes_add_once(&groups, group);
	return groups;
}

static struct tls_codes
unwanted_groups(const struct arguments *arguments)
{
	struct tls_codes unwanted = listed_groups(argument_of(arguments, "excludes"));
	struct tls_codes only = listed_groups(argument_of(arguments, "only"));

	for (const struct name_code *row = group_names; only.count != 0 && row->name != NULL; row++)
		if (!tls_codes_has(&only, (uint16_t)row->code))
			tls_codes_add_once(&unwanted, (uint16_t)row->code);
	return unwanted;
}

/* A hello that offers those of the groups that the version can use, and nothing else to agree on.
 * Without any such group it is not asked. */
static struct survey_hello
group_hello(const struct tls_codes *groups, uint16_t version)
{
	const struct suite_query ecdhe = { .all = SUITE_ECDHE,
		.none = SUITES_SHARED_SECRET,
		.minimum = TLS_VERSION_SSL3,
		.maximum = TLS_VERSION_1_2 };
	struct survey_hello hello = { .offer = hello_offer_versions(version, version) };

	hello.offer.groups = usable_groups(groups, version);
	if (version != TLS_VERSION_1_3 || hello.offer.groups.count == 0)
		hello.offer.suites.count = 0;
	if (version != TLS_VERSION_1_3 && hello.offer.groups.count != 0)
		suites_select(&ecdhe, 0, &hello.offer.suites, TLS_CODES_MAX);
	return hello;
}

/* For TLS 1.2, with the curves of certificates behind the groups. Suites without a certificate have
 * no need of them. */
static struct survey_hello
accompanied_hello(const struct tls_codes *groups)
{
	const struct suite_query ecdhe = { .all = SUITE_ECDHE,
		.none = SUITES_SHARED_SECRET | SUITE_ANONYMOUS,
		.minimum = TLS_VERSION_SSL3,
		.maximum = TLS_VERSION_1_2 };
	struct survey_hello hello = group_hello(groups, TLS_VERSION_1_2);
	size_t asked = hello.offer.groups.count;

	if (asked == 0)
		return hello;
	hello.offer.suites.count = 0;
	suites_select(&ecdhe, 0, &hello.offer.suites, TLS_CODES_MAX);
	for (size_t i = 0; i < sizeof(certificate_curves) / sizeof(certificate_curves[0]); i++)
		tls_codes_add_once(&hello.offer.groups, certificate_curves[i]);
	hello.company = hello.offer.groups.count - asked;
	return hello;
}

/* Of wanted groups: TLS 1.2 is asked for those that TLS 1.3 does not take. */
static struct survey_record
wanted_survey(const struct argument *includes)
{
	struct tls_codes wanted = listed_groups(includes);

	return (struct survey_record){ .subject = SURVEY_GROUPS,
		.hellos = { group_hello(&wanted, TLS_VERSION_1_3),
			group_hello(&wanted, TLS_VERSION_1_2), accompanied_hello(&wanted) } };
}

/* Parts of the questions. */
enum { PART_UNWANTED, PART_WANTED, PART_DHE };

/* Of unwanted groups there are two surveys: one for TLS 1.3, and one for what is older. */
static void
ask_groups(const struct arguments *arguments, struct questions *questions)
{
	const struct tls_codes unwanted = unwanted_groups(arguments);
	const struct survey_record new = { .subject = SURVEY_GROUPS,
		.hellos = { group_hello(&unwanted, TLS_VERSION_1_3) } };
	const struct survey_record old = { .subject = SURVEY_GROUPS,
		.hellos = {
			group_hello(&unwanted, TLS_VERSION_1_2), accompanied_hello(&unwanted) } };
	const struct survey_record wanted = wanted_survey(argument_of(arguments, "includes"));

	ask_survey(questions, PART_UNWANTED, &new);
	ask_survey(questions, PART_UNWANTED, &old);
	if (argument_of(arguments, "includes")->given)
		ask(questions, PART_WANTED, &survey_observer, &wanted);
}

static const char *
group_shown(struct arena *arena, uint16_t group)
{
	const char *name = name_of(group_names, group);

	return name != NULL ? name : arena_printf(arena, "group 0x%04x", group);
}

/* Every answer of the run counts, whatever it was asked for. */
static const char *
accepted_groups(
	const struct tls_codes *unwanted, const struct evidence *evidence, struct finding *finding)
{
	struct tls_codes told = { .count = 0 };
	struct seen_hello seen;
	const char *list = NULL;
	size_t at = 0;

	while (next_hello(evidence, &at, &seen)) {
		uint16_t group = seen.hello->group;

		if (!tls_codes_has(unwanted, group) || tls_codes_has(&told, group))
			continue;
		if (list == NULL)
			finding->shown_by = seen.trace;
		tls_codes_add(&told, group);
		list = list_with(finding->arena, list,
			arena_printf(finding->arena, "%s (%s)", group_shown(finding->arena, group),
				version_shown(finding->arena, seen.hello->version)));
	}
	return list;
}

/* One acceptance is proof enough of a failure, whatever else happened. */
static bool
judge_unwanted(const struct arguments *arguments, const struct evidence *evidence,
	const struct tls_codes *unwanted, struct finding *finding)
{
	const char *accepted = accepted_groups(unwanted, evidence, finding);
	const struct observation *made;
	size_t at = 0;

	if (accepted != NULL) {
		finding_fail(
			finding, CAUSE_NONE, "GroupAccepted", "the server accepts %s", accepted);
		return false;
	}
	while ((made = evidence_next_answer(evidence, arguments, PART_UNWANTED, &at)) != NULL)
		if (!judge_answered(
			    evidence, made, "whether the unwanted groups are refused", finding))
			return false;
	return judge_control(evidence, finding);
}

static bool
is_accepted(const struct evidence *evidence, uint16_t group)
{
	struct seen_hello seen;
	size_t at = 0;

	while (next_hello(evidence, &at, &seen))
		if (seen.hello->group == group)
			return true;
	return false;
}

static bool
judge_includes(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct argument *includes = argument_of(arguments, "includes");
	const struct observation *made = evidence_answer(evidence, arguments, PART_WANTED);
	const char *missed = NULL;
	uint16_t group = 0;

	for (size_t i = 0; i < includes->count; i++)
		if (group_by_name(includes->items[i], &group) && !is_accepted(evidence, group))
			missed = list_with(finding->arena, missed, includes->items[i]);
	if (missed == NULL)
		return true;
	if (judge_answered(evidence, made,
		    arena_printf(finding->arena, "whether %s is accepted", missed), finding) &&
		judge_control(evidence, finding))
		finding_fail(finding, CAUSE_NONE, "GroupRefused", "the server does not accept %s",
			missed);
	return false;
}

static void
judge_groups(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct argument *includes = argument_of(arguments, "includes");
	struct tls_codes unwanted = unwanted_groups(arguments);

	if ((unwanted.count == 0 || judge_unwanted(arguments, evidence, &unwanted, finding)) &&
		(!includes->given || judge_includes(arguments, evidence, finding)))
		finding_pass(finding, "%s%s%s",
			unwanted.count != 0 ? "the unwanted groups are refused" : "",
			unwanted.count != 0 && includes->given ? ", " : "",
			includes->given ? "the wanted ones are accepted" : "");
}

static void
ask_dhe(const struct arguments *arguments, struct questions *questions)
{
	const struct survey_record survey = dhe_survey();

	(void)arguments;
	ask_survey(questions, PART_DHE, &survey);
}

/* The answer with the smallest prime: one of a suite stands for no other. */
static bool
smallest_prime(const struct evidence *evidence, struct seen_hello *smallest)
{
	struct seen_hello seen;
	bool found = false;
	size_t at = 0;

	while (next_hello(evidence, &at, &seen)) {
		if (!has_dhe_prime(seen.hello))
			continue;
		if (!found || seen.hello->bits < smallest->hello->bits ||
			(seen.hello->bits == smallest->hello->bits &&
				smallest->hello->prime == NULL))
			*smallest = seen;
		found = true;
	}
	return found;
}

static void
judge_prime(const struct server_hello *hello, long minimum, struct finding *finding)
{
	const char *known = hello->prime != NULL ? hello->prime->name : NULL;
	const char *suite = suite_shown(finding->arena, hello->suite);
	const char *weakness = dhe_weakness(hello, minimum);

	finding_observed(finding, "%u bits%s%s%s with %s", hello->bits, known != NULL ? " (" : "",
		known != NULL ? known : "", known != NULL ? ")" : "", suite);
	if (weakness != NULL)
		judge_weak_prime(hello, weakness, finding);
	else
		finding_pass(finding, "no DHE prime has less than %u bits%s%s", hello->bits,
			known != NULL ? ": " : "", known != NULL ? known : "");
}

/* A small prime fails whatever became of the survey; that none is smaller, only its end shows. */
static void
judge_dh_size(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	long minimum = argument_of(arguments, "minimum")->number;
	const struct observation *made = evidence_answer(evidence, arguments, PART_DHE);
	struct seen_hello smallest;
	bool found = smallest_prime(evidence, &smallest);

	finding_expected(finding, "no DHE prime of less than %ld bits", minimum);
	if (found)
		judge_prime(smallest.hello, minimum, finding);
	if (found && finding->verdict == VERDICT_FAIL) {
		finding->shown_by = smallest.trace;
		return;
	}
	if (!judge_answered(evidence, made, "the size of the DHE prime", finding))
		return;
	if (survey_lacks_prime(made->record) || (made->outcome == OUTCOME_DONE && !found))
		finding_error(finding, CAUSE_NONE, "NoProof",
			"a DHE suite was accepted, but no prime was seen");
	else if (!found && judge_control(evidence, finding))
		finding_pass(finding, "no DHE suite is accepted, so there is no prime to be small");
}

static const struct check checks[] = {
	{
		.name = "tls.groups",
		.summary = "the server accepts and refuses the listed key exchange groups",
		.why = "The group decides how hard the key exchange is to break, today and by those "
		       "who record mail for a quantum computer to come.",
		.fix = "Name the groups (Postfix: tls_eecdh_auto_curves; Dovecot: ssl_curve_list; "
		       "nginx: ssl_ecdh_curve; OpenSSL: Groups in openssl.cnf). X25519MLKEM768 needs "
		       "OpenSSL 3.5 or a library as new.",
		.source = "RFC 8446 section 4.2.7, RFC 9325 section 4.2.1",
		.step = STEP_CONNECT,
		.needs_a_param = true,
		.objection = object_to_combination,
		.needs_control = true,
		.ask = ask_groups,
		.judge = judge_groups,
		.params = {
			{
				.name = "includes",
				.type = PARAM_LIST,
				.objection = object_to_group,
				.help = "Groups that must be accepted, in TLS 1.3 or else in TLS 1.2.",
				.example = "[\"X25519MLKEM768\", \"x25519\"]",
			},
			{
				.name = "excludes",
				.type = PARAM_LIST,
				.objection = object_to_group,
				.help = "Groups that must be refused in every version. In TLS 1.2 this is "
					"about elliptic curves; tls.dh_size is about DHE.",
				.example = "[\"secp192r1\", \"secp224r1\"]",
			},
			{
				.name = "only",
				.type = PARAM_LIST,
				.objection = object_to_group,
				.help = "Every group that is accepted must be one of these.",
				.example = "[\"X25519MLKEM768\", \"x25519\", \"secp256r1\"]",
			},
		},
	},
	{
		.name = "tls.dh_size",
		.summary = "the prime of DHE has at least so many bits, or DHE is refused",
		.why = "A prime of 1024 bits, above all one that many servers share, can be broken once "
		       "for all of them (Logjam); then all recorded mail can be read.",
		.fix = "Leave DHE out (Postfix: smtpd_tls_exclude_ciphers = kDHE), or give it a prime of "
		       "2048 bits or more (Postfix: smtpd_tls_dh1024_param_file; Dovecot: ssl_dh; "
		       "Exim: tls_dhparam; best a group of RFC 7919).",
		.source = "RFC 9325 section 4.2.1, CVE-2015-4000",
		.step = STEP_CONNECT,
		.needs_control = true,
		.ask = ask_dhe,
		.judge = judge_dh_size,
		.params = {
			{
				.name = "minimum",
				.type = PARAM_NUMBER,
				.minimum = 512,
				.maximum = 16384,
				.fallback = "2048",
				.help = "The fewest bits that the prime may have.",
				.example = "3072",
			},
		},
	},
};

const struct check_family tls_groups_family = {
	.name = "tls",
	.summary = "what the server would negotiate: key exchange",
	.checks = checks,
	.count = sizeof(checks) / sizeof(checks[0]),
};
