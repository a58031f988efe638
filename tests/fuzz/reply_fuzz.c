/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Replies of all protocols, in portions: the first bytes say how large they are, which protocol it is
 * and what was asked. However the bytes are portioned, the reply must be the same.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "wire/reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct dialect *
dialect_at(size_t number)
{
	size_t count = 0;

	while (dialects[count].name != NULL)
		count++;
	return &dialects[number % count];
}

static void
begin(struct reply *reply, const uint8_t *data, struct arena *arena)
{
	reply_init(reply, dialect_at(data[1]), arena);
	reply->to = (enum reply_to)(data[2] % (REPLY_TO_QUIT + 1));
	memcpy(reply->tag, "g1", 3);
}

static void
feed(struct reply *reply, const char *bytes, size_t len, size_t portion)
{
	size_t at = 0;

	while (at < len && reply->state == REPLY_INCOMPLETE) {
		size_t part = len - at < portion ? len - at : portion;
		size_t taken = reply_feed(reply, bytes + at, part);

		if (taken > part || (taken < part && reply->state == REPLY_INCOMPLETE))
			abort();
		at += taken;
	}
}

static void
look(const struct reply *reply)
{
	struct buf shown;

	buf_init(&shown, 1 << 20);
	reply_add_sasl_data(reply, &shown);
	reply_capability(reply, "AUTH PLAIN");
	reply_malformed_capability(reply);
	reply_offers_tls(reply);
	reply_offers_mechanism(reply, "PLAIN");
	if (reply->dialect->logins != NULL)
		reply->dialect->logins(reply, reply, &shown);
	for (size_t i = 0; reply->dialect->line_status != NULL && i < reply->count; i++)
		reply_line_status(reply, &reply->lines[i], &shown);
	buf_release(&shown);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reply whole, portioned;
	const char *bytes = (const char *)data + 3;
	struct arena arena;

	if (size < 4)
		return 0;
	arena_init(&arena);
	begin(&whole, data, &arena);
	begin(&portioned, data, &arena);
	feed(&whole, bytes, size - 3, size);
	feed(&portioned, bytes, size - 3, (size_t)data[0] % 16 + 1);
	if (whole.state != portioned.state || whole.count != portioned.count ||
		whole.code != portioned.code || whole.meaning != portioned.meaning ||
		whole.capability_count != portioned.capability_count)
		abort();
	look(&whole);
	if (whole.dialect->comes_unasked != NULL)
		whole.dialect->comes_unasked(bytes, size - 3);
	reply_release(&whole);
	reply_release(&portioned);
	arena_release(&arena);
	return 0;
}
