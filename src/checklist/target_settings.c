/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Finds each setting in the target, then in its defaults, and settles port and TLS, which follow
 * each other.
 */
#include "target_settings.h"

#include <string.h>

#include "base/text.h"
#include "evidence/names.h"
#include "expand.h"
#include "members.h"
#include "target_host.h"
#include "target_identity.h"
#include "target_names.h"
#include "target_proxy.h"
#include "values.h"

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

/* What the command line says; it has no place. NULL: nothing. */
static const struct json *
given_setting(const struct loader *loader, const char *key)
{
	const struct overlay *overlay = loader->overlay;
	const struct {
		const char *key, *value;
	} given[] = { { "protocol", overlay->protocol }, { "tls", overlay->tls },
		{ "server_name", overlay->server_name } };

	for (size_t i = 0; i < sizeof(given) / sizeof(given[0]); i++) {
		struct json *json;

		if (given[i].value == NULL || strcmp(given[i].key, key) != 0)
			continue;
		json = arena_alloc(loader->arena, sizeof(*json));
		*json = (struct json){ .type = JSON_STRING, .string = given[i].value };
		return json;
	}
	return NULL;
}

static const struct json *
setting(const struct loader *loader, const struct json *json, const char *key, enum json_type type)
{
	const struct json *given = type == JSON_STRING ? given_setting(loader, key) : NULL;
	const struct json *member = given != NULL ? given : member_of_type(json, key, type);

	return member != NULL ? member : default_of(loader, key, type);
}

const char *
target_text(struct loader *loader, const struct json *json, const char *key)
{
	const struct json *member = setting(loader, json, key, JSON_STRING);
	const char *text = member == NULL ? NULL : expand(loader, member);

	if (text != NULL && text[0] == '\0') {
		loader_complain(loader, &member->place, NULL, NULL, "\"%s\" is empty", key);
		return NULL;
	}
	return text;
}

const char *
target_host(struct loader *loader, const struct json *json, const char *key)
{
	const char *text = target_text(loader, json, key), *host;
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
	const char *text = target_text(loader, json, key), *choice = NULL;

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

/* Whether the user said so himself, and not a checklist of the program. */
static bool
is_users(const struct loader *loader, const struct json *json)
{
	if (json != NULL && json->place.file == NULL)
		return true;
	return json != NULL && loader_source(loader, json->place.file)->directory != NULL;
}

/* That of the protocol; mail is handed to a domain's servers at another one than by its users. */
static unsigned
own_port(const struct target *target)
{
	if (target->domain != NULL && !target->implicit_tls &&
		(target->dialect->features & DIALECT_RELAYS) != 0)
		return MX_PORT;
	return dialect_port(target->dialect, target->implicit_tls);
}

/* Port and tls each follow the other when only one is given. A known port comes before what a
 * checklist of the program says about tls: of the two it is the one that the user may have given. */
static void
load_tls_and_port(
	struct loader *loader, const struct json *json, unsigned port, struct target *target)
{
	static const char *const choices[] = { "starttls", "implicit", NULL };
	const char *tls = choice_setting(loader, json, "tls", choices, NULL);
	bool users_tls = is_users(loader, setting(loader, json, "tls", JSON_STRING));
	bool has_starttls = (target->dialect->features & DIALECT_STARTTLS) != 0;
	bool told, known;

	known = dialect_of_port(port, &told) != NULL;
	if (tls == NULL || (known && !users_tls))
		target->implicit_tls = known ? told : !has_starttls;
	else
		target->implicit_tls = tls == choices[1];
	if (!has_starttls && users_tls && !target->implicit_tls)
		loader_complain(loader, &setting(loader, json, "tls", JSON_STRING)->place, NULL,
			"leave \"tls\" out", "%s has no STARTTLS", target->dialect->name);
	target->port = port != 0 ? port : own_port(target);
	if (target->port == 0)
		loader_complain(loader, json != NULL ? &json->place : NULL, NULL,
			"give it a \"port\"", "%s has no port of its own for %s TLS",
			target->dialect->name, target->implicit_tls ? "implicit" : "STARTTLS");
}

static const struct proxy *
proxy_setting(struct loader *loader, const struct json *json)
{
	const struct json *member = setting(loader, json, "proxy", JSON_STRING);

	if (loader->overlay->proxy != NULL)
		return loader->proxy;
	return member == NULL ? NULL : target_proxy_load(loader, member);
}

static const char *
endpoint_name(struct arena *arena, const struct target *target)
{
	if (target->domain != NULL)
		return target->domain;
	return strchr(target->host, ':') == NULL
		       ? arena_printf(arena, "%s:%u", target->host, target->port)
		       : arena_printf(arena, "[%s]:%u", target->host, target->port);
}

/* The protocol follows the port where it is not given; smtp, where the port says nothing either. A known
 * port comes before what a checklist of the program says, as with tls. */
static const struct dialect *
dialect_setting(struct loader *loader, const struct json *json, unsigned port)
{
	const char **names = NULL;
	const struct dialect *followed;
	size_t count = 0;
	bool ignored;

	for (const struct dialect *row = dialects; row->name != NULL; row++) {
		*ARENA_ADD(loader->arena, names, count) = row->name;
	}
	names = arena_grow(loader->arena, names, count, sizeof(*names));
	names[count] = NULL;
	followed = dialect_of_port(port, &ignored);
	if (followed != NULL && !is_users(loader, setting(loader, json, "protocol", JSON_STRING)))
		return followed;
	return dialect_find(choice_setting(loader, json, "protocol", names,
		followed != NULL ? followed->name : dialects[0].name));
}

/* Which of the addresses are gated. */
static void
load_addresses(struct loader *loader, const struct json *json, struct target *target)
{
	static const char *const addresses[] = { "first", "all", NULL };
	static const char *const rules[] = { "required", "if_routed", "off", NULL };
	const char *rule = choice_setting(loader, json, "ipv6", rules, rules[IPV6_REQUIRED]);

	target->all_addresses =
		choice_setting(loader, json, "addresses", addresses, addresses[0]) == addresses[1];
	target->ipv6 = rule == rules[IPV6_OFF]         ? IPV6_OFF
		       : rule == rules[IPV6_IF_ROUTED] ? IPV6_IF_ROUTED
						       : IPV6_REQUIRED;
	target_names_check(loader, json, target);
}

void
target_settle_names(struct arena *arena, struct target *target)
{
	if (target->host == NULL)
		return;
	if (target->server_name == NULL && !host_is_address(target->host))
		target->server_name = target->host;
	if (target->name == NULL)
		target->name = endpoint_name(arena, target);
}

void
target_settings_load(
	struct loader *loader, const struct json *json, unsigned port, struct target *target)
{
	const struct json *untrusted =
		setting(loader, json, "send_credentials_untrusted", JSON_BOOLEAN);

	if (port == 0)
		port = port_setting(loader, json);
	target->dialect = dialect_setting(loader, json, port);
	load_tls_and_port(loader, json, port, target);
	target->address = loader->overlay->address != NULL ? loader->overlay->address
							   : target_host(loader, json, "address");
	target->proxy = proxy_setting(loader, json);
	load_addresses(loader, json, target);
	target->identity = target_identity_load(loader,
		setting(loader, json, "client_certificate", JSON_STRING),
		setting(loader, json, "client_key", JSON_STRING));
	target->server_name = target_host(loader, json, "server_name");
	target->ehlo_name = target_text(loader, json, "ehlo_name");
	if (target->ehlo_name == NULL)
		target->ehlo_name = default_ehlo_name(loader->arena);
	target->send_credentials_untrusted = untrusted != NULL && untrusted->boolean;
	target_settle_names(loader->arena, target);
}
