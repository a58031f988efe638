/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Messages of DNS: the first byte is the type that is asked for.
 */
#include <stdint.h>

#include "wire/dns_message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint32_t ttl;

	if (size > 0)
		dns_original_ttl(&ttl, (struct span){ data + 1, size - 1 }, data[0]);
	return 0;
}
