/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sets of suites, and what the run showed of them.
 */
#include "suite_set.h"

#include "base/names.h"
#include "wire/groups.h"
#include "wire/tls_names.h"

/* So many suites are named in a message; the rest is counted. */
#define FEW 4

/* The versions for which suites are asked, each with its own hello. */
static const struct pass {
	uint16_t minimum, maximum; /* enum tls_version, of the suites */
	bool older;
} passes[] = {
	{ TLS_VERSION_1_3, TLS_VERSION_1_3, false },
	{ TLS_VERSION_SSL3, TLS_VERSION_1_2, false },
	{ TLS_VERSION_SSL3, TLS_VERSION_1_1, true },
};
#define PASSES (sizeof(passes) / sizeof(passes[0]))

static bool
suite_class_by_name(const char *name, uint32_t *class)
{
	int code;

	if (!name_code(suite_class_names, name, &code))
		return false;
	*class = (uint32_t)code;
	return true;
}

void
suite_set_add(struct suite_set *set, const char *name)
{
	const struct suite *suite = suite_by_name(name);
	uint32_t class;

	if (suite != NULL)
		set->rows[suite - suites_table] = true;
	if (suite != NULL || !suite_class_by_name(name, &class))
		return;
	for (size_t i = 0; i < suites_count; i++) {
		uint32_t classes = suite_classes(&suites_table[i]);

		if ((classes & class) != 0 && (classes & SUITES_SHARED_SECRET & ~class) == 0)
			set->rows[i] = true;
	}
}

void
suite_set_add_others(struct suite_set *set, const struct argument *list)
{
	struct suite_set named = { { false } };

	for (size_t i = 0; i < list->count; i++)
		suite_set_add(&named, list->items[i]);
	for (size_t i = 0; i < suites_count; i++)
		if (!named.rows[i] && (suite_classes(&suites_table[i]) & SUITES_SHARED_SECRET) == 0)
			set->rows[i] = true;
}

/* Fills the list with what the set has for that pass, from that row on. Returns where to go on. */
static size_t
select_suites(
	const struct suite_set *set, const struct pass *pass, size_t from, struct tls_codes *list)
{
	const struct suite_query query = { .minimum = pass->minimum, .maximum = pass->maximum };

	list->count = 0;
	for (; from < suites_count && list->count < TLS_CODES_MAX; from++)
		if (set->rows[from] && suite_matches(&suites_table[from], &query))
			tls_codes_add(list, suites_table[from].id);
	return from;
}

/* A server with parameters of its own may drop DHE when a client names the groups of RFC 7919 and it
 * has none of them (section 4); one that has them may want to see them. So in TLS 1.2 the DHE suites
 * are offered both ways; older servers do not know those groups. */
static void
drop_groups(struct tls_codes *groups)
{
	struct tls_codes all = *groups;

	groups->count = 0;
	for (size_t i = 0; i < all.count; i++)
		if (!group_is_finite_field(all.codes[i]))
			tls_codes_add(groups, all.codes[i]);
}

static struct survey_hello
without_groups(const struct hello_offer *offer)
{
	struct survey_hello hello = { .offer = *offer };

	hello.offer.suites.count = 0;
	for (size_t i = 0; i < offer->suites.count; i++) {
		const struct suite *suite = suite_by_id(offer->suites.codes[i]);

		if (suite_exchange(suite) == SUITE_EXCHANGE_DHE)
			tls_codes_add(&hello.offer.suites, suite->id);
	}
	drop_groups(&hello.offer.groups);
	return hello;
}

/* Goes through the surveys for a set; false behind the last. */
static bool
suite_surveys_next(
	struct suite_surveys *surveys, const struct suite_set *set, struct survey_record *survey)
{
	*survey = (struct survey_record){ .subject = SURVEY_SUITES, .most = surveys->most };
	for (; surveys->pass < PASSES; surveys->pass++, surveys->from = 0) {
		const struct pass *pass = &passes[surveys->pass];
		struct hello_offer *offer = &survey->hellos[0].offer;

		if (pass->older && !surveys->older)
			continue;
		*offer = hello_offer_versions(pass->maximum, pass->maximum);
		surveys->from = select_suites(set, pass, surveys->from, &offer->suites);
		if (offer->suites.count == 0)
			continue;
		if (pass->older)
			drop_groups(&offer->groups);
		else
			survey->hellos[1] = without_groups(offer);
		return true;
	}
	return false;
}

void
ask_suites(struct questions *questions, unsigned part, const struct suite_set *set,
	struct suite_surveys surveys)
{
	struct survey_record survey;

	while (suite_surveys_next(&surveys, set, &survey))
		ask_survey(questions, part, &survey);
}

/* Whether an earlier answer showed the same suite in the same version. */
static bool
is_repeated(const struct evidence *evidence, size_t before, const struct server_hello *hello)
{
	struct seen_hello seen;
	size_t at = 0;

	while (at + 1 < before && next_hello(evidence, &at, &seen))
		if (at < before && seen.hello->suite == hello->suite &&
			seen.hello->version == hello->version)
			return true;
	return false;
}

static void
add_suite(struct suites_accepted *accepted, const struct server_hello *hello, struct arena *arena)
{
	const char *shown = arena_printf(arena, "%s (%s)", suite_shown(arena, hello->suite),
		version_shown(arena, hello->version));

	accepted->count++;
	accepted->names = list_with(arena, accepted->names, shown);
	if (accepted->count <= FEW)
		accepted->few = accepted->names;
}

static bool
set_has(const struct suite_set *set, uint16_t id)
{
	const struct suite *suite = suite_by_id(id);

	return suite != NULL && set->rows[suite - suites_table];
}

/* Every answer of the run counts, whatever it was asked for. */
struct suites_accepted
suites_accepted(const struct evidence *evidence, const struct suite_set *set, struct arena *arena)
{
	struct suites_accepted accepted = { .count = 0 };
	struct seen_hello seen;
	size_t at = 0;

	while (next_hello(evidence, &at, &seen)) {
		if (!set_has(set, seen.hello->suite) || is_repeated(evidence, at, seen.hello))
			continue;
		if (accepted.count == 0)
			accepted.trace = seen.trace;
		add_suite(&accepted, seen.hello, arena);
	}
	if (accepted.count > FEW)
		accepted.few =
			arena_printf(arena, "%s and %zu more", accepted.few, accepted.count - FEW);
	return accepted;
}

bool
suite_was_chosen(const struct evidence *evidence, const struct suite *suite)
{
	struct seen_hello seen;
	size_t at = 0;

	while (next_hello(evidence, &at, &seen))
		if (seen.hello->suite == suite->id)
			return true;
	return false;
}
