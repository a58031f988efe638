/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What answers for MX, A and AAAA lead to.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "made_answers.h"

/* "preference host", with commas between them. */
static const char *
hosts_of(const struct mx_names *mx, struct arena *arena)
{
	const char *text = "";

	for (size_t i = 0; i < mx->host_count; i++)
		text = arena_printf(arena, "%s%s%u %s", text, i == 0 ? "" : ",",
			mx->hosts[i].preference, mx->hosts[i].names.host);
	return text;
}

static const struct {
	const char *sentence;
	enum dns_state state;
	bool no_name;
	const char *records, *hosts;
	bool implicit;
} mail_servers[] = {
	{ "by preference, then by name", DNS_SECURE, false,
		"20 b.example,10 z.example,20 a.example", "10 z.example,20 a.example,20 b.example",
		false },
	{ "unsigned ones too", DNS_INSECURE, false, "10 a.example", "10 a.example", false },
	{ "a host that is there twice once, where it is preferred", DNS_SECURE, false,
		"30 a.example,5 a.example", "5 a.example", false },
	{ "in lower case", DNS_SECURE, false, "10 A.Example", "10 a.example", false },
	{ "the last preference there is", DNS_SECURE, false, "65535 a.example", "65535 a.example",
		false },
	{ "without any the domain itself", DNS_SECURE, false, "", "0 example.org", true },
	{ "and where nobody signed that", DNS_INSECURE, false, "", "0 example.org", true },
	{ "but not where there is no domain", DNS_SECURE, true, "", "", false },
	{ "nor where that is not signed", DNS_INSECURE, true, "", "", false },
	{ "nothing of what is bogus", DNS_BOGUS, false, "10 a.example", "", false },
	{ "nothing of what failed", DNS_FAILED, false, "", "", false },
	{ "nobody who takes no mail", DNS_SECURE, false, "0 .", "", false },
	{ "the others beside that", DNS_SECURE, false, "0 .,10 a.example", "10 a.example", false },
	{ "no address", DNS_SECURE, false, "10 192.0.2.1", "", false },
	{ "no address that a zone was put behind", DNS_SECURE, false, "10 192.0.2.1.example.org",
		"", false },
	{ "a host that begins with numbers", DNS_SECURE, false, "10 1.2.3.mx.example",
		"10 1.2.3.mx.example", false },
	{ "no name that is no host's", DNS_SECURE, false, "10 a_b.ex(ample", "", false },
};

static void
mx_records_lead_to_hosts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(mail_servers) / sizeof(mail_servers[0]); i++) {
		struct mx_names mx = { .domain = "example.org" };
		struct arena arena;
		const char *got;

		arena_init(&arena);
		mx.answer = made_answer(
			&arena, mail_servers[i].state, mx.domain, mail_servers[i].records);
		mx.answer.no_name = mail_servers[i].no_name;
		mx_names_read(&mx, &arena);
		got = hosts_of(&mx, &arena);
		if (strcmp(got, mail_servers[i].hosts) != 0 ||
			mx.implicit != mail_servers[i].implicit)
			fail_msg("%s: got \"%s\"%s", mail_servers[i].sentence, got,
				mx.implicit ? ", implicit" : "");
		arena_release(&arena);
	}
}

static void
entries_keep_what_leads_nowhere(void **state)
{
	struct arena arena;
	struct mx_names mx;

	(void)state;
	arena_init(&arena);
	mx = made_mx(&arena, "example.org", "10 a.example,0 .,20 192.0.2.1,192.0.2.9");
	assert_int_equal(mx.entry_count, 4);
	assert_int_equal(mx.entries[0].target, MX_MALFORMED);
	assert_int_equal(mx.entries[1].target, MX_NULL);
	assert_int_equal(mx.entries[2].target, MX_HOST);
	assert_int_equal(mx.entries[3].target, MX_LITERAL);
	assert_string_equal(mx.entries[3].host, "192.0.2.1");
	arena_release(&arena);
}

static void
addresses_come_family_by_family(void **state)
{
	struct host_names names;
	struct arena arena;

	(void)state;
	arena_init(&arena);
	names = made_names(&arena, "a.example", "192.0.2.9,192.0.2.1", "2001:db8::2,2001:db8::1");
	assert_int_equal(names.address_count, 4);
	assert_string_equal(names.addresses[0], "192.0.2.1");
	assert_string_equal(names.addresses[1], "192.0.2.9");
	assert_string_equal(names.addresses[2], "2001:db8::1");
	assert_string_equal(names.addresses[3], "2001:db8::2");
	assert_true(is_ipv6_address(names.addresses[3]));
	assert_false(is_ipv6_address(names.addresses[0]));
	/* What is in the wrong place is no address of the host. */
	names = made_names(&arena, "a.example", "2001:db8::1", "192.0.2.1");
	assert_int_equal(names.address_count, 0);
	arena_release(&arena);
}

static void
one_answer_that_is_not_known_is_the_worse(void **state)
{
	struct host_names names;
	struct arena arena;

	(void)state;
	arena_init(&arena);
	names = made_names(&arena, "a.example", "192.0.2.1", "");
	assert_int_equal(host_names_worse(&names)->state, DNS_DENIED);
	names.aaaa.state = DNS_FAILED;
	assert_ptr_equal(host_names_worse(&names), &names.aaaa);
	names.a.state = DNS_BOGUS;
	assert_ptr_equal(host_names_worse(&names), &names.aaaa);
	names.aaaa.state = DNS_SECURE;
	assert_ptr_equal(host_names_worse(&names), &names.a);
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mx_records_lead_to_hosts),
		cmocka_unit_test(entries_keep_what_leads_nowhere),
		cmocka_unit_test(addresses_come_family_by_family),
		cmocka_unit_test(one_answer_that_is_not_known_is_the_worse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
