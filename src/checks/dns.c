/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The dns.* family: a domain's mail servers, their addresses, and whether DNSSEC vouches for them.
 */
#include <string.h>

#include "base/text.h"
#include "checks/ask.h"
#include "dns_answers.h"
#include "evidence/cause.h"
#include "evidence/target.h"
#include "families.h"
#include "probe/dns_probe.h"

/* "mx1.example.org, mx2.example.org" */
static const char *
hosts_text(const struct mx_names *mx, struct arena *arena)
{
	const char *text = NULL;

	for (size_t i = 0; i < mx->host_count; i++)
		text = arena_printf(arena, "%s%s%s", text != NULL ? text : "",
			text != NULL ? ", " : "", mx->hosts[i].names.host);
	return text != NULL ? text : "none";
}

static bool
has_null(const struct mx_names *mx)
{
	for (size_t i = 0; i < mx->entry_count; i++)
		if (mx->entries[i].target == MX_NULL)
			return true;
	return false;
}

/* An entry that leads nowhere by what it says. */
static bool
judge_entries(const struct mx_names *mx, struct finding *finding)
{
	for (size_t i = 0; i < mx->entry_count; i++) {
		const struct mx_entry *entry = &mx->entries[i];

		if (entry->target == MX_LITERAL)
			finding_fail(finding, CAUSE_NONE, "MxIsAddress",
				"an MX record of %s leads to an address, %s, which is no host name",
				mx->domain, entry->host);
		else if (entry->target == MX_MALFORMED)
			finding_fail(finding, CAUSE_NONE, "MxMalformed",
				"an MX record of %s leads to no host name: \"%s\"", mx->domain,
				entry->host);
		else if (entry->target == MX_NULL && mx->entry_count > 1)
			finding_fail(finding, CAUSE_NONE, "NullMxBesideOthers",
				"%s says that it takes no mail (\"0 .\"), and has other MX records "
				"beside that",
				mx->domain);
		else
			continue;
		return false;
	}
	return true;
}

/* A host that is an alias, or that mail cannot be taken to. */
static bool
judge_hosts(const struct evidence *evidence, const struct mx_names *mx, struct finding *finding)
{
	for (size_t i = 0; i < mx->host_count; i++) {
		const struct host_names *names = &mx->hosts[i].names;

		if (!judge_answer(evidence, host_names_worse(names),
			    arena_printf(finding->arena, "the addresses of %s", names->host),
			    CAUSE_NONE, finding))
			return false;
		if (!mx->implicit && strcmp(names->a.canonical, names->host) != 0)
			finding_fail(finding, CAUSE_NONE, "MxIsAlias",
				"an MX record of %s leads to an alias, %s, which stands for %s",
				mx->domain, names->host, names->a.canonical);
		else if (names->address_count == 0)
			finding_fail(finding, CAUSE_NONE, "MxWithoutAddress",
				"an MX record of %s leads to %s, which has no address", mx->domain,
				names->host);
		else
			continue;
		return false;
	}
	return true;
}

static bool
lists_host(const struct argument *hosts, const char *host)
{
	for (size_t i = 0; i < hosts->count; i++) {
		size_t len = strlen(hosts->items[i]);

		len -= len > 1 && hosts->items[i][len - 1] == '.';
		if (strlen(host) == len && text_same_len(hosts->items[i], len, host))
			return true;
	}
	return false;
}

/* Exactly these. */
static bool
judge_wanted_hosts(const struct argument *hosts, const struct mx_names *mx, struct finding *finding)
{
	size_t found = 0;

	if (!hosts->given)
		return true;
	for (size_t i = 0; i < mx->host_count; i++)
		found += lists_host(hosts, mx->hosts[i].names.host);
	if (found == hosts->count && found == mx->host_count)
		return true;
	finding_fail(finding, CAUSE_NONE, "OtherMx", "the mail servers of %s are others: %s",
		mx->domain, hosts_text(mx, finding->arena));
	return false;
}

static void
judge_null(const struct mx_names *mx, struct finding *finding)
{
	if (mx->entry_count == 1 && has_null(mx))
		finding_pass(finding, "%s says that it takes no mail", mx->domain);
	else
		finding_fail(finding, CAUSE_NONE, "NoNullMx",
			"%s does not say that it takes no mail: its mail servers: %s", mx->domain,
			hosts_text(mx, finding->arena));
	finding_expected(finding, "0 .");
}

/* Whether there is a mail server at all. */
static bool
judge_presence(const struct mx_names *mx, struct finding *finding)
{
	if (mx->answer.no_name)
		finding_fail(finding, CAUSE_MX, "NoDomain", "%s does not exist", mx->domain);
	else if (mx->entry_count == 1 && has_null(mx))
		finding_fail(finding, CAUSE_MX, "NullMx",
			"%s says that it takes no mail: its only MX record is \"0 .\"", mx->domain);
	else if (mx->implicit && mx->hosts[0].names.address_count == 0 &&
		 host_names_worse(&mx->hosts[0].names)->state > DNS_BOGUS)
		finding_fail(finding, CAUSE_MX, "NoMx",
			"%s has neither an MX record nor an address", mx->domain);
	else if (mx->host_count > NAMES_MAX)
		finding_error(finding, CAUSE_MX, "TooMany",
			"%s has %zu mail servers: no more than %d are gated", mx->domain,
			mx->host_count, NAMES_MAX);
	else
		return true;
	return false;
}

static void
judge_mx(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct mx_names *mx = evidence->target->mx;
	long minimum = argument_of(arguments, "minimum")->number;
	uint32_t causes = mx->host_count == 0 ? CAUSE_MX : CAUSE_NONE;

	if (!judge_answer(evidence, &mx->answer, answer_title(finding->arena, DNS_MX, mx->domain),
		    CAUSE_MX, finding))
		return;
	finding_observed(finding, "%s", hosts_text(mx, finding->arena));
	if (argument_of(arguments, "null")->truth) {
		judge_null(mx, finding);
		return;
	}
	if (!judge_presence(mx, finding))
		return;
	if (judge_entries(mx, finding) && judge_hosts(evidence, mx, finding) &&
		judge_wanted_hosts(argument_of(arguments, "hosts"), mx, finding)) {
		if (mx->host_count < (size_t)minimum)
			finding_fail(finding, CAUSE_NONE, "TooFewMx",
				"%s has %zu mail servers, fewer than %ld", mx->domain,
				mx->host_count, minimum);
		else
			finding_pass(finding, "%s%s", hosts_text(mx, finding->arena),
				mx->implicit ? ", the domain itself, for want of an MX record"
					     : "");
	}
	finding->causes |= finding->verdict == VERDICT_FAIL ? causes : CAUSE_NONE;
}

/* Addresses that nobody on the net can connect to (the IANA's registries of special-purpose addresses,
 * RFC 6890). */
static const struct {
	size_t len; /* of an address, in bytes */
	unsigned bits;
	uint8_t prefix[4];
} special[] = {
	{ 4, 8, { 0 } },
	{ 4, 8, { 10 } },
	{ 4, 10, { 100, 64 } },
	{ 4, 8, { 127 } },
	{ 4, 16, { 169, 254 } },
	{ 4, 12, { 172, 16 } },
	{ 4, 24, { 192, 0, 0 } },
	{ 4, 24, { 192, 0, 2 } },
	{ 4, 16, { 192, 168 } },
	{ 4, 15, { 198, 18 } },
	{ 4, 24, { 198, 51, 100 } },
	{ 4, 24, { 203, 0, 113 } },
	{ 4, 3, { 224 } },
	{ 16, 8, { 0 } },
	{ 16, 32, { 0x20, 0x01, 0x0d, 0xb8 } },
	{ 16, 7, { 0xfc } },
	{ 16, 10, { 0xfe, 0x80 } },
	{ 16, 8, { 0xff } },
};

static bool
has_prefix(struct span address, const uint8_t *prefix, unsigned bits)
{
	unsigned bytes = bits / 8, rest = bits % 8;

	return memcmp(address.data, prefix, bytes) == 0 &&
	       (rest == 0 || address.data[bytes] >> (8 - rest) == prefix[bytes] >> (8 - rest));
}

static bool
is_public(struct span address)
{
	for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++)
		if (special[i].len == address.len &&
			has_prefix(address, special[i].prefix, special[i].bits))
			return false;
	return true;
}

/* The first address that is not; NULL: all are public. */
static const char *
find_private(const struct host_names *names, struct arena *arena)
{
	const struct dns_answer *const answers[] = { &names->a, &names->aaaa };
	char text[DNS_ADDRESS_TEXT_MAX];

	for (size_t i = 0; i < 2; i++)
		for (size_t j = 0; j < answers[i]->count; j++)
			if (!is_public(answers[i]->records[j]) &&
				dns_address_read(text, answers[i]->records[j]))
				return arena_strdup(arena, text);
	return NULL;
}

static const char *
addresses_text(const struct host_names *names, struct arena *arena)
{
	const char *text = NULL;

	for (size_t i = 0; i < names->address_count; i++)
		text = arena_printf(arena, "%s%s%s", text != NULL ? text : "",
			text != NULL ? ", " : "", names->addresses[i]);
	return text != NULL ? text : "none";
}

static const char *const families[] = { "ipv4", "ipv6", NULL };

/* The first family that is wanted, and that the host has no address of; NULL: none. */
static const char *
find_lacking(const struct argument *wanted, const struct host_names *names)
{
	if (argument_lists(wanted, families[0]) && names->a.count == 0)
		return "IPv4";
	if (argument_lists(wanted, families[1]) && names->aaaa.count == 0)
		return "IPv6";
	return NULL;
}

static bool
judge_family(const struct evidence *evidence, const struct host_names *names, uint16_t type,
	struct finding *finding)
{
	return judge_answer(evidence, type == DNS_A ? &names->a : &names->aaaa,
		answer_title(finding->arena, type, names->host), CAUSE_ADDRESSES, finding);
}

static void
judge_addresses(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct host_names *names = evidence->target->names;
	const char *lacking = find_lacking(argument_of(arguments, "families"), names);
	const char *private = NULL;

	if (!judge_family(evidence, names, DNS_A, finding) ||
		!judge_family(evidence, names, DNS_AAAA, finding))
		return;
	if (argument_of(arguments, "public")->truth)
	private = find_private(names, finding->arena);
	if (names->address_count == 0)
		finding_fail(finding, CAUSE_ADDRESSES, "NoAddress", "%s%s", names->host,
			names->a.no_name ? " does not exist" : " has no address");
	else if (names->address_count > NAMES_MAX)
		finding_error(finding, CAUSE_ADDRESSES, "TooMany",
			"%s has %zu addresses: no more than %d are gated", names->host,
			names->address_count, NAMES_MAX);
	else if (lacking != NULL)
		finding_fail(finding, CAUSE_NONE, "NoAddress", "%s has no %s address", names->host,
			lacking);
	else if (private != NULL)
		finding_fail(finding, CAUSE_NONE, "AddressNotPublic",
			"%s has an address that nobody on the net can connect to: %s", names->host,
			private);
	else
		finding_pass(finding, "%s: %s", names->host, addresses_text(names, finding->arena));
	finding_observed(finding, "%s", addresses_text(names, finding->arena));
}

static void
ask_secure(const struct arguments *arguments, struct questions *questions)
{
	const struct argument *names = argument_of(arguments, "names");

	for (size_t i = 0; i < names->count; i++)
		ask(questions, (unsigned)i, &dns_lookup_observer,
			&(struct dns_lookup){ .name = names->items[i], .type = DNS_A });
}

/* What is asserted to be secure, one answer after the other. */
struct securing {
	const struct evidence *evidence;
	struct finding *finding;
	size_t secure;
	const char *open; /* those that are not signed */
};

/* False, with the finding, when nothing can be said. */
static bool
take_answer(struct securing *securing, const struct dns_answer *answer, uint16_t type,
	const char *name, uint32_t cause)
{
	struct arena *arena = securing->finding->arena;
	const char *what = answer_title(arena, type, name);

	if (!judge_answer(securing->evidence, answer, what, cause, securing->finding))
		return false;
	securing->secure += is_answer_secure(answer);
	if (!is_answer_secure(answer))
		securing->open = securing->open == NULL
					 ? what
					 : arena_printf(arena, "%s; %s", securing->open, what);
	return true;
}

static bool
take_host(struct securing *securing, const struct host_names *names, uint32_t cause)
{
	return take_answer(securing, &names->a, DNS_A, names->host, cause) &&
	       take_answer(securing, &names->aaaa, DNS_AAAA, names->host, cause);
}

static bool
take_target(struct securing *securing)
{
	const struct target *target = securing->evidence->target;
	const struct mx_names *mx = target->mx;

	if (mx == NULL)
		return take_host(securing, target->names, CAUSE_ADDRESSES);
	if (!take_answer(securing, &mx->answer, DNS_MX, mx->domain, CAUSE_MX))
		return false;
	for (size_t i = 0; i < mx->host_count; i++)
		if (!take_host(securing, &mx->hosts[i].names, CAUSE_NONE))
			return false;
	return true;
}

static void
judge_secure(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct argument *names = argument_of(arguments, "names");
	struct securing securing = { .evidence = evidence, .finding = finding };

	if (!take_target(&securing))
		return;
	for (size_t i = 0; i < names->count; i++) {
		const struct observation *observation =
			evidence_answer(evidence, arguments, (unsigned)i);
		const struct dns_lookup *lookup = observation->record;

		if (!take_answer(&securing, &lookup->answer, DNS_A, names->items[i], CAUSE_NONE))
			return;
	}
	if (securing.open != NULL)
		finding_fail(finding, CAUSE_NONE, "NotSigned", "not signed by DNSSEC: %s",
			securing.open);
	else
		finding_pass(finding, "all %zu answers are secure", securing.secure);
}

static const struct check checks[] = {
	{
		.name = "dns.mx",
		.summary = "the domain's MX records lead to mail servers",
		.why = "Mail for the domain goes where its MX records lead. A record that leads to an "
		       "alias, to an address or to nothing makes some senders defer and bounce.",
		.fix = "Have each MX record name a host that has A or AAAA records of its own. A domain "
		       "that takes no mail has \"0 .\" and no other.",
		.source = "RFC 5321 section 5.1, RFC 7505, RFC 2181 section 10.3",
		.subject = SUBJECT_WHOLE,
		.needs = TARGET_DOMAIN,
		.judge = judge_mx,
		.params = {
			{
				.name = "hosts",
				.type = PARAM_LIST,
				.help = "The mail servers that there must be, and no others.",
				.example = "[\"mx1.example.com\", \"mx2.example.com\"]",
			},
			{
				.name = "minimum",
				.type = PARAM_NUMBER,
				.minimum = 1,
				.maximum = NAMES_MAX,
				.fallback = "1",
				.help = "How many mail servers there must be at least.",
				.example = "2",
			},
			{
				.name = "null",
				.type = PARAM_BOOLEAN,
				.fallback = "false",
				.help = "Whether the domain must say that it takes no mail.",
				.example = "true",
			},
		},
	},
	{
		.name = "dns.addresses",
		.summary = "the host has addresses",
		.why = "A host without an address takes no mail; one with a private address takes it from "
		       "nobody outside; many networks have IPv6 alone, or IPv4 alone.",
		.fix = "Publish A and AAAA records of the host, of addresses that the server listens on.",
		.source = "RFC 5321 section 5.1",
		.subject = SUBJECT_NAMES,
		.judge = judge_addresses,
		.params = {
			{
				.name = "families",
				.type = PARAM_LIST,
				.choices = families,
				.help = "The families that there must be an address of.",
				.example = "[\"ipv4\", \"ipv6\"]",
			},
			{
				.name = "public",
				.type = PARAM_BOOLEAN,
				.fallback = "false",
				.help = "Whether all addresses must be such that the whole net can connect "
					"to them.",
				.example = "true",
			},
		},
	},
	{
		.name = "dns.secure",
		.summary = "DNSSEC vouches for the mail servers and their addresses",
		.why = "Without signatures anybody on the way can lead mail to a server of his own, and "
		       "DANE says nothing.",
		.fix = "Sign the zone, and have the registrar publish its DS record; all zones that the "
		       "names lead through have to be signed, also that of a provider's mail servers.",
		.source = "RFC 4035 section 4.3, RFC 7672 section 2.2",
		.subject = SUBJECT_WHOLE,
		.needs_names = true,
		.ask = ask_secure,
		.judge = judge_secure,
		.params = {
			{
				.name = "names",
				.type = PARAM_LIST,
				.help = "Further names that signatures must vouch for, whether they exist "
					"or not.",
				.example = "[\"_mta-sts.example.com\"]",
			},
		},
	},
};

const struct check_family dns_family = {
	.name = "dns",
	.summary = "what the DNS says of a domain and its servers",
	.checks = checks,
	.count = sizeof(checks) / sizeof(checks[0]),
};
