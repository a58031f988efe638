/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Errors of OAuth servers: whatever they are, what is shown of them can be printed.
 */
#include <stdint.h>
#include <stdlib.h>

#include "wire/oauth_error.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf shown;
	bool found;

	buf_init(&shown, 1 << 20);
	found = oauth_error_show((struct span){ data, size }, &shown);
	if (found != (shown.len != 0))
		abort();
	for (size_t i = 0; i < shown.len; i++)
		if ((unsigned char)shown.data[i] < ' ')
			abort();
	buf_release(&shown);
	return 0;
}
