/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What stands in DNS as text, and policies: the first byte says which. What is handed out is within the
 * text, and a good record or policy has what it must have.
 */
#include <stdint.h>
#include <stdlib.h>

#include "wire/caa.h"
#include "wire/mta_sts_policy.h"
#include "wire/policy_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must_be_within(struct span part, struct span whole)
{
	if (part.len != 0 &&
		(part.data < whole.data || part.data + part.len > whole.data + whole.len))
		abort();
}

static void
read_record(enum policy_record_kind kind, struct span text)
{
	struct span texts[] = { { text.data, text.len / 2 }, text };
	struct policy_record record = policy_record_read(kind, texts, 2);
	struct cursor list = cursor_over(record.value);
	struct span uri;

	must_be_within(record.value, text);
	must_be_within(record.wrong, text);
	if (record.index > 1 || (record.state == POLICY_RECORD_GOOD && record.value.len == 0))
		abort();
	while (policy_record_next_uri(&list, &uri))
		must_be_within(uri, record.value);
}

static void
read_policy(struct span text)
{
	static struct mta_sts_policy policy;

	mta_sts_policy_read(&policy, text);
	must_be_within(policy.wrong, text);
	for (size_t i = 0; i < policy.mx_count; i++) {
		must_be_within(policy.mx[i], text);
		mta_sts_pattern_matches(policy.mx[i], text);
		if (policy.mx[i].data[0] != '*' &&
			!mta_sts_pattern_matches(policy.mx[i], policy.mx[i]))
			abort();
	}
	if (policy.fault == MTA_STS_GOOD && policy.mode != MTA_STS_MODE_NONE &&
		policy.mx_count == 0)
		abort();
	if (policy.max_age > MTA_STS_AGE_MAX)
		abort();
}

static void
judge_caa(struct span text)
{
	struct caa_record records[2] = { { .value = text },
		{ .value = { text.data, text.len / 2 } } };
	static const uint8_t tag[] = "issue";
	struct caa_question question = { .issuer = "ca.test", .method = "dns-01" };
	struct caa_verdict verdict;

	records[0].tag = records[1].tag = (struct span){ tag, sizeof(tag) - 1 };
	verdict = caa_judge(records, 2, &question);
	if (verdict.record > 1 || verdict.permission == CAA_EVERYONE)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { data + 1, size - 1 };

	if (size < 1)
		return 0;
	switch (data[0] % 4) {
	case 0:
		read_record(POLICY_RECORD_MTA_STS, text);
		break;
	case 1:
		read_record(POLICY_RECORD_TLS_RPT, text);
		break;
	case 2:
		read_policy(text);
		break;
	default:
		judge_caa(text);
	}
	return 0;
}
