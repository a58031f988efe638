/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Two rounds of questions over all targets: MX, then A and AAAA of the hosts.
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

/* The questions of a round. */
struct round {
	struct dns *dns;
	struct dns_question *questions;
	size_t count;
	int64_t timeout_ms; /* the longest that somebody allows */
};

static void
add_question(struct round *round, const struct wanted *wanted, const char *name, uint16_t type,
	struct dns_answer *answer, struct arena *arena)
{
	const struct checklist *checklist = wanted->target->checklist;

	if (checklist->dns_timeout_ms > round->timeout_ms)
		round->timeout_ms = checklist->dns_timeout_ms;
	*ARENA_ADD(arena, round->questions, round->count) =
		(struct dns_question){ name, type, answer };
}

static void
add_mx(struct round *round, const struct wanted *wanted, struct arena *arena)
{
	if (wanted->mx != NULL)
		add_question(round, wanted, wanted->mx->domain, DNS_MX, &wanted->mx->answer, arena);
}

static void
add_addresses(struct round *round, const struct wanted *wanted, struct host_names *names,
	struct arena *arena)
{
	add_question(round, wanted, names->host, DNS_A, &names->a, arena);
	add_question(round, wanted, names->host, DNS_AAAA, &names->aaaa, arena);
}

static void
add_hosts(struct round *round, const struct wanted *wanted, struct arena *arena)
{
	if (wanted->names != NULL)
		add_addresses(round, wanted, wanted->names, arena);
	for (size_t i = 0; wanted->mx != NULL && wanted->mx->host_count <= NAMES_MAX &&
			   i < wanted->mx->host_count;
		i++)
		add_addresses(round, wanted, &wanted->mx->hosts[i].names, arena);
}

/* Asks what `add` wants for each target. */
static void
ask_round(const struct resolved *resolved, const struct wanted *wanted, size_t count,
	int64_t deadline_ms, struct arena *arena,
	void (*add)(struct round *, const struct wanted *, struct arena *))
{
	for (size_t i = 0; i < resolved->dns_count; i++) {
		struct round round = { .dns = resolved->dns[i] };

		for (size_t j = 0; j < count; j++)
			if (wanted[j].dns == round.dns)
				add(&round, &wanted[j], arena);
		dns_ask_all(round.dns, round.questions, round.count,
			clock_earlier(deadline_ms, clock_now_ms() + round.timeout_ms), arena);
	}
}

static void
look_up(const struct resolved *resolved, const struct wanted *wanted, size_t count,
	int64_t deadline_ms, struct arena *arena)
{
	ask_round(resolved, wanted, count, deadline_ms, arena, add_mx);
	for (size_t i = 0; i < count; i++)
		if (wanted[i].mx != NULL)
			mx_names_read(wanted[i].mx, arena);
	ask_round(resolved, wanted, count, deadline_ms, arena, add_hosts);
	for (size_t i = 0; i < count; i++) {
		if (wanted[i].names != NULL)
			host_names_read(wanted[i].names, arena);
		for (size_t j = 0; wanted[i].mx != NULL && j < wanted[i].mx->host_count; j++)
			host_names_read(&wanted[i].mx->hosts[j].names, arena);
	}
}

static bool
is_asserted_of(const struct checklist *checklist, const struct target *target)
{
	for (size_t i = 0; i < checklist->assertion_count; i++)
		if (assertion_applies(&checklist->assertions[i], target))
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
		if (is_asserted_of(wanted->target->checklist, &parts[i]))
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
