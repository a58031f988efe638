/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * dns.srv: where clients are led that are set up by a mail address alone. dns.record: any one record.
 */
#include <regex.h>
#include <string.h>

#include "checks/ask.h"
#include "dns_answers.h"
#include "evidence/cause.h"
#include "evidence/target.h"
#include "families.h"
#include "probe/dns_probe.h"

/* RFC 8314 section 5.1, RFC 6186 section 3; with the port that is usual, for advice. */
static const struct service {
	const char *name;
	unsigned port;
} services[] = {
	{ "submissions", 465 },
	{ "submission", 587 },
	{ "imaps", 993 },
	{ "imap", 143 },
	{ "pop3s", 995 },
	{ "pop3", 110 },
};
#define SERVICES (sizeof(services) / sizeof(services[0]))

static const char *const service_names[] = { "submissions", "submission", "imaps", "imap", "pop3s",
	"pop3", NULL };

/* Those that are asked about: where none is named, all; the part of a question is the index of its service. */
static bool
is_asked(const struct arguments *arguments, size_t service)
{
	const struct argument *wanted = argument_of(arguments, "services");

	return !wanted->given || argument_lists(wanted, services[service].name);
}

static void
ask_srv(const struct arguments *arguments, struct questions *questions)
{
	struct arena *arena = &questions->evidence->arena;

	for (size_t i = 0; i < SERVICES; i++)
		if (is_asked(arguments, i))
			ask(questions, (unsigned)i, &dns_hosts_observer,
				&(struct dns_hosts){
					.name = arena_printf(arena, "_%s._tcp.%s", services[i].name,
						questions->evidence->target->domain),
					.type = DNS_SRV });
}

/* The record that is to be published. */
static void
tell_srv(const struct service *service, const struct dns_hosts *found, struct finding *finding)
{
	finding_fix(finding,
		"Publish the record: %s. SRV 0 1 %u HOST. with the name of the mail server for HOST, "
		"which has A or AAAA records of its own and is no alias. A service that is not offered "
		"has \"0 0 0 .\" alone.",
		found->name, service->port);
}

/* Records that say what they may not say, whoever their hosts are. */
static bool
judge_srv_data(const struct dns_hosts *found, struct finding *finding)
{
	const struct dns_answer *answer = &found->answer;
	struct srv_record srv;

	for (size_t i = 0; i < answer->count; i++) {
		if (!srv_record_read(&srv, answer->records[i]))
			finding_fail(finding, CAUSE_NONE, "Malformed",
				"%s has a record that is no SRV record: %s", found->name,
				answer_shown(finding->arena, answer, DNS_SRV));
		else if (strcmp(srv.host, ".") == 0 && answer->count > 1)
			finding_fail(finding, CAUSE_NONE, "NullBesideOthers",
				"%s says that the service is not offered (\".\"), and has other "
				"records beside that",
				found->name);
		else if (strcmp(srv.host, ".") != 0 && srv.port == 0)
			finding_fail(finding, CAUSE_NONE, "NoPort", "%s leads to port 0 of %s",
				found->name, srv.host);
		else
			continue;
		return false;
	}
	return true;
}

static bool
judge_srv_hosts(
	const struct evidence *evidence, const struct dns_hosts *found, struct finding *finding)
{
	if (found->host_count > NAMES_MAX) {
		finding_error(finding, CAUSE_NONE, "TooMany",
			"%s leads to %zu hosts: no more than %d are looked at", found->name,
			found->host_count, NAMES_MAX);
		return false;
	}
	for (size_t i = 0; i < found->host_count; i++) {
		const struct host_names *names = &found->hosts[i];

		if (!judge_answer(evidence, host_names_worse(names),
			    arena_printf(finding->arena, "the addresses of %s", names->host),
			    CAUSE_NONE, finding))
			return false;
		if (strcmp(names->a.canonical, names->host) != 0)
			finding_fail(finding, CAUSE_NONE, "SrvIsAlias",
				"%s leads to an alias, %s, which stands for %s", found->name,
				names->host, names->a.canonical);
		else if (names->address_count == 0)
			finding_fail(finding, CAUSE_NONE, "SrvWithoutAddress",
				"%s leads to %s, which has no address", found->name, names->host);
		else
			continue;
		return false;
	}
	return true;
}

/* A service that may be missing, unless it is wanted. */
static void
judge_service(const struct evidence *evidence, const struct service *service, bool wanted,
	const struct dns_hosts *found, struct finding *finding)
{
	if (!judge_answer(evidence, &found->answer,
		    answer_title(finding->arena, DNS_SRV, found->name), CAUSE_NONE, finding))
		return;
	if (judge_srv_data(found, finding) && judge_srv_hosts(evidence, found, finding)) {
		if (found->host_count != 0 || !wanted)
			finding_pass(finding, "%s: %s", service->name,
				answer_shown(finding->arena, &found->answer, DNS_SRV));
		else if (found->answer.count != 0)
			finding_fail(finding, CAUSE_NONE, "ServiceNotOffered",
				"%s says that the service is not offered (\".\")", found->name);
		else
			finding_fail(finding, CAUSE_NONE, "NoService", "%s has no SRV record",
				found->name);
	}
	if (finding->verdict == VERDICT_FAIL)
		tell_srv(service, found, finding);
}

static void
judge_no_service(const struct evidence *evidence, struct finding *finding)
{
	finding_fail(finding, CAUSE_NONE, "NoService",
		"%s has no SRV record of a mail service that is offered", evidence->target->domain);
	finding_fix(finding,
		"Publish the records: _submissions._tcp.%s. SRV 0 1 465 HOST. and _imaps._tcp.%s. SRV 0 "
		"1 993 HOST. with the name of the mail server for HOST.",
		evidence->target->domain, evidence->target->domain);
}

static void
judge_srv(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	bool wanted = argument_of(arguments, "services")->given;
	const char *observed = NULL;
	size_t hosts = 0;

	for (size_t i = 0; i < SERVICES; i++) {
		const struct observation *asked = evidence_answer(evidence, arguments, (unsigned)i);
		const struct dns_hosts *found = asked != NULL ? asked->record : NULL;
		struct finding one;

		if (found == NULL)
			continue;
		finding_init(&one, finding->arena);
		judge_service(evidence, &services[i], wanted, found, &one);
		add_finding(finding, &one, observed == NULL);
		hosts += found->host_count;
		observed = arena_printf(finding->arena, "%s%s%s: %s",
			observed != NULL ? observed : "", observed != NULL ? "; " : "",
			services[i].name, answer_shown(finding->arena, &found->answer, DNS_SRV));
	}
	if (finding->verdict == VERDICT_PASS && hosts == 0)
		judge_no_service(evidence, finding);
	finding_observed(finding, "%s", observed);
}

/* In step with the names below. */
static const uint16_t types[] = { DNS_A, DNS_AAAA, DNS_CAA, DNS_CNAME, DNS_MX, DNS_PTR, DNS_SRV,
	DNS_TLSA, DNS_TXT };
static const char *const type_names[] = { "A", "AAAA", "CAA", "CNAME", "MX", "PTR", "SRV", "TLSA",
	"TXT", NULL };

static uint16_t
type_of(const struct arguments *arguments)
{
	const char *name = argument_of(arguments, "type")->text;
	size_t i = 0;

	while (strcmp(type_names[i], name) != 0)
		i++;
	return types[i];
}

static void
ask_record(const struct arguments *arguments, struct questions *questions)
{
	ask(questions, 0, &dns_lookup_observer,
		&(struct dns_lookup){
			.name = argument_of(arguments, "name")->text, .type = type_of(arguments) });
}

/* How many of the records match; all of them where there is no pattern. */
static size_t
count_matches(const struct arguments *arguments, const struct dns_answer *answer)
{
	const struct argument *matches = argument_of(arguments, "matches");
	uint16_t type = type_of(arguments);
	size_t count = 0;
	regex_t regex;

	if (!matches->given)
		return answer->count;
	if (regcomp(&regex, matches->text, REG_EXTENDED | REG_NOSUB) != 0)
		return 0;
	for (size_t i = 0; i < answer->count; i++) {
		struct buf text;

		buf_init(&text, DNS_RECORD_TEXT_MAX);
		dns_record_text(&text, type, answer->records[i]);
		count += regexec(&regex, text.data, 0, NULL, 0) == 0;
		buf_release(&text);
	}
	regfree(&regex);
	return count;
}

static void
judge_matches(
	const struct arguments *arguments, const struct dns_answer *answer, struct finding *finding)
{
	const struct argument *maximum = argument_of(arguments, "maximum");
	const char *name = argument_of(arguments, "name")->text;
	const char *type = argument_of(arguments, "type")->text;
	size_t count = count_matches(arguments, answer);

	if (answer->no_name)
		finding_fail(finding, CAUSE_NONE, "NoRecord", "%s does not exist", name);
	else if (answer->count == 0)
		finding_fail(finding, CAUSE_NONE, "NoRecord", "%s has no %s record", name, type);
	else if (count == 0)
		finding_fail(finding, CAUSE_NONE, "NoMatch", "no %s record of %s matches %s", type,
			name, argument_of(arguments, "matches")->text);
	else if (maximum->given && count > (size_t)maximum->number)
		finding_fail(finding, CAUSE_NONE, "TooManyRecords",
			"%zu %s records of %s%s, where there may be no more than %ld", count, type,
			name, argument_of(arguments, "matches")->given ? " match" : "",
			maximum->number);
	else if (argument_of(arguments, "secure")->truth && answer->state != DNS_SECURE)
		finding_fail(finding, CAUSE_NONE, "NotSigned",
			"the %s record of %s is not signed by DNSSEC", type, name);
	else
		finding_pass(finding, "%zu %s record%s of %s, %s", count, type,
			count == 1 ? "" : "s", name, dns_state_name(answer->state));
}

static void
judge_record(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct argument *matches = argument_of(arguments, "matches");
	const struct dns_lookup *lookup = evidence_answer(evidence, arguments, 0)->record;

	if (!judge_answer(evidence, &lookup->answer,
		    answer_title(finding->arena, lookup->type, lookup->name), CAUSE_NONE, finding))
		return;
	judge_matches(arguments, &lookup->answer, finding);
	if (matches->given)
		finding_expected(finding, "a record that matches %s", matches->text);
	finding_observed(
		finding, "%s", answer_shown(finding->arena, &lookup->answer, lookup->type));
}

static const struct check checks[] = {
	{
		.name = "dns.srv",
		.summary = "the domain's SRV records lead mail clients to servers",
		.why = "Clients that are set up by a mail address alone look here for the servers. A "
		       "record that leads to an alias or to nothing makes them guess, or ask the user.",
		.fix = "Have the records _submissions._tcp, _imaps._tcp and so on of the domain lead to "
		       "hosts that have A or AAAA records of their own. A service that is not offered "
		       "has \"0 0 0 .\" and no other.",
		.source = "RFC 6186 section 3, RFC 8314 section 5.1, RFC 2782",
		.subject = SUBJECT_WHOLE,
		.needs = TARGET_DOMAIN,
		.ask = ask_srv,
		.judge = judge_srv,
		.params = {
			{
				.name = "services",
				.type = PARAM_LIST,
				.choices = service_names,
				.help = "The services that must be offered, each by a record of its own; "
					"without it one of them is enough, and what there is must be right.",
				.example = "[\"submissions\", \"imaps\"]",
			},
		},
	},
	{
		.name = "dns.record",
		.summary = "the DNS has the record",
		.why = "Somebody goes by it: without the records of SPF, DKIM and DMARC mail of the "
		       "domain is taken for forged, and of two policies of SPF none counts.",
		.fix = "Publish the record at all name servers of the zone, and raise the zone's serial "
		       "number.",
		.source = "RFC 1035 section 3.3, RFC 7208 section 3, RFC 7489 section 6.1",
		.subject = SUBJECT_WHOLE,
		.ask = ask_record,
		.judge = judge_record,
		.params = {
			{
				.name = "name",
				.type = PARAM_TEXT,
				.required = true,
				.objection = object_to_dns_name,
				.help = "The whole name that the record stands at.",
				.example = "\"example.com\"",
			},
			{
				.name = "type",
				.type = PARAM_CHOICE,
				.required = true,
				.choices = type_names,
				.help = "The type of the record.",
				.example = "\"TXT\"",
			},
			{
				.name = "matches",
				.type = PARAM_REGEX,
				.help = "A POSIX extended regular expression that one record must match, "
					"as zone files write it, but host names in lower case and without a "
					"dot at the end, and TXT as one text without quotes.",
				.example = "\"^v=spf1 .*-all$\"",
			},
			{
				.name = "maximum",
				.type = PARAM_NUMBER,
				.minimum = 1,
				.maximum = 100,
				.help = "How many records may match (without a pattern: how many there may "
					"be).",
				.example = "1",
			},
			{
				.name = "secure",
				.type = PARAM_BOOLEAN,
				.fallback = "false",
				.help = "Whether DNSSEC must vouch for it.",
				.example = "true",
			},
		},
	},
};

const struct check_family dns_records_family = {
	.name = "dns",
	.summary = "further records of a domain",
	.checks = checks,
	.count = sizeof(checks) / sizeof(checks[0]),
};
