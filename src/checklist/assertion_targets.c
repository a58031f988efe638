/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Holds assertions against targets: which make no sense of which, and which target nothing is
 * asserted of.
 */
#include "assertion_targets.h"

#include <string.h>

#include "checklist/overlay.h"
#include "target_choice.h"
#include "target_host.h"

bool
assertion_has_target(const struct checklist *checklist, const struct assertion *assertion)
{
	if (checklist->target_count == 0)
		return true;
	for (size_t i = 0; i < checklist->target_count; i++)
		if (assertion_applies(assertion, &checklist->targets[i]))
			return true;
	return false;
}

/* Why a protocol without that feature has no use for what needs it. */
static const struct {
	uint32_t feature;
	const char *reason;
} reasons[] = {
	{ DIALECT_DIALOGUE, "of which nothing but TLS is known" },
	{ DIALECT_STARTTLS, "where TLS starts with the first byte" },
	{ DIALECT_MAIL, "in which no mail is handed over" },
	{ DIALECT_LOGIN, "in which nobody logs in" },
	{ DIALECT_SASL, "in which nobody logs in by SASL" },
	{ DIALECT_WITHDRAWS, "in which what starts TLS stays on offer" },
	{ DIALECT_CODES, "in which replies have no codes" },
	{ DIALECT_RELAYS, "which delivers mail, and hands none on" },
};

static const char *
reason_of(uint32_t lacking, const struct target *target, struct arena *arena)
{
	size_t i = 0;

	while ((reasons[i].feature & lacking) == 0)
		i++;
	return arena_printf(
		arena, "which speaks %s, %s", target->dialect->title, reasons[i].reason);
}

/* What the assertion and the parameters that were given need, and the target has not. */
static uint32_t
lacking_of(const struct check *check, const struct target *target, const struct json *json)
{
	uint32_t needs = check->needs;

	for (const struct param *param = check->params; param->name != NULL; param++)
		if (json_member(json, param->name) != NULL)
			needs |= param->needs;
	return needs & ~target_features(target);
}

/* Why an assertion cannot be made of a target, to go behind its name; NULL when it can. */
static const char *
objection_of(const struct arguments *arguments, const struct target *target,
	const struct json *json, struct arena *arena)
{
	const struct check *check = arguments->check;
	uint32_t lacking = lacking_of(check, target, json);

	if ((lacking & TARGET_DOMAIN) != 0)
		return "which names a host, and no domain (\"mx\")";
	if ((lacking & TARGET_NODES) != 0)
		return "which names one server: several have \"mx\", or \"addresses\": \"all\"";
	if (lacking == DIALECT_STARTTLS)
		return "where TLS starts with the first byte";
	if (lacking != 0)
		return reason_of(lacking, target, arena);
	if ((!check->judges_chain || check->needs_names) && target->certificate_file != NULL)
		return "which is a file of certificates: it needs a server";
	if ((check->subject == SUBJECT_NAMES || check->needs_names) && target->domain == NULL &&
		target->host != NULL && host_is_address(target->host))
		return "whose host is an address, and no name";
	return NULL;
}

/* The same for the values of its parameters. */
static const char *
objection_to_values(const struct arguments *arguments, const struct target *target,
	const struct json *json, struct arena *arena)
{
	const struct check *check = arguments->check;

	return check->target_objection != NULL &&
			       objection_of(arguments, target, json, arena) == NULL
		       ? check->target_objection(arguments, target)
		       : NULL;
}

/* What to do about an assertion that makes no sense of a target. */
static const char *
advice_on(const struct loader *loader, const struct source *source, const struct check *check,
	const struct target *target)
{
	bool about_starttls = (check->needs & DIALECT_STARTTLS) != 0 && target->implicit_tls;

	if ((check->needs & ~target_features(target) & TARGET_DOMAIN) != 0)
		return "name the domain with \"mx\" in place of \"host\", or with --mx in place of "
		       "--target; or leave the assertion out";
	if (source->directory != NULL)
		return about_starttls ? "list the targets that use STARTTLS in the assertion's "
					"\"targets\", or leave the assertion out"
				      : "list the targets that it is made of in the assertion's "
					"\"targets\", or leave the assertion out";
	if (loader_main(loader) == source)
		return about_starttls
			       ? "smtps, imaps and pop3s are for such servers; or leave the assertion "
				 "out with --skip"
			       : "leave the assertion out with --skip";
	return "give the entry of \"include\" the \"targets\" that it is for";
}

/* What is wrong about an included checklist of the program is the matter of the entry that includes
 * it. */
static const struct place *
place_to_mend(const struct source *source, const struct json *json)
{
	return source->directory == NULL && source->entry.file != NULL ? &source->entry
								       : &json->place;
}

static void
check_objections(struct loader *loader, const struct source *source,
	const struct assertion *assertion, const struct json *json,
	const char *(*object)(const struct arguments *, const struct target *, const struct json *,
		struct arena *))
{
	const struct checklist *checklist = loader->checklist;

	for (size_t i = 0; i < checklist->target_count; i++) {
		const struct target *target = &checklist->targets[i];
		const char *objection;

		if (target->name == NULL || !assertion_applies(assertion, target))
			continue;
		objection = object(&assertion->arguments, target, json, loader->arena);
		if (objection == NULL)
			continue;
		loader_complain(loader, place_to_mend(source, json), NULL,
			advice_on(loader, source, assertion->arguments.check, target),
			"%s cannot be asserted of target \"%s\", %s",
			assertion->arguments.check->name, target->name == NULL ? "" : target->name,
			objection);
		return;
	}
}

void
assertion_targets_check(struct loader *loader, const struct source *source,
	const struct assertion *assertion, const struct json *json)
{
	check_objections(loader, source, assertion, json, objection_of);
	if (loader->target_replaced == NULL || assertion->target_count == 0 ||
		assertion_has_target(loader->checklist, assertion))
		return;
	loader_complain(loader, place_to_mend(source, json), NULL,
		"name one of the targets with --target, and say with --address where it is",
		"this is asserted of certain targets only, and %s takes their place",
		loader->target_replaced);
}

void
assertion_values_check(struct loader *loader, const struct source *source,
	const struct assertion *assertion, const struct json *json)
{
	check_objections(loader, source, assertion, json, objection_to_values);
}

void
coverage_init(struct coverage *coverage, struct loader *loader)
{
	size_t count = loader->checklist->target_count;

	coverage->asserted = arena_array(loader->arena, count, sizeof(*coverage->asserted));
	coverage->selected = arena_array(loader->arena, count, sizeof(*coverage->selected));
}

void
coverage_add(struct coverage *coverage, const struct checklist *checklist,
	const struct assertion *assertion, bool selected)
{
	for (size_t i = 0; i < checklist->target_count; i++) {
		if (coverage->selected[i] || (coverage->asserted[i] && !selected) ||
			!assertion_applies(assertion, &checklist->targets[i]))
			continue;
		coverage->asserted[i] = true;
		coverage->selected[i] = selected;
	}
}

static const struct place *
place_of(const struct target *target)
{
	return target->place.file == NULL ? NULL : &target->place;
}

static void
complain_of_bare(struct loader *loader, const struct target *target)
{
	loader_complain(loader, place_of(target), NULL,
		"assert something of it, or take it away: it would be taken for checked",
		"no assertion applies to the target \"%s\"", target->name);
}

/* Of a target that the command line gives, at its index among those. */
static void
complain_of_unselected(struct loader *loader, const struct target *target, size_t index)
{
	if (index < loader->overlay->target_count)
		loader_complain(loader, NULL, NULL, NULL,
			"--target %s: none of the selected assertions applies to it", target->name);
	else
		loader_complain(loader, place_of(target), NULL, NULL,
			"none of the selected assertions applies to %s", target->name);
}

void
coverage_check(const struct coverage *coverage, struct loader *loader)
{
	struct checklist *checklist = loader->checklist;
	size_t left = 0;

	for (size_t i = 0; i < checklist->target_count; i++) {
		const struct target *target = &checklist->targets[i];

		if (target->name != NULL && !coverage->asserted[i] && !loader->is_incomplete)
			complain_of_bare(loader, target);
		else if (target->name != NULL && !coverage->selected[i] &&
			 targets_are_chosen(loader->overlay))
			complain_of_unselected(loader, target, i);
		if (coverage->selected[i])
			checklist->targets[left++] = *target;
	}
	checklist->target_count = left;
}
