/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * As the C library tells, which reads a file of the kernel for it.
 */
#include "base/processors.h"

#include <limits.h>
#include <unistd.h>

int
processors(void)
{
	long online = sysconf(_SC_NPROCESSORS_ONLN);

	return online < 1 ? 1 : online > INT_MAX ? INT_MAX : (int)online;
}
