/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * mta_sts.record and tls_rpt.record: one TXT record, whose absence, double or fault makes senders go on as if
 * the domain had said nothing.
 */
#include "policy_records.h"

#include <string.h>

#include "base/text.h"
#include "dns_answers.h"
#include "evidence/cause.h"
#include "evidence/target.h"
#include "families.h"
#include "probe/dns_probe.h"

/* Most bytes of the text of a record: a TXT record has no more. */
#define RECORD_MAX 65536

/* Most bytes of it that are shown. */
#define SHOWN_MAX 1024

static const struct kind {
	const char *prefix; /* of the domain */
	const char *version;
	const char *field;
	const char *value; /* what the field is */
	uint32_t cause;
	const char *example; /* a record that is right */
} kinds[] = {
	[POLICY_RECORD_MTA_STS] = { "_mta-sts", "v=STSv1;", "id", "1 to 32 letters and digits",
		CAUSE_STS_RECORD, "v=STSv1; id=20260101000000" },
	[POLICY_RECORD_TLS_RPT] = { "_smtp._tls", "v=TLSRPTv1;", "rua",
		"a list of URIs with commas between them, in which \",\", \";\" and \"!\" are "
		"percent-encoded",
		CAUSE_NONE, "v=TLSRPTv1; rua=mailto:tls-reports@" },
};

static const char *
name_of_record(const struct evidence *evidence, enum policy_record_kind kind, struct arena *arena)
{
	return arena_printf(arena, "%s.%s", kinds[kind].prefix, evidence->target->domain);
}

void
ask_record(struct questions *questions, unsigned part, enum policy_record_kind kind)
{
	struct evidence *evidence = questions->evidence;

	ask(questions, part, &dns_lookup_observer,
		&(struct dns_lookup){ .name = name_of_record(evidence, kind, &evidence->arena),
			.type = DNS_TXT });
}

/* Who asked makes no difference: the name says it all. */
static const struct dns_answer *
find_answer(const struct evidence *evidence, const char *name)
{
	static const struct dns_answer not_asked;

	for (size_t i = 0; i < evidence->observation_count; i++) {
		const struct observation *observation = evidence->observations[i];
		const struct dns_lookup *lookup = observation->record;

		if (observation->observer == &dns_lookup_observer && lookup->type == DNS_TXT &&
			text_same(lookup->name, name))
			return &lookup->answer;
	}
	return &not_asked;
}

bool
is_record_absent(const struct evidence *evidence, enum policy_record_kind kind, struct arena *arena)
{
	return dns_answer_is_empty(find_answer(evidence, name_of_record(evidence, kind, arena)));
}

/* The texts of the records; what is no TXT record has none. */
static const struct span *
texts_of(const struct dns_answer *answer, struct arena *arena)
{
	struct span *texts = arena_array(arena, answer->count + 1, sizeof(*texts));
	struct buf text;

	buf_init(&text, RECORD_MAX);
	for (size_t i = 0; i < answer->count; i++) {
		buf_reset(&text);
		if (txt_record_join(&text, answer->records[i]))
			texts[i] =
				(struct span){ arena_memdup(arena, text.data, text.len), text.len };
	}
	buf_release(&text);
	return texts;
}

static const char *
shown(struct arena *arena, struct span text)
{
	const char *copy;
	struct buf out;

	buf_init(&out, SHOWN_MAX);
	text_add_printable(&out, text.data, text.len);
	copy = arena_printf(arena, "%s%s", out.data, out.dropped != 0 ? "..." : "");
	buf_release(&out);
	return copy;
}

/* All of them, since one that should not be there is to be found. */
static void
observe_texts(const struct span *texts, size_t count, struct finding *finding)
{
	const char *list = NULL;

	for (size_t i = 0; i < count; i++)
		list = arena_printf(finding->arena, "%s%s\"%s\"", list != NULL ? list : "",
			list != NULL ? ", " : "", shown(finding->arena, texts[i]));
	if (list != NULL)
		finding_observed(finding, "%s", list);
}

static void
tell_none(const struct dns_answer *answer, const struct kind *kind, const char *name,
	struct finding *finding)
{
	if (answer->count == 0)
		finding_fail(
			finding, kind->cause, "NoRecord", "there is no TXT record at %s", name);
	else
		finding_fail(finding, kind->cause, "NoRecord",
			"of the %zu TXT records at %s none begins with \"%s\"", answer->count, name,
			kind->version);
}

/* What is wrong with the one that there is, or with there being two. */
static void
tell_fault(const struct kind *kind, const char *name, const struct policy_record *record,
	struct finding *finding)
{
	const char *wrong = shown(finding->arena, record->wrong);

	switch (record->state) {
	case POLICY_RECORD_NONE:
	case POLICY_RECORD_GOOD:
		break;
	case POLICY_RECORD_BLANK:
		finding_fail(finding, kind->cause, "BlankBeforeSemicolon",
			"blanks stand before the first \";\" of the record at %s: a record that does "
			"not begin with \"%s\" is dropped",
			name, kind->version);
		break;
	case POLICY_RECORD_SEVERAL:
		finding_fail(finding, kind->cause, "SeveralRecords",
			"more than one TXT record at %s begins with \"%s\": then none counts", name,
			kind->version);
		break;
	case POLICY_RECORD_BAD_FIELD:
		finding_fail(finding, kind->cause, "BadField",
			"the record at %s has something that is no field: \"%s\"", name, wrong);
		break;
	case POLICY_RECORD_NO_FIELDS:
	case POLICY_RECORD_NO_VALUE:
		finding_fail(finding, kind->cause, "FieldMissing", "the record at %s has no \"%s\"",
			name, kind->field);
		break;
	case POLICY_RECORD_BAD_VALUE:
		finding_fail(finding, kind->cause, "BadValue",
			"\"%s\" of the record at %s is not %s: \"%s\"", kind->field, name,
			kind->value, wrong);
		break;
	case POLICY_RECORD_BAD_SCHEME:
		finding_fail(finding, kind->cause, "NoReportAddress",
			"no URI of \"%s\" in the record at %s begins with mailto: or https:",
			kind->field, name);
		break;
	}
}

static void
advise(const struct evidence *evidence, enum policy_record_kind kind, const char *value,
	struct finding *finding)
{
	const char *name = name_of_record(evidence, kind, finding->arena);
	const char *text = kinds[kind].example;

	if (value != NULL)
		text = arena_printf(
			finding->arena, "%s %s=%s", kinds[kind].version, kinds[kind].field, value);
	else if (kind == POLICY_RECORD_TLS_RPT)
		text = arena_printf(finding->arena, "%s%s", text, evidence->target->domain);
	finding_fix(finding,
		"Publish this TXT record, and no other that begins with \"%s\":\n%s. TXT \"%s\"%s",
		kinds[kind].version, name, text,
		kind == POLICY_RECORD_MTA_STS
			? "\nChange the id each time that the policy changes, and after it: senders fetch "
			  "the policy again when they see another id."
			: "\nThe mailbox must take the reports, also while this domain's TLS is broken.");
}

bool
take_record(const struct evidence *evidence, enum policy_record_kind kind,
	struct policy_record *record, struct finding *finding)
{
	const char *name = name_of_record(evidence, kind, finding->arena);
	const struct dns_answer *answer = find_answer(evidence, name);
	const struct span *texts;

	if (!judge_answer(evidence, answer, answer_title(finding->arena, DNS_TXT, name),
		    kinds[kind].cause, finding))
		return false;
	texts = texts_of(answer, finding->arena);
	*record = policy_record_read(kind, texts, answer->count);
	if (record->state == POLICY_RECORD_GOOD)
		return true;
	observe_texts(texts, answer->count, finding);
	finding_expected(finding, "one record such as \"%s%s\"", kinds[kind].example,
		kind == POLICY_RECORD_TLS_RPT ? evidence->target->domain : "");
	if (record->state == POLICY_RECORD_NONE)
		tell_none(answer, &kinds[kind], name, finding);
	else
		tell_fault(&kinds[kind], name, record, finding);
	advise(evidence, kind, NULL, finding);
	return false;
}

static bool
is_value(struct span value, const char *wanted)
{
	return value.len == strlen(wanted) && memcmp(value.data, wanted, value.len) == 0;
}

/* Whether a record could have that value, and not more. */
static bool
fits(enum policy_record_kind kind, const char *value)
{
	enum policy_record_state state;
	struct span text;
	struct buf out;

	buf_init(&out, RECORD_MAX);
	buf_addf(&out, "%s%s=%s", kinds[kind].version, kinds[kind].field, value);
	text = buf_span(&out);
	state = policy_record_read(kind, &text, 1).state;
	buf_release(&out);
	return state == POLICY_RECORD_GOOD && strpbrk(value, "; ,") == NULL;
}

const char *
object_to_sts_id(const char *text)
{
	return fits(POLICY_RECORD_MTA_STS, text) ? NULL : "an id has 1 to 32 letters and digits";
}

static void
ask_sts_record(const struct arguments *arguments, struct questions *questions)
{
	(void)arguments;
	ask_record(questions, 0, POLICY_RECORD_MTA_STS);
}

static void
judge_sts_record(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const char *id = argument_of(arguments, "record_id")->text;
	struct policy_record record;

	if (!take_record(evidence, POLICY_RECORD_MTA_STS, &record, finding))
		return;
	if (id == NULL || is_value(record.value, id)) {
		finding_pass(finding, "id %s", shown(finding->arena, record.value));
		return;
	}
	finding_fail(finding, CAUSE_NONE, "OtherId", "the id of the record is %s, not %s",
		shown(finding->arena, record.value), id);
	finding_expected(finding, "id=%s", id);
	advise(evidence, POLICY_RECORD_MTA_STS, id, finding);
}

static void
ask_report_record(const struct arguments *arguments, struct questions *questions)
{
	(void)arguments;
	ask_record(questions, 0, POLICY_RECORD_TLS_RPT);
}

static bool
lists_uri(struct span list, const char *wanted)
{
	struct cursor uris = cursor_over(list);
	struct span uri;

	while (policy_record_next_uri(&uris, &uri))
		if (is_value(uri, wanted))
			return true;
	return false;
}

/* The URIs that are wanted, as a record has them. */
static const char *
joined(const struct argument *uris, struct arena *arena)
{
	const char *list = uris->items[0];

	for (size_t i = 1; i < uris->count; i++)
		list = arena_printf(arena, "%s,%s", list, uris->items[i]);
	return list;
}

static void
judge_report_record(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct argument *rua = argument_of(arguments, "rua");
	struct policy_record record;

	if (!take_record(evidence, POLICY_RECORD_TLS_RPT, &record, finding))
		return;
	finding_pass(finding, "reports go to %s", shown(finding->arena, record.value));
	for (size_t i = 0; i < rua->count; i++) {
		if (lists_uri(record.value, rua->items[i]))
			continue;
		finding_fail(finding, CAUSE_NONE, "OtherReportAddress",
			"reports do not go to %s, but to %s", rua->items[i],
			shown(finding->arena, record.value));
		finding_expected(finding, "rua=%s", joined(rua, finding->arena));
		advise(evidence, POLICY_RECORD_TLS_RPT, joined(rua, finding->arena), finding);
		return;
	}
}

static const char *
object_to_uri(const char *text)
{
	return fits(POLICY_RECORD_TLS_RPT, text)
		       ? NULL
		       : "reports go to one URI that begins with mailto: or https:, in which \",\", "
			 "\";\" and \"!\" are percent-encoded";
}

static const struct check record_checks[] = {
	{
		.name = "mta_sts.record",
		.summary = "the domain says that it has a policy of MTA-STS",
		.why = "Senders look for this record, and only where there is exactly one that is "
		       "right do they fetch the policy: else they hand mail over without asking who "
		       "takes it.",
		.fix = "Publish one TXT record at _mta-sts with a version and an id: \"v=STSv1; "
		       "id=20260101000000\". Change the id when the policy changes, after it.",
		.source = "RFC 8461 section 3.1",
		.subject = SUBJECT_WHOLE,
		.needs = TARGET_DOMAIN,
		.ask = ask_sts_record,
		.judge = judge_sts_record,
		.params = {
			{
				.name = "record_id",
				.type = PARAM_TEXT,
				.objection = object_to_sts_id,
				.help = "The id that the record must have.",
				.example = "\"20260101000000\"",
			},
		},
	},
};

const struct check_family mta_sts_record_family = {
	.name = "mta_sts",
	.summary = "MTA-STS: that senders insist on TLS and a certificate",
	.checks = record_checks,
	.count = sizeof(record_checks) / sizeof(record_checks[0]),
};

static const struct check report_checks[] = {
	{
		.name = "tls_rpt.record",
		.summary = "senders are told where to report failures of TLS",
		.why = "Without reports nobody learns that mail waits with its senders because a "
		       "certificate, a policy of MTA-STS or a TLSA record is wrong.",
		.fix = "Publish one TXT record at _smtp._tls: \"v=TLSRPTv1; "
		       "rua=mailto:tls-reports@example.com\". Reports come once a day and in JSON; "
		       "have them go to a mailbox that somebody, or a program, reads.",
		.source = "RFC 8460 section 3",
		.subject = SUBJECT_WHOLE,
		.needs = TARGET_DOMAIN,
		.ask = ask_report_record,
		.judge = judge_report_record,
		.params = {
			{
				.name = "rua",
				.type = PARAM_LIST,
				.objection = object_to_uri,
				.help = "Where reports must go, among other places: URIs as the record has "
					"them.",
				.example = "[\"mailto:tls-reports@example.com\"]",
			},
		},
	},
};

const struct check_family tls_rpt_family = {
	.name = "tls_rpt",
	.summary = "TLSRPT: where senders report failures of TLS",
	.checks = report_checks,
	.count = sizeof(report_checks) / sizeof(report_checks[0]),
};
