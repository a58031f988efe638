/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "report/xml_reading.h"

/* Reads the text, `step` bytes at a time. */
static bool
is_well_formed(const char *text, size_t len, size_t step, struct error *error)
{
	struct xml_reading *reading = xml_reading_begin();
	bool good = true;

	for (size_t i = 0; i < len && good; i += step)
		good = xml_reading_add(reading, text + i, len - i < step ? len - i : step, error);
	return xml_reading_end(reading, error) && good;
}

static void
what_is_not_well_formed_is_refused_with_its_line(void **state)
{
	static const struct {
		const char *name;
		const char *bytes;
		const char *why;
	} rows[] = {
		{ "nothing", "", "XML: " },
		{ "half a document", "<a>\n<b>", "XML: line 2: " },
		{ "a raw control", "<a>\n\033</a>", "XML: line 2: " },
		{ "a control by number", "<a>\n&#27;</a>", "XML: line 2: " },
		{ "bytes that are not UTF-8", "<a>\xff</a>", "XML: line 1: " },
		{ "more after the end", "<a/>\n<b/>", "XML: line 2: " },
	};

	(void)state;
	for (size_t i = 0; i < 2 * sizeof(rows) / sizeof(rows[0]); i++) {
		const char *bytes = rows[i / 2].bytes, *why = rows[i / 2].why;
		size_t step = i % 2 == 0 ? 1 : 1000;
		struct error error = { 0 };

		if (is_well_formed(bytes, strlen(bytes), step, &error))
			fail_msg("%s: taken for well-formed", rows[i / 2].name);
		if (strncmp(error.text, why, strlen(why)) != 0)
			fail_msg("%s by %zu: got \"%s\", want \"%s...\"", rows[i / 2].name, step,
				error.text, why);
	}
}

/* Beyond what libxml2 keeps at a time. */
static void
a_large_document_is_read(void **state)
{
	static const char element[] = "<a b=\"c\">text &amp; more</a>\n";
	struct error error = { 0 };
	struct buf text;

	(void)state;
	buf_init(&text, 30000000);
	buf_add_string(&text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<all>\n");
	while (text.len < 25000000)
		buf_add_string(&text, element);
	buf_add_string(&text, "</all>\n");
	if (!is_well_formed(text.data, text.len, text.len, &error))
		fail_msg("%s", error.text);
	if (!is_well_formed(text.data, text.len, 4000, &error))
		fail_msg("%s", error.text);
	text.data[text.len - 3] = '/';
	assert_false(is_well_formed(text.data, text.len, 4000, &error));
	buf_release(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_well_formed_is_refused_with_its_line),
		cmocka_unit_test(a_large_document_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
