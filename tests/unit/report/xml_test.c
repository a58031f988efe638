/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "report/xml.h"
#include "report_bytes.h"

/* Writes one element; false with the error. */
static bool
write_element(const char *name, size_t most, struct buf *out, size_t *len, struct error *error)
{
	struct report_sink sink = { take_bytes, out };
	struct xml xml;
	bool written;

	xml_begin(&xml, out == NULL ? NULL : &sink, most);
	xml_open(&xml, name);
	xml_text(&xml, "a < b");
	xml_close(&xml);
	written = xml_end(&xml, error);
	*len = xml.len;
	return written;
}

static void
what_is_measured_is_what_is_written(void **state)
{
	static const char want[] =
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<all>a &lt; b</all>\n";
	struct error error = { .text = "" };
	struct buf out;
	size_t len;

	(void)state;
	buf_init(&out, 1000);
	assert_true(write_element("all", sizeof(want) - 1, &out, &len, &error));
	assert_string_equal(out.data, want);
	assert_int_equal(len, sizeof(want) - 1);
	assert_true(write_element("all", sizeof(want) - 1, NULL, &len, &error));
	assert_int_equal(len, sizeof(want) - 1);
	assert_false(write_element("all", sizeof(want) - 2, NULL, &len, &error));
	buf_release(&out);
}

static void
what_is_not_well_formed_does_not_reach_the_sink(void **state)
{
	struct error error = { .text = "" };
	struct buf out;
	size_t len;

	(void)state;
	buf_init(&out, 1000);
	assert_false(write_element("no name", SIZE_MAX, &out, &len, &error));
	assert_string_equal(out.data, "");
	assert_ptr_equal(strstr(error.text, "XML: line 2: "), error.text);
	buf_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_measured_is_what_is_written),
		cmocka_unit_test(what_is_not_well_formed_does_not_reach_the_sink),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
