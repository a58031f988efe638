/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Takes lines apart, and settles what all lines with one port have in common once.
 */
#include "target_lines.h"

#include <string.h>

#include "base/file_read.h"
#include "base/text.h"
#include "source.h"
#include "target_host.h"
#include "target_settings.h"
#include "targets.h"

#define PORTS 65536

static const char form[] = "a line holds HOST, HOST:PORT or [IPV6]:PORT; what follows a '#' is a "
			   "comment";

/* A word of the file, and where it stands. */
struct word {
	const char *text;
	size_t len;
	struct place place;
};

/* The text as a source, so that problems can show its lines; NULL when it cannot be read. */
static const struct source *
read_lines(struct loader *loader, const char *path, const struct place *place)
{
	struct source *source = arena_alloc(loader->arena, sizeof(*source));
	struct error error = { 0 };
	struct buf text;

	buf_init(&text, TARGETS_FILE_BYTES_MAX);
	if (file_read(&text, path, &error)) {
		source->file = arena_strdup(loader->arena, path);
		source->text = arena_memdup(loader->arena, text.data, text.len);
		source->len = text.len;
		source->older = loader->newest;
		loader->newest = source;
	} else if (!loader->lenient) {
		loader_complain(loader, place, NULL, NULL, "the targets in %s cannot be read: %s",
			path, error.text);
	}
	buf_release(&text);
	return source->file == NULL ? NULL : source;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Code points, as places count them; a byte that belongs to none is one. */
static unsigned
columns_of(const char *text, size_t len)
{
	unsigned columns = 0;
	uint32_t code;

	for (size_t at = 0; at < len; columns++) {
		size_t used = text_utf8_next(text + at, len - at, &code);

		at += used == 0 ? 1 : used;
	}
	return columns;
}

/* What a line holds, without comment and blanks around it; empty when that is nothing. */
static struct word
word_of(const char *line, size_t len, const char *file, unsigned number)
{
	const char *comment = memchr(line, '#', len);
	size_t start = 0, end = comment == NULL ? len : (size_t)(comment - line);

	while (start < end && is_blank(line[start]))
		start++;
	while (end > start && is_blank(line[end - 1]))
		end--;
	return (struct word){ line + start, end - start,
		{ file, number, 1 + columns_of(line, start),
			columns_of(line + start, end - start) } };
}

static bool
parse_word(struct loader *loader, const struct word *word, struct target_line *line,
	struct error *error)
{
	const char *host = NULL;

	if (memchr(word->text, '\0', word->len) != NULL)
		return error_set(error, "a NUL is no part of a host");
	if (!target_parse_endpoint(loader->arena,
		    arena_memdup(loader->arena, word->text, word->len), &host, &line->port, error))
		return false;
	line->host = host_normalise(loader->arena, host, error);
	return line->host != NULL;
}

static void
add_word(struct loader *loader, struct target_lines *lines, const struct word *word)
{
	struct target_line line = { .place = word->place };
	struct error error = { 0 };

	if (parse_word(loader, word, &line, &error))
		*ARENA_ADD(loader->arena, lines->items, lines->count) = line;
	else
		loader_complain(
			loader, &word->place, NULL, form, "this is no target: %s", error.text);
}

/* False when there are too many. */
static bool
take_lines(struct loader *loader, const struct source *source, struct target_lines *lines)
{
	const char *next = source->text, *end = source->text + source->len;

	for (unsigned number = 1; next < end; number++) {
		const char *newline = memchr(next, '\n', (size_t)(end - next));
		size_t len = (size_t)((newline == NULL ? end : newline) - next);
		struct word word = word_of(next, len, source->file, number);

		if (word.len != 0 && lines->count == TARGETS_FILE_LINES_MAX) {
			loader_complain(loader, &word.place, NULL, NULL,
				"a file has at most %zu targets", TARGETS_FILE_LINES_MAX);
			return false;
		}
		if (word.len != 0)
			add_word(loader, lines, &word);
		next += len + (newline != NULL);
	}
	return true;
}

void
target_lines_load(struct loader *loader, const char *path, const struct place *place,
	struct target_lines *lines)
{
	size_t problems = loader->problems->added;
	const struct source *source = read_lines(loader, path, place);
	struct place whole = { .file = path };

	*lines = (struct target_lines){ .is_lenient = loader->lenient };
	lines->by_port = arena_array(loader->arena, PORTS, sizeof(struct target *));
	if (source == NULL || !take_lines(loader, source, lines))
		return;
	if (lines->count == 0 && loader->problems->added == problems && !loader->lenient)
		loader_complain(loader, &whole, NULL, form, "the file has no target");
}

/* What lines with that port have in common. */
static const struct target *
common(struct loader *loader, struct target_lines *lines, unsigned port)
{
	struct target *made = lines->by_port[port];

	if (made == NULL) {
		made = arena_alloc(loader->arena, sizeof(*made));
		target_settings_load(loader, NULL, port, made);
		lines->by_port[port] = made;
	}
	return made;
}

void
target_line_settle(
	struct loader *loader, struct target_lines *lines, size_t index, struct target *target)
{
	const struct target_line *line = &lines->items[index];

	/* A reference that led nowhere then may be a problem now. */
	if (lines->is_lenient != loader->lenient)
		memset(lines->by_port, 0, PORTS * sizeof(struct target *));
	lines->is_lenient = loader->lenient;
	*target = *common(loader, lines, line->port);
	target->host = line->host;
	target->place = line->place;
	target_settle_names(loader->arena, target);
}
