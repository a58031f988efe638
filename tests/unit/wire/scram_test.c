/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a server says in SCRAM, sentence by sentence.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "wire/scram.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct row {
	const char *sentence;
	const char *message;
	enum scram_fault fault;
	uint32_t iterations;
};

/* To a client whose nonce is "abc". */
static const struct row firsts[] = {
	{ "all three attributes", "r=abcDEF,s=c2FsdA==,i=4096", SCRAM_FINE, 4096 },
	{ "the most iterations", "r=abcDEF,s=c2FsdA==,i=1000000", SCRAM_FINE, 1000000 },
	{ "one too few", "r=abcDEF,s=c2FsdA==,i=4095", SCRAM_FEW_ITERATIONS, 4095 },
	{ "one alone", "r=abcDEF,s=c2FsdA==,i=1", SCRAM_FEW_ITERATIONS, 1 },
	{ "one too many", "r=abcDEF,s=c2FsdA==,i=1000001", SCRAM_MANY_ITERATIONS, 1000001 },
	{ "ten million", "r=abcDEF,s=c2FsdA==,i=10000000", SCRAM_MANY_ITERATIONS, 1000001 },
	{ "more than 64 bits", "r=abcDEF,s=c2FsdA==,i=99999999999999999999999",
		SCRAM_MANY_ITERATIONS, 1000001 },
	{ "what would wrap around", "r=abcDEF,s=c2FsdA==,i=4294971392", SCRAM_MANY_ITERATIONS,
		1000001 },
	{ "none", "r=abcDEF,s=c2FsdA==,i=0", SCRAM_MALFORMED, 0 },
	{ "a zero in front", "r=abcDEF,s=c2FsdA==,i=04096", SCRAM_MALFORMED, 0 },
	{ "less than nothing", "r=abcDEF,s=c2FsdA==,i=-4096", SCRAM_MALFORMED, 0 },
	{ "no number", "r=abcDEF,s=c2FsdA==,i=", SCRAM_MALFORMED, 0 },
	{ "a blank behind it", "r=abcDEF,s=c2FsdA==,i=4096 ", SCRAM_MALFORMED, 4096 },
	{ "no iterations", "r=abcDEF,s=c2FsdA==", SCRAM_MALFORMED, 0 },
	{ "no salt", "r=abcDEF,i=4096", SCRAM_MALFORMED, 0 },
	{ "an empty salt", "r=abcDEF,s=,i=4096", SCRAM_MALFORMED, 0 },
	{ "a salt that is not base64", "r=abcDEF,s=c2FsdA=,i=4096", SCRAM_MALFORMED, 0 },
	{ "blanks in the salt", "r=abcDEF,s=c2Fs dA==,i=4096", SCRAM_MALFORMED, 0 },
	{ "another order", "s=c2FsdA==,r=abcDEF,i=4096", SCRAM_MALFORMED, 0 },
	{ "nothing", "", SCRAM_MALFORMED, 0 },
	{ "commas alone", ",,", SCRAM_MALFORMED, 0 },
	{ "the final message", "v=c2FsdA==", SCRAM_MALFORMED, 0 },
	{ "a mandatory extension", "m=x,r=abcDEF,s=c2FsdA==,i=4096", SCRAM_MALFORMED, 0 },
	{ "an optional one", "r=abcDEF,s=c2FsdA==,i=4096,x=y", SCRAM_EXTENDED, 4096 },
	{ "few iterations come before it", "r=abcDEF,s=c2FsdA==,i=1,x=y", SCRAM_FEW_ITERATIONS, 1 },
	{ "the client's nonce alone", "r=abc,s=c2FsdA==,i=4096", SCRAM_FOREIGN_NONCE, 0 },
	{ "another nonce", "r=xyzDEF,s=c2FsdA==,i=4096", SCRAM_FOREIGN_NONCE, 0 },
	{ "a shorter one", "r=ab,s=c2FsdA==,i=4096", SCRAM_FOREIGN_NONCE, 0 },
	{ "one in another case", "r=ABCDEF,s=c2FsdA==,i=4096", SCRAM_FOREIGN_NONCE, 0 },
	{ "a blank in the nonce", "r=abc DEF,s=c2FsdA==,i=4096", SCRAM_MALFORMED, 0 },
	{ "an error", "e=other-error", SCRAM_ERROR, 0 },
	{ "an error of its own", "e=", SCRAM_ERROR, 0 },
};

static const struct row finals[] = {
	{ "a signature", "v=c2lnbmF0dXJl", SCRAM_FINE, 0 },
	{ "an empty one", "v=", SCRAM_MALFORMED, 0 },
	{ "an error", "e=invalid-proof", SCRAM_ERROR, 0 },
	{ "an extension", "v=c2lnbmF0dXJl,x=y", SCRAM_EXTENDED, 0 },
	{ "nothing", "", SCRAM_MALFORMED, 0 },
	{ "the first message", "r=abcDEF,s=c2FsdA==,i=4096", SCRAM_MALFORMED, 0 },
};

static struct span
bytes_of(const char *text)
{
	return (struct span){ (const uint8_t *)text, strlen(text) };
}

static void
a_first_message_is_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(firsts); i++) {
		uint32_t iterations = 77;
		enum scram_fault fault =
			scram_read_first(bytes_of(firsts[i].message), bytes_of("abc"), &iterations);

		if (fault != firsts[i].fault || iterations != firsts[i].iterations)
			fail_msg("%s: got %d with i=%u, want %d", firsts[i].sentence, (int)fault,
				(unsigned)iterations, (int)firsts[i].fault);
	}
}

static void
no_beginning_of_a_first_message_is_fine(void **state)
{
	const char *whole = "r=abcDEF,s=c2FsdA==,i=4096";

	(void)state;
	for (size_t len = 0; len < strlen(whole); len++) {
		struct span message = { (const uint8_t *)whole, len };
		uint32_t iterations;

		assert_int_not_equal(
			scram_read_first(message, bytes_of("abc"), &iterations), SCRAM_FINE);
	}
}

static void
a_long_message_is_not_read(void **state)
{
	static char text[SCRAM_MESSAGE_MAX + 2];
	struct span message = { (const uint8_t *)text, SCRAM_MESSAGE_MAX };
	uint32_t iterations;

	(void)state;
	memset(text, 'x', sizeof(text));
	memcpy(text, "r=abc", 5);
	assert_int_equal(scram_read_first(message, bytes_of("abc"), &iterations), SCRAM_MALFORMED);
	assert_int_equal(scram_read_final(message), SCRAM_MALFORMED);
	message.len++;
	assert_int_equal(scram_read_first(message, bytes_of("abc"), &iterations), SCRAM_LONG);
	assert_int_equal(scram_read_final(message), SCRAM_LONG);
}

static void
a_final_message_is_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(finals); i++)
		if (scram_read_final(bytes_of(finals[i].message)) != finals[i].fault)
			fail_msg("%s", finals[i].sentence);
}

/* What the RFC does not know may be anything, and is not shown. */
static void
only_known_errors_have_names(void **state)
{
	(void)state;
	assert_string_equal(scram_error(bytes_of("e=invalid-proof")), "invalid-proof");
	assert_string_equal(scram_error(bytes_of("e=other-error,x=y")), "other-error");
	assert_null(scram_error(bytes_of("e=hunter2")));
	assert_null(scram_error(bytes_of("e=")));
	assert_null(scram_error(bytes_of("v=invalid-proof")));
	assert_true(scram_error_is_of_credentials("invalid-proof"));
	assert_true(scram_error_is_of_credentials("unknown-user"));
	assert_false(scram_error_is_of_credentials("other-error"));
	assert_false(scram_error_is_of_credentials(NULL));
}

static void
the_nonce_of_the_client_is_found(void **state)
{
	struct span nonce = scram_client_nonce(bytes_of("n,,n=user=2Cr,r=fyko+d2"));

	(void)state;
	assert_int_equal(nonce.len, 7);
	assert_memory_equal(nonce.data, "fyko+d2", 7);
	assert_int_equal(scram_client_nonce(bytes_of("n,,n=user")).len, 0);
	assert_int_equal(scram_client_nonce(bytes_of("")).len, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_first_message_is_read),
		cmocka_unit_test(no_beginning_of_a_first_message_is_fine),
		cmocka_unit_test(a_long_message_is_not_read),
		cmocka_unit_test(a_final_message_is_read),
		cmocka_unit_test(only_known_errors_have_names),
		cmocka_unit_test(the_nonce_of_the_client_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
