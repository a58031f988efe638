/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Three settings of the allocator of glibc.
 */
#include "base/heap.h"

#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>

#include "base/processors.h"
#endif

/* In bytes. Both are set: glibc stops to adapt the one when the other is given. */
#define KEPT_MAX (4 * 1024 * 1024)
#define MAPPED_MIN (4 * 1024 * 1024)

void
heap_keep_freed(void)
{
#ifdef __GLIBC__
	mallopt(M_TRIM_THRESHOLD, KEPT_MAX);
	mallopt(M_MMAP_THRESHOLD, MAPPED_MIN);
	mallopt(M_ARENA_MAX, processors());
#endif
}
