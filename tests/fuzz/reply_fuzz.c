/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Replies in portions: the first byte says how large they are. However the bytes are portioned,
 * the reply must be the same.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "wire/reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
feed(struct reply *reply, const char *bytes, size_t len, size_t portion)
{
	size_t at = 0;

	while (at < len && reply->state == REPLY_INCOMPLETE) {
		size_t part = len - at < portion ? len - at : portion;

		at += reply_feed(reply, bytes + at, part);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reply whole, portioned;
	struct arena arena;

	if (size < 2)
		return 0;
	arena_init(&arena);
	reply_init(&whole, &dialects[0], &arena);
	reply_init(&portioned, &dialects[0], &arena);
	feed(&whole, (const char *)data + 1, size - 1, size);
	feed(&portioned, (const char *)data + 1, size - 1, (size_t)data[0] % 16 + 1);
	if (whole.state != portioned.state || whole.count != portioned.count ||
		whole.code != portioned.code)
		abort();
	reply_capability(&whole, "AUTH PLAIN");
	reply_release(&whole);
	reply_release(&portioned);
	arena_release(&arena);
	return 0;
}
