/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "wire/groups.h"
#include "wire/groups_primes.h"

static const struct group_case {
	const char *name;
	int group; /* -1: none */
} group_cases[] = {
	{ "x25519", 29 },
	{ "X25519MLKEM768", 4588 },
	{ "SecP256r1MLKEM768", 4587 },
	{ "secp256r1", 23 },
	{ "prime256v1", 23 },
	{ "P-521", 25 },
	{ "FFDHE2048", 256 },
	{ "P-255", -1 },
};

static void
groups_are_found_by_each_of_their_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(group_cases) / sizeof(group_cases[0]); i++) {
		uint16_t group;
		int got = group_by_name(group_cases[i].name, &group) ? group : -1;

		if (got != group_cases[i].group)
			fail_msg("%s: got %d, want %d", group_cases[i].name, got,
				group_cases[i].group);
	}
}

static void
groups_are_those_of_the_versions(void **state)
{
	struct tls_codes old = { 0 }, new = { 0 };

	(void)state;
	group_add_all(&old, TLS_VERSION_1_0, TLS_VERSION_1_2);
	group_add_all(&new, TLS_VERSION_1_3, TLS_VERSION_1_3);
	assert_true(tls_codes_has(&old, 19));
	assert_false(tls_codes_has(&old, GROUP_X25519_MLKEM768));
	assert_false(tls_codes_has(&new, 19));
	assert_true(tls_codes_has(&new, GROUP_X25519_MLKEM768));
	assert_true(tls_codes_has(&old, GROUP_X25519) && tls_codes_has(&new, GROUP_X25519));
}

/* The number of a hexadecimal text behind one zero byte. */
static struct span
prime_of(const char *hex, uint8_t bytes[1 + 1024])
{
	size_t len = strlen(hex) / 2;

	assert_true(len <= 1024);
	bytes[0] = 0;
	for (size_t i = 0; i < len; i++) {
		unsigned byte;

		assert_int_equal(sscanf(hex + 2 * i, "%2x", &byte), 1);
		bytes[1 + i] = (uint8_t)byte;
	}
	return (struct span){ bytes, 1 + len };
}

static void
known_primes_are_found_whole(void **state)
{
	uint8_t bytes[1 + 1024];

	(void)state;
	for (size_t i = 0; i < group_primes_count; i++) {
		const struct group_prime *row = &group_primes[i];
		struct span prime = prime_of(row->hex, bytes);

		if (group_prime_find(prime) != row)
			fail_msg("%s is not found", row->name);
		prime.data++;
		prime.len--;
		if (group_prime_find(prime) != row)
			fail_msg("%s is not found without its zero", row->name);
		bytes[prime.len / 2] ^= 1;
		if (group_prime_find(prime) != NULL)
			fail_msg("%s is found with another bit", row->name);
		prime.len--;
		if (group_prime_find(prime) != NULL)
			fail_msg("%s is found cut short", row->name);
	}
	assert_null(group_prime_find((struct span){ NULL, 0 }));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(groups_are_found_by_each_of_their_names),
		cmocka_unit_test(groups_are_those_of_the_versions),
		cmocka_unit_test(known_primes_are_found_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
