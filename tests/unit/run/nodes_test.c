/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a target is taken apart into.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "evidence/cause.h"
#include "made_answers.h"
#include "run/nodes.h"

struct row {
	const char *sentence;
	struct target target;
	const char *mx; /* records; NULL: the target names a host */
	const char *a, *aaaa;
	/* "name address cause", with ";" between them; the lead first. "-": none, "~": left out. */
	const char *want;
};

#define DOMAIN .name = "t", .host = "example.org", .domain = "example.org"
#define NAMED .name = "t", .host = "mx.example"
#define ALL .all_addresses = true

static const struct row rows[] = {
	{ "each server is a node", { DOMAIN }, "10 a.example,20 b.example", "192.0.2.1", "",
		"t - 0;t/a.example - 0;t/b.example - 0" },
	{ "each address is one", { DOMAIN, ALL }, "10 a.example", "192.0.2.1,192.0.2.2",
		"2001:db8::1",
		"t - 0;t/a.example/192.0.2.1 192.0.2.1 0;t/a.example/192.0.2.2 192.0.2.2 0;"
		"t/a.example/2001:db8::1 2001:db8::1 0" },
	{ "each address of a host", { NAMED, ALL }, NULL, "192.0.2.1,192.0.2.2", "",
		"t - 0;t/192.0.2.1 192.0.2.1 0;t/192.0.2.2 192.0.2.2 0" },
	{ "a staging server stands for all", { DOMAIN, .address = "127.0.0.1" },
		"10 a.example,10 b.example", "", "",
		"t - 0;t/a.example 127.0.0.1 0;t/b.example 127.0.0.1 0" },
	{ "without a server the lead says so", { DOMAIN }, "0 .", "192.0.2.1", "", "t - 10000" },
	{ "a server without an address is a node that says so", { DOMAIN }, "10 a.example", "", "",
		"t - 0;t/a.example - 20000" },
	{ "with all addresses too", { DOMAIN, ALL }, "10 a.example", "", "",
		"t - 0;t/a.example - 20000" },
	{ "a host without an address leaves the lead", { NAMED, ALL }, NULL, "", "", "t - 20000" },
	{ "IPv6 that is off is left out and there", { NAMED, ALL, .ipv6 = IPV6_OFF }, NULL,
		"192.0.2.1", "2001:db8::1",
		"t - 0;t/192.0.2.1 192.0.2.1 0;t/2001:db8::1 2001:db8::1 ~" },
	{ "a host of nothing but IPv6 is not left out as a whole",
		{ DOMAIN, ALL, .ipv6 = IPV6_OFF }, "10 a.example", "", "2001:db8::1",
		"t - 0;t/a.example/2001:db8::1 2001:db8::1 ~;t/a.example - 20000" },
};

static void
add_part(struct buf *out, const struct target *part, bool is_first)
{
	buf_addf(out, "%s%s %s ", is_first ? "" : ";", part->name,
		part->part == TARGET_LEAD || part->address == NULL ? "-" : part->address);
	if (part->left_out != NULL)
		buf_add_string(out, "~");
	else
		buf_addf(out, "%x", (unsigned)part->missing);
}

static void
take_apart(const struct row *row)
{
	struct mx_names mx = { .domain = row->target.domain };
	struct host_names names;
	struct target *parts;
	struct arena arena;
	struct buf got;
	size_t count;

	arena_init(&arena);
	buf_init(&got, 4000);
	names = made_names(&arena, row->target.host, row->a, row->aaaa);
	if (row->mx != NULL)
		mx = made_mx(&arena, row->target.domain, row->mx);
	for (size_t i = 0; i < mx.host_count; i++)
		mx.hosts[i].names = made_names(&arena, mx.hosts[i].names.host, row->a, row->aaaa);
	parts = target_nodes(&row->target, row->mx != NULL ? &mx : NULL, &names, &arena, &count);
	for (size_t i = 0; i < count; i++) {
		add_part(&got, &parts[i], i == 0);
		assert_int_equal(parts[i].part, i == 0 ? TARGET_LEAD : TARGET_NODE);
		assert_string_equal(parts[i].entry, "t");
		assert_int_equal(parts[i].missing != CAUSE_NONE, parts[i].missing_text != NULL);
		/* What is about the host is the first of its nodes'. */
		assert_int_equal(
			parts[i].is_repeat, i > 1 && strcmp(parts[i].host, parts[i - 1].host) == 0);
	}
	if (strcmp(got.data, row->want) != 0)
		fail_msg("%s: got %s, want %s", row->sentence, got.data, row->want);
	buf_release(&got);
	arena_release(&arena);
}

static void
targets_are_taken_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		take_apart(&rows[i]);
}

/* What is not known of one family may be an address that nobody looks at. */
static void
half_an_answer_is_none(void **state)
{
	static const enum dns_state doubtful[] = { DNS_FAILED, DNS_BOGUS };
	struct target target = { NAMED, ALL };
	struct target *parts;
	struct arena arena;
	size_t count;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < 4; i++) {
		struct host_names names =
			made_names(&arena, "mx.example", "192.0.2.1", "2001:db8::1");

		*(i < 2 ? &names.a : &names.aaaa) =
			made_answer(&arena, doubtful[i % 2], "mx.example", "");
		parts = target_nodes(&target, NULL, &names, &arena, &count);
		assert_int_equal(count, 1);
		assert_int_equal(parts[0].missing, CAUSE_ADDRESSES);
		assert_non_null(strstr(
			parts[0].missing_text, i < 2 ? "the A records" : "the AAAA records"));
		assert_int_equal(
			target_with_names(&(struct target){ NAMED }, &names, &arena)->missing,
			CAUSE_ADDRESSES);
	}
	arena_release(&arena);
}

/* So many that some would be left out. */
static void
too_many_are_none(void **state)
{
	struct target domain = { DOMAIN }, host = { NAMED, ALL };
	struct arena arena;
	struct buf text;
	size_t count;

	(void)state;
	arena_init(&arena);
	for (unsigned number = 16; number <= 17; number++) {
		struct mx_names mx;
		struct host_names names;

		buf_init(&text, 4000);
		for (unsigned i = 0; i < number; i++)
			buf_addf(&text, "%s10 h%u.example", i == 0 ? "" : ",", i);
		mx = made_mx(&arena, "example.org", text.data);
		target_nodes(&domain, &mx, NULL, &arena, &count);
		assert_int_equal(count, number == 16 ? 17 : 1);
		buf_release(&text);
		buf_init(&text, 4000);
		for (unsigned i = 0; i < number; i++)
			buf_addf(&text, "%s192.0.2.%u", i == 0 ? "" : ",", i);
		names = made_names(&arena, "mx.example", text.data, "");
		target_nodes(&host, NULL, &names, &arena, &count);
		assert_int_equal(count, number == 16 ? 17 : 1);
		buf_release(&text);
	}
	arena_release(&arena);
}

static void
names_follow_the_server(void **state)
{
	struct target target = { DOMAIN, .server_name = "example.org", .port = 25 };
	struct arena arena;
	struct mx_names mx;
	size_t count;

	(void)state;
	arena_init(&arena);
	target.server_name = target.host;
	mx = made_mx(&arena, "example.org", "10 a.example");
	assert_string_equal(
		target_nodes(&target, &mx, NULL, &arena, &count)[1].server_name, "a.example");
	assert_string_equal(target_nodes(&target, &mx, NULL, &arena, &count)[1].host, "a.example");
	target.server_name = "other.example";
	assert_string_equal(
		target_nodes(&target, &mx, NULL, &arena, &count)[1].server_name, "other.example");
	arena_release(&arena);
}

/* Where a host has no other address, one without a route is not passed over. */
static void
ipv6_alone_is_required(void **state)
{
	struct target target = { NAMED, ALL, .ipv6 = IPV6_IF_ROUTED };
	struct host_names both, alone;
	struct arena arena;
	size_t count;

	(void)state;
	arena_init(&arena);
	both = made_names(&arena, "mx.example", "192.0.2.1", "2001:db8::1");
	alone = made_names(&arena, "mx.example", "", "2001:db8::1");
	assert_int_equal(
		target_nodes(&target, NULL, &both, &arena, &count)[2].ipv6, IPV6_IF_ROUTED);
	assert_int_equal(
		target_nodes(&target, NULL, &alone, &arena, &count)[1].ipv6, IPV6_REQUIRED);
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(targets_are_taken_apart),
		cmocka_unit_test(half_an_answer_is_none),
		cmocka_unit_test(too_many_are_none),
		cmocka_unit_test(names_follow_the_server),
		cmocka_unit_test(ipv6_alone_is_required),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
