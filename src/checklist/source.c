/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Follows "include" depth first, by the identity of files, so that each is parsed once and none
 * includes itself.
 */
#include "source.h"

#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file_read.h"
#include "base/text.h"
#include "checklist/shipped.h"
#include "members.h"

static bool
ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), end_len = strlen(end);

	return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

/* The name of a file without directory and ".json". */
static const char *
stem_of(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash == NULL ? path : slash + 1;
	size_t len = strlen(base);

	if (ends_with(base, ".json") && len > strlen(".json"))
		len -= strlen(".json");
	return arena_memdup(arena, base, len);
}

const char *
source_path(struct loader *loader, const struct source *source, const char *path)
{
	if (path[0] == '/' || source->directory == NULL || source->directory[0] == '\0')
		return path;
	return arena_printf(loader->arena, "%s%s", source->directory, path);
}

static const struct shipped_checklist *
find_shipped(const char *name)
{
	for (const struct shipped_checklist *row = shipped_checklists; row->name != NULL; row++)
		if (strcmp(row->name, name) == 0)
			return row;
	return NULL;
}

static struct source *
take_text(struct loader *loader, const char *name, const char *text, size_t len)
{
	struct source *source = arena_alloc(loader->arena, sizeof(*source));

	source->file = name;
	source->identity = arena_printf(loader->arena, "shipped:%s", name);
	source->stem = stem_of(loader->arena, name);
	source->text = text;
	source->len = len;
	return source;
}

static void
complain_of_unknown(struct loader *loader, const char *name, const struct place *place)
{
	struct names_offered offered;

	names_offered_init(&offered, name);
	for (const struct shipped_checklist *row = shipped_checklists; row->name != NULL; row++)
		names_offered_add(&offered, row->name);
	names_offered_complain(loader, &offered, place,
		names_offered_note(&offered, loader->arena,
			"a file has a '/' or \".json\" in its name; checklists of the program"),
		"no checklist \"%s\" came with the program", name);
}

static void
complain_of_unreadable(struct loader *loader, const char *path, const struct place *place,
	const struct error *error)
{
	struct place file = { .file = path };

	if (place != NULL)
		loader_complain(loader, place, NULL, NULL, "cannot read the checklist %s: %s", path,
			error->text);
	else
		loader_complain(
			loader, &file, NULL, NULL, "cannot read the checklist: %s", error->text);
}

static const char *
identity_of(struct arena *arena, const char *path)
{
	struct stat status;

	if (stat(path, &status) != 0)
		return arena_strdup(arena, path);
	return arena_printf(
		arena, "file:%ju:%ju", (uintmax_t)status.st_dev, (uintmax_t)status.st_ino);
}

static bool
is_pipe(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISFIFO(status.st_mode);
}

/* "/dev/fd/63" is no name to know a checklist by, and no place for the files that it names. */
static void
name_source(struct arena *arena, struct source *source, const char *path)
{
	const char *slash = strrchr(path, '/');

	source->file = arena_strdup(arena, path);
	source->is_pipe = is_pipe(path);
	source->stem = source->is_pipe ? "checklist" : stem_of(arena, path);
	source->directory = arena_memdup(
		arena, path, slash == NULL || source->is_pipe ? 0 : (size_t)(slash + 1 - path));
}

static struct source *
read_source(struct loader *loader, const char *path, const struct place *place)
{
	struct source *source = arena_alloc(loader->arena, sizeof(*source));
	struct error error = { 0 };
	struct buf text;

	buf_init(&text, CHECKLIST_BYTES_MAX);
	name_source(loader->arena, source, path);
	if (file_read(&text, path, &error)) {
		source->identity = identity_of(loader->arena, path);
		source->text = arena_memdup(loader->arena, text.data, text.len);
		source->len = text.len;
	} else {
		complain_of_unreadable(loader, path, place, &error);
		source = NULL;
	}
	buf_release(&text);
	return source;
}

/* Names of the program come first, unless they look like a file. */
static struct source *
find_source(struct loader *loader, const char *name, const struct source *includer,
	const struct place *place)
{
	const struct shipped_checklist *shipped = find_shipped(name);

	if (shipped != NULL)
		return take_text(loader, shipped->name, shipped->text, shipped->len);
	if (strchr(name, '/') != NULL || ends_with(name, ".json"))
		return read_source(loader,
			includer == NULL ? name : source_path(loader, includer, name), place);
	complain_of_unknown(loader, name, place);
	return NULL;
}

/* The same checklist as it was loaded before; NULL when it was not. */
static struct source *
find_loaded(const struct loader *loader, const struct source *source)
{
	for (size_t i = 0; i < loader->source_count; i++)
		if (strcmp(loader->sources[i]->identity, source->identity) == 0)
			return loader->sources[i];
	return NULL;
}

static void add_source(struct loader *loader, struct source *source);

/* False when the file would include itself, or the chain of files is too long. */
static bool
may_include(struct loader *loader, const struct source *source, const struct json *item)
{
	unsigned depth = 0;

	for (const struct source *up = source->includer; up != NULL; up = up->includer, depth++) {
		if (strcmp(up->identity, source->identity) == 0) {
			loader_complain(loader, &item->place, NULL, NULL,
				"%s includes itself by this", source->file);
			return false;
		}
	}
	if (depth > INCLUDE_DEPTH_MAX)
		loader_complain(loader, &item->place, NULL, NULL,
			"checklists include each other more than %d deep", INCLUDE_DEPTH_MAX);
	return depth <= INCLUDE_DEPTH_MAX;
}

/* The name or path that an entry of "include" gives, alone or in an object; NULL, with a problem,
 * when it gives none. */
static const struct json *
name_included(struct loader *loader, const struct json *entry)
{
	const struct json *name = entry;

	if (entry->type == JSON_OBJECT) {
		name = json_member(entry, "checklist");
		if (!members_check(loader, entry, &include_form, NULL) || name == NULL)
			return NULL;
	}
	if (name->type == JSON_STRING && name->string[0] != '\0')
		return name;
	if (name->type == JSON_STRING || name == entry)
		loader_complain(loader, &name->place, NULL, NULL,
			"what is included must be the name of a checklist or a path");
	return NULL;
}

/* What the name stands for, loaded now or before; NULL, with a problem, when it cannot be. */
static struct source *
open_included(struct loader *loader, const struct source *includer, const struct json *entry,
	const struct json *name)
{
	struct source *source = find_source(loader, name->string, includer, &name->place);
	struct source *loaded;

	if (source == NULL)
		return NULL;
	source->includer = includer;
	if (source->directory == NULL)
		source->entry = includer->directory != NULL ? entry->place : includer->entry;
	if (!may_include(loader, source, name))
		return NULL;
	loaded = find_loaded(loader, source);
	if (loaded != NULL)
		return loaded;
	add_source(loader, source);
	return source;
}

static void
include(struct loader *loader, struct source *includer, const struct json *entry)
{
	const struct json *name = name_included(loader, entry);
	struct source *included =
		name == NULL ? NULL : open_included(loader, includer, entry, name);

	if (included == NULL) {
		loader->is_incomplete = true;
		return;
	}
	*ARENA_ADD(loader->arena, includer->inclusions, includer->inclusion_count) =
		(struct inclusion){ .entry = entry, .included = included };
}

static void
parse_source(struct loader *loader, struct source *source)
{
	const struct json *root;

	source->older = loader->newest;
	loader->newest = source;
	root = json_parse(loader->arena, source->file, source->text, source->len, loader->problems);
	if (root != NULL && root->type == JSON_OBJECT)
		source->root = root;
	else if (root != NULL)
		loader_complain(loader, &root->place, NULL, NULL,
			"a checklist must be an object, not %s", json_type_name(root->type));
	loader->is_incomplete = loader->is_incomplete || source->root == NULL;
}

/* Adds it behind what it includes. */
static void
add_source(struct loader *loader, struct source *source)
{
	const struct json *includes;

	parse_source(loader, source);
	includes = json_member(source->root, "include");
	for (const struct json *item =
			includes != NULL && includes->type == JSON_ARRAY ? includes->child : NULL;
		item != NULL; item = item->next)
		include(loader, source, item);
	*ARENA_ADD(loader->arena, loader->sources, loader->source_count) = source;
}

bool
sources_load(struct loader *loader, const char *name)
{
	struct source *source = find_source(loader, name, NULL, NULL);

	if (source == NULL)
		return false;
	add_source(loader, source);
	return source->root != NULL;
}

void
sources_take_text(struct loader *loader, const char *name, const char *text)
{
	add_source(loader, take_text(loader, name, text, strlen(text)));
}
