/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From answers to hosts and addresses. What is bogus or failed has no records, so nothing of it gets here.
 */
#include "evidence/names.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "x509/hostname.h"

bool
dns_answer_is_empty(const struct dns_answer *answer)
{
	return answer->state == DNS_DENIED || (answer->state == DNS_INSECURE && answer->count == 0);
}

bool
is_ipv6_address(const char *address)
{
	return strchr(address, ':') != NULL;
}

/* Digits and dots alone: a zone makes 192.0.2.1.example.org of an address without a dot at its end. */
static bool
begins_with_address(const char *host)
{
	unsigned numbers = 0;

	for (const char *c = host; *c >= '0' && *c <= '9';) {
		c += strspn(c, "0123456789");
		numbers++;
		if (*c != '.')
			return numbers >= 4 && *c == '\0';
		if (numbers >= 4)
			return true;
		c++;
	}
	return false;
}

static bool
is_local(const char *host)
{
	static const char name[] = "localhost";
	size_t len = strlen(host), own = sizeof(name) - 1;

	return len >= own && strcmp(host + len - own, name) == 0 &&
	       (len == own || host[len - own - 1] == '.');
}

static enum mx_target
target_of(const char *host)
{
	char normal[HOSTNAME_MAX];
	struct error error = { 0 };

	if (strcmp(host, ".") == 0)
		return MX_NULL;
	if (begins_with_address(host) || is_ipv6_address(host))
		return MX_LITERAL;
	if (is_local(host))
		return MX_LOCAL;
	return hostname_normalise(host, normal, &error) && strcmp(normal, host) == 0 ? MX_HOST
										     : MX_MALFORMED;
}

static struct mx_entry
entry_of(struct span rdata, struct arena *arena)
{
	struct mx_record record;

	if (!mx_record_read(&record, rdata))
		return (struct mx_entry){ .host = "", .target = MX_MALFORMED };
	return (struct mx_entry){ .preference = record.preference,
		.host = arena_strdup(arena, record.host),
		.target = target_of(record.host) };
}

static int
compare_entries(const void *a, const void *b)
{
	const struct mx_entry *one = a, *other = b;

	if (one->preference != other->preference)
		return one->preference < other->preference ? -1 : 1;
	return strcmp(one->host, other->host);
}

static void
add_host(struct mx_names *mx, const struct mx_entry *entry, struct arena *arena)
{
	for (size_t i = 0; i < mx->host_count; i++)
		if (strcmp(mx->hosts[i].names.host, entry->host) == 0)
			return;
	*ARENA_ADD(arena, mx->hosts, mx->host_count) =
		(struct mx_host){ .preference = entry->preference,
			.names = { .host = entry->host } };
}

void
mx_names_read(struct mx_names *mx, struct arena *arena)
{
	const struct mx_entry itself = { .host = mx->domain, .target = MX_HOST };

	mx->entries = arena_array(arena, mx->answer.count, sizeof(*mx->entries));
	mx->entry_count = mx->answer.count;
	for (size_t i = 0; i < mx->entry_count; i++)
		mx->entries[i] = entry_of(mx->answer.records[i], arena);
	if (mx->entry_count != 0)
		qsort(mx->entries, mx->entry_count, sizeof(*mx->entries), compare_entries);
	mx->implicit = dns_answer_is_empty(&mx->answer) && !mx->answer.no_name;
	if (mx->implicit)
		add_host(mx, &itself, arena);
	for (size_t i = 0; i < mx->entry_count; i++)
		if (mx->entries[i].target == MX_HOST)
			add_host(mx, &mx->entries[i], arena);
}

static int
compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool
has_address(const struct host_names *names, const char *address)
{
	for (size_t i = 0; i < names->address_count; i++)
		if (strcmp(names->addresses[i], address) == 0)
			return true;
	return false;
}

static void
add_family(
	struct host_names *names, const struct dns_answer *answer, size_t len, struct arena *arena)
{
	size_t before = names->address_count;
	char text[DNS_ADDRESS_TEXT_MAX];

	for (size_t i = 0; i < answer->count; i++) {
		if (answer->records[i].len != len || !dns_address_read(text, answer->records[i]))
			names->malformed = true;
		else if (!has_address(names, text))
			*ARENA_ADD(arena, names->addresses, names->address_count) =
				arena_strdup(arena, text);
	}
	if (names->address_count > before)
		qsort(names->addresses + before, names->address_count - before,
			sizeof(const char *), compare_texts);
}

void
host_names_read(struct host_names *names, struct arena *arena)
{
	add_family(names, &names->a, 4, arena);
	add_family(names, &names->aaaa, 16, arena);
}

const struct dns_answer *
host_names_worse(const struct host_names *names)
{
	return names->a.state <= names->aaaa.state ? &names->a : &names->aaaa;
}

static bool
is_elsewhere(const struct host_names *names, const struct dns_answer *answer)
{
	return answer->canonical != NULL && strcmp(answer->canonical, names->host) != 0;
}

bool
host_names_alias(const struct host_names *names)
{
	return is_elsewhere(names, &names->a) || is_elsewhere(names, &names->aaaa);
}
