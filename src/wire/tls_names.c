/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The tables of versions, signature schemes and the like, and sets of codes as short arrays.
 */
#include "wire/tls_names.h"

#include <string.h>

const struct name_code tls_version_names[] = {
	{ "ssl2", TLS_VERSION_SSL2 },
	{ "ssl3", TLS_VERSION_SSL3 },
	{ "1.0", TLS_VERSION_1_0 },
	{ "1.1", TLS_VERSION_1_1 },
	{ "1.2", TLS_VERSION_1_2 },
	{ "1.3", TLS_VERSION_1_3 },
	{ NULL, 0 },
};

const struct name_code tls_signature_names[] = {
	{ "rsa_md5", 0x0101 },
	{ "dsa_md5", 0x0102 },
	{ "ecdsa_md5", 0x0103 },
	{ "rsa_pkcs1_sha1", 0x0201 },
	{ "dsa_sha1", 0x0202 },
	{ "ecdsa_sha1", 0x0203 },
	{ "rsa_sha224", 0x0301 },
	{ "dsa_sha224", 0x0302 },
	{ "ecdsa_sha224", 0x0303 },
	{ "rsa_pkcs1_sha256", 0x0401 },
	{ "dsa_sha256", 0x0402 },
	{ "ecdsa_secp256r1_sha256", 0x0403 },
	{ "rsa_pkcs1_sha384", 0x0501 },
	{ "dsa_sha384", 0x0502 },
	{ "ecdsa_secp384r1_sha384", 0x0503 },
	{ "rsa_pkcs1_sha512", 0x0601 },
	{ "dsa_sha512", 0x0602 },
	{ "ecdsa_secp521r1_sha512", 0x0603 },
	{ "sm2sig_sm3", 0x0708 }, /* RFC 8998 */
	{ "rsa_pss_rsae_sha256", 0x0804 },
	{ "rsa_pss_rsae_sha384", 0x0805 },
	{ "rsa_pss_rsae_sha512", 0x0806 },
	{ "ed25519", 0x0807 },
	{ "ed448", 0x0808 },
	{ "rsa_pss_pss_sha256", 0x0809 },
	{ "rsa_pss_pss_sha384", 0x080a },
	{ "rsa_pss_pss_sha512", 0x080b },
	{ "ecdsa_brainpoolP256r1tls13_sha256", 0x081a }, /* RFC 8734 section 2 */
	{ "ecdsa_brainpoolP384r1tls13_sha384", 0x081b },
	{ "ecdsa_brainpoolP512r1tls13_sha512", 0x081c },
	{ "mldsa44", 0x0904 }, /* IANA "TLS SignatureScheme" */
	{ "mldsa65", 0x0905 },
	{ "mldsa87", 0x0906 },
	{ NULL, 0 },
};

bool
tls_codes_add(struct tls_codes *list, uint16_t code)
{
	if (list->count == TLS_CODES_MAX)
		return false;
	list->codes[list->count++] = code;
	return true;
}

bool
tls_codes_has(const struct tls_codes *list, uint16_t code)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->codes[i] == code)
			return true;
	return false;
}

bool
tls_codes_add_once(struct tls_codes *list, uint16_t code)
{
	return tls_codes_has(list, code) || tls_codes_add(list, code);
}
