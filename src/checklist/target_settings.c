/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "target_settings.h"

#include <string.h>

#include "base/text.h"
#include "expand.h"
#include "members.h"
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

/* Ports that say how TLS starts there (RFC 8314 section 7, the registry of IANA). */
static const struct known_port {
	unsigned port;
	bool implicit_tls;
} known_ports[] = {
	{ 25, false },
	{ 587, false },
	{ 143, false },
	{ 110, false },
	{ 4190, false },
	{ 21, false },
	{ 465, true },
	{ 993, true },
	{ 995, true },
	{ 990, true },
	{ 443, true },
};

/* The row of the port; NULL when it says nothing. */
static const struct known_port *
find_port(unsigned port)
{
	for (size_t i = 0; i < sizeof(known_ports) / sizeof(known_ports[0]); i++)
		if (known_ports[i].port == port)
			return &known_ports[i];
	return NULL;
}

/* Whether the user said so himself, and not a checklist of the program. */
static bool
is_users(const struct loader *loader, const struct json *json)
{
	return json != NULL && loader_source(loader, json->place.file)->directory != NULL;
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
	const struct known_port *known;

	if (port == 0)
		port = port_setting(loader, json);
	known = find_port(port);
	if (tls == NULL || (known != NULL && !users_tls))
		target->implicit_tls = known != NULL && known->implicit_tls;
	else
		target->implicit_tls = tls == choices[1];
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

void
target_settings_load(
	struct loader *loader, const struct json *json, unsigned port, struct target *target)
{
	static const char *const protocols[] = { "smtp", NULL };
	const struct json *untrusted =
		setting(loader, json, "send_credentials_untrusted", JSON_BOOLEAN);

	target->protocol = choice_setting(loader, json, "protocol", protocols, protocols[0]);
	load_tls_and_port(loader, json, port, target);
	target->address = loader->overlay->address != NULL ? loader->overlay->address
							   : target_host(loader, json, "address");
	target->server_name = target_host(loader, json, "server_name");
	if (target->server_name == NULL && target->host != NULL && !host_is_address(target->host))
		target->server_name = target->host;
	target->ehlo_name = target_text(loader, json, "ehlo_name");
	if (target->ehlo_name == NULL)
		target->ehlo_name = default_ehlo_name(loader->arena);
	target->send_credentials_untrusted = untrusted != NULL && untrusted->boolean;
	if (target->name == NULL && target->host != NULL)
		target->name = endpoint_name(loader->arena, target);
}
