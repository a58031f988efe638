/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Handshake messages by their headers.
 */
#include "wire/handshake.h"

enum handshake_result
handshake_take(struct cursor *cursor, struct handshake_message *message)
{
	struct cursor ahead = *cursor;

	*message = (struct handshake_message){ .type = cursor_u8(&ahead) };
	message->len = cursor_u24(&ahead);
	message->body = cursor_bytes(&ahead, message->len);
	if (ahead.broken)
		return HANDSHAKE_MORE;
	message->whole = (struct span){ cursor->next, HANDSHAKE_HEADER_LEN + message->len };
	*cursor = ahead;
	return HANDSHAKE_TAKEN;
}
