/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a record names is found by its bytes; a path to an issuer that a record of usage 2 names is
 * judged with that issuer as the only trust anchor.
 */
#include "x509/tlsa.h"

#include <string.h>

#include "base/names.h"
#include "base/text.h"
#include "tlsa_sets.h"
#include "x509/cert.h"
#include "x509/hostname.h"
#include "x509/pem.h"

#define DIGEST_MAX SHA512_LEN

/* Signatures of one chain that may be tried with a key that was not sent. */
#define KEY_TRIES_MAX PATH_CERTS_MAX

static const struct name_code outcomes[] = {
	{ "UnusableUsage", TLSA_UNUSABLE_USAGE },
	{ "UnusableSelector", TLSA_UNUSABLE_SELECTOR },
	{ "UnusableMatching", TLSA_UNUSABLE_MATCHING },
	{ "UnusableLength", TLSA_UNUSABLE_LENGTH },
	{ "UnusableData", TLSA_UNUSABLE_DATA },
	{ "PassedOver", TLSA_PASSED_OVER },
	{ "NoMatch", TLSA_NO_MATCH },
	{ "IsLeaf", TLSA_IS_LEAF },
	{ "BadPath", TLSA_BAD_PATH },
	{ "BadName", TLSA_BAD_NAME },
	{ "Undecided", TLSA_UNDECIDED },
	{ "Match", TLSA_MATCH },
	{ NULL, 0 },
};

const char *
tlsa_outcome_name(enum tlsa_outcome outcome)
{
	return name_of(outcomes, (int)outcome);
}

bool
tlsa_is_usable(enum tlsa_outcome outcome)
{
	return outcome >= TLSA_PASSED_OVER;
}

/* The certificates of the chain; those that cannot be read have no key. */
struct judged_chain {
	const struct tlsa_query *query;
	const struct cert **certs; /* NULL: cannot be read */
	struct arena *arena;
};

static struct span
der_at(const struct judged_chain *chain, size_t position)
{
	return chain->query->chain[position];
}

static struct judged_chain
read_chain(const struct tlsa_query *query, struct arena *arena)
{
	struct judged_chain chain = { query, NULL, arena };

	chain.certs = arena_array(arena, query->chain_count, sizeof(*chain.certs));
	for (size_t i = 0; i < query->chain_count; i++) {
		struct cert *cert = arena_alloc(arena, sizeof(*cert));
		struct error ignored = { { 0 } };

		if (cert_parse(cert, query->chain[i], arena, &ignored))
			chain.certs[i] = cert;
	}
	return chain;
}

/* Whether the record's data is what it says of the selected bytes (RFC 6698 section 2.1.3). */
static bool
names_bytes(const struct tlsa_record *record, struct span bytes)
{
	uint8_t digest[DIGEST_MAX];

	if (record->matching == TLSA_FULL)
		return span_equal(record->data, bytes);
	if (record->matching == TLSA_SHA256)
		sha256(digest, bytes);
	else
		sha512(digest, bytes);
	return memcmp(record->data.data, digest, record->data.len) == 0;
}

static bool
names_position(const struct judged_chain *chain, const struct tlsa_record *record, size_t position)
{
	const struct cert *cert = chain->certs[position];

	if (record->selector == TLSA_CERT)
		return names_bytes(record, der_at(chain, position));
	return cert != NULL && names_bytes(record, cert->key.spki);
}

static void
trust(struct trust_store *store, struct span der)
{
	struct error ignored = { { 0 } };
	size_t found = 0;
	struct buf pem;

	buf_init(&pem, (size_t)2 * PEM_CERT_MAX);
	pem_add_cert(&pem, der);
	trust_store_add_pem(store, pem.data, pem.len, &found, &ignored);
	buf_release(&pem);
}

/* Issuers that were sent and that the record names; the leaf, however often it was sent, is none. */
static void
trust_sent(const struct judged_chain *chain, const struct tlsa_record *record,
	struct trust_store *store, struct tlsa_finding *finding)
{
	for (size_t i = 1; i < chain->query->chain_count; i++) {
		if (span_equal(der_at(chain, i), der_at(chain, 0)) ||
			!names_position(chain, record, i))
			continue;
		if (!finding->fits)
			finding->position = (int)i;
		finding->fits = true;
		trust(store, der_at(chain, i));
	}
}

static bool
is_signed_by(const struct cert *cert, const struct public_key *key)
{
	return cert != NULL && signature_verify(key, &cert->algorithm, cert->tbs, cert->signature);
}

/* 2 1 0 (RFC 7671 section 5.2.3): a key has no subject, so what it signed is the end of the path. */
static void
trust_signed(const struct judged_chain *chain, struct span spki, struct trust_store *store,
	struct tlsa_finding *finding)
{
	struct public_key key;

	if (!public_key_parse(&key, spki))
		return;
	for (size_t i = 0; i < chain->query->chain_count && i < KEY_TRIES_MAX; i++)
		if (is_signed_by(chain->certs[i], &key)) {
			finding->fits = true;
			trust(store, der_at(chain, i));
		}
}

static bool
names_host(const struct judged_chain *chain)
{
	for (size_t i = 0; i < chain->query->name_count; i++)
		if (hostname_matches(chain->query->names[i], chain->certs[0]))
			return true;
	return false;
}

static bool
is_beyond_limits(const struct path_verdict *path)
{
	for (size_t i = 0; i < path->problem_count; i++)
		if (path->problems[i].kind == PATH_LIMIT || path->problems[i].kind == PATH_BUDGET)
			return true;
	return false;
}

/* Whether the path goes as far as the anchor, or is one of a trusted leaf. */
static bool
reaches_anchor(const struct path_verdict *path)
{
	return path->trusted ||
	       (path->member_count > 1 && path->members[path->member_count - 1].position == -1);
}

/* An anchor is no part of the path that is validated (RFC 5280 section 6.1): senders do not look at its
 * dates, unless it is a root. */
static bool
has_dates_of_anchor_only(const struct path_verdict *path)
{
	for (size_t i = 0; i < path->problem_count; i++)
		if (path->problems[i].position != -1 ||
			(path->problems[i].kind != PATH_CA_EXPIRED &&
				path->problems[i].kind != PATH_CA_NOT_YET_VALID))
			return false;
	return reaches_anchor(path) &&
	       !cert_is_self_issued(path->members[path->member_count - 1].cert);
}

static void
judge_path(const struct judged_chain *chain, const struct trust_store *store,
	struct tlsa_finding *finding)
{
	/* Then the anchor stands for a certificate that is part of the path. */
	bool is_bare_key = finding->fits && finding->position == -1;
	const struct tlsa_query *query = chain->query;
	struct path_query question = { .sent = query->chain,
		.count = query->chain_count,
		.trust = store,
		.at = query->at,
		.memo = query->memo };
	struct path_verdict path = path_judge(&question, chain->arena);

	finding->fits = finding->fits || reaches_anchor(&path);
	if (path.trusted || (!is_bare_key && has_dates_of_anchor_only(&path)))
		finding->outcome = names_host(chain) ? TLSA_MATCH : TLSA_BAD_NAME;
	else
		finding->outcome = is_beyond_limits(&path) ? TLSA_UNDECIDED
				   : finding->fits         ? TLSA_BAD_PATH
							   : TLSA_NO_MATCH;
	if (finding->outcome != TLSA_NO_MATCH) {
		finding->problems = path.problems;
		finding->problem_count = path.problem_count;
	}
}

static void
judge_issuer(const struct judged_chain *chain, const struct tlsa_record *record,
	struct tlsa_finding *finding)
{
	struct trust_store *store = trust_store_create();

	trust_sent(chain, record, store, finding);
	if (!finding->fits && record->matching == TLSA_FULL && record->selector == TLSA_SPKI)
		trust_signed(chain, record->data, store, finding);
	if (!finding->fits && names_position(chain, record, 0))
		finding->outcome = TLSA_IS_LEAF;
	else if (!finding->fits && record->matching == TLSA_FULL && record->selector == TLSA_CERT)
		trust(store, record->data);
	if (trust_store_count(store) != 0)
		judge_path(chain, store, finding);
	trust_store_release(store);
}

/* By its bytes alone: a path to what is passed over is never looked for. */
static void
look_for_bytes(const struct judged_chain *chain, const struct tlsa_record *record,
	struct tlsa_finding *finding)
{
	bool is_leaf = record->usage == TLSA_DANE_EE;
	size_t end = is_leaf && chain->query->chain_count > 1 ? 1 : chain->query->chain_count;

	for (size_t i = is_leaf ? 0 : 1; i < end && !finding->fits; i++) {
		finding->fits = names_position(chain, record, i);
		if (finding->fits)
			finding->position = (int)i;
	}
}

static void
judge_leaf(const struct judged_chain *chain, const struct tlsa_record *record,
	struct tlsa_finding *finding)
{
	look_for_bytes(chain, record, finding);
	if (finding->fits)
		finding->outcome = TLSA_MATCH;
}

/* A key alone says nothing of a certificate with it, nor of who will issue that. */
static void
judge_key(struct span key, const struct tlsa_record *record, struct tlsa_finding *finding)
{
	bool is_decided = record->usage == TLSA_DANE_EE && record->selector == TLSA_SPKI;

	finding->fits = is_decided && names_bytes(record, key);
	if (finding->outcome == TLSA_NO_MATCH)
		finding->outcome = finding->fits ? TLSA_MATCH
				   : is_decided  ? TLSA_NO_MATCH
						 : TLSA_UNDECIDED;
}

static void
judge_record(const struct judged_chain *chain, size_t index, struct tlsa_finding *findings)
{
	const struct tlsa_record *records = chain->query->records;
	struct tlsa_finding *finding = &findings[index];

	for (size_t i = 0; i < index; i++)
		if (tlsa_same_record(&records[i], &records[index])) {
			*finding = findings[i];
			return;
		}
	if (finding->outcome != TLSA_PASSED_OVER && finding->outcome != TLSA_NO_MATCH)
		return;
	if (chain->query->key.len != 0)
		judge_key(chain->query->key, &records[index], finding);
	else if (finding->outcome == TLSA_PASSED_OVER)
		look_for_bytes(chain, &records[index], finding);
	else if (records[index].usage == TLSA_DANE_EE)
		judge_leaf(chain, &records[index], finding);
	else if (chain->query->chain_count != 0)
		judge_issuer(chain, &records[index], finding);
}

struct tlsa_verdict
tlsa_judge(const struct tlsa_query *query, struct arena *arena)
{
	struct judged_chain chain = read_chain(query, arena);
	struct tlsa_verdict verdict = {
		.findings = arena_array(arena, query->count, sizeof(*verdict.findings)),
		.count = query->count,
	};

	tlsa_classify(query->records, query->count, verdict.findings);
	for (size_t i = 0; i < query->count; i++) {
		judge_record(&chain, i, verdict.findings);
		verdict.matches |= verdict.findings[i].outcome == TLSA_MATCH;
		verdict.undecided |= verdict.findings[i].outcome == TLSA_UNDECIDED;
	}
	verdict.undecided = verdict.undecided && !verdict.matches;
	tlsa_complete(query->records, &verdict);
	return verdict;
}

bool
tlsa_for_leaf(struct tlsa_record *record, struct span leaf, struct arena *arena)
{
	struct error ignored = { { 0 } };
	uint8_t digest[SHA256_LEN];
	struct cert cert;

	if (!cert_parse(&cert, leaf, arena, &ignored))
		return false;
	cert_spki_sha256(digest, &cert);
	*record = (struct tlsa_record){ TLSA_DANE_EE, TLSA_SPKI, TLSA_SHA256,
		{ arena_memdup(arena, digest, sizeof(digest)), sizeof(digest) } };
	return true;
}

void
tlsa_add_text(struct buf *out, const struct tlsa_record *record)
{
	buf_addf(out, "%u %u %u ", record->usage, record->selector, record->matching);
	text_add_hex(out, record->data.data, record->data.len);
}
