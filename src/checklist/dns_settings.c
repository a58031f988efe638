/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Resolvers are addresses, alone or with a port behind "@": a name could not be looked up before them.
 */
#include "dns_settings.h"

#include <string.h>

#include "base/text.h"
#include "expand.h"
#include "input_file.h"
#include "limits.h"
#include "members.h"
#include "source.h"
#include "target_host.h"

static const char resolver_note[] =
	"give addresses with commas between them, each alone or with its "
	"port, as \"192.0.2.53@5353\"; or \"" DNS_RECURSIVE "\", to ask from the root on";

static const struct span_limit timeout = { "timeout", "from 100ms to 10m", 100, 10 * 60 * 1000 };

static bool
is_resolver(struct arena *arena, const char *text)
{
	const char *at = strchr(text, '@');
	const char *address = at == NULL ? text : arena_memdup(arena, text, (size_t)(at - text));
	long port = 53;

	if (at != NULL && (!text_parse_number(at + 1, &port) || port < 1 || port > 65535))
		return false;
	return host_is_address(address);
}

/* The next word of a list, without the blanks around it; NULL behind the last. */
static const char *
next_word(struct arena *arena, const char **rest)
{
	const char *start = *rest;
	size_t len;

	if (start == NULL)
		return NULL;
	len = strcspn(start, ",");
	*rest = start[len] == ',' ? start + len + 1 : NULL;
	while (len > 0 && start[0] == ' ') {
		start++;
		len--;
	}
	while (len > 0 && start[len - 1] == ' ')
		len--;
	return arena_memdup(arena, start, len);
}

static void
take_resolvers(struct loader *loader, const struct place *place, const char *text)
{
	struct dns_settings *settings = &loader->checklist->dns;
	bool recursive = strcmp(text, DNS_RECURSIVE) == 0;
	const char **resolvers = NULL, *word;
	size_t count = 0;

	while ((word = next_word(loader->arena, &text)) != NULL) {
		if (!recursive && !is_resolver(loader->arena, word)) {
			loader_complain(loader, place, NULL, resolver_note,
				"%s\"%s\" is no address of a resolver",
				place == NULL ? "--resolver: " : "", word);
			return;
		}
		*ARENA_ADD(loader->arena, resolvers, count) = word;
	}
	settings->resolvers = resolvers;
	settings->resolver_count = count;
}

/* libunbound reads it later; whether it can be read is said now. */
static void
take_anchor(struct loader *loader, const struct json *member)
{
	const char *path = expand(loader, member);
	struct span ignored;

	if (path == NULL)
		return;
	if (path[0] == '\0')
		loader_complain(loader, &member->place, NULL, NULL, "\"%s\" is empty", member->key);
	else if (input_file_load(loader, member, path, &ignored))
		loader->checklist->dns.trust_anchor =
			source_path(loader, loader_source(loader, member->place.file), path);
}

void
dns_settings_load(struct loader *loader)
{
	struct checklist *checklist = loader->checklist;
	const struct json *json = member_of_type(loader_main(loader)->root, "dns", JSON_OBJECT);
	const struct json *resolver = member_of_type(json, "resolver", JSON_STRING);
	const struct json *anchor = member_of_type(json, "trust_anchor", JSON_STRING);
	const char *text = NULL;

	checklist->dns_timeout_ms = 10 * 1000;
	if (json != NULL) {
		members_check(loader, json, &dns_form, NULL);
		limits_load_span(loader, json, &timeout, &checklist->dns_timeout_ms);
	}
	if (loader->overlay->resolver != NULL)
		take_resolvers(loader, NULL, loader->overlay->resolver);
	else if (resolver != NULL && (text = expand(loader, resolver)) != NULL)
		take_resolvers(loader, &resolver->place, text);
	if (anchor != NULL)
		take_anchor(loader, anchor);
}
