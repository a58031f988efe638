/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "wire/groups.h"
#include "wire/key_shares.h"

/* Lengths of RFC 8446 section 4.2.8, FIPS 203 section 8, and their sums. */
static const struct share_case {
	uint16_t group;
	size_t len;
	uint16_t part; /* whose share is a part of it; 0: none */
	size_t at;
} share_cases[] = {
	{ GROUP_X25519, 32, 0, 0 },
	{ GROUP_X448, 56, 0, 0 },
	{ GROUP_SECP256R1, 65, 0, 0 },
	{ GROUP_SECP384R1, 97, 0, 0 },
	{ GROUP_SECP521R1, 133, 0, 0 },
	{ GROUP_FFDHE2048, 256, 0, 0 },
	{ GROUP_FFDHE2048 + 4, 1024, 0, 0 },
	{ GROUP_MLKEM512, 800, 0, 0 },
	{ GROUP_MLKEM512 + 2, 1568, 0, 0 },
	{ GROUP_X25519_MLKEM768, 1184 + 32, GROUP_X25519, 1184 },
	{ GROUP_SECP256R1_MLKEM768, 65 + 1184, GROUP_SECP256R1, 0 },
	{ GROUP_SECP384R1_MLKEM1024, 97 + 1568, GROUP_SECP384R1, 0 },
};

static void
a_share_has_the_length_and_the_parts_of_its_group(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(share_cases) / sizeof(share_cases[0]); i++) {
		const struct share_case *want = &share_cases[i];
		struct hello_share share, part = { .key = { NULL, 0 } };

		if (!key_share_of(want->group, &share) || share.group != want->group ||
			share.key.len != want->len)
			fail_msg("group %u has no share of %zu bytes", want->group, want->len);
		if (want->part == 0)
			continue;
		assert_true(key_share_of(want->part, &part));
		assert_memory_equal(share.key.data + want->at, part.key.data, part.key.len);
	}
}

static void
a_group_that_nobody_knows_has_no_share(void **state)
{
	struct hello_share share;

	(void)state;
	assert_false(key_share_of(0x1a1a, &share));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_share_has_the_length_and_the_parts_of_its_group),
		cmocka_unit_test(a_group_that_nobody_knows_has_no_share),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
