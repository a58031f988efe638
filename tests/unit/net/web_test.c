/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which hosts a list in the manner of no_proxy has.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/web.h"

static const struct {
	const char *list, *host;
	bool want;
} rows[] = {
	{ "", "a.example", false },
	{ "*", "a.example", true },
	{ "example", "a.example", true },
	{ ".example", "a.example", true },
	{ "a.example", "a.example", true },
	{ "A.Example", "a.eXample", true },
	{ ".a.example", "a.example", true },
	{ "b.example", "a.example", false },
	{ "xample", "a.example", false },
	{ "b.a.example", "a.example", false },
	{ "b.example,a.example", "a.example", true },
	{ "b.example, c.example a.example", "a.example", true },
	{ " ,, ", "a.example", false },
	{ ".", "a.example", false },
	{ "*.example", "a.example", false },
	{ "127.0.0.1", "127.0.0.1", true },
	{ "0.0.1", "127.0.0.1", true },
	{ "example ", "a.example", true },
};

static void
hosts_are_listed_by_themselves_or_their_domain(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (no_proxy_lists(rows[i].list, rows[i].host) != rows[i].want)
			fail_msg("\"%s\", %s", rows[i].list, rows[i].host);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hosts_are_listed_by_themselves_or_their_domain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
