/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Versions, suites, groups and signature schemes among the facts: taken, as any answer of the run
 * shows; refused, where it was asked for, an observation came to its end without it, and nothing
 * in the run shows the contrary.
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

static void
refuse(struct collection *collection, uint16_t code)
{
	struct facts_choices *choices = collection->choices;
	struct arena *arena = collection->cleaner->arena;
	const char *name = collection->name(code, arena);

	if (!has_choice(choices->accepted, choices->accepted_count, name, NULL) &&
		!has_choice(choices->refused, choices->refused_count, name, NULL))
		*ARENA_ADD(arena, choices->refused, choices->refused_count) =
			(struct facts_choice){ .name = name };
}

/* All that a survey asked about and did not get, where it came to its end. */
static void
refuse_unchosen(struct collection *collection, const struct observation *observation)
{
	struct survey_record *record = observation->record;

	if (record->most != 0 && observation->outcome != OUTCOME_REFUSED)
		return;
	for (size_t i = 0; i < SURVEY_HELLOS_MAX; i++) {
		const struct survey_hello *hello = &record->hellos[i];
		const struct tls_codes *asked =
			survey_list(&record->hellos[i].offer, record->subject);

		for (size_t j = 0;
			hello->offer.suites.count != 0 && j + hello->company < asked->count; j++)
			refuse(collection, asked->codes[j]);
	}
}

/* One version alone, with every suite. */
static void
refuse_version(struct collection *versions, const struct hello_record *record)
{
	const struct tls_codes *offered = &record->offer.versions;

	if (offered->count == 1)
		refuse(versions, offered->codes[0]);
	else if (offered->count == 0)
		refuse(versions, record->offer.legacy_version);
}

static void
refuse_older(struct collection *versions, const struct older_versions_record *record)
{
	for (uint16_t version = TLS_VERSION_1_0; version < record->below; version++)
		refuse(versions, version);
}

static bool
is_decided(const struct observation *observation)
{
	return observation->outcome == OUTCOME_DONE || observation->outcome == OUTCOME_REFUSED;
}

static void
add_refused(const struct observation *observation, struct collection *versions,
	struct collection subjects[])
{
	const struct survey_record *survey = observation->record;

	if (!is_decided(observation))
		return;
	if (observation->observer == &survey_observer)
		refuse_unchosen(&subjects[survey->subject], observation);
	else if (observation->observer == &older_versions_observer)
		refuse_older(versions, observation->record);
	else if (observation->observer == &hello_observer &&
		 observation->outcome == OUTCOME_REFUSED)
		refuse_version(versions, observation->record);
	else if (observation->observer == &ssl2_observer && observation->outcome == OUTCOME_REFUSED)
		refuse(versions, TLS_VERSION_SSL2);
	else if (observation->observer == &ssl2_observer)
		accept(versions, TLS_VERSION_SSL2, 0);
}

/* A refusal counts only where a hello was accepted. */
void
facts_add_choices(
	struct facts *facts, const struct evidence *evidence, const struct cleaner *cleaner)
{
	struct collection versions = { cleaner, &facts->versions, version_name };
	struct collection subjects[] = {
		[SURVEY_SUITES] = { cleaner, &facts->suites, suite_name },
		[SURVEY_GROUPS] = { cleaner, &facts->groups, group_name },
		[SURVEY_SIGNATURES] = { cleaner, &facts->schemes, scheme_name },
	};
	struct seen_hello seen;
	size_t at = 0;

	while (evidence_next_hello(evidence, &at, &seen)) {
		const struct server_hello *hello = seen.hello;

		accept(&versions, hello->version, 0);
		for (unsigned i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++)
			if (survey_code(hello, (enum survey_subject)i) != 0)
				accept(&subjects[i], survey_code(hello, (enum survey_subject)i),
					hello->version);
	}
	for (size_t i = 0; i < evidence->observation_count && facts->versions.accepted_count != 0;
		i++)
		add_refused(&evidence->observations[i], &versions, subjects);
}
