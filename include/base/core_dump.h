/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * core_dump: nobody gets to see the memory of a process that holds secrets.
 */
#ifndef GATE_BASE_CORE_DUMP_H
#define GATE_BASE_CORE_DUMP_H

/* From now on the process leaves no core dump, and others of the same user can neither trace it nor read
 * its memory. To be called before a secret is read: libraries leave copies in memory that was freed. May
 * be called again. Where the system knows no such thing, there is still no core dump. */
void core_dump_forbid(void);

#endif
