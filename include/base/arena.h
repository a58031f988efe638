/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * arena: memory that lives and dies together with one record (a checklist, a conversation, a
 * report). Everything handed out belongs to the arena and is released with it; nothing is
 * released by itself. Running out of memory ends the process with status 4, because then no
 * report could be written. Not safe for use by two threads at once.
 */
#ifndef GATE_BASE_ARENA_H
#define GATE_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena_chunk;

struct arena {
	struct arena_chunk *newest;
};

void arena_init(struct arena *arena);
void arena_release(struct arena *arena);

/* The same of one that holds secrets: nothing of it stays in memory. */
void arena_wipe(struct arena *arena);

/* Takes over all that was allocated from another arena, which is empty then. */
void arena_absorb(struct arena *arena, struct arena *from);

/* Zeroed memory, aligned for any type. */
void *arena_alloc(struct arena *arena, size_t size);

/* Zeroed memory for count elements of size bytes; the product may not overflow. */
void *arena_array(struct arena *arena, size_t count, size_t size);

/* Room for one more element behind the count elements of an array of this arena: the array
 * itself, or a larger copy of it. Call it before each element is added; array may be NULL
 * while count is 0. */
void *arena_grow(struct arena *arena, void *array, size_t count, size_t size);

/* A copy of len bytes, with a NUL behind them that is not counted. */
void *arena_memdup(struct arena *arena, const void *data, size_t len);
char *arena_strdup(struct arena *arena, const char *string);
char *arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

/* Ends the process: standard error says so, the exit status is 4. */
_Noreturn void out_of_memory(void);

/* The next element of an array that grows with its count: a pointer to it, until the next is added. */
#define ARENA_ADD(arena, array, count)                                              \
	((array) = arena_grow((arena), (void *)(array), (count), sizeof(*(array))), \
		&(array)[(count)++])

#endif
