/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * interrupt: one switch for the whole process that ends every wait. It can be thrown from a
 * signal handler and stays thrown.
 */
#ifndef GATE_BASE_INTERRUPT_H
#define GATE_BASE_INTERRUPT_H

#include <stdbool.h>
#include <stdint.h>

/* Makes the switch; SIGINT and SIGTERM throw it from then on. False when the system refuses. */
bool interrupt_init(void);

/* The signal that threw the switch; 0 while it is not thrown. */
int interrupt_signal(void);

/* Waits that long; false when the switch was thrown before or meanwhile. */
bool interrupt_pause(int64_t ms);

/* A descriptor that becomes readable when the switch is thrown; -1 before interrupt_init. */
int interrupt_fd(void);

#endif
