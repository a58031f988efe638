/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * heap: how the C library deals with memory that was freed.
 */
#ifndef GATE_BASE_HEAP_H
#define GATE_BASE_HEAP_H

/* Has what is freed kept for the next allocation, up to some megabytes, and not given back to the
 * system each time: wolfCrypt allocates and frees more than a megabyte for a signature, and each
 * page that comes anew costs a fault. It is kept in as many places as there are processors, not in
 * eight times as many. For the whole process, to be called once before it has threads. Where the C
 * library knows no such thing, nothing is done. */
void heap_keep_freed(void);

#endif
