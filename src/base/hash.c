/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * FNV-1a byte by byte, numbers with their lowest byte first; spread by the finalizer of MurmurHash3.
 */
#include "base/hash.h"

#include <string.h>

#define PRIME UINT64_C(0x100000001b3)

static uint64_t
hash_byte(uint64_t hash, unsigned char byte)
{
	return (hash ^ byte) * PRIME;
}

uint64_t
hash_bytes(uint64_t hash, const void *bytes, size_t len)
{
	const unsigned char *next = bytes;

	for (size_t i = 0; i < len; i++)
		hash = hash_byte(hash, next[i]);
	return hash;
}

uint64_t
hash_text(uint64_t hash, const char *text)
{
	hash = hash_byte(hash, text != NULL);
	return text == NULL ? hash : hash_bytes(hash, text, strlen(text) + 1);
}

uint64_t
hash_number(uint64_t hash, uint64_t number)
{
	for (unsigned i = 0; i < 8; i++)
		hash = hash_byte(hash, (unsigned char)(number >> (8 * i)));
	return hash;
}

uint64_t
hash_spread(uint64_t hash)
{
	hash = (hash ^ (hash >> 33)) * UINT64_C(0xff51afd7ed558ccd);
	hash = (hash ^ (hash >> 33)) * UINT64_C(0xc4ceb9fe1a85ec53);
	return hash ^ (hash >> 33);
}
