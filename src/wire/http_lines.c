/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Looks at lines byte by byte.
 */
#include "http_lines.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

bool
http_fits(struct span bytes, const char *form)
{
	for (size_t i = 0; i < bytes.len && form[i] != '\0'; i++) {
		bool is_digit = bytes.data[i] >= '0' && bytes.data[i] <= '9';

		if (form[i] == '0' ? !is_digit : bytes.data[i] != (uint8_t)form[i])
			return false;
	}
	return true;
}

bool
http_is_text(struct span line)
{
	for (size_t i = 0; i < line.len; i++)
		if ((line.data[i] < ' ' && line.data[i] != '\t') || line.data[i] == 0x7f)
			return false;
	return true;
}

bool
http_is_status_line(struct span line)
{
	return line.len >= strlen(HTTP_STATUS_FORM) && http_fits(line, HTTP_STATUS_FORM) &&
	       line.data[HTTP_STATUS_AT] != '0' && http_is_text(line);
}

unsigned
http_status(struct span line)
{
	unsigned code = 0;

	for (size_t i = 0; i < 3; i++)
		code = code * 10 + (unsigned)(line.data[HTTP_STATUS_AT + i] - '0');
	return code;
}

bool
http_is_field(struct span line)
{
	size_t name = 0;

	while (name < line.len && line.data[name] > ' ' && line.data[name] < 0x7f &&
		strchr("\"(),/:;<=>?@[\\]{}", line.data[name]) == NULL)
		name++;
	return name > 0 && name < line.len && line.data[name] == ':' && http_is_text(line);
}
