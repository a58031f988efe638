/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A table of the spans with their ranges, and the two counts beside them.
 */
#include "limits.h"

#include "base/clock.h"
#include "members.h"
#include "values.h"

static const struct span_limit spans[] = {
	{ "connect_timeout", "from 100ms to 10m", 100, 10 * 60 * 1000 },
	{ "reply_timeout", "from 100ms to 10m", 100, 10 * 60 * 1000 },
	{ "deadline", "from 1s to 24h", 1000, 24 * 60 * 60 * 1000 },
	{ "pace", "from 0ms to 1m", 0, 60 * 1000 },
};

/* Fewer than any server has for one client, and what those take that serve them well. */
#define CONNECTIONS 4
#define CONNECTIONS_WIDEST 16

static const struct number_range connections_range = { 1, 64, NULL };
static const struct number_range retries_range = { 0, 10, NULL };

void
limits_load_span(struct loader *loader, const struct json *limits, const struct span_limit *limit,
	int64_t *value)
{
	const struct json *json = member_of_type(limits, limit->key, JSON_STRING);
	int64_t span;

	if (json == NULL)
		return;
	if (!clock_parse_span(json->string, &span) || span < limit->minimum_ms ||
		span > limit->maximum_ms)
		loader_complain(loader, &json->place, NULL,
			"a span is a whole number and its unit: 500ms, 10s, 2m, 1h",
			"\"%s\" must be a span %s", limit->key, limit->range);
	else
		*value = span;
}

static void
load_number(struct loader *loader, const struct json *limits, const char *key,
	const struct number_range *range, unsigned *value)
{
	const struct json *json = member_of_type(limits, key, JSON_NUMBER);
	long number;

	if (json != NULL && value_number(loader, json, key, range, &number))
		*value = (unsigned)number;
}

void
limits_load(struct loader *loader)
{
	struct limits *limits = &loader->checklist->limits;
	const struct json *json = member_of_type(loader_main(loader)->root, "limits", JSON_OBJECT);

	*limits = (struct limits){ .connect_timeout_ms = 10 * 1000,
		.reply_timeout_ms = 30 * 1000,
		.deadline_ms = 2 * 60 * 1000,
		.connections = CONNECTIONS,
		.connections_widest = CONNECTIONS_WIDEST,
		.pace_ms = 0,
		.retries = 0 };
	if (json == NULL)
		return;
	members_check(loader, json, &limits_form, NULL);
	limits_load_span(loader, json, &spans[0], &limits->connect_timeout_ms);
	limits_load_span(loader, json, &spans[1], &limits->reply_timeout_ms);
	limits_load_span(loader, json, &spans[2], &limits->deadline_ms);
	limits_load_span(loader, json, &spans[3], &limits->pace_ms);
	load_number(loader, json, "connections", &connections_range, &limits->connections);
	if (json_member(json, "connections") != NULL)
		limits->connections_widest = limits->connections;
	load_number(loader, json, "retries", &retries_range, &limits->retries);
}
