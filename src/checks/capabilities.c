/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Judges of a list of capabilities, and of its reply, which the ehlo.* and session.* families
 * share.
 */
#include "capabilities.h"

#include "base/text.h"
#include "checks/steps.h"
#include "evidence/cause.h"

/* Nothing is cut before it is free of secrets, unless a server says too much by far. */
#define SHOWN_LIST_MAX 65536

static const char *
bytes_shown(struct arena *arena, const char *bytes, size_t len)
{
	const char *copy;
	struct buf shown;

	buf_init(&shown, SHOWN_LIST_MAX);
	text_add_printable(&shown, bytes, len);
	copy = arena_strdup(arena, shown.data);
	buf_release(&shown);
	return copy;
}

const char *
line_shown(struct arena *arena, const struct reply_line *line)
{
	return bytes_shown(arena, line->text, line->len);
}

const char *
logins_shown(struct arena *arena, const struct heard_list *list)
{
	return bytes_shown(arena, (const char *)list->logins.data, list->logins.len);
}

const char *
reply_shown(struct arena *arena, const struct reply *reply)
{
	const struct reply_line *last;

	if (reply->count == 0)
		return "nothing";
	last = &reply->lines[reply->count - 1];
	return bytes_shown(arena, last->raw, last->raw_len);
}

const char *
capabilities_shown(struct arena *arena, const struct reply *ehlo)
{
	const char *copy;
	struct buf list;

	if (ehlo->capability_count == 0)
		return "no capabilities";
	buf_init(&list, SHOWN_LIST_MAX);
	for (size_t i = 0; i < ehlo->capability_count; i++) {
		buf_add_string(&list, i == 0 ? "" : ", ");
		text_add_printable(&list, ehlo->capabilities[i].text, ehlo->capabilities[i].len);
	}
	copy = arena_strdup(arena, list.data);
	buf_release(&list);
	return copy;
}

bool
is_wanted(const struct reply *reply, enum outcome outcome, long code)
{
	return (reply->dialect->features & DIALECT_CODES) != 0 ? reply->code == code
							       : outcome == OUTCOME_DONE;
}

/* The items that are offered, or those that are not, with commas between them; NULL: none. */
static const char *
pick(struct arena *arena, const struct argument *wanted, const struct reply *ehlo, bool offered)
{
	const char *list = NULL;

	for (size_t i = 0; i < wanted->count; i++) {
		const char *item = wanted->items[i];

		if ((reply_capability(ehlo, item) != NULL) != offered)
			continue;
		list = list == NULL ? item : arena_printf(arena, "%s, %s", list, item);
	}
	return list;
}

/* The reply that the assertion is about: before TLS or inside it. */
static const struct reply *
reply_of(const struct arguments *arguments, const struct evidence *evidence)
{
	return arguments->check->step == STEP_EHLO ? &evidence->session.ehlo
						   : &evidence->session.session_ehlo;
}

bool
judge_readable(const struct reply *ehlo, enum step step, struct finding *finding)
{
	const struct reply_line *line = reply_malformed_capability(ehlo);

	if (line == NULL)
		return true;
	finding_error(finding, 1u << step, "Malformed",
		"what is offered is not known: %s: no capability: \"%s\"",
		ehlo->dialect->keyword_clause, line_shown(finding->arena, line));
	return false;
}

struct heard_list
session_list(const struct evidence *evidence, enum step step, struct arena *arena)
{
	const struct conversation *session = &evidence->session;
	struct heard_list list = { .list = step == STEP_EHLO ? session->ehlo
							     : session->session_ehlo };
	struct buf logins;

	buf_init(&logins, SHOWN_LIST_MAX);
	if (list.list.dialect->logins != NULL)
		list.list.dialect->logins(&session->greeting, &list.list, &logins);
	list.logins = (struct span){ arena_memdup(arena, logins.data, logins.len), logins.len };
	buf_release(&logins);
	return list;
}

/* Judges one more list, of which a fail or an error says that it is another one. */
static void
judge_other(const struct arguments *arguments, const struct evidence *evidence, list_judge *judge,
	const struct heard_list *list, struct finding *finding)
{
	struct finding other;

	finding_init(&other, finding->arena);
	if (list->is_rest)
		finding_error(&other, CAUSE_NONE, "NoProof",
			"the server has more lists of capabilities than are looked at");
	else
		judge(arguments, evidence, list, &other);
	/* It is not what the session's STARTTLS met. */
	other.causes &= ~(uint32_t)CAUSE_STARTTLS;
	if (other.verdict != VERDICT_PASS && (other.verdict == VERDICT_FAIL || !list->is_hint))
		*finding = other;
}

static void
judge_heard(const struct arguments *arguments, const struct evidence *evidence, bool inside,
	list_judge *judge, const struct hearing *hearing, struct finding *finding)
{
	for (size_t i = 0; i < hearing->heard->count && finding->verdict == VERDICT_PASS; i++) {
		const struct heard_list *list = &hearing->heard->lists[i];

		if (list->inside != inside)
			continue;
		judge_other(arguments, evidence, judge, list, finding);
		if (finding->verdict == VERDICT_PASS)
			continue;
		finding->shown_by =
			evidence_heard_on(evidence, hearing, list->connection, finding->arena);
		finding->message = arena_printf(finding->arena, "%s: %s",
			finding->shown_by != NULL
				? "connections differ, and another one shows"
				: "the server tells its capabilities twice, and differently",
			finding->message);
	}
}

void
judge_lists(const struct arguments *arguments, const struct evidence *evidence, enum step step,
	list_judge *judge, struct finding *finding)
{
	struct heard_list own = session_list(evidence, step, finding->arena);
	struct hearing hearing;

	judge(arguments, evidence, &own, finding);
	for (size_t i = 0; evidence_hearing(evidence, i, &hearing); i++)
		judge_heard(arguments, evidence, step != STEP_EHLO, judge, &hearing, finding);
}

void
judge_ehlo(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct reply *ehlo = reply_of(arguments, evidence);

	if (judge_step(evidence, arguments->check->step, "EhloRefused", finding) &&
		judge_readable(ehlo, arguments->check->step, finding))
		finding_pass(finding, "%s", capabilities_shown(finding->arena, ehlo));
}

static void
judge_includes(const struct arguments *arguments, const struct evidence *evidence,
	const struct heard_list *list, struct finding *finding)
{
	const struct argument *wanted = argument_of(arguments, "capabilities");
	const char *missing = pick(finding->arena, wanted, &list->list, false);
	const char *offered = pick(finding->arena, wanted, &list->list, true);

	(void)evidence;
	if (!judge_readable(&list->list, arguments->check->step, finding))
		return;
	if (missing == NULL || list->is_hint)
		finding_pass(finding, "offered: %s", offered != NULL ? offered : "nothing");
	else
		finding_fail(finding, CAUSE_NONE, "CapabilityMissing", "not offered: %s", missing);
	finding_observed(finding, "%s", capabilities_shown(finding->arena, &list->list));
}

void
judge_included(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	judge_lists(arguments, evidence, arguments->check->step, judge_includes, finding);
}

static void
judge_excludes(const struct arguments *arguments, const struct evidence *evidence,
	const struct heard_list *list, struct finding *finding)
{
	const struct argument *unwanted = argument_of(arguments, "capabilities");
	const char *offered = pick(finding->arena, unwanted, &list->list, true);

	(void)evidence;
	if (offered != NULL)
		finding_fail(finding, CAUSE_NONE, "CapabilityOffered", "offered: %s", offered);
	else if (judge_readable(&list->list, arguments->check->step, finding))
		finding_pass(finding, "not offered: %s",
			pick(finding->arena, unwanted, &list->list, false));
	finding_observed(finding, "%s", capabilities_shown(finding->arena, &list->list));
}

void
judge_excluded(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	judge_lists(arguments, evidence, arguments->check->step, judge_excludes, finding);
}
