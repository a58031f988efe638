/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Chunks of 1 KiB at first and 4 KiB in the end, in a list, newest first; memory is handed out from
 * the newest chunk's end.
 */
#include "base/arena.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"

#define FIRST_CHUNK_SIZE 1024u
#define CHUNK_SIZE 4096u

struct arena_chunk {
	struct arena_chunk *older;
	size_t used;
	size_t size;
	alignas(max_align_t) unsigned char bytes[];
};

void
out_of_memory(void)
{
	static const char text[] = "starttls-gate: out of memory\n";

	if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
		_exit(4);
	_exit(4);
}

void
arena_init(struct arena *arena)
{
	arena->newest = NULL;
}

void
arena_release(struct arena *arena)
{
	struct arena_chunk *chunk = arena->newest;

	while (chunk != NULL) {
		struct arena_chunk *older = chunk->older;

		free(chunk);
		chunk = older;
	}
	arena->newest = NULL;
}

void
arena_wipe(struct arena *arena)
{
	for (struct arena_chunk *chunk = arena->newest; chunk != NULL; chunk = chunk->older)
		wipe(chunk->bytes, chunk->used);
	arena_release(arena);
}

/* The newest chunk stays the newest, so that the room left in it is not lost. */
void
arena_absorb(struct arena *arena, struct arena *from)
{
	struct arena_chunk **end = arena->newest != NULL ? &arena->newest->older : &arena->newest;
	struct arena_chunk *older = *end;

	*end = from->newest;
	while (*end != NULL)
		end = &(*end)->older;
	*end = older;
	from->newest = NULL;
}

static size_t
next_chunk_size(const struct arena *arena)
{
	size_t size = arena->newest == NULL ? FIRST_CHUNK_SIZE : 2 * arena->newest->size;

	return size > CHUNK_SIZE ? CHUNK_SIZE : size;
}

/* What is larger than the first chunk gets a chunk of its own, put behind the newest one, so that the
 * room left in the newest is not lost. So whatever is not has room in any new chunk. */
static struct arena_chunk *
add_chunk(struct arena *arena, size_t size)
{
	bool is_large = size > FIRST_CHUNK_SIZE;
	size_t room = is_large ? size : next_chunk_size(arena);
	struct arena_chunk *chunk;

	if (room > SIZE_MAX - sizeof(*chunk))
		out_of_memory();
	chunk = malloc(sizeof(*chunk) + room);
	if (chunk == NULL)
		out_of_memory();
	chunk->used = 0;
	chunk->size = room;
	if (is_large && arena->newest != NULL) {
		chunk->older = arena->newest->older;
		arena->newest->older = chunk;
	} else {
		chunk->older = arena->newest;
		arena->newest = chunk;
	}
	return chunk;
}

void *
arena_alloc(struct arena *arena, size_t size)
{
	struct arena_chunk *chunk = arena->newest;
	size_t rounded;
	void *result;

	if (size > SIZE_MAX - alignof(max_align_t))
		out_of_memory();
	rounded = (size + alignof(max_align_t) - 1) / alignof(max_align_t) * alignof(max_align_t);
	if (chunk == NULL || chunk->size - chunk->used < rounded)
		chunk = add_chunk(arena, rounded);
	result = chunk->bytes + chunk->used;
	chunk->used += rounded;
	return memset(result, 0, rounded);
}

void *
arena_array(struct arena *arena, size_t count, size_t size)
{
	if (size != 0 && count > SIZE_MAX / size)
		out_of_memory();
	return arena_alloc(arena, count * size);
}

/* Arrays have room for the next power of two, from eight on; so the room is known from the
 * count alone. */
void *
arena_grow(struct arena *arena, void *array, size_t count, size_t size)
{
	size_t capacity = count < 8 ? 8 : 2 * count;
	void *larger;

	if (count != 0 && (count < 8 || (count & (count - 1)) != 0))
		return array;
	larger = arena_array(arena, capacity, size);
	if (count != 0)
		memcpy(larger, array, count * size);
	return larger;
}

void *
arena_memdup(struct arena *arena, const void *data, size_t len)
{
	char *copy;

	if (len == SIZE_MAX)
		out_of_memory();
	copy = arena_alloc(arena, len + 1);
	if (len != 0)
		memcpy(copy, data, len);
	return copy;
}

char *
arena_strdup(struct arena *arena, const char *string)
{
	return arena_memdup(arena, string, strlen(string));
}

char *
arena_vprintf(struct arena *arena, const char *format, va_list args)
{
	va_list again;
	char *text;
	int len;

	va_copy(again, args);
	len = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (len < 0)
		out_of_memory();
	text = arena_alloc(arena, (size_t)len + 1);
	vsnprintf(text, (size_t)len + 1, format, args);
	return text;
}

char *
arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = arena_vprintf(arena, format, args);
	va_end(args);
	return text;
}
