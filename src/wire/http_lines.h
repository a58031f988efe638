/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * http_lines: what the lines of a response's head look like (RFC 9112), each without its end. Used by
 * `http_connect` and `http_get`.
 */
#ifndef GATE_WIRE_HTTP_LINES_H
#define GATE_WIRE_HTTP_LINES_H

#include <stdbool.h>

#include "base/span.h"

/* The form of a status line, where '0' is any digit, and where its code begins. */
#define HTTP_STATUS_FORM "HTTP/1.0 000 "
#define HTTP_STATUS_AT 9

/* Whether the bytes begin as the form says, as far as both go. */
bool http_fits(struct span bytes, const char *form);

/* Visible characters, blanks and what is beyond ASCII (RFC 9110 section 5.5). */
bool http_is_text(struct span line);

/* status-line = HTTP-version SP status-code SP [ reason-phrase ] (section 4); the code of such a line. */
bool http_is_status_line(struct span line);
unsigned http_status(struct span line);

/* field-line = field-name ":" OWS field-value OWS (section 5); none is gone on with in the next line
 * (section 5.2). */
bool http_is_field(struct span line);

#endif
