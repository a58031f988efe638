/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reads the structures of RFC 6960 from the outside in, and keeps the answer that names the
 * certificate.
 */
#include "x509/ocsp.h"

#include "der.h"
#include "dn.h"
#include "oid.h"

static const struct oid basic_response = { 9, { 0x2b, 6, 1, 5, 5, 7, 0x30, 1, 1 } };

/* A hash by which a certificate's issuer is named. */
static const struct name_hash {
	struct oid oid;
	size_t len;
	void (*compute)(uint8_t *digest, struct span bytes);
} name_hashes[] = {
	{ { 5, { 0x2b, 0x0e, 3, 2, 0x1a } }, SHA1_LEN, sha1 },
	{ { 9, { 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1 } }, SHA256_LEN, sha256 },
};

static const struct name_hash *
hash_of(struct span oid)
{
	for (size_t i = 0; i < sizeof(name_hashes) / sizeof(name_hashes[0]); i++)
		if (oid_equal(&name_hashes[i].oid, oid))
			return &name_hashes[i];
	return NULL;
}

static bool
is_hash(const struct name_hash *hash, struct span wanted, struct span bytes)
{
	uint8_t digest[SHA256_LEN];

	hash->compute(digest, bytes);
	return span_equal(wanted, (struct span){ digest, hash->len });
}

/* CertID (section 4.1.1): hash algorithm, hashes of the issuer's name and key, serial number. */
static bool
names_cert(struct cursor *single, const struct cert *cert, const struct cert *issuer)
{
	struct cursor id = der_enter(single, DER_SEQUENCE);
	struct cursor algorithm = der_enter(&id, DER_SEQUENCE);
	const struct name_hash *hash = hash_of(der_read(&algorithm, DER_OID));
	struct span name = der_read(&id, DER_OCTET_STRING);
	struct span key = der_read(&id, DER_OCTET_STRING);
	struct span serial = der_integer(&id);

	der_leave(single, &id);
	return !single->broken && hash != NULL && is_hash(hash, name, issuer->subject) &&
	       is_hash(hash, key, issuer->key.material) && span_equal(serial, cert->serial);
}

/* CertStatus: [0] good, [1] RevokedInfo, [2] unknown. */
static void
read_status(struct ocsp_facts *facts, struct cursor *single)
{
	struct span nothing;

	if (der_at(single, DER_CONTEXT_CONSTRUCTED + 1)) {
		struct cursor revoked = der_enter(single, DER_CONTEXT_CONSTRUCTED + 1);

		facts->status = OCSP_REVOKED;
		facts->revoked_at = der_time(&revoked);
		single->broken = single->broken || revoked.broken;
	} else if (der_optional(single, DER_CONTEXT, &nothing)) {
		facts->status = OCSP_GOOD;
	} else {
		der_read(single, DER_CONTEXT + 2);
		facts->status = OCSP_UNKNOWN;
	}
}

/* SingleResponse after its CertID. */
static bool
read_single(struct ocsp_facts *facts, struct cursor *single)
{
	struct span extensions;

	read_status(facts, single);
	facts->this_update = der_time(single);
	if (der_at(single, DER_CONTEXT_CONSTRUCTED)) {
		struct cursor field = der_enter(single, DER_CONTEXT_CONSTRUCTED);

		facts->has_next_update = true;
		facts->next_update = der_time(&field);
		der_leave(single, &field);
	}
	der_optional(single, DER_CONTEXT_CONSTRUCTED + 1, &extensions);
	return cursor_at_end(single);
}

static bool
read_responses(struct ocsp_facts *facts, struct cursor *data, const struct cert *cert,
	const struct cert *issuer)
{
	struct cursor list = der_enter(data, DER_SEQUENCE);

	while (list.left != 0) {
		struct cursor single = der_enter(&list, DER_SEQUENCE);
		bool is_ours = names_cert(&single, cert, issuer);

		if (single.broken)
			return false;
		if (is_ours && facts->status == OCSP_NOTHING && !read_single(facts, &single))
			return false;
	}
	return !list.broken;
}

/* ResponderID: [1] Name or [2] KeyHash, both explicitly tagged. */
static void
read_responder(struct ocsp_facts *facts, struct cursor *data)
{
	struct cursor field;

	if (der_at(data, DER_CONTEXT_CONSTRUCTED + 1)) {
		field = der_enter(data, DER_CONTEXT_CONSTRUCTED + 1);
		facts->responder_name = der_whole(&field, DER_SEQUENCE);
		if (!dn_is_well_formed(facts->responder_name))
			field.broken = true;
	} else {
		field = der_enter(data, DER_CONTEXT_CONSTRUCTED + 2);
		facts->responder_key = der_read(&field, DER_OCTET_STRING);
	}
	der_leave(data, &field);
}

/* ResponseData. */
static bool
read_data(struct ocsp_facts *facts, const struct cert *cert, const struct cert *issuer)
{
	struct cursor outer = cursor_over(facts->tbs);
	struct cursor data = der_enter(&outer, DER_SEQUENCE);
	struct span version, extensions;

	der_optional(&data, DER_CONTEXT_CONSTRUCTED, &version);
	read_responder(facts, &data);
	facts->produced_at = der_time(&data);
	if (data.broken || !read_responses(facts, &data, cert, issuer))
		return false;
	der_optional(&data, DER_CONTEXT_CONSTRUCTED + 1, &extensions);
	return cursor_at_end(&data);
}

/* BasicOCSPResponse. */
static bool
read_basic(struct ocsp_facts *facts, struct span response)
{
	struct cursor outer = cursor_over(response);
	struct cursor fields = der_enter(&outer, DER_SEQUENCE);

	facts->tbs = der_whole(&fields, DER_SEQUENCE);
	if (!signature_algorithm_parse(&facts->algorithm, der_whole(&fields, DER_SEQUENCE)))
		return false;
	facts->signature = der_bytes(&fields);
	if (der_at(&fields, DER_CONTEXT_CONSTRUCTED)) {
		struct cursor field = der_enter(&fields, DER_CONTEXT_CONSTRUCTED);

		facts->certs = der_read(&field, DER_SEQUENCE);
		der_leave(&fields, &field);
	}
	der_leave(&outer, &fields);
	return cursor_at_end(&outer);
}

bool
ocsp_parse(struct ocsp_facts *facts, struct span response, const struct cert *cert,
	const struct cert *issuer)
{
	struct cursor outer = cursor_over(response);
	struct cursor fields = der_enter(&outer, DER_SEQUENCE);
	struct span status = der_read(&fields, DER_ENUMERATED), basic;
	struct cursor field, bytes;

	*facts = (struct ocsp_facts){ .status = OCSP_NOTHING };
	if (status.len != 1 || !cursor_at_end(&outer))
		return false;
	facts->response_status = status.data[0];
	if (facts->response_status != 0)
		return cursor_at_end(&fields);
	field = der_enter(&fields, DER_CONTEXT_CONSTRUCTED);
	bytes = der_enter(&field, DER_SEQUENCE);
	if (!oid_equal(&basic_response, der_read(&bytes, DER_OID)))
		return false;
	basic = der_read(&bytes, DER_OCTET_STRING);
	der_leave(&field, &bytes);
	der_leave(&fields, &field);
	return cursor_at_end(&fields) && read_basic(facts, basic) && read_data(facts, cert, issuer);
}
