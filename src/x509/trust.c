/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A hash table over subjects; certificates with the same subject are chained. What the rest of a
 * bundle holds gets into it when somebody looks something up.
 */
#include "x509/trust.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/arena.h"
#include "der.h"
#include "dn.h"
#include "x509/pem.h"

#define BUCKETS 512

/* The rest of a bundle. */
struct rest {
	struct buf text;
	struct pem_reader reader;
	struct rest *next;
};

struct anchors {
	struct arena arena;
	struct trust_anchor *buckets[BUCKETS];
	size_t count;

	pthread_mutex_t lock; /* of the rests, and of all above while there are any */
	struct rest *rests;
};

/* Who reads a store may be the one that reads the rest of its bundles. */
struct trust_store {
	struct anchors *anchors;
};

struct trust_store *
trust_store_create(void)
{
	struct trust_store *store = calloc(1, sizeof(*store));

	if (store == NULL || (store->anchors = calloc(1, sizeof(*store->anchors))) == NULL)
		out_of_memory();
	arena_init(&store->anchors->arena);
	pthread_mutex_init(&store->anchors->lock, NULL);
	return store;
}

void
trust_store_release(struct trust_store *store)
{
	if (store == NULL)
		return;
	for (struct rest *rest = store->anchors->rests; rest != NULL; rest = rest->next)
		buf_release(&rest->text);
	pthread_mutex_destroy(&store->anchors->lock);
	arena_release(&store->anchors->arena);
	free(store->anchors);
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

static const struct trust_anchor *
first_with(const struct trust_anchor *anchor, struct span subject)
{
	while (anchor != NULL && !dn_equal(anchor->subject, subject))
		anchor = anchor->next;
	return anchor;
}

static struct trust_anchor **
bucket_of(struct anchors *anchors, struct span subject)
{
	return &anchors->buckets[dn_hash(subject) % BUCKETS];
}

static bool
is_among(const struct trust_anchor *anchor, struct span der, struct span subject)
{
	anchor = first_with(anchor, subject);
	while (anchor != NULL && !span_equal(anchor->der, der))
		anchor = first_with(anchor->next, subject);
	return anchor != NULL;
}

static bool
add(struct anchors *anchors, struct span der, struct error *error)
{
	struct trust_anchor *anchor;
	struct trust_anchor **bucket;
	const uint8_t *copy;
	struct span subject;

	if (!read_subject(der, &subject))
		return error_set(error, "RFC 5280 section 4.1: not a certificate in DER");
	bucket = bucket_of(anchors, subject);
	if (is_among(*bucket, der, subject))
		return true;
	copy = arena_memdup(&anchors->arena, der.data, der.len);
	anchor = arena_alloc(&anchors->arena, sizeof(*anchor));
	*anchor = (struct trust_anchor){ .der = { copy, der.len },
		.subject = { copy + (subject.data - der.data), subject.len },
		.next = *bucket };
	*bucket = anchor;
	anchors->count++;
	return true;
}

/* `number`: in its file, from 1. */
static bool
add_numbered(struct anchors *anchors, struct span der, size_t number, struct error *error)
{
	struct error problem = { .text = "" };

	return add(anchors, der, &problem) ||
	       error_set(error, "certificate %zu: %s", number, problem.text);
}

/* Up to the end, or to what is no PEM. */
static void
add_rests(struct anchors *anchors)
{
	struct error ignored = { .text = "" };
	struct buf der;

	buf_init(&der, PEM_CERT_MAX);
	for (struct rest *rest = anchors->rests; rest != NULL; rest = rest->next) {
		while (pem_next_cert(&rest->reader, &der, &ignored))
			add(anchors, buf_span(&der), &ignored);
		buf_release(&rest->text);
	}
	buf_release(&der);
	anchors->rests = NULL;
}

/* What is in the store, complete: nobody changes it while it is read. */
static struct anchors *
anchors_of(const struct trust_store *store)
{
	struct anchors *anchors = store->anchors;

	pthread_mutex_lock(&anchors->lock);
	add_rests(anchors);
	pthread_mutex_unlock(&anchors->lock);
	return anchors;
}

bool
trust_store_add_pem(
	struct trust_store *store, const char *text, size_t len, size_t *found, struct error *error)
{
	struct pem_reader reader = pem_reader_over(text, len);
	struct error problem = { .text = "" };
	struct buf der;

	buf_init(&der, PEM_CERT_MAX);
	for (*found = 0; pem_next_cert(&reader, &der, error); ++*found)
		add_numbered(store->anchors, buf_span(&der), *found + 1, &problem);
	buf_release(&der);
	if (error_is_set(&problem))
		error_set(error, "%s", problem.text);
	return !error_is_set(error);
}

bool
trust_store_add_bundle(struct trust_store *store, struct buf *text, struct error *error)
{
	struct anchors *anchors = store->anchors;
	struct rest *rest = arena_alloc(&anchors->arena, sizeof(*rest));
	bool any = false;
	struct buf der;

	*rest = (struct rest){ *text, pem_reader_over(text->data, text->len), anchors->rests };
	buf_init(text, text->limit);
	anchors->rests = rest;
	buf_init(&der, PEM_CERT_MAX);
	for (size_t number = 1; !any && pem_next_cert(&rest->reader, &der, error); number++)
		any = add_numbered(anchors, buf_span(&der), number, error);
	buf_release(&der);
	return any;
}

size_t
trust_store_count(const struct trust_store *store)
{
	return anchors_of(store)->count;
}

const struct trust_anchor *
trust_store_find(const struct trust_store *store, struct span subject)
{
	return first_with(*bucket_of(anchors_of(store), subject), subject);
}

const struct trust_anchor *
trust_anchor_next(const struct trust_anchor *anchor, struct span subject)
{
	return first_with(anchor->next, subject);
}

bool
trust_store_holds(const struct trust_store *store, struct span der, struct span subject)
{
	return is_among(*bucket_of(anchors_of(store), subject), der, subject);
}
