/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The dns.* family: a domain's mail servers, their addresses, and whether DNSSEC vouches for them.
 */
#include <string.h>

#include "base/text.h"
#include "certificate_view.h"
#include "checks/ask.h"
#include "dns_answers.h"
#include "evidence/cause.h"
#include "evidence/target.h"
#include "families.h"
#include "probe/dns_probe.h"
#include "x509/hostname.h"

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

/* The entry by which the domain says that it takes no mail; NULL: it does not. */
static const struct mx_entry *
find_null(const struct mx_names *mx)
{
	for (size_t i = 0; i < mx->entry_count; i++)
		if (mx->entries[i].target == MX_NULL)
			return &mx->entries[i];
	return NULL;
}

/* What is wrong, one after the other: the first gives the finding its type. */
struct faults {
	const char *type;
	const char *list; /* NULL: nothing is */
	uint32_t causes;
};

static void
add_fault(struct faults *faults, struct arena *arena, const char *type, uint32_t cause,
	const char *text)
{
	if (faults->list == NULL)
		faults->type = type;
	faults->list = text_joined(arena, faults->list, text);
	faults->causes |= cause;
}

/* An entry that leads nowhere by what it says. */
static void
find_entry_faults(const struct mx_names *mx, struct faults *faults, struct arena *arena)
{
	for (size_t i = 0; i < mx->entry_count; i++) {
		const struct mx_entry *entry = &mx->entries[i];

		switch (entry->target) {
		case MX_HOST:
			break;
		case MX_NULL:
			add_fault(faults, arena, "NullMxBesideOthers", CAUSE_MX,
				arena_printf(arena,
					"%s says that it takes no mail (\"%u .\"), and has other MX "
					"records beside that",
					mx->domain, entry->preference));
			break;
		case MX_LITERAL:
			add_fault(faults, arena, "MxIsAddress", CAUSE_MX,
				arena_printf(arena,
					"an MX record leads to an address, %s, which is no host name",
					entry->host));
			break;
		case MX_LOCAL:
			add_fault(faults, arena, "MxIsLocal", CAUSE_MX,
				arena_printf(arena,
					"an MX record leads to %s, which is whoever asks",
					entry->host));
			break;
		case MX_MALFORMED:
			add_fault(faults, arena, "MxMalformed", CAUSE_MX,
				arena_printf(arena, "an MX record leads to no host name: \"%s\"",
					entry->host));
			break;
		}
	}
}

/* Hosts that are aliases, or that mail cannot be taken to. False, with the finding, when one is not known. */
static bool
find_host_faults(const struct evidence *evidence, struct faults *faults, struct finding *finding)
{
	const struct mx_names *mx = evidence->target->mx;
	struct arena *arena = finding->arena;

	for (size_t i = 0; i < mx->host_count; i++) {
		const struct host_names *names = &mx->hosts[i].names;

		if (!judge_answer(evidence, host_names_worse(names),
			    arena_printf(arena, "the addresses of %s", names->host),
			    CAUSE_ADDRESSES, finding))
			return false;
		if (!mx->implicit && strcmp(names->a.canonical, names->host) != 0)
			add_fault(faults, arena, "MxIsAlias", CAUSE_NONE,
				arena_printf(arena,
					"an MX record leads to an alias, %s, which stands for %s",
					names->host, names->a.canonical));
		if (names->address_count == 0)
			add_fault(faults, arena, "MxWithoutAddress", CAUSE_NONE,
				arena_printf(arena,
					"an MX record leads to %s, which has no address",
					names->host));
	}
	return true;
}

/* Exactly these. */
static void
find_other_hosts(const struct argument *hosts, const struct mx_names *mx, struct faults *faults,
	struct arena *arena)
{
	size_t found = 0;

	for (size_t i = 0; i < mx->host_count; i++)
		found += lists_name(hosts, mx->hosts[i].names.host);
	if (hosts->given && (found != hosts->count || found != mx->host_count))
		add_fault(faults, arena, "OtherMx", CAUSE_NONE,
			arena_printf(
				arena, "the mail servers are others: %s", hosts_text(mx, arena)));
}

static void
judge_null(const struct mx_names *mx, struct finding *finding)
{
	const struct mx_entry *null = find_null(mx);

	if (mx->entry_count == 1 && null != NULL && null->preference == 0)
		finding_pass(finding, "%s says that it takes no mail", mx->domain);
	else if (mx->entry_count == 1 && null != NULL)
		finding_fail(finding, CAUSE_NONE, "NoNullMx",
			"%s has \"%u .\", which senders need not take for a null MX record",
			mx->domain, null->preference);
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
	const struct mx_entry *null = find_null(mx);
	const char *canonical = mx->answer.canonical;

	if (mx->answer.no_name && strcmp(canonical, mx->domain) != 0)
		finding_fail(finding, CAUSE_MX, "NoDomain",
			"%s is an alias of %s, which does not exist", mx->domain, canonical);
	else if (mx->answer.no_name)
		finding_fail(finding, CAUSE_MX, "NoDomain", "%s does not exist", mx->domain);
	else if (mx->entry_count == 1 && null != NULL)
		finding_fail(finding, CAUSE_MX, "NullMx",
			"%s says that it takes no mail: its only MX record is \"%u .\"", mx->domain,
			null->preference);
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
	if (mx->answer.no_name)
		finding_fix(finding,
			"Look how the domain is spelt, and whether it is registered and delegated.");
	return false;
}

static void
judge_servers(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct mx_names *mx = evidence->target->mx;
	long minimum = argument_of(arguments, "minimum")->number;
	struct faults faults = { .list = NULL };

	find_entry_faults(mx, &faults, finding->arena);
	if (!find_host_faults(evidence, &faults, finding) && faults.list == NULL)
		return;
	find_other_hosts(argument_of(arguments, "hosts"), mx, &faults, finding->arena);
	if (mx->host_count < (size_t)minimum)
		add_fault(&faults, finding->arena, "TooFewMx", CAUSE_NONE,
			arena_printf(finding->arena, "mail servers: %zu, fewer than %ld",
				mx->host_count, minimum));
	if (faults.list != NULL)
		finding_fail(
			finding, faults.causes, faults.type, "%s: %s", mx->domain, faults.list);
	else
		finding_pass(finding, "%s%s", hosts_text(mx, finding->arena),
			mx->implicit ? ", the domain itself, for want of an MX record" : "");
}

static void
judge_mx(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct mx_names *mx = evidence->target->mx;

	if (!judge_answer(evidence, &mx->answer, answer_title(finding->arena, DNS_MX, mx->domain),
		    CAUSE_MX, finding))
		return;
	finding_observed(finding, "%s", hosts_text(mx, finding->arena));
	if (argument_of(arguments, "null")->truth && !mx->answer.no_name)
		judge_null(mx, finding);
	else if (judge_presence(mx, finding))
		judge_servers(arguments, evidence, finding);
}

/* Addresses that are no host's, or not everybody's (the IANA's registries of special-purpose addresses, RFC
 * 6890). */
struct special {
	size_t len; /* of an address, in bytes */
	unsigned bits;
	uint8_t prefix[12];
};

/* Unspecified, multicast, reserved and broadcast ones, and addresses of IPv4 in the form of IPv6. */
static const struct special unusable[] = {
	{ 4, 8, { 0 } },
	{ 4, 3, { 224 } },
	{ 16, 128, { 0 } },
	{ 16, 96, { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff } },
	{ 16, 8, { 0xff } },
};

/* Beside those. Of IPv6 all that is not in 2000::/3 is not public. */
static const struct special private[] = {
	{ 4, 8, { 10 } },
	{ 4, 10, { 100, 64 } },
	{ 4, 8, { 127 } },
	{ 4, 16, { 169, 254 } },
	{ 4, 12, { 172, 16 } },
	{ 4, 24, { 192, 0, 0 } },
	{ 4, 24, { 192, 0, 2 } },
	{ 4, 24, { 192, 88, 99 } },
	{ 4, 16, { 192, 168 } },
	{ 4, 15, { 198, 18 } },
	{ 4, 24, { 198, 51, 100 } },
	{ 4, 24, { 203, 0, 113 } },
	{ 16, 23, { 0x20, 0x01 } },
	{ 16, 32, { 0x20, 0x01, 0x0d, 0xb8 } },
	{ 16, 16, { 0x20, 0x02 } },
	{ 16, 20, { 0x3f, 0xff } },
};
static const struct special global = { 16, 3, { 0x20 } };

static bool
has_prefix(struct span address, const struct special *special)
{
	uint8_t prefix[16] = { 0 };
	unsigned bytes = special->bits / 8, rest = special->bits % 8;

	memcpy(prefix, special->prefix, sizeof(special->prefix));
	return address.len == special->len && memcmp(address.data, prefix, bytes) == 0 &&
	       (rest == 0 || address.data[bytes] >> (8 - rest) == prefix[bytes] >> (8 - rest));
}

static bool
is_unusable(struct span address)
{
	for (size_t i = 0; i < sizeof(unusable) / sizeof(unusable[0]); i++)
		if (has_prefix(address, &unusable[i]))
			return true;
	return false;
}

static bool
is_private(struct span address)
{
	for (size_t i = 0; i < sizeof(private) / sizeof(private[0]); i++)
		if (has_prefix(address, &private[i]))
			return true;
	return address.len == global.len && !has_prefix(address, &global);
}

/* All of the host's addresses that are so; NULL: none is. */
static const char *
find_addresses(const struct host_names *names, bool (*are)(struct span), struct arena *arena)
{
	const struct dns_answer *const answers[] = { &names->a, &names->aaaa };
	char text[DNS_ADDRESS_TEXT_MAX];
	const char *list = NULL;

	for (size_t i = 0; i < 2; i++)
		for (size_t j = 0; j < answers[i]->count; j++)
			if (are(answers[i]->records[j]) &&
				dns_address_read(text, answers[i]->records[j]))
				list = text_joined(arena, list, arena_strdup(arena, text));
	return list;
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

/* What is wrong about the addresses themselves. False, with the finding, when something is. */
static bool
judge_each_address(
	const struct arguments *arguments, const struct host_names *names, struct finding *finding)
{
	const char *lacking = find_lacking(argument_of(arguments, "families"), names);
	const char *unusable_ones = find_addresses(names, is_unusable, finding->arena);
	const char *private_ones = find_addresses(names, is_private, finding->arena);

	if (unusable_ones != NULL)
		finding_fail(finding, CAUSE_NONE, "AddressUnusable",
			"%s has what is no address of a host: %s", names->host, unusable_ones);
	else if (lacking != NULL)
		finding_fail(finding, CAUSE_NONE, "NoAddress", "%s has no %s address", names->host,
			lacking);
	else if (argument_of(arguments, "public")->truth && private_ones != NULL)
		finding_fail(finding, CAUSE_NONE, "AddressNotPublic",
			"%s has addresses that not everybody on the net can connect to: %s",
			names->host, private_ones);
	else
		return true;
	return false;
}

static void
judge_addresses(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct target *target = evidence->target;
	const struct host_names *names = target->names;

	if (!judge_family(evidence, names, DNS_A, finding) ||
		!judge_family(evidence, names, DNS_AAAA, finding))
		return;
	if (names->malformed)
		finding_fail(finding, CAUSE_ADDRESSES, "AddressMalformed",
			"a record of %s holds no address", names->host);
	else if (names->address_count == 0)
		finding_fail(finding, CAUSE_ADDRESSES, "NoAddress", "%s%s", names->host,
			names->a.no_name ? " does not exist" : " has no address");
	else if (names->address_count > NAMES_MAX)
		finding_error(finding, CAUSE_ADDRESSES, "TooMany",
			"%s has %zu addresses: no more than %d are gated", names->host,
			names->address_count, NAMES_MAX);
	else if (target->missing == CAUSE_ADDRESSES)
		finding_error(finding, CAUSE_ADDRESSES, "NotGated", "%s", target->missing_text);
	else if (judge_each_address(arguments, names, finding))
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
	const char *open;       /* those that are not signed */
	const char *unanchored; /* of which that is not known */
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
	if (is_answer_secure(answer))
		securing->secure++;
	else if (answer->unanchored)
		securing->unanchored = text_joined(arena, securing->unanchored, what);
	else
		securing->open = text_joined(arena, securing->open, what);
	return true;
}

static bool
take_host(struct securing *securing, const struct host_names *names)
{
	struct finding *finding = securing->finding;

	if (!take_answer(securing, &names->a, DNS_A, names->host, CAUSE_ADDRESSES) ||
		!take_answer(securing, &names->aaaa, DNS_AAAA, names->host, CAUSE_ADDRESSES))
		return false;
	if (names->address_count != 0)
		return true;
	finding_error(finding, CAUSE_ADDRESSES, "NoServer",
		"%s has no address: there is nothing to vouch for", names->host);
	return false;
}

static bool
take_target(struct securing *securing)
{
	const struct target *target = securing->evidence->target;
	const struct mx_names *mx = target->mx;

	if (mx == NULL)
		return take_host(securing, target->names);
	if (!take_answer(securing, &mx->answer, DNS_MX, mx->domain, CAUSE_MX))
		return false;
	if (mx->answer.no_name) {
		finding_error(securing->finding, CAUSE_MX, "NoServer",
			"%s does not exist: there is nothing to vouch for", mx->domain);
		return false;
	}
	for (size_t i = 0; i < mx->host_count; i++)
		if (!take_host(securing, &mx->hosts[i].names))
			return false;
	return true;
}

static bool
take_names(struct securing *securing, const struct arguments *arguments)
{
	const struct argument *names = argument_of(arguments, "names");

	for (size_t i = 0; i < names->count; i++) {
		const struct observation *observation =
			evidence_answer(securing->evidence, arguments, (unsigned)i);
		const struct dns_lookup *lookup = observation->record;

		if (!take_answer(securing, &lookup->answer, DNS_A, names->items[i], CAUSE_NONE))
			return false;
	}
	return true;
}

static void
judge_secure(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	struct securing securing = { .evidence = evidence, .finding = finding };

	if (!take_target(&securing) || !take_names(&securing, arguments))
		return;
	if (securing.open != NULL)
		finding_fail(finding, CAUSE_NONE, "NotSigned", "not signed by DNSSEC: %s",
			securing.open);
	else if (securing.unanchored != NULL)
		error_unanchored(finding, CAUSE_NONE, securing.unanchored);
	else
		finding_pass(
			finding, "secure answers: %zu of %zu", securing.secure, securing.secure);
}

static bool
wants_null(const struct arguments *arguments)
{
	return argument_of(arguments, "null")->truth;
}

static const char *
object_to_host(const char *text)
{
	char normal[HOSTNAME_MAX];
	struct error ignored = { .text = "" };

	return hostname_normalise(text, normal, &ignored) && text_same(text, normal)
		       ? NULL
		       : "this is no host name as the DNS has it, without a dot at its end";
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
				.name = "null",
				.type = PARAM_BOOLEAN,
				.fallback = "false",
				.help = "Whether the domain must say that it takes no mail.",
				.example = "false",
			},
			{
				.name = "hosts",
				.type = PARAM_LIST,
				.useless_with = wants_null,
				.objection = object_to_host,
				.help = "The mail servers that there must be, and no others.",
				.example = "[\"mx1.example.com\", \"mx2.example.com\"]",
			},
			{
				.name = "minimum",
				.type = PARAM_NUMBER,
				.useless_with = wants_null,
				.minimum = 1,
				.maximum = NAMES_MAX,
				.fallback = "1",
				.help = "How many mail servers there must be at least.",
				.example = "2",
			},
		},
	},
	{
		.name = "dns.addresses",
		.summary = "the host has addresses, and they are addresses of a host",
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
