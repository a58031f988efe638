/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * libxml2's text writer over a buffer; it is read back as a stream.
 */
#include "xml.h"

#include <inttypes.h>
#include <libxml/xmlreader.h>
#include <libxml/xmlwriter.h>
#include <limits.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "report/shown.h"

/* Never fails: libxml2 would print about it. What the limit kept out is asked for at the end. */
static int
write_to_buf(void *out, const char *bytes, int len)
{
	buf_add(out, bytes, (size_t)len);
	return len;
}

static void
check(struct xml *xml, int result)
{
	if (result < 0)
		xml->failed = true;
}

void
xml_begin(struct xml *xml, struct buf *out)
{
	xmlOutputBufferPtr sink = xmlOutputBufferCreateIO(write_to_buf, NULL, out, NULL);

	*xml = (struct xml){ .out = out, .writer = sink == NULL ? NULL : xmlNewTextWriter(sink) };
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
	if (xml->out->dropped != 0)
		return error_set(
			error, "XML: the report is larger than %zu bytes", xml->out->limit);
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

static bool
not_well_formed(struct error *error)
{
	const xmlError *reason = xmlGetLastError();

	if (reason == NULL || reason->message == NULL)
		return error_set(error, "XML: not well-formed");
	return error_set(error, "XML: line %d: %.*s", reason->line,
		(int)strcspn(reason->message, "\n"), reason->message);
}

/* Read as a stream: a tree of a large report would take several times its size. */
bool
xml_is_well_formed(const struct buf *bytes, struct error *error)
{
	xmlTextReaderPtr reader;
	int more = 1;

	if (bytes->len > INT_MAX)
		return error_set(error, "XML: larger than can be read back");
	xmlResetLastError();
	reader = xmlReaderForMemory(bytes->data, (int)bytes->len, NULL, NULL,
		XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	if (reader == NULL)
		out_of_memory();
	while (more == 1)
		more = xmlTextReaderRead(reader);
	xmlFreeTextReader(reader);
	return more == 0 || not_well_formed(error);
}
