/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Addresses are known before anything is observed; here come the alias and the TLSA records. What is bogus or
 * fails ends it: senders then hold the mail back, and nothing is asked for elsewhere.
 */
#include "probe/tlsa_probe.h"

#include <string.h>

#include "evidence/names.h"
#include "probe/dns_probe.h"
#include "probe/endpoint.h"
#include "probe/probe_connection.h"
#include "wire/dns_rdata.h"

static bool
asks_same(const void *record, const void *other)
{
	const struct tlsa_lookup *a = record, *b = other;

	return a->port == b->port;
}

static void
look_up(struct observation *observation, const struct endpoint *endpoint, const char *name,
	uint16_t type, struct dns_answer *answer)
{
	observation_ask(observation, endpoint,
		&(struct dns_question){ .name = name, .type = type, .answer = answer },
		dns_deadline_ms(endpoint));
}

static bool
vouched_for(const struct dns_answer *answer)
{
	return answer->state == DNS_SECURE || answer->state == DNS_DENIED;
}

/* Where the chain of aliases ends, if all of it is signed and both families come to the same end; the host
 * where there is none. */
static const char *
end_of_aliases(const struct host_names *names)
{
	if (vouched_for(&names->a) && vouched_for(&names->aaaa) &&
		strcmp(names->a.canonical, names->aaaa.canonical) == 0)
		return names->a.canonical;
	return names->host;
}

/* Whether signatures vouch for the host: for its addresses, or for that it is an alias (RFC 7672 section
 * 2.2.2). */
static bool
is_host_signed(struct observation *observation, const struct endpoint *endpoint)
{
	struct tlsa_lookup *lookup = observation->record;
	const struct host_names *names = endpoint->names;

	if (vouched_for(&names->a) && vouched_for(&names->aaaa))
		return true;
	if (host_names_worse(names)->state <= DNS_BOGUS || !host_names_alias(names))
		return false;
	look_up(observation, endpoint, names->host, DNS_CNAME, &lookup->alias);
	return lookup->alias.state == DNS_SECURE;
}

/* Whether there are records, or it is not to be known: senders look no further. */
static bool
ends_with(struct observation *observation, const struct endpoint *endpoint, const char *base)
{
	struct tlsa_lookup *lookup = observation->record;

	lookup->base = base;
	lookup->name = arena_printf(&observation->arena, "_%u._tcp.%s", lookup->port, base);
	look_up(observation, endpoint, lookup->name, DNS_TLSA, &lookup->answer);
	return lookup->answer.state != DNS_DENIED && lookup->answer.state != DNS_INSECURE;
}

static void
conclude(struct observation *observation)
{
	const struct tlsa_lookup *lookup = observation->record;
	const struct dns_answer *answer = lookup->name != NULL ? &lookup->answer : &lookup->alias;
	bool was_asked = lookup->name != NULL || lookup->alias.state != DNS_FAILED ||
			 lookup->alias.failure != DNS_NO_FAILURE;

	if (!was_asked)
		observation_conclude(observation, OUTCOME_DONE,
			"no TLSA records were asked for: nothing vouches for the host");
	else
		observation_conclude(observation,
			answer->state == DNS_FAILED ? OUTCOME_BROKEN : OUTCOME_DONE, "%s: %s",
			lookup->name != NULL ? lookup->name : "the alias",
			answer->reason != NULL ? answer->reason : dns_state_name(answer->state));
}

static void
observe(struct observation *observation, const struct endpoint *endpoint)
{
	struct tlsa_lookup *lookup = observation->record;
	const char *host = endpoint->names->host, *end = end_of_aliases(endpoint->names);

	*lookup = (struct tlsa_lookup){ .port = lookup->port };
	observation->lookup_count = 0;
	if (is_host_signed(observation, endpoint) &&
		(end == host || strcmp(end, host) == 0 || !ends_with(observation, endpoint, end)))
		ends_with(observation, endpoint, host);
	conclude(observation);
}

const struct observer tlsa_observer = {
	.name = "TLSA look-up",
	.size = sizeof(struct tlsa_lookup),
	.asks_same = asks_same,
	.observe = observe,
};
