/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A hash table over subjects; certificates with the same subject are chained.
 */
#include "x509/trust.h"

#include <stdlib.h>

#include "base/arena.h"
#include "der.h"
#include "dn.h"
#include "x509/pem.h"

#define BUCKETS 512

struct trust_store {
	struct arena arena;
	struct trust_anchor *buckets[BUCKETS];
	size_t count;
};

struct trust_store *
trust_store_create(void)
{
	struct trust_store *store = calloc(1, sizeof(*store));

	if (store == NULL)
		out_of_memory();
	arena_init(&store->arena);
	return store;
}

void
trust_store_release(struct trust_store *store)
{
	if (store == NULL)
		return;
	arena_release(&store->arena);
	free(store);
}

static bool
read_subject(struct span der, struct span *subject)
{
	struct cursor outer = cursor_over(der);
	struct cursor fields = der_enter(&outer, DER_SEQUENCE);
	struct cursor tbs = der_enter(&fields, DER_SEQUENCE);
	struct span version;

	der_optional(&tbs, DER_CONTEXT_CONSTRUCTED, &version);
	der_integer(&tbs);
	der_read(&tbs, DER_SEQUENCE); /* signature */
	der_read(&tbs, DER_SEQUENCE); /* issuer */
	der_read(&tbs, DER_SEQUENCE); /* validity */
	*subject = der_whole(&tbs, DER_SEQUENCE);
	return !tbs.broken && cursor_at_end(&outer) && dn_is_well_formed(*subject);
}

/* The DER is the store's already. */
static bool
add(struct trust_store *store, struct span der, struct error *error)
{
	struct trust_anchor *anchor;
	struct trust_anchor **bucket;
	struct span subject;

	if (!read_subject(der, &subject))
		return error_set(error, "RFC 5280 section 4.1: not a certificate in DER");
	if (trust_store_holds(store, der, subject))
		return true;
	bucket = &store->buckets[dn_hash(subject) % BUCKETS];
	anchor = arena_alloc(&store->arena, sizeof(*anchor));
	*anchor = (struct trust_anchor){ der, subject, *bucket };
	*bucket = anchor;
	store->count++;
	return true;
}

bool
trust_store_add_pem(
	struct trust_store *store, const char *text, size_t len, size_t *found, struct error *error)
{
	struct pem_certs certs;
	bool good = pem_read_certs(&certs, text, len, &store->arena, error);

	for (size_t i = 0; i < certs.count; i++) {
		struct error problem = { { 0 } };

		if (!add(store, certs.der[i], &problem))
			good = error_set(error, "certificate %zu: %s", i + 1, problem.text);
	}
	*found = certs.count;
	return good;
}

size_t
trust_store_count(const struct trust_store *store)
{
	return store->count;
}

static const struct trust_anchor *
first_with(const struct trust_anchor *anchor, struct span subject)
{
	while (anchor != NULL && !dn_equal(anchor->subject, subject))
		anchor = anchor->next;
	return anchor;
}

const struct trust_anchor *
trust_store_find(const struct trust_store *store, struct span subject)
{
	return first_with(store->buckets[dn_hash(subject) % BUCKETS], subject);
}

const struct trust_anchor *
trust_anchor_next(const struct trust_anchor *anchor, struct span subject)
{
	return first_with(anchor->next, subject);
}

bool
trust_store_holds(const struct trust_store *store, struct span der, struct span subject)
{
	const struct trust_anchor *anchor = trust_store_find(store, subject);

	while (anchor != NULL && !span_equal(anchor->der, der))
		anchor = trust_anchor_next(anchor, subject);
	return anchor != NULL;
}
