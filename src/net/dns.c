/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whoever waits and finds that nobody does so waits at libunbound's descriptor for all, and hands its
 * answers out; the others wait for him. libunbound's own patience does not count: the deadline is ours.
 */
#include "net/dns.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/interrupt.h"
#include "base/names.h"
#include "dns_context.h"
#include "wire/dns_message.h"

/* How often a wait looks whether the run was interrupted. */
#define LOOK_AROUND_MS 100

/* Questions under way for one caller: the resolver of a home router takes no more than some hundred. */
#define AT_A_TIME 64

#define CLASS_IN 1
#define RCODE_NO_ERROR 0
#define RCODE_NO_NAME 3
#define NAME_MAX_LEN 255

struct dns {
	const struct dns_settings *settings;
	pthread_mutex_t lock; /* of all below */
	pthread_cond_t changed;
	struct unbound unbound; /* loaded with the context */
	struct ub_ctx *context; /* NULL before the first question */
	struct dns_zones zones;
	struct arena arena;
	struct error error; /* why there is no context */
	bool attended;      /* somebody waits at the descriptor */
};

/* A question under way. */
struct query {
	struct dns *dns;
	int id;
	bool done;
	int status;               /* of libunbound */
	struct ub_result *result; /* to be freed; NULL unless done */
};

enum slot_state {
	SLOT_FREE,
	SLOT_WAITING,
	SLOT_ANSWERED, /* the query has the result */
	SLOT_GIVEN_UP,
	SLOT_FAILED, /* and the answer says why */
};

/* A question of somebody, and what became of it. */
struct slot {
	enum slot_state state;
	struct dns_question question;
	struct query query;
	int64_t deadline_ms;
};

static const struct name_code states[] = {
	{ "failed", DNS_FAILED },
	{ "bogus", DNS_BOGUS },
	{ "insecure", DNS_INSECURE },
	{ "secure denial", DNS_DENIED },
	{ "secure", DNS_SECURE },
	{ NULL, 0 },
};

/* Those that have a name of their own in RFC 1035 section 4.1.1. */
static const struct name_code rcodes[] = {
	{ "FORMERR", 1 },
	{ "SERVFAIL, or none answered", 2 },
	{ "NOTIMP", 4 },
	{ "REFUSED", 5 },
	{ NULL, 0 },
};

const char *
dns_state_name(enum dns_state state)
{
	return name_of(states, (int)state);
}

struct dns *
dns_create(const struct dns_settings *settings)
{
	struct dns *dns = calloc(1, sizeof(*dns));
	pthread_condattr_t attributes;

	if (dns == NULL)
		out_of_memory();
	dns->settings = settings;
	pthread_mutex_init(&dns->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&dns->changed, &attributes);
	pthread_condattr_destroy(&attributes);
	arena_init(&dns->arena);
	return dns;
}

const struct dns_settings *
dns_settings_of(const struct dns *dns)
{
	return dns->settings;
}

void
dns_release(struct dns *dns)
{
	if (dns == NULL)
		return;
	if (dns->context != NULL)
		dns->unbound.ctx_delete(dns->context);
	pthread_mutex_destroy(&dns->lock);
	pthread_cond_destroy(&dns->changed);
	arena_release(&dns->arena);
	free(dns);
}

static void
fail(struct dns_answer *answer, enum dns_failure failure, const char *reason)
{
	*answer = (struct dns_answer){ .state = DNS_FAILED, .failure = failure, .reason = reason };
}

/* Makes the context if this is the first question; what kept it from being made does so for good. */
static struct ub_ctx *
context_of(struct dns *dns)
{
	struct ub_ctx *context;

	pthread_mutex_lock(&dns->lock);
	if (dns->context == NULL && !error_is_set(&dns->error) &&
		unbound_load(&dns->unbound, &dns->error))
		dns->context = dns_context_make(
			&dns->unbound, dns->settings, &dns->zones, &dns->arena, &dns->error);
	context = dns->context;
	pthread_mutex_unlock(&dns->lock);
	return context;
}

/* libunbound calls this from ub_process(), without a lock of its own. */
static void
take_result(void *argument, int status, struct ub_result *result)
{
	struct query *query = argument;

	pthread_mutex_lock(&query->dns->lock);
	query->status = status;
	query->result = result;
	query->done = true;
	pthread_cond_broadcast(&query->dns->changed);
	pthread_mutex_unlock(&query->dns->lock);
}

/* Waits at the descriptor once; the lock is held before and after, not meanwhile. */
static void
attend(struct dns *dns, int64_t until_ms)
{
	struct pollfd waiting[] = { { .fd = dns->unbound.fd(dns->context), .events = POLLIN },
		{ .fd = interrupt_fd(), .events = POLLIN } };

	dns->attended = true;
	pthread_mutex_unlock(&dns->lock);
	if (poll(waiting, 2, (int)clock_left_ms(until_ms)) > 0 && waiting[0].revents != 0)
		dns->unbound.process(dns->context);
	pthread_mutex_lock(&dns->lock);
	dns->attended = false;
	pthread_cond_broadcast(&dns->changed);
}

static void
await_others(struct dns *dns, int64_t until_ms)
{
	struct timespec moment = { .tv_sec = until_ms / 1000,
		.tv_nsec = until_ms % 1000 * 1000000 };

	pthread_cond_timedwait(&dns->changed, &dns->lock, &moment);
}

/* Gives a question up. When libunbound no longer knows it, its answer is on its way through the hands of
 * whoever attends, and comes now. */
static void
cancel(struct dns *dns, struct query *query)
{
	int status;

	pthread_mutex_unlock(&dns->lock);
	status = dns->unbound.cancel(dns->context, query->id);
	pthread_mutex_lock(&dns->lock);
	while (status == UB_NOID && !query->done)
		await_others(dns, clock_now_ms() + LOOK_AROUND_MS);
}

static const char *
canonical_of(const struct ub_result *result, struct arena *arena)
{
	char *name =
		arena_strdup(arena, result->canonname != NULL ? result->canonname : result->qname);
	size_t len = strlen(name);

	if (len > 1 && name[len - 1] == '.')
		name[len - 1] = '\0';
	for (char *c = name; *c != '\0'; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	return name;
}

static void
copy_records(struct dns_answer *answer, const struct ub_result *result, struct arena *arena)
{
	struct span *records = NULL;

	for (size_t i = 0; result->havedata && result->data[i] != NULL; i++) {
		size_t len = (size_t)result->len[i];

		*ARENA_ADD(arena, records, answer->count) =
			(struct span){ arena_memdup(arena, result->data[i], len), len };
	}
	answer->records = records;
}

static void
tell_rcode(struct dns_answer *answer, int rcode, struct arena *arena)
{
	const char *name = name_of(rcodes, rcode);

	fail(answer, DNS_SERVER_ERROR,
		name != NULL ? arena_printf(arena, "the resolver says %s", name)
			     : arena_printf(arena, "the resolver says RCODE %d", rcode));
}

static void
copy_answer(struct dns_answer *answer, const struct ub_result *result, struct arena *arena)
{
	struct span packet = { result->answer_packet, (size_t)result->answer_len };

	copy_records(answer, result, arena);
	answer->state = !result->secure      ? DNS_INSECURE
			: answer->count != 0 ? DNS_SECURE
					     : DNS_DENIED;
	answer->no_name = result->rcode == RCODE_NO_NAME;
	answer->canonical = canonical_of(result, arena);
	answer->ttl = result->ttl < 0 ? 0 : (uint32_t)result->ttl;
	if (!result->secure ||
		!dns_original_ttl(&answer->published_ttl, packet, (uint16_t)result->qtype))
		answer->published_ttl = 0;
}

/* The one place that reads a result. What is bogus comes with its forged data, so that is looked at
 * first, and then the code, before any data. */
static void
read_result(struct dns_answer *answer, const struct ub_result *result, struct arena *arena)
{
	*answer = (struct dns_answer){ .state = DNS_FAILED };
	if (result->bogus) {
		answer->state = DNS_BOGUS;
		answer->reason = arena_strdup(arena,
			result->why_bogus != NULL ? result->why_bogus : "validation failure");
	} else if (result->rcode != RCODE_NO_ERROR && result->rcode != RCODE_NO_NAME) {
		tell_rcode(answer, result->rcode, arena);
	} else {
		copy_answer(answer, result, arena);
	}
}

/* libunbound writes "?" for a byte of an alias that it does not show: that is not the name. */
static bool
is_sendable(const char *name)
{
	for (const char *c = name; *c != '\0'; c++)
		if (*c <= ' ' || *c >= 0x7f || *c == '?')
			return false;
	return name[0] != '\0' && strlen(name) <= NAME_MAX_LEN;
}

static void
tell_status(const struct dns *dns, struct dns_answer *answer, int status, struct arena *arena)
{
	if (status == UB_SYNTAX)
		fail(answer, DNS_BAD_NAME, "RFC 1035 section 2.3.4: no name of the DNS");
	else
		fail(answer, DNS_NOT_SET_UP,
			arena_printf(arena, "libunbound: %s", dns->unbound.strerror(status)));
}

static void
begin(const struct dns_asking *asking, struct slot *slot)
{
	struct dns *dns = asking->dns;
	int status;

	slot->query = (struct query){ .dns = dns };
	slot->deadline_ms = clock_earlier(asking->deadline_ms, clock_now_ms() + asking->timeout_ms);
	status = dns->unbound.resolve_async(dns->context, slot->question.name, slot->question.type,
		CLASS_IN, &slot->query, take_result, &slot->query.id);
	slot->state = status == UB_NOERROR ? SLOT_WAITING : SLOT_FAILED;
	if (status != UB_NOERROR)
		tell_status(dns, slot->question.answer, status, asking->arena);
}

/* Called with the lock held: what was answered meanwhile, and whose time is up. False when that is none. */
static bool
note_ends(struct dns *dns, struct slot *slots)
{
	bool any = false;

	for (size_t i = 0; i < AT_A_TIME; i++) {
		struct slot *slot = &slots[i];

		if (slot->state == SLOT_WAITING && slot->query.done) {
			slot->state = SLOT_ANSWERED;
		} else if (slot->state == SLOT_WAITING &&
			   (interrupt_signal() != 0 || clock_left_ms(slot->deadline_ms) == 0)) {
			cancel(dns, &slot->query);
			slot->state = SLOT_GIVEN_UP;
		}
		any = any || slot->state > SLOT_WAITING;
	}
	return any;
}

/* The moment at which the first of them is given up. */
static int64_t
first_deadline(const struct slot *slots)
{
	int64_t first = clock_now_ms() + LOOK_AROUND_MS;

	for (size_t i = 0; i < AT_A_TIME; i++)
		if (slots[i].state == SLOT_WAITING)
			first = clock_earlier(first, slots[i].deadline_ms);
	return first;
}

static void
await(struct dns *dns, struct slot *slots)
{
	pthread_mutex_lock(&dns->lock);
	while (!note_ends(dns, slots)) {
		if (dns->attended)
			await_others(dns, first_deadline(slots));
		else
			attend(dns, first_deadline(slots));
	}
	pthread_mutex_unlock(&dns->lock);
}

/* Fills in the answer, as it was validated. */
static void
read_slot(const struct dns_asking *asking, const struct slot *slot)
{
	struct dns *dns = asking->dns;
	struct dns_answer *answer = slot->question.answer;
	const struct query *query = &slot->query;

	if (slot->state == SLOT_FAILED)
		return;
	if (slot->state == SLOT_GIVEN_UP)
		fail(answer, interrupt_signal() != 0 ? DNS_INTERRUPTED : DNS_TIMED_OUT,
			interrupt_signal() != 0 ? "the run was interrupted"
						: "no answer within the time allowed");
	else if (query->status != UB_NOERROR || query->result == NULL)
		tell_status(dns, answer, query->status, asking->arena);
	else
		read_result(answer, query->result, asking->arena);
	dns->unbound.resolve_free(query->result);
}

static bool
is_below(const char *name, size_t len, const char *zone)
{
	size_t zone_len = strlen(zone);

	return zone_len == 0 ||
	       (zone_len <= len && strncasecmp(name + len - zone_len, zone, zone_len) == 0 &&
		       (zone_len == len || name[len - zone_len - 1] == '.'));
}

/* The zone of the anchor that the name stands under, the longest; NULL: none. */
static const char *
anchor_zone(const struct dns *dns, const char *name)
{
	size_t len = strlen(name);
	const char *best = NULL;

	if (name[len - 1] == '.')
		len--;
	for (size_t i = 0; i < dns->zones.count; i++) {
		const char *zone = dns->zones.names[i];

		if (is_below(name, len, zone) && (best == NULL || strlen(zone) > strlen(best)))
			best = zone;
	}
	return best != NULL && best[0] == '\0' ? "." : best;
}

/* A further question about an answer that has come, whose own answer is taken as it is. */
static void
ask_about(const struct dns_asking *asking, const struct slot *slot, const char *name, uint16_t type,
	struct dns_answer *answer)
{
	struct dns_asking further = { .dns = asking->dns,
		.timeout_ms = asking->timeout_ms,
		.deadline_ms = slot->deadline_ms,
		.arena = asking->arena,
		.is_plain = true };

	dns_asking_add(
		&further, &(struct dns_question){ .name = name, .type = type, .answer = answer });
	dns_asking_run(&further);
}

/* Of the answer nothing is known, because another one did not come. */
static void
leave_open(struct dns_answer *answer, const struct dns_answer *other, const char *name,
	const char *type, struct arena *arena)
{
	fail(answer, other->failure,
		arena_printf(arena,
			"%s%s%s, and whether the resolver or the domain is to blame is not known: %s "
			"of %s: %s",
			dns_state_name(answer->state), answer->reason != NULL ? ": " : "",
			answer->reason != NULL ? answer->reason : "", type, name, other->reason));
}

/* A resolver that drops signatures makes every name bogus (so does a forger who can drop them, but then
 * nothing is known of the domain either); an anchor that libunbound cannot use makes every name insecure.
 * Then the anchor's own zone is not secure either. */
static void
ask_canary(const struct dns_asking *asking, const struct slot *slot, const char *zone)
{
	struct dns_answer *answer = slot->question.answer;
	struct dns_answer canary;

	ask_about(asking, slot, zone, DNS_SOA, &canary);
	if (canary.state == DNS_FAILED)
		leave_open(answer, &canary, zone, "SOA", asking->arena);
	else if (canary.state != DNS_SECURE)
		fail(answer, DNS_STRIPPED,
			arena_printf(asking->arena,
				"the resolver passes no DNSSEC (or the trust anchor or the clock is "
				"wrong): not even %s, a zone of the trust anchor, is secure%s%s",
				zone, canary.reason != NULL ? ": " : "",
				canary.reason != NULL ? canary.reason : ""));
}

/* The name without its first label; NULL: it has but one. */
static const char *
parent_of(const char *name)
{
	const char *dot = strchr(name, '.');

	return dot != NULL && dot[1] != '\0' ? dot + 1 : NULL;
}

/* libunbound calls bogus what it could not get the keys of, too: where nobody tells a DS record, or the keys
 * that it is of, between the name and the anchor, the domain may be in order. */
static void
ask_for_keys(const struct dns_asking *asking, const struct slot *slot, const char *zone)
{
	struct dns_answer *answer = slot->question.answer;
	const char *name = slot->question.name;
	struct dns_answer keys;

	for (; answer->state == DNS_BOGUS && name != NULL && strcasecmp(name, zone) != 0;
		name = parent_of(name)) {
		ask_about(asking, slot, name, DNS_DS, &keys);
		if (keys.state == DNS_FAILED)
			leave_open(answer, &keys, name, "DS", asking->arena);
		if (keys.state != DNS_SECURE)
			continue;
		ask_about(asking, slot, name, DNS_DNSKEY, &keys);
		if (keys.state == DNS_FAILED)
			leave_open(answer, &keys, name, "DNSKEY", asking->arena);
	}
}

/* What bogus and insecure say of the domain hangs on more than the answer. */
static void
look_behind(const struct dns_asking *asking, const struct slot *slot)
{
	struct dns_answer *answer = slot->question.answer;
	const char *zone;

	if (asking->is_plain || (answer->state != DNS_BOGUS && answer->state != DNS_INSECURE))
		return;
	zone = anchor_zone(asking->dns, slot->question.name);
	answer->unanchored = zone == NULL;
	if (zone == NULL)
		return;
	ask_canary(asking, slot, zone);
	ask_for_keys(asking, slot, zone);
}

/* Whether the question can be sent at all. */
static bool
is_askable(struct dns *dns, const struct dns_question *question, struct arena *arena)
{
	if (!is_sendable(question->name))
		fail(question->answer, DNS_BAD_NAME,
			"RFC 1035 section 2.3.1: not a name of letters, digits and hyphens");
	else if (context_of(dns) == NULL)
		fail(question->answer, DNS_NOT_SET_UP, arena_strdup(arena, dns->error.text));
	else
		return true;
	return false;
}

/* Begins what was added, as long as there is room. False when nothing is under way. */
static bool
fill(struct dns_asking *asking, struct slot *slots)
{
	bool any = false;

	for (size_t i = 0; i < AT_A_TIME; i++) {
		struct slot *slot = &slots[i];

		if (slot->state == SLOT_FREE && asking->begun < asking->count) {
			slot->question = asking->questions[asking->begun++];
			slot->state = SLOT_FAILED;
			if (is_askable(asking->dns, &slot->question, asking->arena))
				begin(asking, slot);
		}
		any = any || slot->state != SLOT_FREE;
	}
	return any;
}

static void
end(struct dns_asking *asking, struct slot *slot)
{
	const struct dns_question question = slot->question;

	read_slot(asking, slot);
	look_behind(asking, slot);
	slot->state = SLOT_FREE;
	if (question.answered != NULL)
		question.answered(asking, question.context);
}

void
dns_asking_add(struct dns_asking *asking, const struct dns_question *question)
{
	*ARENA_ADD(asking->arena, asking->questions, asking->count) = *question;
}

void
dns_asking_run(struct dns_asking *asking)
{
	struct slot slots[AT_A_TIME] = { { .state = SLOT_FREE } };

	while (fill(asking, slots)) {
		await(asking->dns, slots);
		for (size_t i = 0; i < AT_A_TIME; i++)
			if (slots[i].state > SLOT_WAITING)
				end(asking, &slots[i]);
	}
}

void
dns_ask_all(struct dns *dns, const struct dns_question *questions, size_t count,
	int64_t deadline_ms, struct arena *arena)
{
	struct dns_asking asking = {
		.dns = dns, .timeout_ms = INT64_MAX / 2, .deadline_ms = deadline_ms, .arena = arena
	};

	for (size_t i = 0; i < count; i++)
		dns_asking_add(&asking, &questions[i]);
	dns_asking_run(&asking);
}

void
dns_ask(struct dns *dns, const char *name, uint16_t type, int64_t deadline_ms, struct arena *arena,
	struct dns_answer *answer)
{
	const struct dns_question question = { .name = name, .type = type, .answer = answer };

	dns_ask_all(dns, &question, 1, deadline_ms, arena);
}
