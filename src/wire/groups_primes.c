/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Compares a prime with the table of known ones, leading zeros apart.
 */
#include "wire/groups_primes.h"

#include <stdint.h>
#include <string.h>

static bool
same_number(struct span number, const char *hex)
{
	static const char digits[] = "0123456789ABCDEF";

	if (strlen(hex) != number.len * 2)
		return false;
	for (size_t i = 0; i < number.len; i++)
		if (hex[2 * i] != digits[number.data[i] >> 4] ||
			hex[2 * i + 1] != digits[number.data[i] & 0xf])
			return false;
	return true;
}

const struct group_prime *
group_prime_find(struct span number)
{
	while (number.len != 0 && number.data[0] == 0) {
		number.data++;
		number.len--;
	}
	for (size_t i = 0; i < group_primes_count; i++)
		if (same_number(number, group_primes[i].hex))
			return &group_primes[i];
	return NULL;
}
