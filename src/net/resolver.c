/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * getaddrinfo() in a thread of its own, which is left behind when it takes too long.
 */
#include "resolver.h"

#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/interrupt.h"

/* How often a wait looks whether the run was interrupted. */
#define LOOK_AROUND_MS 100

/* getaddrinfo() knows no deadline, so a thread of its own waits for it. The question is shared
 * by that thread and by the one that asked; whoever lets go of it last releases it. */
struct question {
	pthread_mutex_t lock;
	pthread_cond_t answered;
	char host[256];
	bool done;
	unsigned holders;
	int status;
	struct resolved resolved;
};

static void
keep_addresses(struct resolved *resolved, const struct addrinfo *list)
{
	for (; list != NULL && resolved->count < RESOLVER_ADDRESSES_MAX; list = list->ai_next) {
		struct resolved_address *kept = &resolved->addresses[resolved->count];

		if (list->ai_addrlen > sizeof(kept->address))
			continue;
		memcpy(&kept->address, list->ai_addr, list->ai_addrlen);
		kept->len = list->ai_addrlen;
		resolved->count++;
	}
}

static int
ask(const char *host, int flags, struct resolved *resolved)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = flags };
	struct addrinfo *list = NULL;
	int status = getaddrinfo(host, NULL, &hints, &list);

	if (status != 0)
		return status;
	keep_addresses(resolved, list);
	freeaddrinfo(list);
	return 0;
}

static void
question_let_go(struct question *question)
{
	unsigned holders;

	pthread_mutex_lock(&question->lock);
	holders = --question->holders;
	pthread_mutex_unlock(&question->lock);
	if (holders != 0)
		return;
	pthread_mutex_destroy(&question->lock);
	pthread_cond_destroy(&question->answered);
	free(question);
}

static void *
answer(void *argument)
{
	struct question *question = argument;
	struct resolved resolved = { .count = 0 };
	int status = ask(question->host, 0, &resolved);

	pthread_mutex_lock(&question->lock);
	question->status = status;
	question->resolved = resolved;
	question->done = true;
	pthread_cond_signal(&question->answered);
	pthread_mutex_unlock(&question->lock);
	question_let_go(question);
	return NULL;
}

static struct question *
question_new(const char *host)
{
	struct question *question = calloc(1, sizeof(*question));
	pthread_condattr_t attributes;

	if (question == NULL)
		out_of_memory();
	snprintf(question->host, sizeof(question->host), "%s", host);
	pthread_mutex_init(&question->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&question->answered, &attributes);
	pthread_condattr_destroy(&attributes);
	question->holders = 1;
	return question;
}

/* Starts the thread that answers; false when the system has none to give. */
static bool
question_ask(struct question *question)
{
	pthread_attr_t attributes;
	pthread_t thread;
	int status;

	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	question->holders++;
	status = pthread_create(&thread, &attributes, answer, question);
	pthread_attr_destroy(&attributes);
	if (status != 0)
		question->holders--;
	return status == 0;
}

/* Waits for the answer; false when the deadline or an interruption came first. */
static bool
question_wait(struct question *question, int64_t deadline_ms)
{
	bool done;

	pthread_mutex_lock(&question->lock);
	while (!question->done && interrupt_signal() == 0 && clock_left_ms(deadline_ms) > 0) {
		int64_t until = clock_earlier(deadline_ms, clock_now_ms() + LOOK_AROUND_MS);
		struct timespec moment = { .tv_sec = until / 1000,
			.tv_nsec = until % 1000 * 1000000 };

		pthread_cond_timedwait(&question->answered, &question->lock, &moment);
	}
	done = question->done;
	pthread_mutex_unlock(&question->lock);
	return done;
}

static bool
look_up_name(const char *host, int64_t deadline_ms, struct resolved *resolved, struct error *error)
{
	struct question *question = question_new(host);
	bool found = false;

	if (!question_ask(question))
		error_set(error, "no thread could be started to look it up");
	else if (!question_wait(question, deadline_ms))
		error_set(error, "%s",
			interrupt_signal() != 0 ? "the run was interrupted"
						: "no answer within the time allowed");
	else if (question->status != 0)
		error_set(error, "%s", gai_strerror(question->status));
	else if (question->resolved.count == 0)
		error_set(error, "no address");
	else
		found = true;
	if (found)
		*resolved = question->resolved;
	question_let_go(question);
	return found;
}

bool
resolver_look_up(
	const char *host, int64_t deadline_ms, struct resolved *resolved, struct error *error)
{
	resolved->count = 0;
	if (ask(host, AI_NUMERICHOST, resolved) == 0 && resolved->count != 0)
		return true;
	if (strlen(host) > 255)
		return error_set(error, "the name is longer than 255 bytes");
	if (!look_up_name(host, deadline_ms, resolved, error))
		return error_context(error, "looking up %s", host);
	return true;
}
