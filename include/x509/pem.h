/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * pem: the certificates, or the public key, of a PEM text (RFC 7468). Text around the blocks, and blocks with
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

/* Goes through a text, which must outlive it. */
struct pem_reader {
	const char *text;
	const char *next;
	const char *end;
};

struct pem_reader pem_reader_over(const char *text, size_t len);

/* Decodes the next CERTIFICATE block into the buffer, whose content it replaces. False at the end
 * of the text; and with "line N: RFC 7468 section ...: fact" where a block is not closed, is not
 * base64 or does not fit into the buffer, behind which nothing more is to be read. */
bool pem_next_cert(struct pem_reader *reader, struct buf *der, struct error *error);

struct pem_certs {
	struct span *der; /* in the arena, in the order of the text */
	size_t count;
};

/* Reads every CERTIFICATE block. False with an error as of pem_next_cert; the certificates before it
 * are handed over all the same. A text without a certificate gives none, and true. */
bool pem_read_certs(struct pem_certs *certs, const char *text, size_t len, struct arena *arena,
	struct error *error);

/* Reads the first PUBLIC KEY block, a SubjectPublicKeyInfo (RFC 7468 section 13). False where there is
 * none, and with an error as of pem_next_cert where it is broken. */
bool pem_read_public_key(
	struct span *spki, const char *text, size_t len, struct arena *arena, struct error *error);

/* Appends the certificate as one block, in lines of 64 characters (RFC 7468 section 2). */
void pem_add_cert(struct buf *out, struct span der);

#endif
