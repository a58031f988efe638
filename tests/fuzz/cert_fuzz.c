/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A certificate from any bytes: what was read of it can be used without a further look.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "x509/cert.h"
#include "x509/constraints.h"
#include "x509/dn.h"
#include "x509/hostname.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_inside(const struct cert *cert, struct span part)
{
	if (part.len != 0 && (part.data < cert->der.data ||
				     part.data + part.len > cert->der.data + cert->der.len))
		abort();
}

static void
check_spans(const struct cert *cert)
{
	check_inside(cert, cert->tbs);
	check_inside(cert, cert->serial);
	check_inside(cert, cert->issuer);
	check_inside(cert, cert->subject);
	check_inside(cert, cert->key.material);
	check_inside(cert, cert->signature);
	check_inside(cert, cert->names);
	check_inside(cert, cert->permitted);
	check_inside(cert, cert->excluded);
	check_inside(cert, cert->ca_issuers_url);
	check_inside(cert, cert->sct_list);
	check_inside(cert, cert->unknown_critical);
}

static void
use(const struct cert *cert, struct arena *arena)
{
	struct cursor names = cert_names(cert);
	size_t comparisons = 1000;
	uint8_t digest[SHA256_LEN];
	struct buf text;

	buf_init(&text, 4096);
	cert_add_names(&text, cert);
	constraints_check(cert, cert, &comparisons, &text);
	buf_release(&text);
	cert_name_text(arena, cert->subject);
	cert_spki_sha256(digest, cert);
	hostname_matches("mail.example.com", cert);
	hostname_matches("192.0.2.1", cert);
	if (!dn_equal(cert->subject, cert->subject) || !dn_is_within(cert->subject, cert->subject))
		abort();
	while (names.left != 0)
		general_name_read(&names);
	if (names.broken)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error error = { { 0 } };
	struct arena arena;
	struct cert cert;

	arena_init(&arena);
	if (cert_parse(&cert, (struct span){ data, size }, &arena, &error)) {
		check_spans(&cert);
		use(&cert, &arena);
	} else if (!error_is_set(&error)) {
		abort();
	}
	arena_release(&arena);
	return 0;
}
