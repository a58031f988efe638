/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The soft limit is there for programs that use select(), which this one does not.
 */
#include "base/open_files.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>

size_t
open_files_most(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return SIZE_MAX;
	if (limit.rlim_cur != limit.rlim_max) {
		struct rlimit raised = { limit.rlim_max, limit.rlim_max };

		if (setrlimit(RLIMIT_NOFILE, &raised) == 0)
			limit = raised;
	}
	return limit.rlim_cur == RLIM_INFINITY ? SIZE_MAX : (size_t)limit.rlim_cur;
}

const char *
open_files_strerror(int failure)
{
	return failure == EMFILE ? "Too many open files (ulimit -n allows more)"
				 : strerror(failure);
}
