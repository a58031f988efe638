/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which records can be used, which are passed over, and whether a set is complete. Sets are small, so
 * each record is held against all others.
 */
#include "tlsa_sets.h"

#include "x509/cert.h"

bool
tlsa_same_record(const struct tlsa_record *a, const struct tlsa_record *b)
{
	return a->usage == b->usage && a->selector == b->selector && a->matching == b->matching &&
	       span_equal(a->data, b->data);
}

static bool
same_group(const struct tlsa_record *a, const struct tlsa_record *b)
{
	return a->usage == b->usage && a->selector == b->selector;
}

static bool
can_be_read(const struct tlsa_record *record)
{
	struct error ignored = { { 0 } };
	struct public_key key;
	struct arena arena;
	struct cert cert;
	bool good;

	if (record->selector == TLSA_SPKI)
		return public_key_parse(&key, record->data);
	arena_init(&arena);
	good = cert_parse(&cert, record->data, &arena, &ignored);
	arena_release(&arena);
	return good;
}

static enum tlsa_outcome
outcome_alone(const struct tlsa_record *record)
{
	static const size_t lengths[] = { [TLSA_SHA256] = SHA256_LEN, [TLSA_SHA512] = SHA512_LEN };

	if (record->usage != TLSA_DANE_TA && record->usage != TLSA_DANE_EE)
		return TLSA_UNUSABLE_USAGE;
	if (record->selector > TLSA_SPKI)
		return TLSA_UNUSABLE_SELECTOR;
	if (record->matching > TLSA_SHA512)
		return TLSA_UNUSABLE_MATCHING;
	if (record->matching != TLSA_FULL && record->data.len != lengths[record->matching])
		return TLSA_UNUSABLE_LENGTH;
	if (record->matching == TLSA_FULL && !can_be_read(record))
		return TLSA_UNUSABLE_DATA;
	return TLSA_NO_MATCH;
}

/* RFC 7671 section 9: of the digests of a usage and selector the strongest alone counts; type 0 is no
 * digest. */
static bool
is_passed_over(const struct tlsa_record *records, size_t count, const struct tlsa_finding *findings,
	size_t index)
{
	for (size_t i = 0; i < count; i++)
		if (tlsa_is_usable(findings[i].outcome) &&
			same_group(&records[i], &records[index]) &&
			records[index].matching != TLSA_FULL &&
			records[i].matching > records[index].matching)
			return true;
	return false;
}

void
tlsa_classify(const struct tlsa_record *records, size_t count, struct tlsa_finding *findings)
{
	for (size_t i = 0; i < count; i++)
		findings[i] = (struct tlsa_finding){
			.outcome =
				i < TLSA_RECORDS_MAX ? outcome_alone(&records[i]) : TLSA_UNDECIDED,
			.position = -1,
		};
	for (size_t i = 0; i < count && i < TLSA_RECORDS_MAX; i++)
		if (findings[i].outcome == TLSA_NO_MATCH &&
			is_passed_over(records, count, findings, i))
			findings[i].outcome = TLSA_PASSED_OVER;
}

static bool
is_first_of_its_kind(const struct tlsa_record *records, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (tlsa_same_record(&records[i], &records[index]))
			return false;
	return true;
}

/* Distinct usable records of the group of one, with a matching type. */
static size_t
count_of_type(const struct tlsa_record *records, const struct tlsa_verdict *verdict, size_t index,
	uint8_t matching)
{
	size_t found = 0;

	for (size_t i = 0; i < verdict->count; i++)
		found += tlsa_is_usable(verdict->findings[i].outcome) &&
			 records[i].matching == matching &&
			 same_group(&records[i], &records[index]) &&
			 is_first_of_its_kind(records, i);
	return found;
}

static enum tlsa_completeness
completeness_of(const struct tlsa_record *records, const struct tlsa_verdict *verdict, size_t index)
{
	size_t own = count_of_type(records, verdict, index, records[index].matching), other;
	bool group_matches = false, group_is_open = false, type_fits = false;

	for (size_t i = 0; i < verdict->count; i++) {
		const struct tlsa_finding *finding = &verdict->findings[i];

		if (!same_group(&records[i], &records[index]))
			continue;
		group_matches |= finding->outcome == TLSA_MATCH;
		group_is_open |= finding->outcome == TLSA_UNDECIDED;
		type_fits |= finding->fits && records[i].matching == records[index].matching;
	}
	other = records[index].matching == TLSA_FULL
			? 0
			: count_of_type(records, verdict, index,
				  records[index].matching == TLSA_SHA256 ? TLSA_SHA512
									 : TLSA_SHA256);
	if (!group_matches)
		return group_is_open ? TLSA_COMPLETENESS_UNKNOWN : TLSA_NO_MATCH_IN_GROUP;
	if (!type_fits)
		return TLSA_NO_MATCH_OF_TYPE;
	return own < other ? TLSA_UNEVEN_DIGESTS : TLSA_COMPLETE;
}

/* What is found of the first record that is not complete stands; one that is undecided may hide a match. */
void
tlsa_complete(const struct tlsa_record *records, struct tlsa_verdict *verdict)
{
	bool found = false;

	for (size_t i = 0; i < verdict->count; i++) {
		enum tlsa_outcome outcome = verdict->findings[i].outcome;
		enum tlsa_completeness completeness;

		if (!tlsa_is_usable(outcome) || !is_first_of_its_kind(records, i))
			continue;
		verdict->usable++;
		completeness = outcome == TLSA_UNDECIDED ? TLSA_COMPLETENESS_UNKNOWN
							 : completeness_of(records, verdict, i);
		if (found || (verdict->usable > 1 && completeness == TLSA_COMPLETE))
			continue;
		verdict->completeness = completeness;
		verdict->incomplete = completeness == TLSA_COMPLETE ? 0 : i;
		found = completeness != TLSA_COMPLETE && completeness != TLSA_COMPLETENESS_UNKNOWN;
	}
}

/* Whether any of the chains has the record matched. */
static bool
is_matched(const struct tlsa_verdict *verdicts, size_t count, size_t index)
{
	for (size_t i = 0; i < count; i++)
		if (verdicts[i].findings[index].outcome == TLSA_MATCH)
			return true;
	return false;
}

/* Whether no chain has anything to do with it. */
static bool
is_ahead(const struct tlsa_verdict *verdicts, size_t count, size_t index)
{
	for (size_t i = 0; i < count; i++)
		if (verdicts[i].findings[index].outcome != TLSA_NO_MATCH)
			return false;
	return true;
}

struct tlsa_rollover
tlsa_rollover(const struct tlsa_record *records, const struct tlsa_verdict *verdicts, size_t count)
{
	struct tlsa_rollover rollover = { false, false };

	for (size_t i = 0; count != 0 && i < verdicts[0].count; i++) {
		if (!is_matched(verdicts, count, i))
			continue;
		for (size_t other = 0; other < verdicts[0].count; other++) {
			rollover.next |= same_group(&records[i], &records[other]) &&
					 is_ahead(verdicts, count, other);
			rollover.issuer |= records[i].usage == TLSA_DANE_EE &&
					   records[other].usage == TLSA_DANE_TA &&
					   is_matched(verdicts, count, other);
		}
	}
	return rollover;
}
