/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loader.h"

#include <string.h>

#include "gate/text.h"

/* Bytes of a list of names in a note. */
#define LIST_SHOWN_MAX 400

static const struct source *
source_of(const struct loader *loader, const char *file)
{
	const struct source *source = loader->newest;

	while (source != NULL && source->file != file)
		source = source->older;
	return source;
}

void
loader_complain(struct loader *loader, const struct place *place, const char *label,
	const char *note, const char *format, ...)
{
	struct problem problem = { .label = label, .note = note };
	const struct source *source = NULL;
	va_list args;

	if (place != NULL) {
		problem.place = *place;
		source = source_of(loader, place->file);
	}
	va_start(args, format);
	problem.message = secrets_redact(&loader->checklist->secrets, loader->arena,
		arena_vprintf(loader->arena, format, args));
	va_end(args);
	problems_add(loader->problems, &problem, source == NULL ? NULL : source->text,
		source == NULL ? 0 : source->len);
}

const struct source *
loader_main(const struct loader *loader)
{
	return loader->sources[loader->source_count - 1];
}

void
names_offered_init(struct names_offered *offered, const char *word)
{
	*offered = (struct names_offered){ .word = word };
	buf_init(&offered->list, LIST_SHOWN_MAX);
}

void
names_offered_add(struct names_offered *offered, const char *name)
{
	size_t distance;

	if (offered->list.dropped == 0)
		buf_addf(&offered->list, "%s%s", offered->list.len == 0 ? "" : ", ", name);
	if (offered->word == NULL || !text_resembles(offered->word, name))
		return;
	distance = text_distance(offered->word, name);
	if (offered->nearest == NULL || distance < offered->distance) {
		offered->nearest = name;
		offered->distance = distance;
	}
}

const char *
names_offered_label(const struct names_offered *offered, struct arena *arena)
{
	if (offered->nearest == NULL)
		return NULL;
	return arena_printf(arena, "did you mean \"%s\"?", offered->nearest);
}

const char *
names_offered_note(struct names_offered *offered, struct arena *arena, const char *introduction)
{
	const char *note = NULL;

	if (offered->list.len != 0)
		note = arena_printf(arena, "%s: %s%s", introduction, offered->list.data,
			offered->list.dropped != 0 ? "..." : "");
	buf_release(&offered->list);
	return note;
}
