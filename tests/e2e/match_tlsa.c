/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * match_tlsa CHAIN NAME RECORD...: holds TLSA records ("3 1 1 ab12...") against a chain in PEM, and prints
 * whether it matches, then the outcome of each record.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/file_read.h"
#include "x509/pem.h"
#include "x509/tlsa.h"

#define RECORDS_MAX 16

static struct tlsa_record
read_record(char *text, struct arena *arena)
{
	struct tlsa_record record = { 0 };
	uint8_t *data = arena_alloc(arena, strlen(text));
	char byte[3] = "";

	record.usage = (uint8_t)strtoul(text, &text, 10);
	record.selector = (uint8_t)strtoul(text, &text, 10);
	record.matching = (uint8_t)strtoul(text, &text, 10);
	for (text++; text[0] != '\0' && text[1] != '\0'; text += 2) {
		memcpy(byte, text, 2);
		data[record.data.len++] = (uint8_t)strtoul(byte, NULL, 16);
	}
	record.data.data = data;
	return record;
}

int
main(int argc, char **argv)
{
	struct error error = { { 0 } };
	struct tlsa_record records[RECORDS_MAX];
	struct tlsa_verdict verdict;
	struct pem_certs certs;
	struct arena arena;
	struct buf text;
	const char *name;

	if (argc < 3 || argc - 3 > RECORDS_MAX)
		return 2;
	arena_init(&arena);
	buf_init(&text, (size_t)1 << 20);
	if (!file_read(&text, argv[1], &error) ||
		!pem_read_certs(&certs, text.data, text.len, &arena, &error))
		return 2;
	for (int i = 3; i < argc; i++)
		records[i - 3] = read_record(argv[i], &arena);
	name = argv[2];
	verdict = tlsa_judge(&(struct tlsa_query){ .records = records,
				     .count = (size_t)argc - 3,
				     .chain = certs.der,
				     .chain_count = certs.count,
				     .names = &name,
				     .name_count = 1,
				     .at = time(NULL) },
		&arena);
	printf("%s", verdict.matches ? "match" : verdict.undecided ? "undecided" : "none");
	for (size_t i = 0; i < verdict.count; i++)
		printf(" %s", tlsa_outcome_name(verdict.findings[i].outcome));
	puts("");
	buf_release(&text);
	arena_release(&arena);
	return 0;
}
