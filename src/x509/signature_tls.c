/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The signature schemes of TLS (RFC 8446 section 4.2.3) as algorithms that can be verified.
 */
#include <stddef.h>

#include "x509/public_key.h"

static const struct {
	uint16_t code;
	enum signature_scheme scheme;
	enum signature_hash hash;
} schemes[] = {
	{ 0x0401, SCHEME_RSA_PKCS1, HASH_SHA256 },
	{ 0x0501, SCHEME_RSA_PKCS1, HASH_SHA384 },
	{ 0x0601, SCHEME_RSA_PKCS1, HASH_SHA512 },
	{ 0x0403, SCHEME_ECDSA, HASH_SHA256 },
	{ 0x0503, SCHEME_ECDSA, HASH_SHA384 },
	{ 0x0603, SCHEME_ECDSA, HASH_SHA512 },
	{ 0x0804, SCHEME_RSA_PSS, HASH_SHA256 },
	{ 0x0805, SCHEME_RSA_PSS, HASH_SHA384 },
	{ 0x0806, SCHEME_RSA_PSS, HASH_SHA512 },
	{ 0x0809, SCHEME_RSA_PSS, HASH_SHA256 },
	{ 0x080a, SCHEME_RSA_PSS, HASH_SHA384 },
	{ 0x080b, SCHEME_RSA_PSS, HASH_SHA512 },
	{ 0x0807, SCHEME_ED25519, HASH_INTRINSIC },
	{ 0x0808, SCHEME_ED448, HASH_INTRINSIC },
};

struct signature_algorithm
signature_algorithm_of_tls(uint16_t code)
{
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (schemes[i].code == code)
			return (struct signature_algorithm){ .scheme = schemes[i].scheme,
				.hash = schemes[i].hash };
	return (struct signature_algorithm){ .scheme = SCHEME_UNKNOWN };
}
