/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * pem: the certificates of a PEM text (RFC 7468). Text around the blocks, and blocks with
 * another label, are passed over.
 */
#ifndef GATE_X509_PEM_H
#define GATE_X509_PEM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "wire/cursor.h"

/* Largest certificate that is read, in bytes of DER. */
#define PEM_CERT_MAX (256 * 1024)

struct pem_certs {
	struct span *der; /* in the arena, in the order of the text */
	size_t count;
};

/* Reads every CERTIFICATE block. False with "line N: RFC 7468 section ...: fact" when a block
 * is not closed or is not base64; the certificates before it are handed over all the same. A
 * text without a certificate gives none, and true. */
bool pem_read_certs(struct pem_certs *certs, const char *text, size_t len, struct arena *arena,
	struct error *error);

/* Appends the certificate as one block, in lines of 64 characters (RFC 7468 section 2). */
void pem_add_cert(struct buf *out, struct span der);

#endif
