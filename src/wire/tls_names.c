/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gate/tls_names.h"

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

/* RFC 8446 section 6 unless another one is named. */
const struct name_code tls_alert_names[] = {
	{ "close_notify", 0 },
	{ "unexpected_message", 10 },
	{ "bad_record_mac", 20 },
	{ "decryption_failed", 21 }, /* RFC 5246 section 7.2.2 */
	{ "record_overflow", 22 },
	{ "decompression_failure", 30 }, /* RFC 5246 section 7.2.2 */
	{ "handshake_failure", 40 },
	{ "no_certificate", 41 }, /* RFC 6101 section 5.4.2 */
	{ "bad_certificate", 42 },
	{ "unsupported_certificate", 43 },
	{ "certificate_revoked", 44 },
	{ "certificate_expired", 45 },
	{ "certificate_unknown", 46 },
	{ "illegal_parameter", 47 },
	{ "unknown_ca", 48 },
	{ "access_denied", 49 },
	{ "decode_error", 50 },
	{ "decrypt_error", 51 },
	{ "too_many_cids_requested", 52 }, /* RFC 9147 section 9 */
	{ "export_restriction", 60 },      /* RFC 4346 section 7.2 */
	{ "protocol_version", 70 },
	{ "insufficient_security", 71 },
	{ "internal_error", 80 },
	{ "inappropriate_fallback", 86 }, /* RFC 7507 section 2 */
	{ "user_canceled", 90 },
	{ "no_renegotiation", 100 }, /* RFC 5246 section 7.2.2 */
	{ "missing_extension", 109 },
	{ "unsupported_extension", 110 },
	{ "certificate_unobtainable", 111 }, /* RFC 6066 section 9 */
	{ "unrecognized_name", 112 },
	{ "bad_certificate_status_response", 113 },
	{ "bad_certificate_hash_value", 114 }, /* RFC 6066 section 9 */
	{ "unknown_psk_identity", 115 },
	{ "certificate_required", 116 },
	{ "general_error", 117 }, /* IANA "TLS Alerts" */
	{ "no_application_protocol", 120 },
	{ "ech_required", 121 }, /* IANA "TLS Alerts" */
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

bool
tls_codes_equal(const struct tls_codes *a, const struct tls_codes *b)
{
	return a->count == b->count &&
	       memcmp(a->codes, b->codes, a->count * sizeof(a->codes[0])) == 0;
}
