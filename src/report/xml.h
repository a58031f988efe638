/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * xml: a document written element by element into a buffer, from text that may hold any byte.
 * The first failure sticks: all later calls do nothing, and xml_end says so.
 */
#ifndef GATE_REPORT_XML_H
#define GATE_REPORT_XML_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

struct xml {
	struct buf *out;
	struct _xmlTextWriter *writer;
	struct buf scratch;
	bool failed;
};

/* Starts a document of version 1.0 in UTF-8; `out` must live until xml_end. */
void xml_begin(struct xml *xml, struct buf *out);

/* Ends the document and releases everything but `out`. False when anything went wrong. */
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

/* Whether the bytes are one well-formed document; the error tells the line and the reason. */
bool xml_is_well_formed(const struct buf *bytes, struct error *error);

#endif
