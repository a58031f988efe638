/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Trust anchors are read here, since libunbound says of a file it cannot use neither when nor why; the
 * order of the calls is the one in which they have an effect.
 */
#include "dns_context.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file_read.h"
#include "base/text.h"

#define ANCHOR_FILE_MAX 65536

/* More is no such file. */
#define RESOLV_CONF_MAX 65536
#define ANCHOR_LINE_MAX 4096

/* dns-root-data of Debian, and of Alpine. */
static const char *const anchor_files[] = { "/usr/share/dns/root.key",
	"/usr/share/dnssec-root/trusted-key.key" };

/* The keys of 2017 and 2024 (https://data.iana.org/root-anchors/). */
static const char built_in_anchors[] =
	". IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D\n"
	". IN DS 38696 8 2 683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16\n";

/* What libunbound answers by itself although the names may be there, behind resolvers of laboratories and of
 * networks at home. */
static const char *const kept_zones[] = { "test.", "home.arpa." };

struct words {
	char *next;
};

static const char *
next_word(struct words *words)
{
	char *word = words->next + strspn(words->next, " \t\r");

	words->next = word + strcspn(word, " \t\r");
	if (*words->next != '\0')
		*words->next++ = '\0';
	return *word == '\0' ? NULL : word;
}

static bool
is_number(const char *word)
{
	return word[0] != '\0' && word[strspn(word, "0123456789")] == '\0';
}

/* OWNER [TTL] [CLASS] DS|DNSKEY and four words at least. */
static bool
is_anchor(char *line, const char **owner)
{
	struct words words = { line };
	const char *word;
	size_t rest = 0;

	*owner = next_word(&words);
	word = next_word(&words);
	while (word != NULL && (is_number(word) || text_same(word, "IN")))
		word = next_word(&words);
	if (word == NULL || !(text_same(word, "DS") || text_same(word, "DNSKEY")))
		return false;
	while (next_word(&words) != NULL)
		rest++;
	return rest >= 4;
}

static void
add_zone(struct dns_zones *zones, struct arena *arena, const char *owner)
{
	char *name = arena_strdup(arena, owner);
	size_t len = strlen(name);

	if (len != 0 && name[len - 1] == '.')
		name[len - 1] = '\0';
	*ARENA_ADD(arena, zones->names, zones->count) = name;
}

static bool
add_anchor(const struct unbound *unbound, struct ub_ctx *context, const char *line,
	struct dns_zones *zones, struct arena *arena, struct error *error)
{
	const char *owner;

	if (strpbrk(line, "()") != NULL || line[0] == ' ' || line[0] == '\t' ||
		!is_anchor(arena_strdup(arena, line), &owner))
		return error_set(error,
			"RFC 4034 section 5: not a DS or DNSKEY record with its owner, on one line");
	if (unbound->ctx_add_ta(context, line) != UB_NOERROR)
		return error_set(error, "libunbound does not take it");
	add_zone(zones, arena, owner);
	return true;
}

/* Each line is a record, blank, or a comment. */
static bool
add_anchors(const struct unbound *unbound, struct ub_ctx *context, const char *text,
	struct dns_zones *zones, struct arena *arena, struct error *error)
{
	for (unsigned number = 1; *text != '\0'; number++) {
		size_t len = strcspn(text, "\n");
		char *line = arena_memdup(arena, text, len);

		line[strcspn(line, ";\r")] = '\0';
		if (line[strspn(line, " \t")] != '\0' &&
			!add_anchor(unbound, context, line, zones, arena, error))
			return error_context(error, "line %u", number);
		text += len + (text[len] == '\n');
	}
	if (zones->count == 0)
		return error_set(error, "there is no trust anchor in it");
	return true;
}

static const char *
anchor_file(const struct dns_settings *settings)
{
	if (settings->trust_anchor != NULL)
		return settings->trust_anchor;
	for (size_t i = 0; i < sizeof(anchor_files) / sizeof(anchor_files[0]); i++)
		if (access(anchor_files[i], R_OK) == 0)
			return anchor_files[i];
	return NULL;
}

static bool
set_anchors(const struct unbound *unbound, struct ub_ctx *context,
	const struct dns_settings *settings, struct dns_zones *zones, struct arena *arena,
	struct error *error)
{
	const char *path = anchor_file(settings);
	struct buf text;
	bool good;

	if (path == NULL)
		return add_anchors(unbound, context, built_in_anchors, zones, arena, error);
	buf_init(&text, ANCHOR_FILE_MAX);
	good = file_read(&text, path, error) &&
	       add_anchors(unbound, context, text.data, zones, arena, error);
	buf_release(&text);
	if (!good)
		error_context(error, "trust anchor %s", path);
	return good;
}

/* Where the system names none, libunbound would ask name servers from the root on, which nobody said. */
static bool
names_a_resolver(struct error *error)
{
	static const char path[] = "/etc/resolv.conf", key[] = "nameserver";
	struct buf text;
	bool named = false;

	buf_init(&text, RESOLV_CONF_MAX);
	if (file_read(&text, path, error))
		for (const char *line = text.data; line != NULL && !named;
			line = strchr(line, '\n') == NULL ? NULL : strchr(line, '\n') + 1)
			named = strncmp(line, key, sizeof(key) - 1) == 0 &&
				(line[sizeof(key) - 1] == ' ' || line[sizeof(key) - 1] == '\t');
	buf_release(&text);
	if (!named && !error_is_set(error))
		error_set(error, "%s names no resolver", path);
	return named;
}

static bool
set_resolvers(const struct unbound *unbound, struct ub_ctx *context,
	const struct dns_settings *settings, struct error *error)
{
	int status = UB_NOERROR;

	if (settings->resolver_count == 0) {
		if (!names_a_resolver(error))
			return false;
		status = unbound->ctx_resolvconf(context, NULL);
		return status == UB_NOERROR ||
		       error_set(error, "/etc/resolv.conf: %s", unbound->strerror(status));
	}
	for (size_t i = 0; i < settings->resolver_count; i++) {
		if (strcmp(settings->resolvers[i], DNS_RECURSIVE) == 0)
			continue;
		status = unbound->ctx_set_fwd(context, settings->resolvers[i]);
		if (status != UB_NOERROR)
			return error_set(error, "resolver %s: %s", settings->resolvers[i],
				unbound->strerror(status));
	}
	return true;
}

/* The thread first: libunbound forks otherwise, and takes it no more once zones were touched, which
 * comes last for the same reason. */
static bool
set_all(const struct unbound *unbound, struct ub_ctx *context, const struct dns_settings *settings,
	struct dns_zones *zones, struct arena *arena, struct error *error)
{
	unbound->ctx_debugout(context, NULL);
	if (unbound->ctx_async(context, 1) != UB_NOERROR)
		return error_set(error, "libunbound has no threads");
	if (!set_resolvers(unbound, context, settings, error) ||
		!set_anchors(unbound, context, settings, zones, arena, error))
		return false;
	unbound->ctx_set_option(context, "unblock-lan-zones:", "yes");
	for (size_t i = 0; i < sizeof(kept_zones) / sizeof(kept_zones[0]); i++)
		unbound->ctx_zone_remove(context, kept_zones[i]);
	return true;
}

struct ub_ctx *
dns_context_make(const struct unbound *unbound, const struct dns_settings *settings,
	struct dns_zones *zones, struct arena *arena, struct error *error)
{
	struct ub_ctx *context = unbound->ctx_create();

	if (context == NULL) {
		error_set(error, "libunbound could not be started");
		return NULL;
	}
	if (!set_all(unbound, context, settings, zones, arena, error)) {
		unbound->ctx_delete(context);
		return NULL;
	}
	return context;
}
