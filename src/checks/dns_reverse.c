/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * dns.reverse: the names of a host's addresses, and whether they lead back.
 */
#include <string.h>

#include "checks/ask.h"
#include "dns_answers.h"
#include "evidence/cause.h"
#include "evidence/target.h"
#include "families.h"
#include "objections.h"
#include "probe/dns_probe.h"

/* The addresses that are asked about: of a node the one that it stands for. The part of a question is the index
 * of its address. */
struct addresses {
	const char *const *items;
	size_t count;
};

static struct addresses
addresses_of(const struct target *target)
{
	const struct host_names *names = target->names;

	if (target->part == TARGET_NODE && target->all_addresses && target->address != NULL)
		return (struct addresses){ &target->address, 1 };
	return (struct addresses){ names->addresses,
		names->address_count <= NAMES_MAX ? names->address_count : 0 };
}

static void
ask_reverse(const struct arguments *arguments, struct questions *questions)
{
	struct addresses addresses = addresses_of(questions->evidence->target);
	char name[DNS_REVERSE_MAX];

	(void)arguments;
	for (size_t i = 0; i < addresses.count; i++)
		if (dns_reverse_name(name, addresses.items[i]))
			ask(questions, (unsigned)i, &dns_hosts_observer,
				&(struct dns_hosts){
					.name = arena_strdup(&questions->evidence->arena, name),
					.type = DNS_PTR });
}

/* One address, and what is known of its names. */
struct reverse {
	const struct evidence *evidence;
	const struct argument *ehlo_names;
	const char *address;
	const struct dns_hosts *found;
};

static const struct dns_answer *
answer_back(const struct reverse *reverse, const struct host_names *names)
{
	return is_ipv6_address(reverse->address) ? &names->aaaa : &names->a;
}

static bool
leads_back(const struct reverse *reverse, const struct host_names *names)
{
	for (size_t i = 0; i < names->address_count; i++)
		if (strcmp(names->addresses[i], reverse->address) == 0)
			return true;
	return false;
}

/* Whether the name is one that will do, if it leads back. */
static bool
is_wanted(const struct reverse *reverse, const struct host_names *names)
{
	return !reverse->ehlo_names->given || lists_name(reverse->ehlo_names, names->host);
}

static const char *
wanted_shown(const struct reverse *reverse, struct arena *arena)
{
	const char *list = NULL;

	for (size_t i = 0; i < reverse->ehlo_names->count; i++)
		list = arena_printf(arena, "%s%s%s", list != NULL ? list : "",
			list != NULL ? ", " : "", reverse->ehlo_names->items[i]);
	return list;
}

/* The record that is to be published, by whoever has the reverse zone. */
static void
tell_fix(const struct reverse *reverse, struct finding *finding)
{
	const struct argument *names = reverse->ehlo_names;

	finding_fix(finding,
		"Have whoever the address is rented from (its reverse zone is theirs) publish: %s. PTR "
		"%s. And see that the name has an %s record with %s.",
		reverse->found->name,
		names->given ? names->items[0] : reverse->evidence->target->names->host,
		is_ipv6_address(reverse->address) ? "AAAA" : "A", reverse->address);
}

static void
tell_unconfirmed(const struct reverse *reverse, bool any_wanted, struct finding *finding)
{
	const char *names = answer_shown(finding->arena, &reverse->found->answer, DNS_PTR);

	if (any_wanted)
		finding_fail(finding, CAUSE_NONE, "NotConfirmed",
			"%s is called %s, which does not lead back to it", reverse->address, names);
	else
		finding_fail(finding, CAUSE_NONE, "OtherReverse", "%s is called %s, and not %s",
			reverse->address, names, wanted_shown(reverse, finding->arena));
	tell_fix(reverse, finding);
}

/* No wanted name is known to lead back. One of which nothing is known might. */
static void
judge_unconfirmed(const struct reverse *reverse, struct finding *finding)
{
	const struct dns_hosts *found = reverse->found;
	const struct dns_answer *worst = NULL;
	const char *host = NULL;
	bool any = false;

	for (size_t i = 0; i < found->host_count; i++) {
		const struct dns_answer *answer = answer_back(reverse, &found->hosts[i]);

		if (!is_wanted(reverse, &found->hosts[i]))
			continue;
		any = true;
		if (worst == NULL || answer->state < worst->state) {
			worst = answer;
			host = found->hosts[i].host;
		}
	}
	if (any && found->host_count > NAMES_MAX && worst->state == DNS_FAILED)
		finding_error(finding, CAUSE_NONE, "TooMany",
			"%s has %zu names: no more than %d are followed, and none of those leads back",
			reverse->address, found->host_count, NAMES_MAX);
	else if (any && !judge_answer(reverse->evidence, worst,
				answer_title(finding->arena,
					is_ipv6_address(reverse->address) ? DNS_AAAA : DNS_A, host),
				CAUSE_NONE, finding))
		return;
	else
		tell_unconfirmed(reverse, any, finding);
}

static void
judge_names(const struct reverse *reverse, struct finding *finding)
{
	const struct dns_hosts *found = reverse->found;

	for (size_t i = 0; i < found->host_count; i++)
		if (is_wanted(reverse, &found->hosts[i]) && leads_back(reverse, &found->hosts[i])) {
			finding_pass(finding, "%s is called %s, which leads back to it",
				reverse->address, found->hosts[i].host);
			return;
		}
	judge_unconfirmed(reverse, finding);
}

static void
judge_address(const struct reverse *reverse, struct finding *finding)
{
	const struct dns_hosts *found = reverse->found;
	struct arena *arena = finding->arena;

	if (!judge_answer(reverse->evidence, &found->answer,
		    answer_title(arena, DNS_PTR, found->name), CAUSE_NONE, finding))
		return;
	if (found->host_count != 0) {
		judge_names(reverse, finding);
		return;
	}
	if (found->answer.count != 0)
		finding_fail(finding, CAUSE_NONE, "NoReverse",
			"the PTR record of %s leads to no host: %s", reverse->address,
			answer_shown(arena, &found->answer, DNS_PTR));
	else
		finding_fail(finding, CAUSE_NONE, "NoReverse",
			"%s has no name: there is no PTR record at %s", reverse->address,
			found->name);
	tell_fix(reverse, finding);
}

/* Whether it is known which addresses there are. */
static bool
judge_addresses_known(const struct evidence *evidence, struct finding *finding)
{
	const struct host_names *names = evidence->target->names;

	if (!judge_answer(evidence, &names->a, answer_title(finding->arena, DNS_A, names->host),
		    CAUSE_ADDRESSES, finding) ||
		!judge_answer(evidence, &names->aaaa,
			answer_title(finding->arena, DNS_AAAA, names->host), CAUSE_ADDRESSES,
			finding))
		return false;
	if (names->address_count != 0 && names->address_count <= NAMES_MAX)
		return true;
	finding_error(finding, CAUSE_ADDRESSES, "NoServer", "%s has %s", names->host,
		names->address_count == 0
			? "no address"
			: arena_printf(finding->arena, "%zu addresses: no more than %d are gated",
				  names->address_count, NAMES_MAX));
	return false;
}

static void
judge_reverse(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	struct addresses addresses = addresses_of(evidence->target);
	const char *observed = NULL;

	if (!judge_addresses_known(evidence, finding))
		return;
	for (size_t i = 0; i < addresses.count; i++) {
		const struct observation *asked = evidence_answer(evidence, arguments, (unsigned)i);
		const struct reverse reverse = { evidence, argument_of(arguments, "ehlo_names"),
			addresses.items[i], asked->record };
		struct finding one;

		finding_init(&one, finding->arena);
		judge_address(&reverse, &one);
		observed =
			arena_printf(finding->arena, "%s%s%s: %s", observed != NULL ? observed : "",
				observed != NULL ? "; " : "", reverse.address,
				answer_shown(finding->arena, &reverse.found->answer, DNS_PTR));
		add_finding(finding, &one, i == 0);
	}
	finding_observed(finding, "%s", observed);
}

static const struct check checks[] = {
	{
		.name = "dns.reverse",
		.summary = "the host's addresses have names that lead back to them",
		.why = "Many servers turn away or sort out mail from an address without a name, or "
		       "whose name does not lead back to it: it looks like that of a hijacked machine.",
		.fix = "Have whoever the address is rented from publish a PTR record with the host's "
		       "name, and publish an A or AAAA record of that name with the address. It "
		       "matters for hosts that send mail.",
		.source = "RFC 1912 section 2.1, RFC 8601 section 3, RFC 5321 section 4.1.4",
		.subject = SUBJECT_NAMES,
		.of_each_address = true,
		.ask = ask_reverse,
		.judge = judge_reverse,
		.params = {
			{
				.name = "ehlo_names",
				.type = PARAM_LIST,
				.objection = object_to_host,
				.help = "The names that the hosts give in EHLO when they send mail "
					"(Postfix: smtp_helo_name, Exim: helo_data): the name of each "
					"address that leads back to it must be one of them.",
				.example = "[\"mx1.example.com\", \"mx2.example.com\"]",
			},
		},
	},
};

const struct check_family dns_reverse_family = {
	.name = "dns",
	.summary = "what the DNS says of a host's addresses",
	.checks = checks,
	.count = sizeof(checks) / sizeof(checks[0]),
};
