/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The subject of a certificate is one of its names: a directoryName that CAs constrain.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "general_names.h"
#include "x509/constraints.h"

#define DIRECTORY 0xa4

/* O=xA, O=xB, and CN=m below each of them. */
#define O_A "\x31\x0b\x30\x09\x06\x03\x55\x04\x0a\x0c\x02xA"
#define O_B "\x31\x0b\x30\x09\x06\x03\x55\x04\x0a\x0c\x02xB"
#define CN "\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x01m"
#define NAME_LEN (2 + 13 + 12)
#define BASE_LEN (2 + 13)

static const char base_a[] = "\x30\x0d" O_A;
static const char subject_a[] = "\x30\x19" O_A CN;
static const char subject_b[] = "\x30\x19" O_B CN;

static enum constraints_outcome
check(const char *subject, size_t len, bool excluded)
{
	struct cert ca = { .name_constraints = { .present = true } };
	struct cert cert = { .subject = { (const uint8_t *)subject, len } };
	enum constraints_outcome outcome;
	size_t comparisons = 10;
	struct buf bases, fact;

	buf_init(&bases, 1000);
	buf_init(&fact, 1000);
	add_general_name(&bases, DIRECTORY, base_a, BASE_LEN, true);
	*(excluded ? &ca.excluded : &ca.permitted) = span_of_buf(&bases);
	outcome = constraints_check(&ca, &cert, &comparisons, &fact);
	buf_release(&bases);
	buf_release(&fact);
	return outcome;
}

static void
the_subject_is_constrained(void **state)
{
	(void)state;
	assert_int_equal(check(subject_a, NAME_LEN, false), CONSTRAINTS_MET);
	assert_int_equal(check(subject_a, NAME_LEN, true), CONSTRAINTS_VIOLATED);
	assert_int_equal(check(subject_b, NAME_LEN, false), CONSTRAINTS_VIOLATED);
	assert_int_equal(check(subject_b, NAME_LEN, true), CONSTRAINTS_MET);
}

/* RFC 5280 section 4.2.1.10: where the subject is not empty. */
static void
an_empty_subject_is_not(void **state)
{
	(void)state;
	assert_int_equal(check("\x30\0", 2, false), CONSTRAINTS_MET);
	assert_int_equal(check("\x30\0", 2, true), CONSTRAINTS_MET);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_subject_is_constrained),
		cmocka_unit_test(an_empty_subject_is_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
