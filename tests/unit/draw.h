/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * draw: numbers that look drawn, and are the same in each run.
 */
#ifndef GATE_TESTS_DRAW_H
#define GATE_TESTS_DRAW_H

#include <stdint.h>

/* The next number below that one, of a fixed sequence (of Marsaglia's xorshift), so that a failure
 * can be seen again. */
static inline unsigned
draw(unsigned below)
{
	static uint32_t drawn = 2463534242u;

	drawn ^= drawn << 13;
	drawn ^= drawn >> 17;
	drawn ^= drawn << 5;
	return drawn % below;
}

#endif
