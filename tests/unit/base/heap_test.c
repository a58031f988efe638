/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How many arenas glibc makes for many threads; elsewhere there is nothing to see.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <pthread.h>
#include <unistd.h>

#include "base/heap.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

/* Threads for each processor. */
#define CROWD 4

static pthread_barrier_t met;

/* All have allocated before the first ends. */
static void *
allocate(void *argument)
{
	void *bytes = malloc(1000);

	(void)argument;
	pthread_barrier_wait(&met);
	return bytes;
}

static size_t
arenas(void)
{
	size_t count = 0;
#ifdef __GLIBC__
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	assert_int_equal(malloc_info(0, out), 0);
	fclose(out);
	for (const char *next = text; (next = strstr(next, "<heap nr=")) != NULL; next++)
		count++;
	free(text);
#endif
	return count;
}

static void
threads_share_arenas(void **state)
{
	size_t processors = (size_t)sysconf(_SC_NPROCESSORS_ONLN);
	size_t count = CROWD * processors;
	pthread_t *threads = calloc(count, sizeof(*threads));

	(void)state;
	heap_keep_freed();
	assert_int_equal(pthread_barrier_init(&met, NULL, (unsigned)count), 0);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, allocate, NULL), 0);
	for (size_t i = 0; i < count; i++) {
		void *bytes;

		pthread_join(threads[i], &bytes);
		free(bytes);
	}
	assert_in_range(arenas(), 0, processors);
	pthread_barrier_destroy(&met);
	free(threads);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_share_arenas),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
