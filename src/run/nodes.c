/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What cannot be gated becomes a node, or a lead, that says why: nothing is left out in silence.
 */
#include "nodes.h"

#include <string.h>

#include "evidence/cause.h"

bool
target_is_several(const struct target *target)
{
	return target->domain != NULL || target->all_addresses;
}

/* "its A record is not known: ..."; NULL when the answer may be believed. */
static const char *
doubt_of(const char *host, const char *type, const struct dns_answer *answer, struct arena *arena)
{
	if (answer->state == DNS_BOGUS)
		return arena_printf(
			arena, "the %s records of %s are bogus: %s", type, host, answer->reason);
	if (answer->state == DNS_FAILED)
		return arena_printf(arena, "the %s records of %s are not known: %s", type, host,
			answer->reason != NULL ? answer->reason : "not asked");
	return NULL;
}

/* Why a host cannot be connected to; NULL when it can. */
static const char *
want_of_address(const struct host_names *names, struct arena *arena)
{
	const char *doubt = doubt_of(names->host, "A", &names->a, arena);

	if (doubt == NULL)
		doubt = doubt_of(names->host, "AAAA", &names->aaaa, arena);
	if (doubt != NULL)
		return doubt;
	if (names->malformed)
		return arena_printf(arena, "a record of %s holds no address", names->host);
	if (names->address_count > NAMES_MAX)
		return arena_printf(arena, "%s has %zu addresses: no more than %d are gated",
			names->host, names->address_count, NAMES_MAX);
	return names->address_count != 0 ? NULL
					 : arena_printf(arena, "%s has no address", names->host);
}

/* Why there is no mail server; NULL when there is one. */
static const char *
want_of_server(const struct mx_names *mx, struct arena *arena)
{
	const char *doubt = doubt_of(mx->domain, "MX", &mx->answer, arena);

	if (doubt != NULL)
		return doubt;
	if (mx->answer.no_name)
		return arena_printf(arena, "%s does not exist", mx->domain);
	if (mx->host_count > NAMES_MAX)
		return arena_printf(arena, "%s has %zu mail servers: no more than %d are gated",
			mx->domain, mx->host_count, NAMES_MAX);
	return mx->host_count != 0
		       ? NULL
		       : arena_printf(
				 arena, "the MX records of %s lead to no mail server", mx->domain);
}

/* What an MX record leads to in place of a server; NULL: each leads to one. */
static const char *
find_no_server(const struct mx_names *mx, struct arena *arena)
{
	for (size_t i = 0; i < mx->entry_count; i++)
		if (mx->entries[i].target != MX_HOST)
			return arena_printf(arena, "an MX record of %s leads to no mail server: %s",
				mx->domain, mx->entries[i].host);
	return NULL;
}

static void
want(struct target *target, uint32_t cause, const char *text)
{
	target->missing = text != NULL ? cause : CAUSE_NONE;
	target->missing_text = text;
}

/* A list of targets in the making. */
struct making {
	const struct target *whole;
	struct arena *arena;
	struct target *targets;
	size_t count;
};

static struct target *
add(struct making *making, enum target_part part, const char *name)
{
	struct target *added = ARENA_ADD(making->arena, making->targets, making->count);

	*added = *making->whole;
	added->part = part;
	added->entry = making->whole->name;
	added->name = name;
	return added;
}

/* Whether the last that was made, before this one, is a node of the same host. */
static bool
is_node_of(const struct making *making, const struct host_names *names)
{
	const struct target *last = making->count > 1 ? &making->targets[making->count - 2] : NULL;

	return last != NULL && last->part == TARGET_NODE && last->names == names;
}

/* A host and one of its addresses; NULL: whichever takes a connection, or none is known. */
static void
add_node(struct making *making, const struct mx_host *mx_host, const struct host_names *names,
	const char *address)
{
	const struct target *whole = making->whole;
	const char *name = mx_host == NULL
				   ? whole->name
				   : arena_printf(making->arena, "%s/%s", whole->name, names->host);
	struct target *node = add(making, TARGET_NODE,
		address == NULL ? name : arena_printf(making->arena, "%s/%s", name, address));

	node->mx_host = mx_host;
	node->names = names;
	if (whole->server_name == whole->host)
		node->server_name = names->host;
	node->host = names->host;
	node->is_repeat = is_node_of(making, names);
	if (address != NULL)
		node->address = address;
	if (node->address == NULL)
		want(node, CAUSE_ADDRESSES, want_of_address(names, making->arena));
	/* What has no other address is not left out for want of a route. */
	if (names->a.count == 0 && node->ipv6 == IPV6_IF_ROUTED)
		node->ipv6 = IPV6_REQUIRED;
	if (address != NULL && is_ipv6_address(address) && node->ipv6 == IPV6_OFF)
		node->left_out = "IPv6 addresses are left out (\"ipv6\": \"off\")";
}

/* With all addresses a host of which nothing would be gated is an error of its own. */
static void
add_host(struct making *making, const struct mx_host *mx_host, const struct host_names *names)
{
	bool any = false;

	if (!making->whole->all_addresses || want_of_address(names, making->arena) != NULL) {
		add_node(making, mx_host, names, NULL);
		return;
	}
	for (size_t i = 0; i < names->address_count; i++) {
		add_node(making, mx_host, names, names->addresses[i]);
		any = any || making->targets[making->count - 1].left_out == NULL;
	}
	if (!any) {
		add_node(making, mx_host, names, NULL);
		want(&making->targets[making->count - 1], CAUSE_ADDRESSES,
			arena_printf(making->arena,
				"%s has IPv6 addresses alone, and they are left out (\"ipv6\": "
				"\"off\")",
				names->host));
	}
}

struct target *
target_nodes(const struct target *target, const struct mx_names *mx, const struct host_names *names,
	struct arena *arena, size_t *count)
{
	struct making making = { .whole = target, .arena = arena };
	struct target *lead = add(&making, TARGET_LEAD, target->name);
	const char *missing =
		mx != NULL ? want_of_server(mx, arena) : want_of_address(names, arena);

	want(lead, mx != NULL ? CAUSE_MX : CAUSE_ADDRESSES, missing);
	if (mx != NULL && missing == NULL)
		want(lead, CAUSE_MX, find_no_server(mx, arena));
	lead->names = mx == NULL ? names : NULL;
	for (size_t i = 0; mx != NULL && missing == NULL && i < mx->host_count; i++)
		add_host(&making, &mx->hosts[i], &mx->hosts[i].names);
	if (mx == NULL && missing == NULL)
		add_host(&making, NULL, names);
	for (size_t i = 0; i < making.count; i++)
		making.targets[i].mx = mx;
	*count = making.count;
	return making.targets;
}

struct target *
target_with_names(const struct target *target, const struct host_names *names, struct arena *arena)
{
	struct target *copy = arena_memdup(arena, target, sizeof(*target));

	copy->names = names;
	if (copy->address == NULL)
		want(copy, CAUSE_ADDRESSES, want_of_address(names, arena));
	return copy;
}
