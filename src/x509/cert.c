/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What there is to show of a certificate.
 */
#include "x509/cert.h"

#include "dn.h"

#define NAMES_SHOWN 20
#define NAME_TEXT_MAX 512

struct cursor
cert_names(const struct cert *cert)
{
	return cursor_over(cert->names);
}

bool
cert_is_self_issued(const struct cert *cert)
{
	return dn_equal(cert->issuer, cert->subject);
}

const char *
cert_name_text(struct arena *arena, struct span name)
{
	struct buf text;
	char *copy;

	buf_init(&text, NAME_TEXT_MAX);
	dn_add_text(&text, name);
	copy = arena_memdup(arena, text.data, text.len);
	buf_release(&text);
	return copy;
}

void
cert_add_names(struct buf *out, const struct cert *cert)
{
	struct cursor names = cert_names(cert);
	size_t count = 0;

	for (; names.left != 0; count++) {
		struct general_name name = general_name_read(&names);

		if (names.broken || count >= NAMES_SHOWN)
			continue;
		if (count != 0)
			buf_add_string(out, ", ");
		general_name_add_text(out, &name);
	}
	if (count > NAMES_SHOWN)
		buf_addf(out, " and %zu more", count - NAMES_SHOWN);
	if (count == 0)
		buf_add_string(out, "no subjectAltName");
}

void
cert_sha256(uint8_t digest[SHA256_LEN], const struct cert *cert)
{
	sha256(digest, cert->der);
}

void
cert_spki_sha256(uint8_t digest[SHA256_LEN], const struct cert *cert)
{
	sha256(digest, cert->key.spki);
}
