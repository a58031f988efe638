/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Versions, suites, groups and signature schemes among the facts: taken, as any answer of the run
 * shows; refused, where it was asked for, every observation that asked came to its end without it,
 * and nothing in the run shows the contrary.
 */
#include <string.h>

#include "base/names.h"
#include "facts.h"
#include "probe/hello_probe.h"
#include "probe/ssl2_probe.h"
#include "probe/survey.h"
#include "wire/groups.h"
#include "wire/suites.h"
#include "wire/tls_names.h"

/* The choices of one subject while they are collected. */
struct collection {
	const struct cleaner *cleaner;
	struct facts_choices *choices;
	const char *(*name)(uint16_t code, struct arena *arena);
	struct facts_choice *open; /* asked for, too, where no answer tells */
	size_t open_count;
};

static const char *
named(const struct name_code *names, uint16_t code, struct arena *arena)
{
	const char *name = name_of(names, code);

	return name != NULL ? name : arena_printf(arena, "0x%04x", code);
}

static const char *
version_name(uint16_t code, struct arena *arena)
{
	return named(tls_version_names, code, arena);
}

static const char *
suite_name(uint16_t code, struct arena *arena)
{
	const struct suite *suite = suite_by_id(code);

	return suite != NULL ? suite->name : arena_printf(arena, "0x%04x", code);
}

static const char *
group_name(uint16_t code, struct arena *arena)
{
	return named(group_names, code, arena);
}

static const char *
scheme_name(uint16_t code, struct arena *arena)
{
	return named(tls_signature_names, code, arena);
}

static bool
same_text(const char *one, const char *other)
{
	return one == other || (one != NULL && other != NULL && strcmp(one, other) == 0);
}

/* Whether it is in the list; version NULL: whatever the version. */
static bool
has_choice(const struct facts_choice *list, size_t count, const char *name, const char *version)
{
	for (size_t i = 0; i < count; i++)
		if (same_text(list[i].name, name) &&
			(version == NULL || same_text(list[i].version, version)))
			return true;
	return false;
}

/* Once for each version that it was taken in; version 0: of a version itself. */
static void
accept(struct collection *collection, uint16_t code, uint16_t version)
{
	struct arena *arena = collection->cleaner->arena;
	struct facts_choices *choices = collection->choices;
	struct facts_choice choice = { .name = collection->name(code, arena),
		.version = version != 0 ? version_name(version, arena) : NULL };

	if (!has_choice(choices->accepted, choices->accepted_count, choice.name, choice.version))
		*ARENA_ADD(arena, choices->accepted, choices->accepted_count) = choice;
}

/* Something that was asked for and not seen: refused, or left open. */
static void
miss(struct collection *collection, uint16_t code, bool refused)
{
	struct facts_choices *choices = collection->choices;
	struct arena *arena = collection->cleaner->arena;
	const struct facts_choice choice = { .name = collection->name(code, arena) };

	if (has_choice(choices->accepted, choices->accepted_count, choice.name, NULL))
		return;
	if (!refused)
		*ARENA_ADD(arena, collection->open, collection->open_count) = choice;
	else if (!has_choice(choices->refused, choices->refused_count, choice.name, NULL))
		*ARENA_ADD(arena, choices->refused, choices->refused_count) = choice;
}

/* One version may refuse what another one, which did not answer, might have taken. */
static void
drop_open(struct collection *collection)
{
	struct facts_choices *choices = collection->choices;
	size_t kept = 0;

	for (size_t i = 0; i < choices->refused_count; i++)
		if (!has_choice(collection->open, collection->open_count, choices->refused[i].name,
			    NULL))
			choices->refused[kept++] = choices->refused[i];
	choices->refused_count = kept;
}

static bool
is_decided(const struct observation *observation)
{
	return observation->outcome == OUTCOME_DONE || observation->outcome == OUTCOME_REFUSED;
}

/* TLS 1.3 hides which of several schemes it signed with. */
static bool
hides_choice(const struct survey_record *record)
{
	for (size_t i = 0; i < record->choice_count; i++)
		if (survey_code(&record->choices[i], record->subject) == 0)
			return true;
	return false;
}

/* All that a survey asked about and did not get; not where it had enough before its end. */
static void
miss_unchosen(struct collection *collection, const struct observation *observation)
{
	struct survey_record *record = observation->record;
	bool refused = is_decided(observation) && !hides_choice(record);

	if (record->most != 0 && observation->outcome != OUTCOME_REFUSED)
		return;
	for (size_t i = 0; i < SURVEY_HELLOS_MAX; i++) {
		const struct survey_hello *hello = &record->hellos[i];
		const struct tls_codes *asked =
			survey_list(&record->hellos[i].offer, record->subject);

		for (size_t j = 0;
			hello->offer.suites.count != 0 && j + hello->company < asked->count; j++)
			miss(collection, asked->codes[j], refused);
	}
}

/* One version alone. */
static void
miss_version(struct collection *versions, const struct observation *observation)
{
	const struct hello_record *record = observation->record;
	const struct tls_codes *offered = &record->offer.versions;
	bool refused = observation->outcome == OUTCOME_REFUSED;

	if (observation->outcome == OUTCOME_DONE)
		return;
	if (offered->count == 1)
		miss(versions, offered->codes[0], refused);
	else if (offered->count == 0)
		miss(versions, record->offer.legacy_version, refused);
}

static void
miss_older(struct collection *versions, const struct observation *observation)
{
	const struct older_versions_record *record = observation->record;

	for (uint16_t version = TLS_VERSION_1_0; version < record->below; version++)
		miss(versions, version, is_decided(observation));
}

static void
add_missed(const struct observation *observation, struct collection *versions,
	struct collection subjects[])
{
	const struct survey_record *survey = observation->record;

	if (observation->observer == &survey_observer)
		miss_unchosen(&subjects[survey->subject], observation);
	else if (observation->observer == &older_versions_observer)
		miss_older(versions, observation);
	else if (observation->observer == &hello_observer)
		miss_version(versions, observation);
	else if (observation->observer == &ssl2_observer && observation->outcome == OUTCOME_REFUSED)
		miss(versions, TLS_VERSION_SSL2, true);
	else if (observation->observer == &ssl2_observer && observation->outcome == OUTCOME_DONE)
		accept(versions, TLS_VERSION_SSL2, 0);
}

/* An answer of a version that does not exist says nothing. */
static void
accept_answer(
	const struct server_hello *hello, struct collection *versions, struct collection subjects[])
{
	if (hello->version < TLS_VERSION_SSL3 || hello->version > TLS_VERSION_1_3)
		return;
	accept(versions, hello->version, 0);
	for (enum survey_subject i = 0; i <= SURVEY_SIGNATURES; i++)
		if (survey_code(hello, i) != 0)
			accept(&subjects[i], survey_code(hello, i), hello->version);
}

/* A refusal counts only where a hello was accepted. */
void
facts_add_choices(
	struct facts *facts, const struct evidence *evidence, const struct cleaner *cleaner)
{
	struct collection versions = { cleaner, &facts->versions, version_name, NULL, 0 };
	struct collection subjects[] = {
		[SURVEY_SUITES] = { cleaner, &facts->suites, suite_name, NULL, 0 },
		[SURVEY_GROUPS] = { cleaner, &facts->groups, group_name, NULL, 0 },
		[SURVEY_SIGNATURES] = { cleaner, &facts->schemes, scheme_name, NULL, 0 },
	};
	struct seen_hello seen;
	size_t at = 0;

	while (evidence_next_hello(evidence, &at, &seen))
		accept_answer(seen.hello, &versions, subjects);
	for (size_t i = 0; i < evidence->observation_count && facts->versions.accepted_count != 0;
		i++)
		add_missed(evidence->observations[i], &versions, subjects);
	drop_open(&versions);
	for (unsigned i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++)
		drop_open(&subjects[i]);
}
