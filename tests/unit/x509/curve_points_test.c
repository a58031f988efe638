/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How many threads compute at a time.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "base/processors.h"
#include "x509/curve_points.h"

#define THREADS 32
#define ROUNDS 5

static atomic_int computing, most, done;

static void *
compute(void *unused)
{
	for (int i = 0; i < ROUNDS; i++) {
		int now, before = atomic_load(&most);

		curve_points_begin();
		now = ++computing;
		while (now > before && !atomic_compare_exchange_weak(&most, &before, now))
			;
		nanosleep(&(struct timespec){ .tv_nsec = 200000 }, NULL);
		computing--;
		curve_points_end();
		done++;
	}
	return unused;
}

static void
no_more_threads_compute_than_there_are_processors(void **state)
{
	pthread_t threads[THREADS];

	(void)state;
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, compute, NULL), 0);
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(done, THREADS * ROUNDS);
	assert_true(most >= 1 && most <= processors());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_more_threads_compute_than_there_are_processors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
