/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The table of groups with their names and aliases, and which of them a hello of a version may
 * offer.
 */
#include "wire/groups.h"

#include <stddef.h>

/* The order is the one in which they are offered: what servers have, then what is old. */
const struct name_code group_names[] = {
	{ "x25519", GROUP_X25519 }, /* RFC 8446 section 4.2.7 */
	{ "secp256r1", GROUP_SECP256R1 },
	{ "secp384r1", GROUP_SECP384R1 },
	{ "secp521r1", GROUP_SECP521R1 },
	{ "x448", GROUP_X448 },
	{ "X25519MLKEM768", GROUP_X25519_MLKEM768 },
	{ "SecP256r1MLKEM768", GROUP_SECP256R1_MLKEM768 },
	{ "SecP384r1MLKEM1024", GROUP_SECP384R1_MLKEM1024 },
	{ "curveSM2MLKEM768", 4590 },
	{ "MLKEM512", GROUP_MLKEM512 },
	{ "MLKEM768", 513 },
	{ "MLKEM1024", 514 },
	{ "X25519Kyber768Draft00", 25497 },
	{ "SecP256r1Kyber768Draft00", 25498 },
	{ "ffdhe2048", GROUP_FFDHE2048 }, /* RFC 7919 section 2 */
	{ "ffdhe3072", 257 },
	{ "ffdhe4096", 258 },
	{ "ffdhe6144", 259 },
	{ "ffdhe8192", 260 },
	{ "brainpoolP256r1tls13", 31 }, /* RFC 8734 section 2 */
	{ "brainpoolP384r1tls13", 32 },
	{ "brainpoolP512r1tls13", 33 },
	{ "curveSM2", 41 },        /* RFC 8998 */
	{ "brainpoolP256r1", 26 }, /* RFC 7027 section 2 */
	{ "brainpoolP384r1", 27 },
	{ "brainpoolP512r1", 28 },
	{ "secp256k1", 22 }, /* RFC 4492 section 5.1.1 from here on */
	{ "secp224r1", 21 },
	{ "secp224k1", 20 },
	{ "secp192r1", 19 },
	{ "secp192k1", 18 },
	{ "secp160r2", 17 },
	{ "secp160r1", 16 },
	{ "secp160k1", 15 },
	{ "sect571r1", 14 },
	{ "sect571k1", 13 },
	{ "sect409r1", 12 },
	{ "sect409k1", 11 },
	{ "sect283r1", 10 },
	{ "sect283k1", 9 },
	{ "sect239k1", 8 },
	{ "sect233r1", 7 },
	{ "sect233k1", 6 },
	{ "sect193r2", 5 },
	{ "sect193r1", 4 },
	{ "sect163r2", 3 },
	{ "sect163r1", 2 },
	{ "sect163k1", 1 },
	{ "GC256A", 34 }, /* RFC 9189 */
	{ "GC256B", 35 },
	{ "GC256C", 36 },
	{ "GC256D", 37 },
	{ "GC512A", 38 },
	{ "GC512B", 39 },
	{ "GC512C", 40 },
	{ NULL, 0 },
};

/* FIPS 186-4 and X9.62 names of the same curves. */
static const struct name_code other_names[] = {
	{ "P-192", 19 },
	{ "prime192v1", 19 },
	{ "P-224", 21 },
	{ "P-256", GROUP_SECP256R1 },
	{ "prime256v1", GROUP_SECP256R1 },
	{ "P-384", GROUP_SECP384R1 },
	{ "P-521", GROUP_SECP521R1 },
	{ NULL, 0 },
};

/* Runs of numbers that one side of TLS 1.3 does not know. */
static const struct group_run {
	uint16_t first, last;
	uint16_t minimum, maximum; /* versions */
} runs[] = {
	{ 1, 22, TLS_VERSION_SSL3, TLS_VERSION_1_2 },
	{ 26, 28, TLS_VERSION_SSL3, TLS_VERSION_1_2 },
	{ 31, 33, TLS_VERSION_1_3, TLS_VERSION_1_3 },
	{ 41, 41, TLS_VERSION_1_3, TLS_VERSION_1_3 },
	{ 512, 514, TLS_VERSION_1_3, TLS_VERSION_1_3 },
	{ 4587, 4590, TLS_VERSION_1_3, TLS_VERSION_1_3 },
	{ 25497, 25498, TLS_VERSION_1_3, TLS_VERSION_1_3 },
};

bool
group_by_name(const char *name, uint16_t *group)
{
	int code;

	if (!name_code(group_names, name, &code) && !name_code(other_names, name, &code))
		return false;
	*group = (uint16_t)code;
	return true;
}

static bool
usable(uint16_t group, uint16_t minimum, uint16_t maximum)
{
	for (size_t i = 0; i < sizeof(runs) / sizeof(runs[0]); i++)
		if (group >= runs[i].first && group <= runs[i].last)
			return minimum <= runs[i].maximum && maximum >= runs[i].minimum;
	return true;
}

void
group_add_all(struct tls_codes *groups, uint16_t minimum, uint16_t maximum)
{
	for (const struct name_code *row = group_names; row->name != NULL; row++)
		if (usable((uint16_t)row->code, minimum, maximum))
			tls_codes_add_once(groups, (uint16_t)row->code);
}

bool
group_is_finite_field(uint16_t group)
{
	return group >= GROUP_FFDHE2048 && group <= GROUP_FFDHE2048 + 0xff;
}
