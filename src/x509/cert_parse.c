/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A certificate out of its DER: the outer fields here, the extensions in extensions.c.
 */
#include "der.h"
#include "dn.h"
#include "extensions.h"
#include "x509/cert.h"

/* Each part of TBSCertificate reads its fields from the cursor; false when they are not what
 * the clause says. */
struct part {
	bool (*read)(struct cert *cert, struct cursor *tbs);
	const char *problem;
};

/* Version 1 is the default and must not be written; we let it pass as what it says. */
static bool
read_version(struct cert *cert, struct cursor *tbs)
{
	struct cursor field;
	uint32_t number;

	cert->version = 1;
	if (!der_at(tbs, DER_CONTEXT_CONSTRUCTED))
		return true;
	field = der_enter(tbs, DER_CONTEXT_CONSTRUCTED);
	number = der_number(&field);
	der_leave(tbs, &field);
	cert->version = (int)number + 1;
	return !tbs->broken && number <= 2;
}

static bool
read_serial(struct cert *cert, struct cursor *tbs)
{
	cert->serial = der_integer(tbs);
	return !tbs->broken;
}

static bool
read_algorithm(struct cert *cert, struct cursor *tbs)
{
	return signature_algorithm_parse(&cert->algorithm, der_whole(tbs, DER_SEQUENCE));
}

static bool
read_issuer(struct cert *cert, struct cursor *tbs)
{
	cert->issuer = der_whole(tbs, DER_SEQUENCE);
	return dn_is_well_formed(cert->issuer);
}

static bool
read_validity(struct cert *cert, struct cursor *tbs)
{
	struct cursor validity = der_enter(tbs, DER_SEQUENCE);

	cert->not_before = der_time(&validity);
	cert->not_after = der_time(&validity);
	der_leave(tbs, &validity);
	return !tbs->broken;
}

static bool
read_subject(struct cert *cert, struct cursor *tbs)
{
	cert->subject = der_whole(tbs, DER_SEQUENCE);
	return dn_is_well_formed(cert->subject);
}

static bool
read_key(struct cert *cert, struct cursor *tbs)
{
	return public_key_parse(&cert->key, der_whole(tbs, DER_SEQUENCE));
}

/* Unique identifiers, read and forgotten (section 4.1.2.8). */
static bool
read_unique_ids(struct cert *cert, struct cursor *tbs)
{
	struct span id;

	(void)cert;
	der_optional(tbs, DER_CONTEXT + 1, &id);
	der_optional(tbs, DER_CONTEXT + 2, &id);
	return !tbs->broken;
}

static const struct part parts[] = {
	{ read_version, "4.1.2.1: unreadable version" },
	{ read_serial, "4.1.2.2: unreadable serialNumber" },
	{ read_algorithm, "4.1.2.3: unreadable signature algorithm" },
	{ read_issuer, "4.1.2.4: unreadable issuer" },
	{ read_validity, "4.1.2.5: unreadable validity" },
	{ read_subject, "4.1.2.6: unreadable subject" },
	{ read_key, "4.1.2.7: unreadable subjectPublicKeyInfo" },
	{ read_unique_ids, "4.1.2.8: unreadable unique identifier" },
};

static bool
read_extensions(struct cert *cert, struct cursor *tbs, struct arena *arena)
{
	struct cursor field;
	struct span list;

	if (tbs->left == 0)
		return true;
	field = der_enter(tbs, DER_CONTEXT_CONSTRUCTED + 3);
	list = der_read(&field, DER_SEQUENCE);
	der_leave(tbs, &field);
	return cursor_at_end(tbs) && extensions_parse(cert, list, arena);
}

static bool
parse_tbs(struct cert *cert, struct span content, struct arena *arena, struct error *error)
{
	struct cursor tbs = cursor_over(content);

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (!parts[i].read(cert, &tbs))
			return error_set(error, "RFC 5280 section %s", parts[i].problem);
	if (!read_extensions(cert, &tbs, arena))
		return error_set(error, "RFC 5280 section 4.1.2.9: unreadable extensions");
	return true;
}

static struct span
signed_algorithm(struct span tbs_content)
{
	struct cursor tbs = cursor_over(tbs_content);
	struct span version;

	der_optional(&tbs, DER_CONTEXT_CONSTRUCTED, &version);
	der_integer(&tbs);
	return der_whole(&tbs, DER_SEQUENCE);
}

bool
cert_parse(struct cert *cert, struct span der, struct arena *arena, struct error *error)
{
	struct cursor outer = cursor_over(der);
	struct cursor fields = der_enter(&outer, DER_SEQUENCE);
	struct cursor start = fields;
	struct span tbs = der_read(&fields, DER_SEQUENCE);
	struct span identifier = der_whole(&fields, DER_SEQUENCE);

	*cert = (struct cert){
		.der = der,
		.path_length = PATH_LENGTH_NONE,
		.require_explicit_policy = SKIP_CERTS_NONE,
		.inhibit_any_skip = SKIP_CERTS_NONE,
	};
	cert->tbs = der_whole(&start, DER_SEQUENCE);
	cert->signature = der_bytes(&fields);
	der_leave(&outer, &fields);
	if (!cursor_at_end(&outer))
		return error_set(error, "RFC 5280 section 4.1: not a certificate in DER");
	if (!parse_tbs(cert, tbs, arena, error))
		return false;
	cert->algorithms_differ = !span_equal(identifier, signed_algorithm(tbs));
	return true;
}
