/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Lists of capabilities and line ends, each kept once.
 */
#include "evidence/heard.h"

#include <string.h>

/* As many bytes of logins as a reply can have. */
#define LOGINS_MAX (REPLY_LINES_MAX * (REPLY_LINE_MAX + 2))

static bool
is_same_line(const struct reply_line *one, const struct reply_line *other)
{
	return one->len == other->len && memcmp(one->text, other->text, one->len) == 0;
}

static bool
is_same_list(const struct reply *one, const struct reply *other)
{
	if (one->capability_count != other->capability_count ||
		(one->contradiction == NULL) != (other->contradiction == NULL))
		return false;
	for (size_t i = 0; i < one->capability_count; i++)
		if (!is_same_line(&one->capabilities[i], &other->capabilities[i]))
			return false;
	return true;
}

static bool
is_same(const struct heard_list *one, const struct heard_list *other)
{
	return one->inside == other->inside && one->is_hint == other->is_hint &&
	       one->is_rest == other->is_rest && span_equal(one->logins, other->logins) &&
	       is_same_list(&one->list, &other->list);
}

static bool
has(const struct heard *heard, const struct heard_list *list)
{
	for (size_t i = 0; i < heard->count; i++)
		if (is_same(&heard->lists[i], list))
			return true;
	return false;
}

/* Room for one more list that is not there yet; NULL: it stands for the rest. */
static struct heard_list *
make_room(struct heard *heard, const struct heard_list *list, struct arena *arena)
{
	struct heard_list rest = {
		.is_rest = true, .inside = list->inside, .list = { .dialect = list->list.dialect }
	};

	if (heard->count < HEARD_LISTS_MAX)
		return ARENA_ADD(arena, heard->lists, heard->count);
	if (!has(heard, &rest))
		*ARENA_ADD(arena, heard->lists, heard->count) = rest;
	return NULL;
}

static void
take_list(struct heard *heard, struct heard_list list, const struct reply *greeting,
	struct arena *arena)
{
	const struct dialect *dialect = list.list.dialect;
	struct heard_list *kept;
	struct buf logins;

	buf_init(&logins, LOGINS_MAX);
	if (dialect->logins != NULL)
		dialect->logins(greeting, &list.list, &logins);
	list.logins = buf_span(&logins);
	kept = has(heard, &list) ? NULL : make_room(heard, &list, arena);
	if (kept != NULL) {
		*kept = list;
		kept->logins.data = arena_memdup(arena, logins.data, logins.len);
	}
	buf_release(&logins);
}

/* Whether the reply itself is a list. */
static bool
is_list(const struct reply *reply)
{
	if (!reply_is_positive(reply))
		return false;
	if (reply->to == REPLY_TO_CONNECT)
		return reply->dialect->greets_with_list && reply->capability_count != 0;
	return reply->to == REPLY_TO_HELLO && reply->meaning == REPLY_OKAY;
}

/* Without what is not the list's, so that nothing is read of it that is not there any more. */
static struct reply
bare_list(const struct reply *reply)
{
	return (struct reply){ .dialect = reply->dialect,
		.capabilities = reply->capabilities,
		.capability_count = reply->capability_count,
		.mechanisms = reply->mechanisms,
		.mechanism_count = reply->mechanism_count,
		.contradiction = reply->contradiction };
}

void
heard_lists(struct heard *heard, const struct reply *reply, const struct reply *greeting,
	bool inside, struct arena *arena)
{
	struct heard_list own = { .list = bare_list(reply),
		.inside = inside,
		.is_hint = reply->to == REPLY_TO_CONNECT && !reply->dialect->lists_unasked };

	if (is_list(reply))
		take_list(heard, own, greeting, arena);
	for (size_t i = 0; i < reply->aside_count; i++)
		take_list(heard, (struct heard_list){ .list = reply->asides[i], .inside = inside },
			greeting, arena);
}

static struct reply_line
copied_line(const struct reply_line *line, struct arena *arena)
{
	struct reply_line copy = { .text = arena_memdup(arena, line->text, line->len),
		.len = line->len };

	copy.raw = copy.text;
	copy.raw_len = copy.len;
	return copy;
}

/* With the mechanisms that its capabilities name. */
static struct reply
copied_list(const struct reply *list, struct arena *arena)
{
	struct reply copy = { .dialect = list->dialect, .arena = arena };

	for (size_t i = 0; i < list->capability_count; i++)
		reply_keep_capability(&copy, list->capabilities[i].text, list->capabilities[i].len);
	if (list->contradiction != NULL) {
		struct reply_line *line = arena_alloc(arena, sizeof(*line));

		*line = copied_line(list->contradiction, arena);
		copy.contradiction = line;
	}
	return copy;
}

bool
heard_add(struct heard *heard, const struct heard *one, size_t connection, struct arena *arena)
{
	size_t before = heard->count;
	bool is_first = heard->bare_lf == NULL && one->bare_lf != NULL;

	if (is_first) {
		heard->bare_lf = arena_strdup(arena, one->bare_lf);
		heard->bare_lf_connection = connection;
	}
	for (size_t i = 0; i < one->count; i++) {
		const struct heard_list *list = &one->lists[i];
		struct heard_list *kept = has(heard, list) ? NULL : make_room(heard, list, arena);

		if (kept == NULL)
			continue;
		*kept = *list;
		kept->connection = connection;
		kept->list = copied_list(&list->list, arena);
		kept->logins.data = arena_memdup(arena, list->logins.data, list->logins.len);
	}
	return is_first || heard->count != before;
}
