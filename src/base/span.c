/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Runs of bytes.
 */
#include "base/span.h"

#include <string.h>

bool
span_equal(struct span a, struct span b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}
