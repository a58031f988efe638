/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The input is a set of TLSA records for a chain: four bytes each for usage, selector and matching type,
 * what the data is made of, what is changed in it, and whether bytes of the input stand for it. A digest
 * that was changed never matches, and the verdict agrees with what is found of the records.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "x509/cert.h"
#include "x509/tlsa.h"

#define RECORDS_MAX 40
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

/* A record of a certificate, with `change` laid over the first byte of its data. */
static struct tlsa_record
record_of(struct arena *arena, struct span der, uint8_t numbers, uint8_t change)
{
	struct tlsa_record record = { numbers & 7, numbers >> 3 & 3, numbers >> 5 & 3, der };
	struct error ignored = { { 0 } };
	uint8_t *data = arena_alloc(arena, der.len + SHA512_LEN);
	struct cert cert;

	if (record.selector == TLSA_SPKI && cert_parse(&cert, der, arena, &ignored))
		record.data = cert.key.spki;
	memcpy(data, record.data.data, record.data.len);
	if (record.matching == TLSA_SHA256)
		sha256(data, record.data);
	if (record.matching == TLSA_SHA512)
		sha512(data, record.data);
	if (record.matching != TLSA_FULL)
		record.data.len = record.matching == TLSA_SHA256 ? SHA256_LEN : SHA512_LEN;
	data[0] ^= change;
	record.data.data = data;
	return record;
}

static void
judge(const struct tlsa_query *query, const bool *changed, struct arena *arena)
{
	struct tlsa_verdict verdict = tlsa_judge(query, arena);
	struct tlsa_rollover rollover = tlsa_rollover(query->records, &verdict, 1);
	size_t matches = 0, usable = 0;

	for (size_t i = 0; i < verdict.count; i++) {
		const struct tlsa_finding *finding = &verdict.findings[i];

		matches += finding->outcome == TLSA_MATCH;
		usable += tlsa_is_usable(finding->outcome);
		if (changed[i] && (finding->fits || finding->outcome == TLSA_MATCH))
			abort();
		if (!tlsa_is_usable(finding->outcome) && finding->fits)
			abort();
		if (tlsa_outcome_name(finding->outcome) == NULL)
			abort();
	}
	if (verdict.matches != (matches != 0) || verdict.usable > usable ||
		(usable != 0 && verdict.usable == 0) ||
		(verdict.completeness == TLSA_COMPLETE && matches == 0) ||
		(verdict.completeness == TLSA_NOTHING_USABLE) != (usable == 0) ||
		(rollover.issuer && matches < 2) || (rollover.next && matches == 0))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const sources[] = { "leaf", "ica", "root", "leaf-old" };
	static const char *const names[] = { "mail.example.test" };
	struct tlsa_record records[RECORDS_MAX];
	struct tlsa_query query = { .records = records, .names = names, .name_count = 1, .at = AT };
	bool changed[RECORDS_MAX];
	struct span chain[2];
	struct arena arena;

	arena_init(&arena);
	chain[0] = load(&arena, "leaf");
	chain[1] = load(&arena, "ica");
	query.chain = chain;
	query.chain_count = 2;
	for (; size >= 4 && query.count < RECORDS_MAX; data += 4, size -= 4) {
		struct tlsa_record *record = &records[query.count];

		*record = record_of(&arena, load(&arena, sources[data[1] % 4]), data[0], data[2]);
		if (data[3] % 4 == 0)
			record->data = (struct span){ data, size };
		changed[query.count++] =
			record->matching != TLSA_FULL && (data[2] != 0 || data[3] % 4 == 0);
	}
	judge(&query, changed, &arena);
	arena_release(&arena);
	return 0;
}
