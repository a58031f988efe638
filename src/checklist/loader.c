/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Complaints with their place, the way from a place to its source, and lists of names for advice.
 */
#include "loader.h"

#include <string.h>

#include "base/text.h"

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

static void complain(struct loader *loader, const struct place *place, struct problem *problem,
	const char *format, va_list args) __attribute__((format(printf, 4, 0)));

static void
complain(struct loader *loader, const struct place *place, struct problem *problem,
	const char *format, va_list args)
{
	const struct source *source = NULL;

	if (place != NULL) {
		problem->place = *place;
		source = source_of(loader, place->file);
	}
	problem->message = secrets_redact(&loader->checklist->secrets, loader->arena,
		arena_vprintf(loader->arena, format, args));
	problems_add(loader->problems, problem, source == NULL ? NULL : source->text,
		source == NULL ? 0 : source->len);
}

void
loader_complain(struct loader *loader, const struct place *place, const char *label,
	const char *note, const char *format, ...)
{
	struct problem problem = { .label = label, .note = note };
	va_list args;

	va_start(args, format);
	complain(loader, place, &problem, format, args);
	va_end(args);
}

const struct source *
loader_source(const struct loader *loader, const char *file)
{
	const struct source *source = source_of(loader, file);

	return source != NULL ? source : loader_main(loader);
}

struct declaration *
loader_declaration(const struct loader *loader, const char *name)
{
	for (size_t i = 0; i < loader->declaration_count; i++)
		if (strcmp(loader->declarations[i].name, name) == 0)
			return &loader->declarations[i];
	return NULL;
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
names_offered_note(
	const struct names_offered *offered, struct arena *arena, const char *introduction)
{
	if (offered->list.len == 0)
		return NULL;
	return arena_printf(arena, "%s: %s%s", introduction, offered->list.data,
		offered->list.dropped != 0 ? "..." : "");
}

void
names_offered_complain(struct loader *loader, struct names_offered *offered,
	const struct place *place, const char *note, const char *format, ...)
{
	struct problem problem = { .note = note };
	va_list args;

	if (offered->nearest != NULL)
		problem.label =
			arena_printf(loader->arena, "did you mean \"%s\"?", offered->nearest);
	va_start(args, format);
	complain(loader, place, &problem, format, args);
	va_end(args);
	names_offered_release(offered);
}

void
names_offered_release(struct names_offered *offered)
{
	buf_release(&offered->list);
}
