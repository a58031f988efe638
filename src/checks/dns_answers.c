/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Bogus, failed, or neither; and names and records as rows have them.
 */
#include "dns_answers.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "evidence/cause.h"
#include "wire/dns_name.h"

#define LABEL_MAX 63

/* What to do about an answer that did not come. */
static const char *
fix_of_failure(enum dns_failure failure)
{
	switch (failure) {
	case DNS_STRIPPED:
		return "Nothing is known of the domain. Set \"dns\": {\"resolver\": ...} (or --resolver) to "
		       "one that passes signatures on, as most resolvers of one's own do and those of "
		       "containers, routers and clouds often do not; or to \"recursive\". See too that the "
		       "clock of this machine is right.";
	case DNS_NOT_SET_UP:
		return "Nothing is known of the domain: see that libunbound8 and, unless "
		       "\"dns.trust_anchor\" is set, dns-root-data are installed, and that the resolver's "
		       "address is right.";
	case DNS_BAD_NAME:
		return "Write the name as the DNS has it: labels of letters, digits and hyphens.";
	case DNS_TIMED_OUT:
	case DNS_SERVER_ERROR:
		return "Nothing is known of the domain. See whether the resolver answers from this machine "
		       "(/etc/resolv.conf, or \"dns.resolver\"), then whether the name servers of the "
		       "domain do; run it again, with more time (\"dns.timeout\") if they are slow.";
	case DNS_NO_FAILURE:
	case DNS_INTERRUPTED:
		break;
	}
	return NULL;
}

static void
tell_failed(const struct evidence *evidence, const struct dns_answer *answer, const char *what,
	uint32_t causes, struct finding *finding)
{
	const char *fix = fix_of_failure(answer->failure);

	if (evidence->cut_short != NULL &&
		(answer->failure == DNS_INTERRUPTED || answer->failure == DNS_TIMED_OUT ||
			answer->failure == DNS_NO_FAILURE)) {
		finding_error(
			finding, CAUSE_CUT_SHORT, "NotRun", "not decided: %s", evidence->cut_short);
		return;
	}
	finding_error(finding, causes,
		answer->failure == DNS_STRIPPED ? "ResolverStripsDnssec" : "LookUpFailed",
		"%s are not known: %s", what,
		answer->reason != NULL ? answer->reason : "not asked");
	if (fix != NULL)
		finding_fix(finding, "%s", fix);
}

bool
judge_answer(const struct evidence *evidence, const struct dns_answer *answer, const char *what,
	uint32_t causes, struct finding *finding)
{
	if (answer->state > DNS_BOGUS)
		return true;
	if (answer->state == DNS_FAILED) {
		tell_failed(evidence, answer, what, causes, finding);
		return false;
	}
	finding_fail(finding, causes, "Bogus", "%s are bogus: %s", what, answer->reason);
	finding_observed(finding, "%s", answer->reason);
	finding_why(finding,
		"Whoever validates DNSSEC takes these records for forged: mail is deferred and bounces, "
		"and the names lead nowhere.");
	finding_fix(finding,
		"Repair the zone's signatures: see that they have not expired, that the DS at the parent "
		"is of a key that the zone has, and that all name servers have the same version. "
		"Signatures elsewhere verify over the same resolver, so it is not to blame.");
	return false;
}

void
error_unanchored(struct finding *finding, uint32_t causes, const char *what)
{
	finding_error(finding, causes, "NoTrustAnchor",
		"no trust anchor stands above %s: whether they are signed is not known", what);
	finding_fix(finding,
		"\"dns.trust_anchor\" is for other zones: add the DS record of one above these names, or "
		"leave it out, which is to start from the root.");
}

const char *
answer_title(struct arena *arena, uint16_t type, const char *name)
{
	return arena_printf(arena, "the %s records of %s", dns_type_name(type), name);
}

bool
is_answer_secure(const struct dns_answer *answer)
{
	return answer->state == DNS_SECURE || answer->state == DNS_DENIED;
}

static const char *
record_shown(struct arena *arena, struct span record, uint16_t type)
{
	struct buf text;
	const char *shown;

	buf_init(&text, DNS_RECORD_TEXT_MAX);
	dns_record_text(&text, type, record);
	shown = arena_strdup(arena, text.data);
	buf_release(&text);
	return shown;
}

static int
compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char *
answer_shown(struct arena *arena, const struct dns_answer *answer, uint16_t type)
{
	const char **texts = arena_array(arena, answer->count, sizeof(*texts));
	const char *list = NULL;

	for (size_t i = 0; i < answer->count; i++)
		texts[i] = record_shown(arena, answer->records[i], type);
	if (answer->count != 0)
		qsort(texts, answer->count, sizeof(*texts), compare_texts);
	for (size_t i = 0; i < answer->count; i++)
		list = list == NULL ? texts[i] : arena_printf(arena, "%s; %s", list, texts[i]);
	return list != NULL ? list : "none";
}

/* Without a dot at its end. */
static size_t
name_len(const char *name)
{
	size_t len = strlen(name);

	return len > 1 && name[len - 1] == '.' ? len - 1 : len;
}

bool
lists_name(const struct argument *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (text_same_len(names->items[i], name_len(names->items[i]), name))
			return true;
	return false;
}

const char *
object_to_dns_name(const char *text)
{
	static const char reason[] = "a name of the DNS has labels of 1 to 63 letters, digits, "
				     "hyphens and underlines, with dots between them";
	size_t len = name_len(text), label = 0;

	for (size_t i = 0; i < len; i++) {
		bool is_dot = text[i] == '.';

		if (is_dot ? label == 0
			   : strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789-_",
				     text[i]) == NULL)
			return reason;
		label = is_dot ? 0 : label + 1;
		if (label > LABEL_MAX)
			return reason;
	}
	return label != 0 && len <= DNS_NAME_MAX ? NULL : reason;
}

static unsigned
badness_of(const struct finding *finding)
{
	return finding->verdict == VERDICT_FAIL ? 2 : finding->verdict != VERDICT_PASS;
}

void
add_finding(struct finding *all, const struct finding *one, bool is_first)
{
	if (is_first || badness_of(one) > badness_of(all))
		*all = *one;
	else if (all->verdict == VERDICT_PASS)
		all->message = arena_printf(all->arena, "%s; %s", all->message, one->message);
}
