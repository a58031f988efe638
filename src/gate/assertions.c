/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "assertions.h"

#include <string.h>

#include "expand.h"
#include "gate/clock.h"
#include "gate/text.h"
#include "members.h"
#include "names_index.h"
#include "params.h"
#include "values.h"

#define DAY_SECONDS (24 * 60 * 60)

/* What is known while the assertions are read. */
struct reading {
	struct loader *loader;
	struct indexed_name *ids; /* of all, selected or not */
	size_t id_count;
	struct assertion *kept;
	size_t kept_count;
};

static void
complain_of_unknown(struct loader *loader, const struct json *name)
{
	struct names_offered offered;

	names_offered_init(&offered, name->string);
	for (size_t i = 0; i < check_family_count; i++)
		for (size_t j = 0; j < check_families[i]->count; j++)
			names_offered_add(&offered, check_families[i]->checks[j].name);
	names_offered_complain(loader, &offered, &name->place,
		"\"starttls-gate list\" shows all assertions", "unknown assertion \"%s\"",
		name->string);
}

static const struct check *
find_check(struct loader *loader, const struct json *json)
{
	const struct json *name = member_of_type(json, "assert", JSON_STRING);
	const struct check *check = name == NULL ? NULL : check_find(name->string);

	if (name != NULL && check == NULL)
		complain_of_unknown(loader, name);
	return check;
}

/* A string that is shown to people as it is: not empty, and without controls. */
static const char *
load_label(struct loader *loader, const struct json *json, const char *key, const char *fallback)
{
	const struct json *member = member_of_type(json, key, JSON_STRING);
	const char *text = member == NULL ? NULL : expand(loader, member);

	if (text == NULL)
		return fallback;
	if (text[0] == '\0')
		loader_complain(loader, &member->place, NULL, NULL, "\"%s\" is empty", key);
	for (const char *c = text; *c != '\0'; c++) {
		if ((unsigned char)*c < 0x20 || *c == 0x7f) {
			loader_complain(loader, &member->place, NULL, NULL,
				"\"%s\" holds a control character", key);
			return fallback;
		}
	}
	return text;
}

static const char *
object_to_tag(const char *text)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789._-";

	if (strchr("._-", text[0]) == NULL && text[strspn(text, allowed)] == '\0')
		return NULL;
	return "a tag has letters, digits, '.', '_' and '-', and begins with a letter or digit";
}

static void
load_tags(struct loader *loader, const struct json *json, struct assertion *assertion)
{
	const struct json *tags = member_of_type(json, "tags", JSON_ARRAY);

	if (tags != NULL)
		assertion->tags =
			list_load(loader, tags, "tags", object_to_tag, &assertion->tag_count);
}

static void
complain_of_unknown_target(struct loader *loader, const struct json *item, const char *name)
{
	struct names_offered offered;

	names_offered_init(&offered, name);
	for (size_t i = 0; i < loader->target_name_count; i++)
		names_offered_add(&offered, loader->target_names[i].name);
	names_offered_complain(loader, &offered, &item->place,
		names_offered_note(&offered, loader->arena, "targets"),
		"no target has the name \"%s\"", name);
}

static void
load_targets(struct loader *loader, const struct json *json, struct assertion *assertion)
{
	const struct json *targets = member_of_type(json, "targets", JSON_ARRAY);

	if (targets == NULL)
		return;
	assertion->targets = list_load(loader, targets, "targets", NULL, &assertion->target_count);
	for (const struct json *item = targets->child; item != NULL; item = item->next) {
		const char *name = item->type == JSON_STRING ? expand(loader, item) : NULL;

		if (name != NULL && name[0] != '\0' &&
			!names_index_has(loader->target_names, loader->target_name_count, name))
			complain_of_unknown_target(loader, item, name);
	}
}

static void
load_severity(struct loader *loader, const struct json *json, struct assertion *assertion)
{
	static const char *const choices[] = { "required", "advisory", NULL };
	const struct json *severity = member_of_type(json, "severity", JSON_STRING);

	if (severity != NULL)
		assertion->advisory = value_choice(loader, severity, "severity", severity->string,
					      choices) == choices[1];
}

/* A waiver holds up to the end of its last day. */
static void
load_waiver_date(struct loader *loader, const struct json *until, struct assertion *assertion)
{
	int64_t date;

	assertion->waive_until = until->string;
	if (!clock_parse_date(until->string, &date)) {
		loader_complain(loader, &until->place, NULL, NULL,
			"\"until\" must be a date that exists, as YYYY-MM-DD");
		return;
	}
	if (strlen(until->string) == strlen("YYYY-MM-DD"))
		date += DAY_SECONDS - 1;
	assertion->waived = loader->overlay->today <= date;
}

static void
load_waiver(struct loader *loader, const struct json *json, struct assertion *assertion)
{
	const struct json *waive = member_of_type(json, "waive", JSON_OBJECT);
	const struct json *until = member_of_type(waive, "until", JSON_STRING);

	if (waive == NULL)
		return;
	members_check(loader, waive, &waive_form, NULL);
	assertion->waive_reason = load_label(loader, waive, "reason", NULL);
	if (until != NULL)
		load_waiver_date(loader, until, assertion);
}

/* What does not depend on the kind of assertion. */
static void
load_common(struct reading *reading, const struct json *json, struct assertion *assertion)
{
	struct loader *loader = reading->loader;
	const struct json *id = json_member(json, "id");
	const char *name = assertion->check == NULL ? NULL : assertion->check->name;
	struct indexed_name *indexed;

	assertion->place = json->place;
	assertion->id = load_label(loader, json, "id", name);
	assertion->title = load_label(
		loader, json, "title", assertion->check == NULL ? NULL : assertion->check->summary);
	load_tags(loader, json, assertion);
	load_targets(loader, json, assertion);
	load_severity(loader, json, assertion);
	load_waiver(loader, json, assertion);
	if (assertion->id == NULL)
		return;
	indexed = &reading->ids[reading->id_count];
	indexed->order = reading->id_count++;
	indexed->name = assertion->id;
	indexed->place = id != NULL ? id->place : json_member(json, "assert")->place;
}

/* Why an assertion cannot be made of a target, to go behind its name; NULL when it can. */
static const char *
objection_of(const struct check *check, const struct target *target)
{
	if (check->starttls_only && target->implicit_tls)
		return "where TLS starts with the first byte";
	if (!check->judges_chain && target->certificate_file != NULL)
		return "which is a file of certificates: it needs a server";
	return check->target_objection == NULL ? NULL : check->target_objection(target);
}

static void
check_targets(struct loader *loader, const struct assertion *assertion)
{
	const struct checklist *checklist = loader->checklist;

	for (size_t i = 0; i < checklist->target_count; i++) {
		const struct target *target = &checklist->targets[i];
		const char *objection = objection_of(assertion->check, target);

		if (objection == NULL || !assertion_applies(assertion, target))
			continue;
		loader_complain(loader, &assertion->place, NULL,
			assertion->check->starttls_only && target->implicit_tls
				? "list the targets that use STARTTLS in the assertion's "
				  "\"targets\", or leave the assertion out"
				: "list the targets that it is made of in the assertion's "
				  "\"targets\", or leave the assertion out",
			"%s cannot be asserted of target \"%s\", %s", assertion->check->name,
			target->name == NULL ? "" : target->name, objection);
		return;
	}
}

/* Where targets are missing that was reported, and the rest is checked all the same. */
static bool
applies_to_any(const struct checklist *checklist, const struct assertion *assertion)
{
	if (checklist->target_count == 0)
		return true;
	for (size_t i = 0; i < checklist->target_count; i++)
		if (assertion_applies(assertion, &checklist->targets[i]))
			return true;
	return false;
}

/* What --target HOST replaces, an assertion may depend on. */
static void
check_replaced_target(struct loader *loader, const struct assertion *assertion)
{
	if (!loader->target_replaced || assertion->target_count == 0)
		return;
	loader_complain(loader, &assertion->place, NULL,
		"name one of the targets with --target, and say with --address where it is",
		"this is asserted of certain targets only, and --target %s takes their place",
		loader->overlay->target);
}

static void
load_assertion(struct reading *reading, const struct json *json)
{
	struct loader *loader = reading->loader;
	struct assertion *assertion = &reading->kept[reading->kept_count];
	bool selected;

	*assertion = (struct assertion){ 0 };
	if (json->type == JSON_OBJECT)
		assertion->check = find_check(loader, json);
	if (assertion->check != NULL || member_of_type(json, "assert", JSON_STRING) == NULL)
		members_check(loader, json, &assertion_form, assertion->check);
	load_common(reading, json, assertion);
	if (assertion->check == NULL)
		return;
	selected = assertion_is_selected(loader->overlay, assertion);
	if (selected)
		check_replaced_target(loader, assertion);
	selected = selected && applies_to_any(loader->checklist, assertion);
	loader->lenient = !selected;
	params_load(loader, assertion, json);
	loader->lenient = false;
	if (selected) {
		check_targets(loader, assertion);
		reading->kept_count++;
	}
}

static const struct json *
array_of(const struct source *source)
{
	return member_of_type(source->root, "assertions", JSON_ARRAY);
}

static void
complain_of_none(struct loader *loader, size_t total)
{
	const struct source *source = loader_main(loader);

	/* An empty list is reported as such. */
	if (total == 0 && json_member(source->root, "assertions") == NULL)
		loader_complain(loader, &source->root->place, NULL,
			"give it \"assertions\" or \"include\"", "the checklist asserts nothing");
	else if (problems_total(loader->problems) == 0)
		loader_complain(loader, NULL, NULL,
			"\"starttls-gate list CHECKLIST\" shows ids and tags",
			"the selection leaves none of the %zu assertions of %s", total,
			source->file);
}

void
assertions_load(struct loader *loader)
{
	struct reading reading = { .loader = loader };
	size_t total = 0;

	for (size_t i = 0; i < loader->source_count; i++)
		total += array_of(loader->sources[i]) == NULL ? 0
							      : array_of(loader->sources[i])->count;
	reading.ids = arena_array(loader->arena, total + 1, sizeof(*reading.ids));
	reading.kept = arena_array(loader->arena, total + 1, sizeof(*reading.kept));
	for (size_t i = 0; i < loader->source_count; i++) {
		const struct json *array = array_of(loader->sources[i]);

		for (const struct json *json = array == NULL ? NULL : array->child; json != NULL;
			json = json->next)
			load_assertion(&reading, json);
	}
	names_index_sort(loader, reading.ids, reading.id_count, "the id",
		"give this assertion an \"id\" of its own");
	loader->checklist->assertions = reading.kept;
	loader->checklist->assertion_count = reading.kept_count;
	if (reading.kept_count == 0)
		complain_of_none(loader, total);
}
