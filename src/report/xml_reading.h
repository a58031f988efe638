/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * xml_reading: reads a document back as it is written, piece by piece, and keeps nothing of it.
 */
#ifndef GATE_REPORT_XML_READING_H
#define GATE_REPORT_XML_READING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct xml_reading;

struct xml_reading *xml_reading_begin(void);

/* False, with the line and the reason, when what came is no beginning of a well-formed document. */
bool xml_reading_add(
	struct xml_reading *reading, const char *bytes, size_t len, struct error *error);

/* Whether all that came is one well-formed document. Releases the reading. */
bool xml_reading_end(struct xml_reading *reading, struct error *error);

#endif
