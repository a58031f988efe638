/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Carries out one job: probes, and probes again while the server comes up, is busy or says nothing.
 */
#include "job.h"

#include "base/clock.h"
#include "base/interrupt.h"
#include "evidence/target.h"
#include "net/proxy.h"
#include "probe/endpoint.h"
#include "probe/session_conversation.h"
#include "wire/flight_record.h"

/* Between two looks whether a server has come up. */
#define WAIT_PAUSE_MS 250

/* Times that an observation is turned away without getting any further. */
#define FRUITLESS_MAX 12

static struct endpoint
endpoint_of(struct job *job)
{
	const struct target_run *run = job->run;
	const struct target *target = run->evidence.target;
	const struct checklist *checklist = run->checklist;
	const struct dialler *dialler =
		target->proxy != NULL ? &target->proxy->dialler : &socket_dialler;

	return (struct endpoint){
		.dialler = dialler,
		.host = target->host,
		.address = target->address,
		.port = target->port,
		.server_name = target->server_name,
		.dialect = target->dialect,
		.ehlo_name = target->ehlo_name,
		.identity = target->identity,
		.implicit_tls = target->implicit_tls,
		.host_doubt = target_host_doubt(target),
		.send_credentials_untrusted = target->send_credentials_untrusted,
		.connect_timeout_ms = checklist->limits.connect_timeout_ms,
		.reply_timeout_ms = checklist->limits.reply_timeout_ms,
		.hello_timeout_ms =
			pacing_hello_timeout_ms(&job->pacing, checklist->limits.reply_timeout_ms),
		.deadline_ms = job->pacing.deadline_ms,
		.trust = checklist->trust,
		.web = &checklist->web,
		.memo = job->memo,
		.today = run->evidence.today,
		.route = job->route,
		.dns = run->dns,
		.dns_timeout_ms = checklist->dns_timeout_ms,
		.domain = target->domain,
		.names = target->names,
		.await_start = pacing_await,
		.may_begin = pacing_may_begin,
		.pacing = &job->pacing,
		.preconnect = dialler->begin != NULL ? &job->preconnect : NULL,
	};
}

/* The step of the session that got no answer; false when none did. A refusal is an answer. */
static bool
unanswered_step(const struct evidence *evidence, enum step *step)
{
	return evidence_broken_step(evidence, evidence->last_step, step) &&
	       evidence->session.steps[*step].outcome == OUTCOME_BROKEN;
}

/* While a server is being waited for, a refused connect is no answer either. */
static bool
is_still_coming_up(const struct evidence *evidence)
{
	enum step step;

	return evidence_broken_step(evidence, evidence->last_step, &step) &&
	       (step == STEP_CONNECT || step == STEP_GREETING);
}

static bool
may_go_on(const struct endpoint *endpoint)
{
	return interrupt_signal() == 0 && clock_left_ms(endpoint->deadline_ms) > 0;
}

/* But for what it showed. */
static void
forget_session(struct evidence *evidence)
{
	struct arena *arena = &evidence->arena;
	const struct conversation *session = &evidence->session;

	if (heard_add(&evidence->before, &session->heard, evidence->given_count, arena))
		*ARENA_ADD(arena, evidence->givens, evidence->given_count) =
			(struct trace){ .transcript =
						arena_strdup(arena, session->transcript.data) };
	conversation_release(&evidence->session);
	conversation_init(&evidence->session, evidence->target->dialect);
}

static void
note_retry(struct evidence *evidence, enum step step)
{
	const char *text = evidence->session.steps[step].text;

	*ARENA_ADD(&evidence->arena, evidence->retries, evidence->retry_count) =
		(struct retry){ .step = step, .text = arena_strdup(&evidence->arena, text) };
}

static void
probe_session_again(struct evidence *evidence, const struct endpoint *endpoint)
{
	forget_session(evidence);
	probe_session(evidence, endpoint);
}

/* Whether no connection can come as far as a hello: no connect, no greeting, or something else than
 * TLS instead. What is in the way of the session's TLS alone is in no other's. */
static bool
is_hopeless(const struct evidence *evidence)
{
	const struct conversation *session = &evidence->session;
	struct span first = session->tls.first_bytes;
	enum step step;

	if (!evidence_broken_step(evidence, evidence->last_step, &step))
		return false;
	if (step == STEP_HANDSHAKE)
		return first.len != 0 && !flight_record_starts(first) &&
		       session->tls.plaintext.len == 0;
	return step == STEP_CONNECT || (step == STEP_GREETING && !evidence->target->implicit_tls);
}

static void
run_session(struct job *job)
{
	struct target_run *run = job->run;
	struct endpoint endpoint = endpoint_of(job);
	struct evidence *evidence = &run->evidence;
	enum step step;

	probe_session(evidence, &endpoint);
	while (is_still_coming_up(evidence) && clock_left_ms(job->wait_until_ms) > 0 &&
		may_go_on(&endpoint)) {
		pacing_pause_ms(WAIT_PAUSE_MS);
		probe_session_again(evidence, &endpoint);
	}
	/* A server that serves other connections and turned this one away is only busy. */
	while (pacing_session_comes_back(&job->pacing, &evidence->session) && may_go_on(&endpoint))
		probe_session_again(evidence, &endpoint);
	for (unsigned i = 0; i < run->checklist->limits.retries; i++) {
		if (!unanswered_step(evidence, &step) || !may_go_on(&endpoint))
			return;
		note_retry(evidence, step);
		probe_session_again(evidence, &endpoint);
	}
}

/* Observes until the server no longer turns the connections away; the observation goes on where
 * it stopped. */
static void
observe(struct pacing *pacing, struct observation *observation, const struct endpoint *endpoint)
{
	unsigned fruitless = 0;

	for (;;) {
		unsigned before = observation->connections;

		observation->turned_away = false;
		observation->observer->observe(observation, endpoint);
		observation->connections += dial_abandon(endpoint->preconnect);
		if (observation->connections > before + 1)
			fruitless = 0;
		if (!pacing_comes_back(pacing, observation) ||
			observation->outcome != OUTCOME_BROKEN || !may_go_on(endpoint) ||
			fruitless++ == FRUITLESS_MAX)
			return;
	}
}

static void
run_observation(struct job *job)
{
	struct observation *observation = job->observation;
	struct endpoint endpoint = endpoint_of(job);
	int64_t started_ms = clock_now_ms();

	observe(&job->pacing, observation, &endpoint);
	for (unsigned i = 0; i < job->run->checklist->limits.retries; i++) {
		if (observation->outcome != OUTCOME_BROKEN || !may_go_on(&endpoint))
			break;
		observe(&job->pacing, observation, &endpoint);
	}
	observation->ms = clock_now_ms() - started_ms;
}

/* Once, but for a server that turned the connection away before anything was tried. */
static void
run_wrong_password(struct job *job)
{
	struct evidence *evidence = &job->run->evidence;
	struct endpoint endpoint = endpoint_of(job);
	size_t before;

	do {
		before = evidence->login_count;
		probe_wrong_password(evidence, &endpoint, job->known);
	} while (evidence->login_count != before &&
		 pacing_session_comes_back(
			 &job->pacing, evidence->logins[evidence->login_count - 1]) &&
		 may_go_on(&endpoint));
}

void
job_run(struct job *job)
{
	struct evidence *evidence = &job->run->evidence;
	struct endpoint endpoint = endpoint_of(job);

	if (job->observation != NULL) {
		run_observation(job);
	} else if (job->is_wrong_password) {
		run_wrong_password(job);
	} else if (evidence->target->certificate_file != NULL) {
		probe_file(evidence, &endpoint);
	} else if (evidence->wants_session) {
		run_session(job);
		if (is_hopeless(evidence))
			pacing_give_up(&job->pacing);
	}
}
