/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The limit of core dumps, which a handler of dumps does not keep to, and the switch of Linux, which all
 * do.
 */
#include "base/core_dump.h"

#include <stddef.h>
#include <sys/resource.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

void
core_dump_forbid(void)
{
	const struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
#ifdef __linux__
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}
