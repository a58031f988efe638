/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The C library reads a file of the kernel for it.
 */
#include "base/processors.h"

#include <limits.h>
#include <pthread.h>
#include <unistd.h>

static int known;

static void
count(void)
{
	long online = sysconf(_SC_NPROCESSORS_ONLN);

	known = online < 1 ? 1 : online > INT_MAX ? INT_MAX : (int)online;
}

int
processors(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, count);
	return known;
}
