/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * getentropy(); a system without random bytes ends the program.
 */
#define _DEFAULT_SOURCE /* getentropy(), POSIX only since 2024 */
#include "base/entropy.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void
entropy_fill(void *bytes, size_t len)
{
	if (getentropy(bytes, len) == 0)
		return;
	perror("starttls-gate: no random bytes");
	exit(4);
}
