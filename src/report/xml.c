/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * libxml2's text writer; what it writes goes through a reader to the sink.
 */
#include "xml.h"

#include <inttypes.h>
#include <libxml/xmlwriter.h>

#include "base/arena.h"
#include "base/clock.h"
#include "report/shown.h"
#include "xml_reading.h"

/* Never fails: libxml2 would print about it. What went wrong is asked for at the end. */
static int
write_on(void *context, const char *bytes, int len)
{
	struct xml *xml = context;
	struct report_sink *sink = xml->sink;

	xml->len += (size_t)len;
	if (xml->len > xml->most)
		xml->failed = true;
	if (sink != NULL && !xml->failed)
		xml->failed = !xml_reading_add(xml->reading, bytes, (size_t)len, &xml->error) ||
			      !sink->take(sink->context, bytes, (size_t)len, &xml->error);
	return len;
}

static void
check(struct xml *xml, int result)
{
	if (result < 0)
		xml->failed = true;
}

void
xml_begin(struct xml *xml, struct report_sink *sink, size_t most)
{
	xmlOutputBufferPtr out = xmlOutputBufferCreateIO(write_on, NULL, xml, NULL);

	*xml = (struct xml){ .sink = sink,
		.most = most,
		.writer = out == NULL ? NULL : xmlNewTextWriter(out),
		.reading = sink == NULL ? NULL : xml_reading_begin() };
	if (xml->writer == NULL)
		out_of_memory();
	buf_init(&xml->scratch, SIZE_MAX / 4);
	check(xml, xmlTextWriterSetIndent(xml->writer, 1));
	check(xml, xmlTextWriterSetIndentString(xml->writer, BAD_CAST "  "));
	check(xml, xmlTextWriterStartDocument(xml->writer, "1.0", "UTF-8", NULL));
}

bool
xml_end(struct xml *xml, struct error *error)
{
	check(xml, xmlTextWriterEndDocument(xml->writer));
	check(xml, xmlTextWriterFlush(xml->writer));
	xmlFreeTextWriter(xml->writer);
	xml->writer = NULL;
	buf_release(&xml->scratch);
	if (xml->reading != NULL && !xml_reading_end(xml->reading, &xml->error))
		xml->failed = true;
	if (error_is_set(&xml->error))
		return error_set(error, "%s", xml->error.text);
	return !xml->failed || error_set(error, "XML: libxml2 could not write it");
}

void
xml_open(struct xml *xml, const char *element)
{
	if (!xml->failed)
		check(xml, xmlTextWriterStartElement(xml->writer, BAD_CAST element));
}

void
xml_close(struct xml *xml)
{
	if (!xml->failed)
		check(xml, xmlTextWriterEndElement(xml->writer));
}

static void
write_attribute(struct xml *xml, const char *name)
{
	if (!xml->failed)
		check(xml, xmlTextWriterWriteAttribute(
				   xml->writer, BAD_CAST name, BAD_CAST xml->scratch.data));
}

void
xml_attribute(struct xml *xml, const char *name, const char *value)
{
	if (value == NULL)
		return;
	buf_reset(&xml->scratch);
	shown_add_line(&xml->scratch, value);
	write_attribute(xml, name);
}

void
xml_attribute_number(struct xml *xml, const char *name, size_t value)
{
	buf_reset(&xml->scratch);
	buf_addf(&xml->scratch, "%zu", value);
	write_attribute(xml, name);
}

void
xml_attribute_ms(struct xml *xml, const char *name, int64_t ms)
{
	int64_t known = ms < 0 ? 0 : ms;

	buf_reset(&xml->scratch);
	buf_addf(&xml->scratch, "%" PRId64 ".%03" PRId64, known / 1000, known % 1000);
	write_attribute(xml, name);
}

void
xml_attribute_date(struct xml *xml, const char *name, int64_t date)
{
	char text[CLOCK_DATE_MAX];

	clock_format_date(text, date);
	xml_attribute(xml, name, text);
}

void
xml_text(struct xml *xml, const char *shown)
{
	if (!xml->failed)
		check(xml, xmlTextWriterWriteString(xml->writer, BAD_CAST shown));
}
