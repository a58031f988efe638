/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A table of extensions by their OIDs, with the reader of each.
 */
#include "extensions.h"

#include <stddef.h>

#include "constraints.h"
#include "der.h"
#include "oid.h"

static void
read_basic_constraints(struct cert *cert, struct cursor *value)
{
	struct cursor fields = der_enter(value, DER_SEQUENCE);

	if (der_at(&fields, DER_BOOLEAN))
		cert->is_ca = der_boolean(&fields);
	if (der_at(&fields, DER_INTEGER))
		cert->path_length = (int)der_number(&fields);
	der_leave(value, &fields);
}

static void
read_key_usage(struct cert *cert, struct cursor *value)
{
	cert->usages = der_named_bits(value);
}

static const struct oid_code purposes[] = {
	{ { 8, { 0x2b, 6, 1, 5, 5, 7, 3, 1 } }, PURPOSE_SERVER_AUTH },
	{ { 8, { 0x2b, 6, 1, 5, 5, 7, 3, 2 } }, PURPOSE_CLIENT_AUTH },
	{ { 8, { 0x2b, 6, 1, 5, 5, 7, 3, 4 } }, PURPOSE_EMAIL_PROTECTION },
	{ { 8, { 0x2b, 6, 1, 5, 5, 7, 3, 9 } }, PURPOSE_OCSP_SIGNING },
	{ { 4, { 0x55, 0x1d, 0x25, 0 } }, PURPOSE_ANY },
	{ { 0, { 0 } }, PURPOSE_OTHER },
};

/* An empty list is malformed, but says clearly that there is no purpose: it leaves that to the
 * judge of usages. */
static void
read_extended_key_usage(struct cert *cert, struct cursor *value)
{
	struct cursor list = der_enter(value, DER_SEQUENCE);

	while (!list.broken && list.left != 0)
		cert->purposes |= (unsigned)oid_code(purposes, der_read(&list, DER_OID));
	der_leave(value, &list);
}

/* Every name must be readable, so that later readers need not ask again. */
static void
read_subject_alt_name(struct cert *cert, struct cursor *value)
{
	struct cursor names;

	cert->names = der_read(value, DER_SEQUENCE);
	names = cursor_over(cert->names);
	do {
		struct general_name name = general_name_read(&names);

		if (name.kind == GENERAL_NAME_IP && name.value.len != 4 && name.value.len != 16)
			names.broken = true;
	} while (!names.broken && names.left != 0);
	der_leave(value, &names);
}

/* RFC 5280 section 4.2.1.10: one of the two lists at least, and none of them empty. */
static void
read_name_constraints(struct cert *cert, struct cursor *value)
{
	struct cursor fields = der_enter(value, DER_SEQUENCE);
	bool permitted = der_optional(&fields, DER_CONTEXT_CONSTRUCTED, &cert->permitted);
	bool excluded = der_optional(&fields, DER_CONTEXT_CONSTRUCTED + 1, &cert->excluded);

	if ((!permitted && !excluded) ||
		(permitted && !constraints_are_well_formed(cert->permitted)) ||
		(excluded && !constraints_are_well_formed(cert->excluded)))
		fields.broken = true;
	der_leave(value, &fields);
}

static void
read_policies(struct cert *cert, struct cursor *value)
{
	struct cursor list;

	cert->policy_list = der_read(value, DER_SEQUENCE);
	list = cursor_over(cert->policy_list);
	do {
		struct cursor policy = der_enter(&list, DER_SEQUENCE);
		struct span qualifiers;

		der_read(&policy, DER_OID);
		der_optional(&policy, DER_SEQUENCE, &qualifiers);
		der_leave(&list, &policy);
	} while (!list.broken && list.left != 0);
	der_leave(value, &list);
}

static void
read_policy_mappings(struct cert *cert, struct cursor *value)
{
	(void)cert;
	der_read(value, DER_SEQUENCE);
}

static uint32_t
number_in(struct span content)
{
	uint32_t number = 0;

	for (size_t i = 0; i < content.len; i++)
		number = number << 8 | content.data[i];
	return number;
}

/* SkipCerts beyond two bytes are as good as any other large number. */
static void
read_policy_constraints(struct cert *cert, struct cursor *value)
{
	struct cursor fields = der_enter(value, DER_SEQUENCE);
	struct span explicit_policy, inhibit_mapping;

	if (der_optional(&fields, DER_CONTEXT, &explicit_policy)) {
		if (explicit_policy.len == 0 || explicit_policy.len > 2)
			fields.broken = true;
		else
			cert->require_explicit_policy = (int)number_in(explicit_policy);
	}
	der_optional(&fields, DER_CONTEXT + 1, &inhibit_mapping);
	der_leave(value, &fields);
}

static void
read_inhibit_any(struct cert *cert, struct cursor *value)
{
	cert->inhibit_any_skip = (int)der_number(value);
}

/* RFC 5280 section 4.2.1.1: issuer and serial number go together. */
static void
read_authority_key_id(struct cert *cert, struct cursor *value)
{
	struct cursor fields = der_enter(value, DER_SEQUENCE);
	struct span issuer, serial;
	bool has_issuer, has_serial;

	der_optional(&fields, DER_CONTEXT, &cert->issuer_key_id);
	has_issuer = der_optional(&fields, DER_CONTEXT_CONSTRUCTED + 1, &issuer);
	has_serial = der_optional(&fields, DER_CONTEXT + 2, &serial);
	if (has_issuer != has_serial)
		fields.broken = true;
	der_leave(value, &fields);
}

static void
read_subject_key_id(struct cert *cert, struct cursor *value)
{
	cert->key_id = der_read(value, DER_OCTET_STRING);
}

enum { ACCESS_OTHER, ACCESS_OCSP, ACCESS_CA_ISSUERS };

static const struct oid_code access_methods[] = {
	{ { 8, { 0x2b, 6, 1, 5, 5, 7, 0x30, 1 } }, ACCESS_OCSP },
	{ { 8, { 0x2b, 6, 1, 5, 5, 7, 0x30, 2 } }, ACCESS_CA_ISSUERS },
	{ { 0, { 0 } }, ACCESS_OTHER },
};

static void
keep_first(struct span *kept, struct span value)
{
	if (kept->len == 0)
		*kept = value;
}

static void
read_authority_info(struct cert *cert, struct cursor *value)
{
	struct cursor list = der_enter(value, DER_SEQUENCE);

	do {
		struct cursor access = der_enter(&list, DER_SEQUENCE);
		int method = oid_code(access_methods, der_read(&access, DER_OID));
		struct general_name location = general_name_read(&access);

		der_leave(&list, &access);
		if (list.broken || location.kind != GENERAL_NAME_URI)
			continue;
		if (method == ACCESS_OCSP)
			keep_first(&cert->ocsp_url, location.value);
		else if (method == ACCESS_CA_ISSUERS)
			keep_first(&cert->ca_issuers_url, location.value);
	} while (!list.broken && list.left != 0);
	der_leave(value, &list);
}

static void
read_scts(struct cert *cert, struct cursor *value)
{
	cert->sct_list = der_read(value, DER_OCTET_STRING);
}

/* RFC 7633 section 4: SEQUENCE OF INTEGER, each the number of a TLS extension. */
static void
read_tls_feature(struct cert *cert, struct cursor *value)
{
	struct cursor list = der_enter(value, DER_SEQUENCE);

	while (!list.broken && list.left != 0) {
		uint32_t feature = der_number(&list);

		cert->must_staple = cert->must_staple || feature == 5 || feature == 17;
	}
	der_leave(value, &list);
}

/* Which extensions we read, and where the certificate notes that they are there. */
static const struct row {
	struct oid oid;
	bool may_be_critical; /* one that may not is unknown to us when it is */
	const char *name;
	size_t extension; /* offset of its struct cert_extension in struct cert */
	void (*read)(struct cert *cert, struct cursor *value);
} rows[] = {
	{ { 3, { 0x55, 0x1d, 19 } }, true, "basicConstraints",
		offsetof(struct cert, basic_constraints), read_basic_constraints },
	{ { 3, { 0x55, 0x1d, 15 } }, true, "keyUsage", offsetof(struct cert, key_usage),
		read_key_usage },
	{ { 3, { 0x55, 0x1d, 37 } }, true, "extKeyUsage", offsetof(struct cert, extended_key_usage),
		read_extended_key_usage },
	{ { 3, { 0x55, 0x1d, 17 } }, true, "subjectAltName",
		offsetof(struct cert, subject_alt_name), read_subject_alt_name },
	{ { 3, { 0x55, 0x1d, 30 } }, true, "nameConstraints",
		offsetof(struct cert, name_constraints), read_name_constraints },
	{ { 3, { 0x55, 0x1d, 32 } }, true, "certificatePolicies", offsetof(struct cert, policies),
		read_policies },
	{ { 3, { 0x55, 0x1d, 33 } }, true, "policyMappings", offsetof(struct cert, policy_mappings),
		read_policy_mappings },
	{ { 3, { 0x55, 0x1d, 36 } }, true, "policyConstraints",
		offsetof(struct cert, policy_constraints), read_policy_constraints },
	{ { 3, { 0x55, 0x1d, 54 } }, true, "inhibitAnyPolicy",
		offsetof(struct cert, inhibit_any_policy), read_inhibit_any },
	{ { 3, { 0x55, 0x1d, 35 } }, false, "authorityKeyIdentifier",
		offsetof(struct cert, authority_key_id), read_authority_key_id },
	{ { 3, { 0x55, 0x1d, 14 } }, false, "subjectKeyIdentifier",
		offsetof(struct cert, subject_key_id), read_subject_key_id },
	{ { 8, { 0x2b, 6, 1, 5, 5, 7, 1, 1 } }, false, "authorityInfoAccess",
		offsetof(struct cert, authority_info), read_authority_info },
	{ { 10, { 0x2b, 6, 1, 4, 1, 0xd6, 0x79, 2, 4, 2 } }, false, "SCT list",
		offsetof(struct cert, scts), read_scts },
	{ { 8, { 0x2b, 6, 1, 5, 5, 7, 1, 24 } }, true, "TLS feature",
		offsetof(struct cert, tls_feature), read_tls_feature },
};

static const struct row *
row_of(struct span oid)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (oid_equal(&rows[i].oid, oid))
			return &rows[i];
	return NULL;
}

static void
note_malformed(struct cert *cert, const char *text)
{
	if (cert->malformed == NULL)
		cert->malformed = text;
}

/* Of one that cannot be read, nothing is kept but that it is there. */
static void
read_known(struct cert *cert, const struct row *row, bool critical, struct span value,
	struct arena *arena)
{
	struct cert_extension *noted = (struct cert_extension *)((char *)cert + row->extension);
	struct cursor cursor = cursor_over(value);
	struct cert before;

	if (noted->present) {
		note_malformed(cert, arena_printf(arena, "%s stands there twice", row->name));
		return;
	}
	*noted = (struct cert_extension){ .present = true, .critical = critical };
	before = *cert;
	row->read(cert, &cursor);
	if (cursor_at_end(&cursor))
		return;
	*cert = before;
	note_malformed(cert, arena_printf(arena, "unreadable %s", row->name));
}

/* Extensions we do not know, in order, to see one that stands there twice. */
static bool
stands_before(struct cursor earlier, const uint8_t *end, struct span oid)
{
	while (earlier.next < end) {
		struct cursor fields = der_enter(&earlier, DER_SEQUENCE);

		if (span_equal(der_read(&fields, DER_OID), oid))
			return true;
	}
	return false;
}

static void
read_extension(struct cert *cert, struct cursor *list, struct cursor start, struct arena *arena)
{
	const uint8_t *here = list->next;
	struct cursor fields = der_enter(list, DER_SEQUENCE);
	struct span oid = der_read(&fields, DER_OID);
	bool critical = der_at(&fields, DER_BOOLEAN) && der_boolean(&fields);
	struct span value = der_read(&fields, DER_OCTET_STRING);
	const struct row *row = row_of(oid);

	der_leave(list, &fields);
	if (list->broken)
		return;
	if (critical && (row == NULL || !row->may_be_critical))
		keep_first(&cert->unknown_critical, oid);
	if (row != NULL)
		read_known(cert, row, critical, value, arena);
	else if (stands_before(start, here, oid))
		note_malformed(cert, "an extension stands there twice");
}

/* A certificate with more is malformed; the search for doubles stays cheap. */
#define EXTENSIONS_MAX 256

bool
extensions_parse(struct cert *cert, struct span content, struct arena *arena)
{
	struct cursor list = cursor_over(content), start = list;
	size_t count = 0;

	while (!list.broken && list.left != 0 && count++ < EXTENSIONS_MAX)
		read_extension(cert, &list, start, arena);
	return count != 0 && cursor_at_end(&list);
}
