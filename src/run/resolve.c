/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Questions over all targets side by side: MX, and with its answer A and AAAA of the hosts.
 */
#include "run/resolve.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "checks/check.h"
#include "evidence/names.h"
#include "nodes.h"

/* What is looked up for a target. */
struct wanted {
	const struct run_target *target;
	struct dns *dns;
	struct mx_names *mx;      /* NULL: it names no domain */
	unsigned tries;           /* for it */
	struct host_names *names; /* of its own host; NULL: not asked for */
};

static bool
asks_the_same(const struct dns_settings *a, const struct dns_settings *b)
{
	if (a->resolver_count != b->resolver_count || !text_equal(a->trust_anchor, b->trust_anchor))
		return false;
	for (size_t i = 0; i < a->resolver_count; i++)
		if (strcmp(a->resolvers[i], b->resolvers[i]) != 0)
			return false;
	return true;
}

/* One for all checklists with the same settings. */
static struct dns *
dns_for(struct resolved *resolved, const struct dns_settings *settings, struct arena *arena)
{
	struct dns *dns;

	for (size_t i = 0; i < resolved->dns_count; i++)
		if (asks_the_same(dns_settings_of(resolved->dns[i]), settings))
			return resolved->dns[i];
	dns = dns_create(settings);
	*ARENA_ADD(arena, resolved->dns, resolved->dns_count) = dns;
	return dns;
}

/* Whether an assertion is about the names of the target's host. */
static bool
asks_for_names(const struct run_target *target)
{
	const struct checklist *checklist = target->checklist;

	for (size_t i = 0; i < checklist->assertion_count; i++) {
		const struct assertion *assertion = &checklist->assertions[i];
		const struct check *check = assertion->arguments.check;

		if ((check->subject == SUBJECT_NAMES || check->needs_names) &&
			assertion_applies(assertion, target->target))
			return true;
	}
	return false;
}

static struct host_names *
new_names(const char *host, struct arena *arena)
{
	struct host_names *names = arena_alloc(arena, sizeof(*names));

	*names = (struct host_names){ .host = host };
	return names;
}

static struct wanted
want(struct resolved *resolved, const struct run_target *target, struct arena *arena)
{
	struct wanted wanted = { .target = target,
		.dns = dns_for(resolved, &target->checklist->dns, arena) };

	if (target->target->domain != NULL) {
		wanted.mx = arena_alloc(arena, sizeof(*wanted.mx));
		*wanted.mx = (struct mx_names){ .domain = target->target->domain };
	} else if (target->target->all_addresses || asks_for_names(target)) {
		wanted.names = new_names(target->target->host, arena);
	}
	return wanted;
}

/* A host of a target that is being looked up. */
struct host_asking {
	const struct wanted *wanted;
	struct host_names *names;
	unsigned tries[2]; /* for A and AAAA */
};

/* Whether an answer that did not come is asked for again, as often as the checklist allows. What a resolver says no
 * to it says no to for some seconds, so that is not. */
static bool
is_retried(const struct wanted *wanted, const struct dns_answer *answer, unsigned *tries)
{
	return answer->state == DNS_FAILED && answer->failure == DNS_TIMED_OUT &&
	       (*tries)++ < wanted->target->checklist->limits.retries;
}

static void ask_for_addresses(struct dns_asking *asking, struct host_asking *host, bool ipv6);

static void
take_a(struct dns_asking *asking, void *context)
{
	struct host_asking *host = context;

	if (is_retried(host->wanted, &host->names->a, &host->tries[0]))
		ask_for_addresses(asking, host, false);
}

static void
take_aaaa(struct dns_asking *asking, void *context)
{
	struct host_asking *host = context;

	if (is_retried(host->wanted, &host->names->aaaa, &host->tries[1]))
		ask_for_addresses(asking, host, true);
}

static void
ask_for_addresses(struct dns_asking *asking, struct host_asking *host, bool ipv6)
{
	struct host_names *names = host->names;

	dns_asking_add(asking, &(struct dns_question){ .name = names->host,
				       .type = ipv6 ? DNS_AAAA : DNS_A,
				       .answer = ipv6 ? &names->aaaa : &names->a,
				       .answered = ipv6 ? take_aaaa : take_a,
				       .context = host });
}

static void
ask_for_host(struct dns_asking *asking, const struct wanted *wanted, struct host_names *names)
{
	struct host_asking *host = arena_alloc(asking->arena, sizeof(*host));

	*host = (struct host_asking){ .wanted = wanted, .names = names };
	ask_for_addresses(asking, host, false);
	ask_for_addresses(asking, host, true);
}

static void ask_for_mx(struct dns_asking *asking, struct wanted *wanted);

static void
take_mx(struct dns_asking *asking, void *context)
{
	struct wanted *wanted = context;
	struct mx_names *mx = wanted->mx;

	if (is_retried(wanted, &mx->answer, &wanted->tries)) {
		ask_for_mx(asking, wanted);
		return;
	}
	mx_names_read(mx, asking->arena);
	for (size_t i = 0; mx->host_count <= NAMES_MAX && i < mx->host_count; i++)
		ask_for_host(asking, wanted, &mx->hosts[i].names);
}

static void
ask_for_mx(struct dns_asking *asking, struct wanted *wanted)
{
	dns_asking_add(asking, &(struct dns_question){ .name = wanted->mx->domain,
				       .type = DNS_MX,
				       .answer = &wanted->mx->answer,
				       .answered = take_mx,
				       .context = wanted });
}

/* All that is asked of one resolver, side by side. */
static void
ask_one(struct dns *dns, struct wanted *wanted, size_t count, int64_t deadline_ms,
	struct arena *arena)
{
	struct dns_asking asking = { .dns = dns, .deadline_ms = deadline_ms, .arena = arena };

	for (size_t i = 0; i < count; i++) {
		if (wanted[i].dns != dns)
			continue;
		if (wanted[i].target->checklist->dns_timeout_ms > asking.timeout_ms)
			asking.timeout_ms = wanted[i].target->checklist->dns_timeout_ms;
		if (wanted[i].mx != NULL)
			ask_for_mx(&asking, &wanted[i]);
		if (wanted[i].names != NULL)
			ask_for_host(&asking, &wanted[i], wanted[i].names);
	}
	dns_asking_run(&asking);
}

static void
look_up(const struct resolved *resolved, struct wanted *wanted, size_t count, int64_t deadline_ms,
	struct arena *arena)
{
	for (size_t i = 0; i < resolved->dns_count; i++)
		ask_one(resolved->dns[i], wanted, count, deadline_ms, arena);
	for (size_t i = 0; i < count; i++) {
		if (wanted[i].names != NULL)
			host_names_read(wanted[i].names, arena);
		for (size_t j = 0; wanted[i].mx != NULL && j < wanted[i].mx->host_count; j++)
			host_names_read(&wanted[i].mx->hosts[j].names, arena);
	}
}

/* Whether there is something to say, or to learn, of that part. */
static bool
is_needed(const struct checklist *checklist, const struct target *target)
{
	for (size_t i = 0; i < checklist->assertion_count; i++)
		if (assertion_applies(&checklist->assertions[i], target) ||
			assertion_asks(&checklist->assertions[i], target))
			return true;
	return false;
}

static void
add_run(struct resolved *resolved, const struct wanted *wanted, const struct target *target,
	struct arena *arena)
{
	*ARENA_ADD(arena, resolved->runs, resolved->count) =
		(struct target_run){ .checklist = wanted->target->checklist,
			.target = target,
			.number = wanted->target->number,
			.dns = wanted->dns };
}

/* The runs of one target belong together. */
static void
add_runs(struct resolved *resolved, const struct wanted *wanted, struct arena *arena)
{
	const struct target *target = wanted->target->target;
	size_t first = resolved->count, count = 0;
	const struct target *parts = NULL;

	if (target_is_several(target))
		parts = target_nodes(target, wanted->mx, wanted->names, arena, &count);
	else
		add_run(resolved, wanted,
			wanted->names == NULL ? target
					      : target_with_names(target, wanted->names, arena),
			arena);
	for (size_t i = 0; i < count; i++)
		if (is_needed(wanted->target->checklist, &parts[i]))
			add_run(resolved, wanted, &parts[i], arena);
	if (resolved->count > first)
		resolved->runs[first].together = resolved->count - first;
	for (size_t i = first; i < resolved->count; i++)
		resolved->runs[i].siblings = resolved->count - first - 1;
}

void
resolve(struct resolved *resolved, const struct run_target *targets, size_t count,
	int64_t deadline_ms, struct arena *arena)
{
	struct wanted *wanted = arena_array(arena, count, sizeof(*wanted));

	*resolved = (struct resolved){ .count = 0 };
	for (size_t i = 0; i < count; i++)
		wanted[i] = want(resolved, &targets[i], arena);
	look_up(resolved, wanted, count, deadline_ms, arena);
	for (size_t i = 0; i < count; i++)
		add_runs(resolved, &wanted[i], arena);
}

void
resolved_release(struct resolved *resolved)
{
	for (size_t i = 0; i < resolved->dns_count; i++)
		dns_release(resolved->dns[i]);
}
