/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "wire/client_hello.h"

/* Whether the hello that the offer makes has these bytes in it. */
static bool
hello_has(const struct hello_offer *offer, const char *bytes, size_t len)
{
	static const uint8_t random[HELLO_RANDOM_LEN];
	struct buf out;
	bool found = false;

	buf_init(&out, HELLO_LEN_MAX);
	assert_true(hello_write(offer, random, &out));
	for (size_t i = 0; i + len <= out.len && !found; i++)
		found = memcmp(out.data + i, bytes, len) == 0;
	buf_release(&out);
	return found;
}

static void
a_ticket_goes_along(void **state)
{
	struct hello_offer offer = hello_offer_versions(TLS_VERSION_1_0, TLS_VERSION_1_2);

	(void)state;
	assert_false(hello_has(&offer, "ticket", 6));
	offer.ticket = (struct span){ (const uint8_t *)"ticket", 6 };
	assert_true(hello_has(&offer, "\0\x23\0\6ticket", 10));
}

static void
a_renegotiation_says_how_the_session_began(void **state)
{
	struct hello_offer offer = hello_offer_versions(TLS_VERSION_1_0, TLS_VERSION_1_2);

	(void)state;
	assert_true(hello_has(&offer, "\xff\1\0\1\0", 5));
	offer.flags &= ~(uint32_t)HELLO_RENEGOTIATION_INFO;
	offer.verify_data = (struct span){ (const uint8_t *)"finished", 8 };
	assert_true(hello_has(&offer,
		"\xff\1\0\x9\x8"
		"finished",
		13));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_ticket_goes_along),
		cmocka_unit_test(a_renegotiation_says_how_the_session_began),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
