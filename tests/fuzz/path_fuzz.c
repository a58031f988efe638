/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The input is a list of edits to a chain that is trusted: which certificate, where, and what to
 * change there; or where to cut it, or to double it, or certificates of its own. Whatever comes
 * out is trusted only if its leaf is untouched.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "x509/path.h"

#define SENT_MAX 12
#define AT 1780272000 /* 2026-06-01 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct {
	const char *name;
	const char *base64;
} fixtures[] = {
#include "../unit/x509_fixtures.inc"
};

static const char *const chain[] = { "leaf-inside", "ica-constrained", "leaf", "ica",
	"leaf-of-self-issued", "ica-self-issued", "ica-length-0" };

#define CHAIN_LEN (sizeof(chain) / sizeof(chain[0]))

struct list {
	struct span sent[SENT_MAX];
	uint8_t *bytes[SENT_MAX];
	size_t count;
};

static const char *
base64_of(const char *name)
{
	for (size_t i = 0; i < sizeof(fixtures) / sizeof(fixtures[0]); i++)
		if (strcmp(fixtures[i].name, name) == 0)
			return fixtures[i].base64;
	abort();
}

static struct span
load(struct arena *arena, const char *name)
{
	const char *base64 = base64_of(name);
	struct span der;
	struct buf bytes;

	buf_init(&bytes, 65536);
	text_add_unbase64(&bytes, base64, strlen(base64));
	der = (struct span){ arena_memdup(arena, bytes.data, bytes.len), bytes.len };
	buf_release(&bytes);
	return der;
}

static void
trust_root(struct trust_store *store)
{
	struct error error = { { 0 } };
	size_t found = 0;
	struct buf pem;

	buf_init(&pem, 65536);
	buf_addf(&pem, "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n",
		base64_of("root"));
	if (!trust_store_add_pem(store, pem.data, pem.len, &found, &error))
		abort();
	buf_release(&pem);
}

static void
add(struct list *list, struct arena *arena, struct span der)
{
	if (list->count == SENT_MAX || der.len == 0)
		return;
	list->bytes[list->count] = arena_memdup(arena, der.data, der.len);
	list->sent[list->count] = (struct span){ list->bytes[list->count], der.len };
	list->count++;
}

/* Five bytes each: what to do, to which certificate, at which offset with which value. */
static void
edit(struct list *list, struct arena *arena, struct cursor *edits)
{
	unsigned what = cursor_u8(edits), which = cursor_u8(edits) % (unsigned)list->count;
	size_t offset = cursor_u16(edits);
	uint8_t value = cursor_u8(edits);
	struct span *span = &list->sent[which];

	if (span->len == 0)
		return;
	switch (what % 4) {
	case 0:
		list->bytes[which][offset % span->len] ^= value;
		break;
	case 1:
		span->len = offset % (span->len + 1);
		break;
	case 2:
		add(list, arena, *span);
		break;
	default:
		add(list, arena, cursor_bytes(edits, offset % (edits->left + 1)));
		break;
	}
}

static bool
is_untouched(const struct list *list, struct span leaf)
{
	return span_equal(list->sent[0], leaf);
}

/* One for all inputs; never released. */
static struct signature_memo *memo;

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor edits = cursor_over((struct span){ data, size });
	struct trust_store *store = trust_store_create();
	struct list list = { .count = 0 };
	struct path_verdict verdict;
	struct arena arena;
	struct span leaf;

	if (memo == NULL)
		memo = signature_memo_create();
	arena_init(&arena);
	for (size_t i = 0; i < CHAIN_LEN; i++)
		add(&list, &arena, load(&arena, chain[i]));
	leaf = load(&arena, chain[0]);
	trust_root(store);
	while (edits.left >= 5)
		edit(&list, &arena, &edits);
	verdict =
		path_judge(&(struct path_query){ list.sent, list.count, store, AT, memo }, &arena);
	if (verdict.trusted && !is_untouched(&list, leaf))
		abort();
	if (verdict.trusted != (verdict.problem_count == 0) || (size < 5 && !verdict.trusted))
		abort();
	trust_store_release(store);
	arena_release(&arena);
	return 0;
}
