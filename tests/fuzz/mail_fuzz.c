/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Messages as they come from a mailbox: their fields, the hops that they tell of, their bodies.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "wire/mail_message.h"
#include "wire/received.h"
#include "wire/token_message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
look_at_hops(struct span headers)
{
	struct arena arena;
	const char *value;
	size_t at = 0;

	arena_init(&arena);
	while ((value = mail_next_field(headers, "Received", &at, &arena)) != NULL) {
		struct received received = received_read(value, &arena);

		received_is_from(&received, "gate.example.test");
		if (at > headers.len || strlen(received.id) > strlen(value))
			abort();
	}
	arena_release(&arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mail_message message = mail_message_split((struct span){ data, size });
	struct buf body;
	size_t line;

	if (message.headers.len + message.body.len > size)
		abort();
	look_at_hops(message.headers);
	token_message_is(message.headers, "0123456789abcdef0123456789abcdef");
	buf_init(&body, 1 << 16);
	mail_decode_body(&message, &body);
	if (token_message_compare(buf_span(&body), buf_span(&body), &line) != BODY_INTACT)
		abort();
	token_message_compare(message.headers, message.body, &line);
	buf_release(&body);
	return 0;
}
