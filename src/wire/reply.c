/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Lines out of bytes; what a line is, the row of the protocol tells.
 */
#include "wire/reply.h"

void
reply_init(struct reply *reply, const struct dialect *dialect, struct arena *arena)
{
	*reply = (struct reply){ .dialect = dialect, .arena = arena };
	buf_init(&reply->partial, REPLY_LINE_MAX + 1); /* one more, for the CR */
}

void
reply_release(struct reply *reply)
{
	buf_release(&reply->partial);
}

void
reply_refuse(struct reply *reply, const char *problem)
{
	reply->state = REPLY_MALFORMED;
	reply->problem = problem;
}

static void
end_line(struct reply *reply)
{
	const char *line = reply->partial.data;
	size_t len = reply->partial.len;

	if (len > 0 && line[len - 1] == '\r')
		len--;
	else
		reply->bare_lf = true;
	reply->dialect->take_line(reply, line, len);
	buf_reset(&reply->partial);
	if (reply->count == REPLY_LINES_MAX && reply->state == REPLY_INCOMPLETE)
		reply_refuse(reply, "the reply does not end within 200 lines");
}

size_t
reply_feed(struct reply *reply, const char *bytes, size_t len)
{
	size_t taken = 0;

	while (taken < len && reply->state == REPLY_INCOMPLETE) {
		char byte = bytes[taken++];

		if (byte == '\n')
			end_line(reply);
		else if (!buf_add_char(&reply->partial, byte))
			reply_refuse(reply, "a line is longer than 4096 bytes");
	}
	return taken;
}

bool
reply_is_positive(const struct reply *reply)
{
	return reply->state == REPLY_COMPLETE && reply->status == REPLY_POSITIVE;
}

struct reply_line *
reply_keep_line(struct reply *reply, const char *raw, size_t len)
{
	struct reply_line *line;

	line = ARENA_ADD(reply->arena, reply->lines, reply->count);
	*line = (struct reply_line){ .raw = arena_memdup(reply->arena, raw, len), .raw_len = len };
	return line;
}

const struct reply_line *
reply_capability(const struct reply *reply, const char *keyword)
{
	return reply->dialect->capability(reply, keyword);
}

const struct reply_line *
reply_malformed_capability(const struct reply *reply)
{
	return reply->dialect->malformed_capability(reply);
}

bool
reply_offers_tls(const struct reply *reply)
{
	return reply_capability(reply, reply->dialect->starttls) != NULL;
}
