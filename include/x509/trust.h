/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * trust: a set of trust anchors, found by their subject. Of each certificate only the subject is
 * read, the rest by whoever needs one of them; of a bundle, which may be a system store of some
 * hundred, not even that before somebody looks something up. Filled by one thread, read by any
 * number.
 */
#ifndef GATE_X509_TRUST_H
#define GATE_X509_TRUST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"
#include "wire/cursor.h"

struct trust_store;

struct trust_anchor {
	struct span der; /* owned by the store */
	struct span subject;
	struct trust_anchor *next;
};

struct trust_store *trust_store_create(void);
void trust_store_release(struct trust_store *store);

/* Adds the certificates of a PEM text; one that is there already is not added again. False when
 * a block, or a certificate in it, cannot be read: the error names the first, the rest is added
 * all the same. Text without certificates adds none, and is no error; *found tells how many there
 * are. */
bool trust_store_add_pem(struct trust_store *store, const char *text, size_t len, size_t *found,
	struct error *error);

/* Takes over a PEM text that nobody here wrote, and leaves an empty buffer. It is read up to the first
 * certificate, and the rest when somebody looks something up: up to the first block that cannot be
 * read. A certificate in it that cannot be read is none of the anchors. False when there is no
 * certificate to be read; the error tells when a block is to blame. */
bool trust_store_add_bundle(struct trust_store *store, struct buf *text, struct error *error);

size_t trust_store_count(const struct trust_store *store);

/* The first anchor with that subject (as dn_equal compares), and the next one after it; NULL
 * when there is none. */
const struct trust_anchor *trust_store_find(const struct trust_store *store, struct span subject);
const struct trust_anchor *trust_anchor_next(
	const struct trust_anchor *anchor, struct span subject);

/* Whether exactly this certificate is an anchor. */
bool trust_store_holds(const struct trust_store *store, struct span der, struct span subject);

#endif
