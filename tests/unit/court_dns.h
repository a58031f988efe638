/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * court_dns: tables of judges of the DNS. A row is a target, an assertion and what the DNS has; all questions
 * are asked as in a run, but for net/dns, which is defined here and answers out of the row.
 */
#ifndef GATE_TESTS_COURT_DNS_H
#define GATE_TESTS_COURT_DNS_H

#include "court_session.h"

#include <arpa/inet.h>

#include "base/clock.h"
#include "base/text.h"
#include "net/dns.h"
#include "probe/dns_probe.h"
#include "probe/endpoint.h"
#include "run/resolve.h"

#define DOMAIN_TARGET "{\"name\":\"t\",\"mx\":\"example.test\"}"
#define HOST_TARGET "{\"name\":\"t\",\"host\":\"mail.example.test\",\"port\":25}"

#define ZONE_RECORDS_MAX 40

/* What the DNS has of one type at one name; what it has nothing of is a secure denial. */
struct zone_row {
	const char *name;
	uint16_t type;
	/* As zone files have them, but TXT as one text; "#" and hex: any bytes. */
	const char *records[ZONE_RECORDS_MAX + 1];
	enum { SIGNED, UNSIGNED, FORGED, MUTE, STRIPPED } state;
	const char *alias_of; /* where the chain of aliases ends; NULL: no alias */
};

static const struct zone_row *zone;
static unsigned zone_questions;

const char *
dns_state_name(enum dns_state state)
{
	static const char *const names[] = { "failed", "bogus", "insecure", "secure denial",
		"secure" };

	return names[state];
}

static inline void
add_name(struct buf *rdata, const char *name)
{
	for (; *name != '\0' && strcmp(name, ".") != 0; name += strspn(name, ".")) {
		size_t len = strcspn(name, ".");

		buf_add_char(rdata, (char)len);
		buf_add(rdata, name, len);
		name += len;
	}
	buf_add_char(rdata, '\0');
}

static inline const char *
add_numbers(struct buf *rdata, const char *text, unsigned count)
{
	char *end = (char *)(uintptr_t)text;

	for (; count > 0; count--) {
		unsigned long number = strtoul(text, &end, 10);

		buf_add_char(rdata, (char)(number >> 8));
		buf_add_char(rdata, (char)number);
		text = end + 1;
	}
	return text;
}

static inline void
add_caa(struct buf *rdata, const char *text)
{
	const char *tag = strchr(text, ' ') + 1, *value = strchr(tag, ' ') + 1;

	buf_add_char(rdata, (char)strtoul(text, NULL, 10));
	buf_add_char(rdata, (char)(value - 1 - tag));
	buf_add(rdata, tag, (size_t)(value - 1 - tag));
	buf_add_string(rdata, value);
}

static inline void
add_bytes(struct buf *rdata, const char *hex)
{
	char byte[3] = "";

	for (; hex[0] != '\0'; hex += 2) {
		memcpy(byte, hex, 2);
		buf_add_char(rdata, (char)strtoul(byte, NULL, 16));
	}
}

static inline struct span
rdata_of(uint16_t type, const char *text, struct arena *arena)
{
	uint8_t address[16];
	struct span span;
	struct buf rdata;

	buf_init(&rdata, 1000);
	if (text[0] == '#') {
		add_bytes(&rdata, text + 1);
	} else if (type == DNS_A || type == DNS_AAAA) {
		inet_pton(type == DNS_A ? AF_INET : AF_INET6, text, address);
		buf_add(&rdata, address, type == DNS_A ? 4 : 16);
	} else if (type == DNS_TXT) {
		buf_add_char(&rdata, (char)strlen(text));
		buf_add_string(&rdata, text);
	} else if (type == DNS_CAA) {
		add_caa(&rdata, text);
	} else {
		add_name(&rdata, add_numbers(&rdata, text,
					 type == DNS_SRV  ? 3
					 : type == DNS_MX ? 1
							  : 0));
	}
	span = (struct span){ arena_memdup(arena, rdata.data, rdata.len), rdata.len };
	buf_release(&rdata);
	return span;
}

static inline bool
has_name(const char *name)
{
	for (const struct zone_row *row = zone; row->name != NULL; row++)
		if (text_same(row->name, name))
			return true;
	return false;
}

static inline void
answer_out_of(const struct zone_row *row, struct dns_answer *answer, struct arena *arena)
{
	struct span *records = arena_array(arena, ZONE_RECORDS_MAX, sizeof(*records));

	if (row->state == MUTE || row->state == STRIPPED)
		*answer = (struct dns_answer){ .failure = row->state == MUTE ? DNS_TIMED_OUT
									     : DNS_STRIPPED,
			.reason = row->state == MUTE ? "no answer within the time allowed"
						     : "the resolver passes no DNSSEC" };
	else if (row->state == FORGED)
		*answer = (struct dns_answer){ .state = DNS_BOGUS, .reason = "no signatures" };
	if (row->state != SIGNED && row->state != UNSIGNED)
		return;
	for (size_t i = 0; row->records[i] != NULL; i++)
		records[answer->count++] = rdata_of(row->type, row->records[i], arena);
	answer->records = records;
	answer->canonical = row->alias_of != NULL ? row->alias_of : row->name;
	answer->state = row->state == UNSIGNED ? DNS_INSECURE
			: answer->count != 0   ? DNS_SECURE
					       : DNS_DENIED;
	answer->published_ttl = answer->state == DNS_SECURE ? 300 : 0;
}

static inline void
answer_question(const struct dns_question *question, struct arena *arena)
{
	const struct zone_row *row = zone;

	zone_questions++;
	while (row->name != NULL &&
		(row->type != question->type || !text_same(row->name, question->name)))
		row++;
	*question->answer = (struct dns_answer){ .state = DNS_DENIED,
		.canonical = question->name,
		.no_name = !has_name(question->name) };
	if (row->name == NULL)
		return;
	*question->answer = (struct dns_answer){ .state = DNS_FAILED };
	answer_out_of(row, question->answer, arena);
}

void
dns_asking_add(struct dns_asking *asking, const struct dns_question *question)
{
	*ARENA_ADD(asking->arena, asking->questions, asking->count) = *question;
}

void
dns_asking_run(struct dns_asking *asking)
{
	while (asking->begun < asking->count) {
		const struct dns_question question = asking->questions[asking->begun++];

		answer_question(&question, asking->arena);
		if (question.answered != NULL)
			question.answered(asking, question.context);
	}
}

void
dns_ask_all(struct dns *dns, const struct dns_question *questions, size_t count,
	int64_t deadline_ms, struct arena *arena)
{
	(void)dns;
	(void)deadline_ms;
	for (size_t i = 0; i < count; i++)
		answer_question(&questions[i], arena);
}

void
dns_ask(struct dns *dns, const char *name, uint16_t type, int64_t deadline_ms, struct arena *arena,
	struct dns_answer *answer)
{
	dns_ask_all(dns, &(struct dns_question){ .name = name, .type = type, .answer = answer }, 1,
		deadline_ms, arena);
}

struct dns *
dns_create(const struct dns_settings *settings)
{
	(void)settings;
	return NULL;
}

const struct dns_settings *
dns_settings_of(const struct dns *dns)
{
	(void)dns;
	return NULL;
}

void
dns_release(struct dns *dns)
{
	(void)dns;
}

/* A checklist of one target, the runs that became of it, and what was observed. */
struct dns_court {
	struct loaded loaded;
	struct resolved resolved;
	struct arena arena;
};

static inline void
look_up_all(struct evidence *evidence, const char *cut_short)
{
	const struct endpoint endpoint = { .deadline_ms = clock_now_ms() + 10000,
		.dns_timeout_ms = 5000 };

	evidence->cut_short = cut_short;
	for (size_t i = 0; i < evidence->observation_count && cut_short == NULL; i++) {
		struct observation *observation = evidence->observations[i];

		if (observation->observer == &dns_lookup_observer ||
			observation->observer == &dns_hosts_observer ||
			observation->observer == &caa_observer)
			observation->observer->observe(observation, &endpoint);
	}
}

/* `cut_short`: nothing was observed for that reason; NULL: all was. */
static inline void
dns_court_open(struct dns_court *court, const char *target, const char *assertions,
	const struct zone_row *rows, const char *cut_short)
{
	static char text[8192];
	const struct evidence **nodes;
	size_t node_count = 0;

	zone = rows;
	zone_questions = 0;
	snprintf(text, sizeof(text),
		"{\"trust\":{\"system\":false},\"targets\":[%s],\"assertions\":[%s]}", target,
		assertions);
	load_text(&court->loaded, text, NULL);
	expect_problems(&court->loaded, text, "");
	arena_init(&court->arena);
	resolve(&court->resolved,
		&(struct run_target){
			&court->loaded.checklist, &court->loaded.checklist.targets[0], 0 },
		1, clock_now_ms() + 10000, &court->arena);
	nodes = arena_array(&court->arena, court->resolved.count, sizeof(*nodes));
	for (size_t i = 0; i < court->resolved.count; i++) {
		struct target_run *run = &court->resolved.runs[i];

		evidence_init(&run->evidence, run->target, TODAY);
		plan_target(&court->loaded.checklist, &run->evidence);
		look_up_all(&run->evidence, cut_short);
		if (run->target->part == TARGET_NODE)
			nodes[node_count++] = &run->evidence;
	}
	for (size_t i = 0; i < court->resolved.count; i++) {
		court->resolved.runs[i].evidence.nodes = nodes;
		court->resolved.runs[i].evidence.node_count = node_count;
	}
}

static inline void
dns_court_close(struct dns_court *court)
{
	for (size_t i = 0; i < court->resolved.count; i++)
		evidence_release(&court->resolved.runs[i].evidence);
	resolved_release(&court->resolved);
	loaded_release(&court->loaded);
	arena_release(&court->arena);
}

struct dns_row {
	struct finding_row finding; /* of the first assertion, on the first run */
	const char *target;
	struct zone_row zone[40]; /* ends with a row without a name */
	const char *cut_short;
	const char *fix; /* stands in the advice; NULL: any */
};

static inline void
expect_dns_finding(const struct dns_row *row)
{
	struct dns_court court;
	struct finding got;

	dns_court_open(&court, row->target, row->finding.assertion, row->zone, row->cut_short);
	judge_arguments(&court.resolved.runs[0].evidence,
		&court.loaded.checklist.assertions[0].arguments, &court.arena, &got);
	expect_found(&got, &row->finding);
	if (row->fix != NULL && (got.fix == NULL || strstr(got.fix, row->fix) == NULL))
		fail_msg("%s: \"%s\" does not advise \"%s\"", row->finding.sentence,
			got.fix != NULL ? got.fix : "", row->fix);
	dns_court_close(&court);
}

static inline void
expect_dns_findings(const struct dns_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		expect_dns_finding(&rows[i]);
}

#endif
