/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A stapled response and a list of timestamps from any bytes. The response is judged for a
 * certificate whose issuer it would have to be signed by: none but the original is good.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "x509/ocsp.h"
#include "x509/sct.h"

#define AT 1780272000 /* 2026-06-01 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct {
	const char *name;
	const char *base64;
} fixtures[] = {
#include "../unit/x509_fixtures.inc"
};

static struct span
load(struct arena *arena, const char *name)
{
	struct span der = { NULL, 0 };
	struct buf bytes;

	buf_init(&bytes, 65536);
	for (size_t i = 0; i < sizeof(fixtures) / sizeof(fixtures[0]); i++)
		if (strcmp(fixtures[i].name, name) == 0)
			text_add_unbase64(&bytes, fixtures[i].base64, strlen(fixtures[i].base64));
	der = (struct span){ arena_memdup(arena, bytes.data, bytes.len), bytes.len };
	buf_release(&bytes);
	return der;
}

/* Certificates may be sent along without being signed, so the signed part counts. */
static bool
is_original(struct arena *arena, const struct ocsp_query *query, const struct ocsp_facts *facts)
{
	static const char *const names[] = { "ocsp-good", "ocsp-delegated" };
	bool found = false;

	for (size_t i = 0; i < 2; i++) {
		struct ocsp_facts original;

		found = found ||
			(ocsp_parse(&original, load(arena, names[i]), query->cert, query->issuer) &&
				span_equal(original.tbs, facts->tbs));
	}
	return found;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ocsp_query query = { .response = { data, size }, .at = AT };
	struct error error = { { 0 } };
	struct ocsp_verdict verdict;
	struct cert cert, issuer;
	struct sct_list list;
	struct arena arena;

	arena_init(&arena);
	if (!cert_parse(&cert, load(&arena, "leaf"), &arena, &error) ||
		!cert_parse(&issuer, load(&arena, "ica"), &arena, &error))
		abort();
	query.cert = &cert;
	query.issuer = &issuer;
	verdict = ocsp_judge(&query, &arena);
	if (verdict.good && !is_original(&arena, &query, &verdict.facts))
		abort();
	if (verdict.good != (verdict.problem_count == 0))
		abort();
	if (sct_list_parse(&list, query.response, &arena, &error) && list.count == 0)
		abort();
	arena_release(&arena);
	return 0;
}
