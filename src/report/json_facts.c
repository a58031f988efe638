/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One object for each target, member by member as report/facts.h has them.
 */
#include "json_facts.h"

#include "base/clock.h"
#include "json_out.h"

void
json_date(struct buf *out, const char *name, int64_t date)
{
	char text[CLOCK_DATE_MAX + 1];
	struct buf zoned;

	clock_format_date(text, date);
	buf_init(&zoned, sizeof(text));
	buf_addf(&zoned, "%sZ", text);
	json_text(out, name, zoned.data);
	buf_release(&zoned);
}

static void
add_list(struct buf *out, const char *name, const struct facts_list *list)
{
	json_open(out, name, '[');
	for (size_t i = 0; i < list->count; i++)
		json_text(out, NULL, list->items[i]);
	json_close(out, ']');
}

static void
add_before_and_inside(struct buf *out, const char *name, const struct facts_list *before,
	const struct facts_list *inside)
{
	json_open(out, name, '{');
	add_list(out, "before_tls", before);
	add_list(out, "inside_tls", inside);
	json_close(out, '}');
}

static void
add_session(struct buf *out, const struct facts *facts)
{
	json_open(out, "session", '{');
	json_text(out, "version", facts->version);
	json_text(out, "suite", facts->suite);
	json_text(out, "group", facts->group);
	json_text(out, "signature", facts->signature);
	json_text(out, "alpn", facts->alpn);
	json_close(out, '}');
}

static void
add_certificate(struct buf *out, const struct facts_certificate *certificate)
{
	json_open(out, NULL, '{');
	json_text(out, "problem", certificate->problem);
	json_text(out, "sha256", certificate->sha256);
	if (certificate->problem == NULL) {
		json_text(out, "subject", certificate->subject);
		json_text(out, "issuer", certificate->issuer);
		json_text(out, "serial", certificate->serial);
		add_list(out, "names", &certificate->names);
		json_date(out, "not_before", certificate->not_before);
		json_date(out, "not_after", certificate->not_after);
		json_text(out, "key", certificate->key);
		json_text(out, "signature", certificate->signature);
		json_text(out, "spki_sha256", certificate->spki_sha256);
	}
	json_text(out, "pem", certificate->pem);
	json_close(out, '}');
}

static void
add_chain(struct buf *out, const struct facts_chain *chain)
{
	json_open(out, NULL, '{');
	json_bool(out, "proven", chain->proven);
	json_bool(out, "trusted", chain->trusted);
	json_bool(out, "names_host", chain->names_host);
	add_list(out, "problems", &chain->problems);
	json_open(out, "certificates", '[');
	for (size_t i = 0; i < chain->count; i++)
		add_certificate(out, &chain->certificates[i]);
	json_close(out, ']');
	json_close(out, '}');
}

static void
add_chosen(struct buf *out, const char *name, const struct facts_choice *list, size_t count)
{
	json_open(out, name, '[');
	for (size_t i = 0; i < count; i++) {
		json_open(out, NULL, '{');
		json_text(out, "name", list[i].name);
		json_text(out, "version", list[i].version);
		json_close(out, '}');
	}
	json_close(out, ']');
}

static void
add_names(struct buf *out, const char *name, const struct facts_choice *list, size_t count)
{
	json_open(out, name, '[');
	for (size_t i = 0; i < count; i++)
		json_text(out, NULL, list[i].name);
	json_close(out, ']');
}

/* Versions are taken as such, all else in a version. */
static void
add_choices(
	struct buf *out, const char *name, const struct facts_choices *choices, bool has_version)
{
	json_open(out, name, '{');
	(has_version ? add_chosen : add_names)(
		out, "accepted", choices->accepted, choices->accepted_count);
	add_names(out, "refused", choices->refused, choices->refused_count);
	json_close(out, '}');
}

static void
add_steps(struct buf *out, const struct facts *facts)
{
	json_open(out, "steps", '[');
	for (size_t i = 0; i < facts->step_count; i++) {
		json_open(out, NULL, '{');
		json_text(out, "name", facts->steps[i].name);
		json_text(out, "outcome", facts->steps[i].outcome);
		json_text(out, "text", facts->steps[i].text);
		json_number(out, "ms", facts->steps[i].ms);
		json_close(out, '}');
	}
	json_close(out, ']');
}

static void
add_connections(struct buf *out, const struct facts *facts)
{
	json_open(out, "connections", '[');
	for (size_t i = 0; i < facts->connection_count; i++) {
		json_open(out, NULL, '{');
		json_text(out, "what", facts->connections[i].what);
		json_number(out, "ms", facts->connections[i].ms);
		json_close(out, '}');
	}
	json_close(out, ']');
}

static void
add_lookups(struct buf *out, const struct facts *facts)
{
	json_open(out, "lookups", '[');
	for (size_t i = 0; i < facts->lookup_count; i++) {
		const struct facts_lookup *lookup = &facts->lookups[i];

		json_open(out, NULL, '{');
		json_text(out, "name", lookup->name);
		json_text(out, "type", lookup->type);
		json_text(out, "state", lookup->state);
		json_text(out, "reason", lookup->reason);
		json_text(out, "alias_of", lookup->alias_of);
		add_list(out, "records", &lookup->records);
		json_number(out, "ttl", (int64_t)lookup->ttl);
		json_close(out, '}');
	}
	json_close(out, ']');
}

static void
add_server(struct buf *out, const struct facts *facts)
{
	json_text(out, "protocol", facts->protocol);
	json_text(out, "tls", facts->implicit_tls ? "implicit" : "starttls");
	json_number(out, "port", facts->port);
	json_text(out, "address", facts->address);
	json_number(out, "addresses", (int64_t)facts->addresses);
	json_text(out, "greeting", facts->greeting);
	add_before_and_inside(
		out, "capabilities", &facts->capabilities, &facts->capabilities_inside);
	add_before_and_inside(out, "mechanisms", &facts->mechanisms, &facts->mechanisms_inside);
	add_session(out, facts);
	add_choices(out, "versions", &facts->versions, false);
	add_choices(out, "suites", &facts->suites, true);
	add_choices(out, "groups", &facts->groups, true);
	add_choices(out, "schemes", &facts->schemes, true);
	add_steps(out, facts);
	add_connections(out, facts);
	add_lookups(out, facts);
}

void
json_facts(struct buf *out, const char *name, const struct facts *facts)
{
	if (facts == NULL) {
		json_text(out, name, NULL);
		return;
	}
	json_open(out, name, '{');
	json_text(out, "host", facts->host);
	if (facts->protocol != NULL)
		add_server(out, facts);
	json_open(out, "chains", '[');
	for (size_t i = 0; i < facts->chain_count; i++)
		add_chain(out, &facts->chains[i]);
	json_close(out, ']');
	json_close(out, '}');
}
