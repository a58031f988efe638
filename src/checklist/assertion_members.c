/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Id, title, severity, waiver and tags: the members that the loader knows whatever the check.
 */
#include "assertion_members.h"

#include <string.h>

#include "base/clock.h"
#include "expand.h"
#include "members.h"
#include "scope.h"
#include "values.h"

#define DAY_SECONDS (24 * 60 * 60)

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

const char *
assertion_id_load(struct loader *loader, const struct json *json, const struct check *check)
{
	return load_label(loader, json, "id", check == NULL ? NULL : check->name);
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

void
assertion_members_load(struct loader *loader, const struct json *json, struct assertion *assertion)
{
	const struct check *check = assertion->arguments.check;

	assertion->title = load_label(loader, json, "title", check == NULL ? NULL : check->summary);
	assertion->tags = tags_load(loader, json, &assertion->tag_count);
	assertion->targets = target_names_load(loader, json, &assertion->target_count);
	load_severity(loader, json, assertion);
	load_waiver(loader, json, assertion);
}
