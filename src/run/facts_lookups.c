/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the DNS was asked for, and what it said, among the facts: each question once, the target's own names
 * first.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "evidence/names.h"
#include "evidence/target.h"
#include "facts.h"
#include "wire/dns_text.h"

static int
compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* In the order of their text: they come in any. */
static void
add_records(struct facts_list *list, const struct dns_answer *answer, uint16_t type,
	const struct cleaner *cleaner)
{
	for (size_t i = 0; i < answer->count; i++) {
		struct buf text;

		buf_init(&text, DNS_RECORD_TEXT_MAX);
		dns_record_text(&text, type, answer->records[i]);
		facts_list_add(list, cleaner, text.data);
		buf_release(&text);
	}
	if (list->count != 0)
		qsort(list->items, list->count, sizeof(*list->items), compare_texts);
}

static const char *
type_text(uint16_t type, struct arena *arena)
{
	const char *name = dns_type_name(type);

	return name != NULL ? name : arena_printf(arena, "TYPE%u", type);
}

static bool
is_told(const struct facts *facts, const char *name, const char *type)
{
	for (size_t i = 0; i < facts->lookup_count; i++)
		if (text_same(facts->lookups[i].name, name) &&
			strcmp(facts->lookups[i].type, type) == 0)
			return true;
	return false;
}

static void
add_lookup(struct facts *facts, const char *name, uint16_t type, const struct dns_answer *answer,
	const struct cleaner *cleaner)
{
	const char *type_name = type_text(type, cleaner->arena);
	struct facts_lookup *lookup;

	if (is_told(facts, name, type_name))
		return;
	lookup = ARENA_ADD(cleaner->arena, facts->lookups, facts->lookup_count);
	*lookup = (struct facts_lookup){ .name = cleaner_text(cleaner, name),
		.type = type_name,
		.state = dns_state_name(answer->state),
		.reason = cleaner_text(cleaner, answer->reason),
		.ttl = answer->published_ttl };
	if (answer->canonical != NULL && !text_same(answer->canonical, name))
		lookup->alias_of = cleaner_text(cleaner, answer->canonical);
	add_records(&lookup->records, answer, type, cleaner);
}

static void
add_names(struct facts *facts, const struct host_names *names, const struct cleaner *cleaner)
{
	add_lookup(facts, names->host, DNS_A, &names->a, cleaner);
	add_lookup(facts, names->host, DNS_AAAA, &names->aaaa, cleaner);
}

void
facts_add_lookups(
	struct facts *facts, const struct evidence *evidence, const struct cleaner *cleaner)
{
	const struct target *target = evidence->target;
	const struct mx_names *mx = target->part == TARGET_LEAD ? target->mx : NULL;

	if (mx != NULL)
		add_lookup(facts, mx->domain, DNS_MX, &mx->answer, cleaner);
	for (size_t i = 0; mx != NULL && mx->host_count <= NAMES_MAX && i < mx->host_count; i++)
		add_names(facts, &mx->hosts[i].names, cleaner);
	if (target->names != NULL)
		add_names(facts, target->names, cleaner);
	for (size_t i = 0; i < evidence->observation_count; i++) {
		const struct observation *observation = evidence->observations[i];

		for (size_t j = 0; j < observation->lookup_count; j++) {
			const struct dns_lookup *made = &observation->lookups[j];

			add_lookup(facts, made->name, made->type, &made->answer, cleaner);
		}
	}
}
