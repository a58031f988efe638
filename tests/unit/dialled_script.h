/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * dialled_script: a server in memory. Each connection that is dialled plays the next script of a
 * list, and where the list ends, connects are refused.
 */
#ifndef GATE_TESTS_DIALLED_SCRIPT_H
#define GATE_TESTS_DIALLED_SCRIPT_H

#include <stdio.h>
#include <string.h>

#include "scripted_stream.h"

#include "base/clock.h"
#include "base/error.h"
#include "checks/ask.h"
#include "evidence/evidence.h"
#include "evidence/target.h"
#include "probe/endpoint.h"

#define SCRIPT_EXCHANGES_MAX 12

/* One connection: what is exchanged over it, and how it ends behind that. Exchanges that are all
 * zero count as none. */
struct scripted {
	struct script_exchange exchanges[SCRIPT_EXCHANGES_MAX];
	enum stream_status end; /* STREAM_OK: closed */
	size_t portion;         /* bytes a read; 0: any number */
	enum dial_fault fault;  /* why there is no connection at all */
};

struct dialled_script {
	struct dialler dialler;
	const struct scripted *connections;
	size_t count;
	size_t *dialled; /* how many were asked for */
};

static inline enum outcome
dial_script(const struct dialler *self, const struct dial_request *request, struct stream *stream,
	struct dialled *dialled, struct error *error)
{
	const struct dialled_script *own = (const struct dialled_script *)self;
	const struct scripted *scripted;
	size_t count = SCRIPT_EXCHANGES_MAX;

	snprintf(dialled->address, sizeof(dialled->address), "192.0.2.1");
	if ((*own->dialled)++ >= own->count) {
		dialled->fault = DIAL_FAULT_SERVER;
		error_set(error, "%s port %u refused the connection", request->host, request->port);
		return OUTCOME_REFUSED;
	}
	scripted = &own->connections[*own->dialled - 1];
	if (scripted->fault != DIAL_FAULT_NONE) {
		dialled->fault = scripted->fault;
		dialled->timed_out = true;
		error_set(error, "nobody answers");
		return OUTCOME_BROKEN;
	}
	while (count > 0 && scripted->exchanges[count - 1].expect == NULL &&
		scripted->exchanges[count - 1].send == NULL)
		count--;
	stream_over_script(stream, scripted->exchanges, count, scripted->portion,
		scripted->end == STREAM_OK ? STREAM_CLOSED : scripted->end);
	return OUTCOME_DONE;
}

/* An endpoint with that server behind it; what it points to must outlive it. */
static inline struct endpoint
script_endpoint(struct dialled_script *script, const struct scripted *connections, size_t count,
	size_t *dialled)
{
	*dialled = 0;
	*script = (struct dialled_script){ .dialler = { .dial = dial_script },
		.connections = connections,
		.count = count,
		.dialled = dialled };
	return (struct endpoint){ .dialler = &script->dialler,
		.host = "mail.example.test",
		.port = 587,
		.dialect = dialects,
		.server_name = "mail.example.test",
		.ehlo_name = "gate.example.test",
		.connect_timeout_ms = 1000,
		.reply_timeout_ms = 1000,
		.hello_timeout_ms = 1000,
		.deadline_ms = clock_now_ms() + 10000 };
}

/* One observation of a server that is a list of scripts. */
struct observed {
	struct target target;
	struct evidence evidence;
	struct observation *observation;
	size_t dialled;
	struct preconnect none;
	char begun[16]; /* of how many connections the last was open when the next could be begun */
};

/* Nothing is begun, but for being taken down. */
static inline bool
note_next(void *pacing)
{
	struct observed *observed = pacing;
	size_t len = strlen(observed->begun);

	if (len + 1 < sizeof(observed->begun))
		observed->begun[len] = (char)('0' + observed->dialled);
	return false;
}

/* Makes the observation that the record asks for; to be released. */
static inline void
observe_script(struct observed *observed, const struct observer *observer, const void *record,
	const struct scripted *connections, size_t count, bool implicit_tls)
{
	struct dialled_script script;
	struct endpoint endpoint = script_endpoint(&script, connections, count, &observed->dialled);
	struct questions questions = { .evidence = &observed->evidence };

	endpoint.implicit_tls = implicit_tls;
	observed->none.fd = -1;
	observed->none.given_up = false;
	memset(observed->begun, 0, sizeof(observed->begun));
	endpoint.preconnect = &observed->none;
	endpoint.may_begin = note_next;
	endpoint.pacing = observed;
	observed->target = (struct target){ .implicit_tls = implicit_tls, .dialect = dialects };
	evidence_init(&observed->evidence, &observed->target, 0);
	ask(&questions, 0, observer, record);
	observed->observation = observed->evidence.observations[0];
	observer->observe(observed->observation, &endpoint);
}

#endif
