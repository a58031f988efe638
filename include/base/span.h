/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * span: a run of bytes that belongs to somebody else.
 */
#ifndef GATE_BASE_SPAN_H
#define GATE_BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct span {
	const uint8_t *data;
	size_t len;
};

bool span_equal(struct span a, struct span b);

#endif
