/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Questions of rows, each once.
 */
#include "checks/ask.h"

#include <string.h>

#include "base/entropy.h"
#include "base/text.h"
#include "evidence/target.h"
#include "probe/chain_probe.h"
#include "probe/hello_probe.h"
#include "wire/tls_names.h"

static struct observation *
add_observation(struct evidence *evidence, const struct observer *observer, const void *record)
{
	struct observation *observation = arena_alloc(&evidence->arena, sizeof(*observation));

	*ARENA_ADD(&evidence->arena, evidence->observations, evidence->observation_count) =
		observation;
	observation->observer = observer;
	observation->record = record != NULL
				      ? arena_memdup(&evidence->arena, record, observer->size)
				      : arena_alloc(&evidence->arena, observer->size);
	arena_init(&observation->arena);
	conversation_init(&observation->conversation, evidence->target->dialect);
	return observation;
}

/* The observation that asks the same, planned now if it was not before. */
static struct observation *
observation_of(struct evidence *evidence, const struct observer *observer, const void *record)
{
	for (size_t i = 0; i < evidence->observation_count; i++) {
		struct observation *observation = evidence->observations[i];

		if (observation->observer == observer &&
			(observer->asks_same == NULL ||
				observer->asks_same(observation->record, record)))
			return observation;
	}
	return add_observation(evidence, observer, record);
}

void
ask(struct questions *questions, unsigned part, const struct observer *observer, const void *record)
{
	struct evidence *evidence = questions->evidence;

	*ARENA_ADD(&evidence->arena, evidence->questions, evidence->question_count) =
		(struct question){
			.asker = questions->asker,
			.part = part,
			.observation = observation_of(evidence, observer, record),
		};
}

void
ask_hello(struct questions *questions, unsigned part, const struct hello_offer *offer,
	bool every_suite)
{
	struct hello_record question = { .offer = *offer, .every_suite = every_suite };

	ask(questions, part, &hello_observer, &question);
}

void
ask_survey(struct questions *questions, unsigned part, const struct survey_record *survey)
{
	if (survey->hellos[0].offer.suites.count != 0)
		ask(questions, part, &survey_observer, survey);
}

/* In three hellos there is room for all suites that need no account. */
void
ask_every_suite(struct questions *questions, unsigned part)
{
	struct survey_record new = { .subject = SURVEY_SUITES,
		.hellos = { { .offer = hello_offer_versions(TLS_VERSION_1_3, TLS_VERSION_1_3) } } };
	struct survey_record old = { .subject = SURVEY_SUITES };
	struct suites_asked asked = { { false } };

	for (size_t i = 0; i < SURVEY_HELLOS_MAX; i++) {
		struct hello_offer *offer = &old.hellos[i].offer;

		*offer = hello_offer_versions(TLS_VERSION_1_0, TLS_VERSION_1_2);
		if (!hello_next_suites(offer, TLS_VERSION_1_0, TLS_VERSION_1_2, &asked))
			break;
	}
	ask_survey(questions, part, &new);
	ask_survey(questions, part, &old);
}

/* Where a step stands in the conversation; authentication is last. */
static size_t
position_of(const struct target *target, enum step step)
{
	size_t count, i;
	const enum step *steps = conversation_steps(target->dialect, target->implicit_tls, &count);

	for (i = 0; i < count; i++)
		if (steps[i] == step)
			return i;
	return i;
}

void
ask_session(struct evidence *evidence, enum step last)
{
	if (position_of(evidence->target, last) >
		position_of(evidence->target, evidence->last_step))
		evidence->last_step = last;
}

static void
ask_control(struct evidence *evidence)
{
	struct hello_record question = { .offer = hello_offer_control() };

	observation_of(evidence, &hello_observer, &question)->is_control = true;
}

void
ask_all(struct evidence *evidence, const struct arguments *asker)
{
	struct questions questions = { .evidence = evidence, .asker = asker };
	const struct check *check = asker->check;

	if (check->judges_chain)
		observation_of(evidence, &other_chains_observer, NULL);
	if (check->needs_control)
		ask_control(evidence);
	for (size_t i = 0; i < OBSERVERS_MAX && check->observers[i] != NULL; i++)
		observation_of(evidence, check->observers[i], NULL);
	if (check->ask != NULL)
		check->ask(asker, &questions);
}

/* A password that no server can know: it has only just been drawn. */
static const char *
draw_password(struct arena *arena)
{
	unsigned char drawn[18];
	struct buf text;
	const char *password;

	entropy_fill(drawn, sizeof(drawn));
	buf_init(&text, 64);
	text_add_base64(&text, drawn, sizeof(drawn));
	password = arena_strdup(arena, text.data);
	buf_release(&text);
	return password;
}

void
ask_attempt(struct questions *questions, const char *password)
{
	struct evidence *evidence = questions->evidence;
	const char *username = argument_of(questions->asker, "username")->text;
	struct auth_attempt *attempt;

	attempt = ARENA_ADD(&evidence->arena, evidence->attempts, evidence->attempt_count);
	*attempt = (struct auth_attempt){
		.asker = questions->asker,
		.mechanism = argument_of(questions->asker, "mechanism")->text,
		.username = username != NULL ? username : "",
		.password = password != NULL ? password : draw_password(&evidence->arena),
		.genuine = password != NULL,
	};
}
