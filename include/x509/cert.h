/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cert: an X.509 certificate as plain facts (RFC 5280 section 4). Nothing here says whether the
 * certificate is good; spans point into its DER, which must outlive it.
 */
#ifndef GATE_X509_CERT_H
#define GATE_X509_CERT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "wire/cursor.h"
#include "x509/general_name.h"
#include "x509/public_key.h"

/* Bits of KeyUsage (section 4.2.1.3). */
enum key_usage {
	KEY_USAGE_DIGITAL_SIGNATURE = 0x8000,
	KEY_USAGE_CONTENT_COMMITMENT = 0x4000,
	KEY_USAGE_KEY_ENCIPHERMENT = 0x2000,
	KEY_USAGE_DATA_ENCIPHERMENT = 0x1000,
	KEY_USAGE_KEY_AGREEMENT = 0x0800,
	KEY_USAGE_KEY_CERT_SIGN = 0x0400,
	KEY_USAGE_CRL_SIGN = 0x0200,
	KEY_USAGE_ENCIPHER_ONLY = 0x0100,
	KEY_USAGE_DECIPHER_ONLY = 0x0080,
};

/* Purposes of ExtendedKeyUsage (section 4.2.1.12) that anybody here asks for. */
enum cert_purpose {
	PURPOSE_SERVER_AUTH = 1,
	PURPOSE_CLIENT_AUTH = 2,
	PURPOSE_EMAIL_PROTECTION = 4,
	PURPOSE_OCSP_SIGNING = 8,
	PURPOSE_ANY = 16,
	PURPOSE_OTHER = 32,
};

/* Whether an extension stands in the certificate, and whether it is critical. */
struct cert_extension {
	bool present;
	bool critical;
};

#define PATH_LENGTH_NONE (-1)
#define SKIP_CERTS_NONE (-1)

struct cert {
	struct span der;
	struct span tbs;    /* what the issuer signed */
	int version;        /* 1, 2 or 3 */
	struct span serial; /* content octets of the INTEGER */
	struct span issuer; /* a Name with tag and length, as in `dn` */
	struct span subject;
	int64_t not_before; /* seconds since 1970-01-01T00:00:00Z; both ends belong to the */
	int64_t not_after;  /* validity (section 4.1.2.5) */
	struct public_key key;
	struct signature_algorithm algorithm;
	struct span signature;
	bool algorithms_differ; /* signatureAlgorithm is not what the signed part says */

	struct cert_extension basic_constraints;
	bool is_ca;
	int path_length; /* intermediates allowed below it; PATH_LENGTH_NONE when not limited */

	struct cert_extension key_usage;
	uint16_t usages; /* of enum key_usage */

	struct cert_extension extended_key_usage;
	unsigned purposes; /* of enum cert_purpose */

	struct cert_extension subject_alt_name;
	struct span names; /* the GeneralNames' content: see cert_names */

	struct cert_extension name_constraints;
	struct span permitted; /* the GeneralSubtrees' content: see `constraints` */
	struct span excluded;

	struct cert_extension policies;
	struct span policy_list; /* content of the SEQUENCE OF PolicyInformation */
	struct cert_extension policy_mappings;
	struct cert_extension policy_constraints;
	int require_explicit_policy; /* certificates to skip; SKIP_CERTS_NONE when not asked for */
	struct cert_extension inhibit_any_policy;
	int inhibit_any_skip;

	struct cert_extension authority_key_id;
	struct span issuer_key_id; /* empty when absent */
	struct cert_extension subject_key_id;
	struct span key_id; /* empty when absent */

	struct cert_extension authority_info;
	struct span ca_issuers_url; /* the first one; empty when there is none */
	struct span ocsp_url;

	struct cert_extension scts;
	struct span sct_list; /* SignedCertificateTimestampList (RFC 6962 section 3.3) */
	struct cert_extension tls_feature;
	bool must_staple; /* TLS feature status_request (RFC 7633) */

	struct span unknown_critical; /* OID of the first critical extension not in this list */
	const char *malformed; /* the first extension that breaks section 4.2, and how; or NULL */
};

/* Reads a certificate. False with "RFC 5280 section ...: fact" when its DER or its outer fields
 * cannot be read. An extension that cannot be read does not fail the whole: it is named in
 * `malformed`, and must never be passed over by whoever judges. */
bool cert_parse(struct cert *cert, struct span der, struct arena *arena, struct error *error);

/* A cursor over the names of the subjectAltName, for general_name_read. */
struct cursor cert_names(const struct cert *cert);

/* Issuer and subject are the same name (section 3.2). */
bool cert_is_self_issued(const struct cert *cert);

/* A copy in the arena of what dn_add_text says of the name. */
const char *cert_name_text(struct arena *arena, struct span name);

/* Appends the names a TLS client may find in the certificate: "DNS:a.example, IP:192.0.2.1",
 * "no subjectAltName" when there is none. At most 20 names, the rest are counted. */
void cert_add_names(struct buf *out, const struct cert *cert);

/* SHA-256 of the whole certificate, and of its SubjectPublicKeyInfo (as TLSA and pins use it). */
void cert_sha256(uint8_t digest[SHA256_LEN], const struct cert *cert);
void cert_spki_sha256(uint8_t digest[SHA256_LEN], const struct cert *cert);

#endif
