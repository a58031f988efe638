/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * xml: a document written element by element, from text that may hold any byte. What the sink gets
 * was read back before. The first failure sticks: all later calls do nothing, and xml_end says so.
 */
#ifndef GATE_REPORT_XML_H
#define GATE_REPORT_XML_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "report/report.h"

struct xml {
	struct report_sink *sink; /* NULL: it is only measured */
	size_t len;               /* that were written, at least */
	size_t most;              /* which they may be */
	struct _xmlTextWriter *writer;
	struct xml_reading *reading;
	struct buf scratch;
	struct error error;
	bool failed;
};

/* Starts a document of version 1.0 in UTF-8 and of `most` bytes at most. Without a sink nothing is
 * read back. */
void xml_begin(struct xml *xml, struct report_sink *sink, size_t most);

/* Ends the document and releases everything but the sink. False when anything went wrong. */
bool xml_end(struct xml *xml, struct error *error);

void xml_open(struct xml *xml, const char *element);
void xml_close(struct xml *xml);

/* Attributes of the element opened last, before any text. The value becomes one line of shown
 * text; NULL leaves the attribute out. */
void xml_attribute(struct xml *xml, const char *name, const char *value);
void xml_attribute_number(struct xml *xml, const char *name, size_t value);
/* As seconds with three decimals and a point, whatever the locale; below 0 counts as 0. */
void xml_attribute_ms(struct xml *xml, const char *name, int64_t ms);
/* As UTC without a zone. */
void xml_attribute_date(struct xml *xml, const char *name, int64_t date);

/* Text of the element opened last: shown text (gate/shown.h), which is legal as it is. */
void xml_text(struct xml *xml, const char *shown);

#endif
