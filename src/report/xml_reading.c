/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * libxml2's push parser without handlers: it touches no network and expands no entity.
 */
#include "xml_reading.h"

#include <libxml/parser.h>
#include <string.h>

#include "base/arena.h"

/* libxml2 counts bytes in an int, and is fast with little at a time. */
#define PIECE_MAX ((size_t)64 * 1024)

struct xml_reading {
	xmlParserCtxtPtr parser;
};

static void
keep_still(void *context, xmlErrorPtr reason)
{
	(void)context;
	(void)reason;
}

struct xml_reading *
xml_reading_begin(void)
{
	static xmlSAXHandler handlers = { .initialized = XML_SAX2_MAGIC, .serror = keep_still };
	struct xml_reading *reading = malloc(sizeof(*reading));

	if (reading == NULL)
		out_of_memory();
	reading->parser = xmlCreatePushParserCtxt(&handlers, NULL, NULL, 0, NULL);
	if (reading->parser == NULL)
		out_of_memory();
	xmlCtxtUseOptions(reading->parser, XML_PARSE_NONET);
	return reading;
}

static bool
not_well_formed(struct xml_reading *reading, struct error *error)
{
	const xmlError *reason = xmlCtxtGetLastError(reading->parser);

	if (reason == NULL || reason->message == NULL)
		return error_set(error, "XML: not well-formed");
	return error_set(error, "XML: line %d: %.*s", reason->line,
		(int)strcspn(reason->message, "\n"), reason->message);
}

bool
xml_reading_add(struct xml_reading *reading, const char *bytes, size_t len, struct error *error)
{
	while (len > 0) {
		size_t piece = len < PIECE_MAX ? len : PIECE_MAX;

		if (xmlParseChunk(reading->parser, bytes, (int)piece, 0) != XML_ERR_OK)
			return not_well_formed(reading, error);
		bytes += piece;
		len -= piece;
	}
	return true;
}

bool
xml_reading_end(struct xml_reading *reading, struct error *error)
{
	bool good = xmlParseChunk(reading->parser, NULL, 0, 1) == XML_ERR_OK &&
		    reading->parser->wellFormed != 0;

	if (!good)
		not_well_formed(reading, error);
	xmlFreeParserCtxt(reading->parser);
	free(reading);
	return good;
}
