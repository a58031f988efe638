/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "flight_hex.h"
#include "wire/server_hello.h"

#define RANDOM_8 "0102030405060708"
#define RANDOM RANDOM_8 RANDOM_8 RANDOM_8 RANDOM_8
#define HEAD               \
	"0303" RANDOM "02" \
	"aabb"             \
	"c02b"             \
	"00"

/* Which content an extension has, in bodies that are whole and in others. */
static const struct extension_case {
	const char *name;
	const char *hex;
	uint16_t extension;
	const char *want;
} cases[] = {
	{ "the first one",
		HEAD "0010"
		     "0012"
		     "0004"
		     "7363746c"
		     "0033"
		     "0004"
		     "73686172",
		TLS_EXTENSION_TIMESTAMPS, "sctl" },
	{ "one behind another",
		HEAD "0010"
		     "0012"
		     "0004"
		     "7363746c"
		     "0033"
		     "0004"
		     "73686172",
		TLS_EXTENSION_KEY_SHARE, "shar" },
	{ "one that is not there",
		HEAD "0008"
		     "0012"
		     "0004"
		     "7363746c",
		TLS_EXTENSION_ALPN, "" },
	{ "one that is empty",
		HEAD "0004"
		     "0012"
		     "0000",
		TLS_EXTENSION_TIMESTAMPS, "" },
	{ "no extensions", HEAD, TLS_EXTENSION_TIMESTAMPS, "" },
	{ "one longer than the block",
		HEAD "0008"
		     "0012"
		     "0005"
		     "7363746c6c",
		TLS_EXTENSION_TIMESTAMPS, "" },
	{ "a block longer than the body",
		HEAD "0009"
		     "0012"
		     "0004"
		     "7363746c",
		TLS_EXTENSION_TIMESTAMPS, "" },
};

static void
test_an_extension_is_found_by_its_number(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct extension_case *row = &cases[i];
		struct span got;
		struct buf body;

		buf_init(&body, 1000);
		add_hex(&body, row->hex);
		got = flight_hello_extension(
			(struct span){ (const uint8_t *)body.data, body.len }, row->extension);
		if (got.len != strlen(row->want) ||
			(got.len != 0 && memcmp(got.data, row->want, got.len) != 0))
			fail_msg("%s: got %zu bytes, want \"%s\"", row->name, got.len, row->want);
		buf_release(&body);
	}
}

/* A body that ends early has nothing in it, and no byte behind its end is looked at. */
static void
test_no_prefix_has_an_extension(void **state)
{
	struct buf body;

	(void)state;
	buf_init(&body, 1000);
	add_hex(&body, cases[0].hex);
	for (size_t len = 0; len < body.len; len++) {
		uint8_t *prefix = test_malloc(len + 1);

		memcpy(prefix, body.data, len);
		for (size_t i = 0; i < 2; i++)
			if (flight_hello_extension((struct span){ prefix, len }, cases[i].extension)
					.len != 0)
				fail_msg("%zu bytes: got an extension, want none", len);
		test_free(prefix);
	}
	buf_release(&body);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_extension_is_found_by_its_number),
		cmocka_unit_test(test_no_prefix_has_an_extension),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
