/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "target.h"

#include <string.h>

#include "expand.h"
#include "gate/text.h"
#include "members.h"
#include "names_index.h"
#include "target_file.h"
#include "target_host.h"
#include "values.h"

#define STARTTLS_PORT 587
#define IMPLICIT_PORT 465

/* Where a target says nothing, the first of these that does is taken. */
static const struct json *
default_of(const struct loader *loader, const char *key, enum json_type type)
{
	for (size_t i = loader->source_count; i > 0; i--) {
		const struct json *found = member_of_type(
			json_member(loader->sources[i - 1]->root, "target_defaults"), key, type);

		if (found != NULL)
			return found;
	}
	return NULL;
}

static const struct json *
setting(const struct loader *loader, const struct json *json, const char *key, enum json_type type)
{
	const struct json *member = member_of_type(json, key, type);

	return member != NULL ? member : default_of(loader, key, type);
}

/* The text of a setting, expanded; NULL when there is none, or, with a problem, when it is
 * empty. */
static const char *
text_setting(struct loader *loader, const struct json *json, const char *key)
{
	const struct json *member = setting(loader, json, key, JSON_STRING);
	const char *text = member == NULL ? NULL : expand(loader, member);

	if (text != NULL && text[0] == '\0') {
		loader_complain(loader, &member->place, NULL, NULL, "\"%s\" is empty", key);
		return NULL;
	}
	return text;
}

/* A setting that names a host. */
static const char *
host_setting(struct loader *loader, const struct json *json, const char *key)
{
	const char *text = text_setting(loader, json, key), *host;
	struct error error = { 0 };

	if (text == NULL)
		return NULL;
	host = host_normalise(loader->arena, text, &error);
	if (host == NULL)
		loader_complain(loader, &setting(loader, json, key, JSON_STRING)->place, NULL, NULL,
			"\"%s\": %s", key, error.text);
	return host;
}

/* One of the choices; the fallback when there is none. */
static const char *
choice_setting(struct loader *loader, const struct json *json, const char *key,
	const char *const *choices, const char *fallback)
{
	const char *text = text_setting(loader, json, key), *choice = NULL;

	if (text != NULL)
		choice = value_choice(
			loader, setting(loader, json, key, JSON_STRING), key, text, choices);
	return choice == NULL ? fallback : choice;
}

/* The port as far as it is given; 0 otherwise. */
static unsigned
port_setting(struct loader *loader, const struct json *json)
{
	static const struct number_range range = { 1, 65535, NULL };
	const struct json *member = setting(loader, json, "port", JSON_NUMBER);
	long port = 0;

	if (member != NULL)
		value_number(loader, member, "port", &range, &port);
	return (unsigned)port;
}

static bool
is_implicit_port(unsigned port)
{
	static const unsigned ports[] = { 465, 993, 995, 990, 443 };

	for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++)
		if (ports[i] == port)
			return true;
	return false;
}

/* Port and tls each follow the other when only one is given. */
static void
load_tls_and_port(
	struct loader *loader, const struct json *json, unsigned port, struct target *target)
{
	static const char *const choices[] = { "starttls", "implicit", NULL };
	const char *tls = choice_setting(loader, json, "tls", choices, NULL);

	if (port == 0)
		port = port_setting(loader, json);
	target->implicit_tls = tls == NULL ? is_implicit_port(port) : tls == choices[1];
	if (port == 0)
		port = target->implicit_tls ? IMPLICIT_PORT : STARTTLS_PORT;
	target->port = port;
}

static const char *
endpoint_name(struct arena *arena, const struct target *target)
{
	return strchr(target->host, ':') == NULL
		       ? arena_printf(arena, "%s:%u", target->host, target->port)
		       : arena_printf(arena, "[%s]:%u", target->host, target->port);
}

/* Everything but name and host. `json` may be NULL: then the defaults alone count. */
static void
load_settings(struct loader *loader, const struct json *json, unsigned port, struct target *target)
{
	static const char *const protocols[] = { "smtp", NULL };
	const struct json *untrusted =
		setting(loader, json, "send_credentials_untrusted", JSON_BOOLEAN);

	target->protocol = choice_setting(loader, json, "protocol", protocols, protocols[0]);
	load_tls_and_port(loader, json, port, target);
	target->address = loader->overlay->address != NULL ? loader->overlay->address
							   : host_setting(loader, json, "address");
	target->server_name = host_setting(loader, json, "server_name");
	if (target->server_name == NULL && target->host != NULL && !host_is_address(target->host))
		target->server_name = target->host;
	target->ehlo_name = text_setting(loader, json, "ehlo_name");
	if (target->ehlo_name == NULL)
		target->ehlo_name = default_ehlo_name(loader->arena);
	target->send_credentials_untrusted = untrusted != NULL && untrusted->boolean;
	if (target->name == NULL && target->host != NULL)
		target->name = endpoint_name(loader->arena, target);
}

static void
load_target(struct loader *loader, const struct json *json, struct target *target)
{
	*target = (struct target){ .place = json->place };
	if (!members_check(loader, json, &target_form, NULL))
		return;
	if (json_member(json, "name") != NULL)
		target->name = text_setting(loader, json, "name");
	if (json_member(json, "host") != NULL)
		target->host = host_setting(loader, json, "host");
	if (target_is_file(json)) {
		target_file_load(loader, json, target);
		return;
	}
	target_file_forbid(loader, json);
	load_settings(loader, json, 0, target);
}

static void
load_array(struct loader *loader, const struct json *array)
{
	struct checklist *checklist = loader->checklist;

	checklist->targets = arena_array(loader->arena, array->count, sizeof(*checklist->targets));
	for (const struct json *json = array->child; json != NULL; json = json->next)
		load_target(loader, json, &checklist->targets[checklist->target_count++]);
}

static void
index_names(struct loader *loader)
{
	const struct checklist *checklist = loader->checklist;
	struct indexed_name *names =
		arena_array(loader->arena, checklist->target_count + 1, sizeof(*names));
	size_t count = 0;

	for (size_t i = 0; i < checklist->target_count; i++) {
		const struct target *target = &checklist->targets[i];

		if (target->name == NULL)
			continue;
		names[count] = (struct indexed_name){ target->name, target->place, count };
		count++;
	}
	names_index_sort(
		loader, names, count, "the target name", "give this target a \"name\" of its own");
	loader->target_names = names;
	loader->target_name_count = count;
}

/* The element of the array at that index. */
static const struct json *
element(const struct json *array, size_t index)
{
	const struct json *json = array->child;

	while (index-- > 0)
		json = json->next;
	return json;
}

/* Leaves only the target that --target names; it is read again, now that its references count.
 * False when there is none of that name. */
static bool
pick_target(struct loader *loader, const struct json *array)
{
	struct checklist *checklist = loader->checklist;

	for (size_t i = 0; i < checklist->target_count; i++) {
		if (checklist->targets[i].name == NULL ||
			strcmp(checklist->targets[i].name, loader->overlay->target) != 0)
			continue;
		load_target(loader, element(array, i), &checklist->targets[0]);
		checklist->target_count = 1;
		return true;
	}
	return false;
}

/* A word that is close to the name of a target was meant as one, not as a host. */
static bool
looks_misspelt(struct loader *loader)
{
	const struct checklist *checklist = loader->checklist;
	const char *word = loader->overlay->target;
	struct names_offered offered;
	bool misspelt;

	names_offered_init(&offered, word);
	for (size_t i = 0; i < checklist->target_count; i++)
		if (checklist->targets[i].name != NULL)
			names_offered_add(&offered, checklist->targets[i].name);
	misspelt = strpbrk(word, ".:") == NULL && offered.nearest != NULL;
	if (misspelt)
		names_offered_complain(loader, &offered, NULL,
			names_offered_note(&offered, loader->arena, "targets of the checklist"),
			"--target: the checklist has no target \"%s\"", word);
	else
		names_offered_release(&offered);
	return misspelt;
}

/* The target that --target HOST[:PORT] stands for. */
static bool
replace_targets(struct loader *loader)
{
	struct checklist *checklist = loader->checklist;
	struct target *target = arena_alloc(loader->arena, sizeof(*target));
	const char *host = NULL;
	struct error error = { 0 };
	unsigned port = 0;

	if (looks_misspelt(loader))
		return false;
	if (target_parse_endpoint(loader->arena, loader->overlay->target, &host, &port, &error))
		target->host = host_normalise(loader->arena, host, &error);
	if (target->host == NULL || error_is_set(&error)) {
		loader_complain(loader, NULL, NULL, "give the name of a target, or HOST[:PORT]",
			"--target %s: %s", loader->overlay->target, error.text);
		return false;
	}
	load_settings(loader, NULL, port, target);
	loader->target_replaced = true;
	checklist->targets = target;
	checklist->target_count = 1;
	return true;
}

static void
check_defaults(struct loader *loader)
{
	for (size_t i = 0; i < loader->source_count; i++) {
		const struct json *defaults =
			member_of_type(loader->sources[i]->root, "target_defaults", JSON_OBJECT);

		if (defaults != NULL)
			members_check(loader, defaults, &target_defaults_form, NULL);
	}
}

static void
complain_of_none(struct loader *loader)
{
	const struct source *source = loader_main(loader);

	loader_complain(loader, &source->root->place, NULL,
		source->directory == NULL ? NULL : "or give it \"targets\"",
		"the checklist has no targets: say which server to check with --target "
		"HOST[:PORT]");
}

static bool
normalise_address(struct loader *loader)
{
	struct overlay *overlay = arena_memdup(loader->arena, loader->overlay, sizeof(*overlay));
	struct error error = { 0 };

	if (overlay->address == NULL)
		return true;
	overlay->address = host_normalise(loader->arena, overlay->address, &error);
	if (overlay->address == NULL)
		loader_complain(loader, NULL, NULL, NULL, "--address: %s", error.text);
	loader->overlay = overlay;
	return overlay->address != NULL;
}

bool
targets_load(struct loader *loader)
{
	const struct json *array = member_of_type(loader_main(loader)->root, "targets", JSON_ARRAY);
	bool address_is_fine = normalise_address(loader);
	bool loaded = true;

	check_defaults(loader);
	loader->lenient = loader->overlay->target != NULL;
	if (array != NULL)
		load_array(loader, array);
	index_names(loader);
	loader->lenient = false;
	if (loader->overlay->target != NULL) {
		if (array == NULL || !pick_target(loader, array))
			loaded = replace_targets(loader);
	} else if (json_member(loader_main(loader)->root, "targets") == NULL) {
		complain_of_none(loader);
		loaded = false;
	}
	return loaded && address_is_fine;
}
