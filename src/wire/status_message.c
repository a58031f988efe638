/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One OCSP response, and nothing else.
 */
#include "status_message.h"

#include "wire/cursor.h"

#define STATUS_OCSP 1

bool
certificate_status_read(struct span body, struct span *response)
{
	struct cursor cursor = cursor_over(body);
	uint8_t type = cursor_u8(&cursor);

	*response = cursor_vector24(&cursor);
	return type == STATUS_OCSP && cursor_at_end(&cursor);
}
