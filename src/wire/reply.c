/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Lines out of bytes; what a line is, the row of the protocol tells.
 */
#include "wire/reply.h"

#include <string.h>

#include "base/text.h"
#include "keywords.h"

void
reply_init(struct reply *reply, const struct dialect *dialect, struct arena *arena)
{
	*reply = (struct reply){ .dialect = dialect, .arena = arena };
	reply_allow(reply, REPLY_LINES_MAX, REPLY_LITERALS_MAX);
}

void
reply_allow(struct reply *reply, size_t lines_max, size_t literals_max)
{
	reply->lines_max = lines_max;
	reply->literals_max = literals_max;
	/* Each literal begins with a line that announces it. */
	buf_init(&reply->partial, literals_max + REPLY_LINE_MAX + 2);
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

void
reply_complete(struct reply *reply, enum reply_status status, enum reply_meaning meaning)
{
	reply->state = REPLY_COMPLETE;
	reply->status = status;
	reply->meaning = meaning;
}

void
reply_agree(struct reply *reply)
{
	static const enum reply_meaning meanings[] = { [REPLY_TO_COMMAND] = REPLY_OKAY,
		[REPLY_TO_CONNECT] = REPLY_READY,
		[REPLY_TO_HELLO] = REPLY_OKAY,
		[REPLY_TO_LIST] = REPLY_OKAY,
		[REPLY_TO_AUTH] = REPLY_AUTHENTICATED,
		[REPLY_TO_TRIAL] = REPLY_AUTHENTICATED,
		[REPLY_TO_QUIT] = REPLY_FAREWELL };

	reply_complete(reply, REPLY_POSITIVE, meanings[reply->to]);
}

void
reply_disagree(struct reply *reply, const struct reply_code *code, bool has_none)
{
	bool is_login = reply->to == REPLY_TO_AUTH;

	if (code == NULL)
		reply_complete(reply, REPLY_NEGATIVE,
			is_login && has_none ? REPLY_BAD_CREDENTIALS : REPLY_NO_MEANING);
	else if (code->meaning == REPLY_BAD_CREDENTIALS && !is_login && reply->to != REPLY_TO_TRIAL)
		reply_complete(reply, code->status, REPLY_NO_MEANING);
	else
		reply_complete(reply, code->status, code->meaning);
}

/* The end of what arrived of the line, without its CR. */
static size_t
text_end(struct reply *reply)
{
	size_t len = reply->partial.len;

	if (len > reply->line_start && reply->partial.data[len - 1] == '\r')
		return len - 1;
	reply->bare_lf = true;
	return len;
}

/* Whether the line goes on behind a literal that its end announces. The literal is kept with the line
 * end in front of it. */
static bool
goes_on(struct reply *reply, size_t end)
{
	struct buf *partial = &reply->partial;
	int64_t announced = reply->dialect->literal == NULL
				    ? -1
				    : reply->dialect->literal(partial->data + reply->line_start,
					      end - reply->line_start);

	if (announced == -1)
		return false;
	if (announced < 0)
		reply_refuse(reply, "the length of a literal cannot be read");
	else if (announced > (int64_t)(reply->literals_max - reply->literals))
		reply_refuse(
			reply, reply->literals_max == REPLY_LITERALS_MAX
				       ? "the literals of one reply are longer than 65536 bytes"
				       : "the literals of one reply are longer than is allowed");
	else if ((size_t)announced + 1 > partial->limit - partial->len)
		reply_refuse(reply, "a line is longer than 4096 bytes");
	if (reply->state != REPLY_INCOMPLETE)
		return true;
	reply->literals += (size_t)announced;
	reply->literal_left = (size_t)announced;
	buf_add_char(partial, '\n');
	reply->line_start = partial->len + reply->literal_left;
	return true;
}

static void
end_line(struct reply *reply)
{
	size_t end = text_end(reply);

	if (goes_on(reply, end))
		return;
	reply->dialect->take_line(reply, reply->partial.data, end);
	buf_reset(&reply->partial);
	reply->line_start = 0;
	if (reply->count == reply->lines_max && reply->state == REPLY_INCOMPLETE)
		reply_refuse(reply, reply->lines_max == REPLY_LINES_MAX
					    ? "the reply does not end within 200 lines"
					    : "the reply has more lines than are allowed");
}

/* The bytes of a literal are not looked at. */
static size_t
feed_literal(struct reply *reply, const char *bytes, size_t len)
{
	size_t part = len < reply->literal_left ? len : reply->literal_left;

	buf_add(&reply->partial, bytes, part);
	reply->literal_left -= part;
	return part;
}

static void
feed_byte(struct reply *reply, char byte)
{
	/* One more, for the CR. */
	bool fits = reply->partial.len < reply->line_start + REPLY_LINE_MAX + 1;

	if (byte == '\n')
		end_line(reply);
	else if (!fits || !buf_add_char(&reply->partial, byte))
		reply_refuse(reply, "a line is longer than 4096 bytes");
}

size_t
reply_feed(struct reply *reply, const char *bytes, size_t len)
{
	size_t taken = 0;

	while (taken < len && reply->state == REPLY_INCOMPLETE) {
		if (reply->literal_left != 0)
			taken += feed_literal(reply, bytes + taken, len - taken);
		else
			feed_byte(reply, bytes[taken++]);
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

void
reply_keep_capability(struct reply *reply, const char *text, size_t len)
{
	struct reply_line *kept =
		ARENA_ADD(reply->arena, reply->capabilities, reply->capability_count);
	const char *word;
	size_t found;

	*kept = (struct reply_line){ .text = arena_memdup(reply->arena, text, len), .len = len };
	kept->raw = kept->text;
	kept->raw_len = len;
	if (reply->dialect->sasl.keyword == NULL || !keyword_is(kept, reply->dialect->sasl.keyword))
		return;
	for (word = keyword_parameter(kept, NULL, &found); found != 0;
		word = keyword_parameter(kept, word + found, &found))
		*ARENA_ADD(reply->arena, reply->mechanisms, reply->mechanism_count) =
			(struct reply_line){
				.raw = word, .raw_len = found, .text = word, .len = found
			};
}

const struct reply_line *
reply_capability(const struct reply *reply, const char *keyword)
{
	for (size_t i = 0; i < reply->capability_count; i++)
		if (keyword_offers(&reply->capabilities[i], keyword))
			return &reply->capabilities[i];
	return NULL;
}

bool
reply_offers_mechanism(const struct reply *reply, const char *mechanism)
{
	for (size_t i = 0; i < reply->mechanism_count; i++)
		if (text_same_len(reply->mechanisms[i].text, reply->mechanisms[i].len, mechanism))
			return true;
	return false;
}

bool
reply_offers_login(const struct reply *reply, const char *mechanism)
{
	const struct dialect_login *own = &reply->dialect->login;

	if (own->name == NULL || !text_same(own->name, mechanism))
		return reply_offers_mechanism(reply, mechanism);
	return (own->with == NULL || reply_capability(reply, own->with) != NULL) &&
	       (own->without == NULL || reply_capability(reply, own->without) == NULL);
}

const struct reply_line *
reply_malformed_capability(const struct reply *reply)
{
	for (size_t i = 0; i < reply->capability_count; i++)
		if (keyword_is_malformed(&reply->capabilities[i], reply->dialect->keyword_marks))
			return &reply->capabilities[i];
	return reply->contradiction;
}

bool
reply_offers_tls(const struct reply *reply)
{
	return reply->dialect->starttls != NULL &&
	       reply_capability(reply, reply->dialect->starttls) != NULL;
}

const char *
reply_continuation(const struct reply *reply, size_t *len)
{
	const struct reply_line *line = &reply->lines[reply->count - 1];

	*len = reply->status == REPLY_CONTINUE ? line->len : 0;
	return line->text;
}

bool
reply_add_sasl_data(const struct reply *reply, struct buf *out)
{
	size_t len = 0;
	const char *text = reply->count == 0 || reply->dialect->sasl.data == NULL
				   ? ""
				   : reply->dialect->sasl.data(reply, &len);

	return memchr(text, ' ', len) == NULL && text_add_unbase64(out, text, len) &&
	       out->dropped == 0;
}

void
reply_line_status(const struct reply *reply, const struct reply_line *line, struct buf *out)
{
	reply->dialect->line_status(line, out);
}
