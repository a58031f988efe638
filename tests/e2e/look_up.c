/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * look_up [-r RESOLVER]... [-a ANCHOR] [-t MILLISECONDS] [-j] NAME/TYPE...: asks net/dns and prints a
 * line an answer, of fields with tabs between: state, failure (a number), "no-name" or "-", canonical
 * name, TTL, published TTL, records in hexadecimal with commas, milliseconds, reason. -j: all questions
 * at once, each in a thread of its own, and one line is printed for each in their order.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/interrupt.h"
#include "base/text.h"
#include "net/dns.h"

#define QUESTIONS_MAX 512
#define RESOLVERS_MAX 8

struct question {
	pthread_t thread;
	struct dns *dns;
	const char *name;
	uint16_t type;
	int64_t timeout_ms, took_ms;
	struct arena arena;
	struct dns_answer answer;
};

static void *
ask(void *argument)
{
	struct question *question = argument;
	int64_t start = clock_now_ms();

	dns_ask(question->dns, question->name, question->type, start + question->timeout_ms,
		&question->arena, &question->answer);
	question->took_ms = clock_now_ms() - start;
	return NULL;
}

static void
print(const struct question *question)
{
	const struct dns_answer *answer = &question->answer;
	struct buf line;

	buf_init(&line, (size_t)1 << 20);
	buf_addf(&line, "%s\t%d\t%s\t%s\t%u\t%u\t", dns_state_name(answer->state),
		(int)answer->failure, answer->no_name ? "no-name" : "-",
		answer->canonical == NULL ? "" : answer->canonical, answer->ttl,
		answer->published_ttl);
	for (size_t i = 0; i < answer->count; i++) {
		buf_add_string(&line, i == 0 ? "" : ",");
		text_add_hex(&line, answer->records[i].data, answer->records[i].len);
	}
	buf_addf(&line, "\t%lld\t", (long long)question->took_ms);
	if (answer->reason != NULL)
		text_add_printable(&line, answer->reason, strlen(answer->reason));
	puts(line.data);
	buf_release(&line);
}

static uint16_t
take_type(char *text)
{
	char *slash = strrchr(text, '/');

	if (slash == NULL)
		exit(2);
	*slash = '\0';
	return (uint16_t)strtoul(slash + 1, NULL, 10);
}

static void
ask_all(struct question *questions, int count, int at_once)
{
	for (int i = 0; i < count; i++)
		if (!at_once)
			ask(&questions[i]);
		else if (pthread_create(&questions[i].thread, NULL, ask, &questions[i]) != 0)
			exit(2);
	for (int i = 0; i < count; i++) {
		if (at_once)
			pthread_join(questions[i].thread, NULL);
		print(&questions[i]);
		arena_release(&questions[i].arena);
	}
}

int
main(int argc, char **argv)
{
	static struct question questions[QUESTIONS_MAX];
	const char *resolvers[RESOLVERS_MAX];
	struct dns_settings settings = { .resolvers = resolvers };
	int64_t timeout_ms = 5000;
	int option, at_once = 0, count;
	struct dns *dns;

	while ((option = getopt(argc, argv, "r:a:t:j")) != -1)
		if (option == 'r' && settings.resolver_count < RESOLVERS_MAX)
			resolvers[settings.resolver_count++] = optarg;
		else if (option == 'a')
			settings.trust_anchor = optarg;
		else if (option == 't')
			timeout_ms = strtol(optarg, NULL, 10);
		else if (option == 'j')
			at_once = 1;
		else
			return 2;
	count = argc - optind;
	if (count > QUESTIONS_MAX || !interrupt_init())
		return 2;
	dns = dns_create(&settings);
	for (int i = 0; i < count; i++) {
		questions[i].dns = dns;
		questions[i].type = take_type(argv[optind + i]);
		questions[i].name = argv[optind + i];
		questions[i].timeout_ms = timeout_ms;
		arena_init(&questions[i].arena);
	}
	ask_all(questions, count, at_once);
	dns_release(dns);
	return 0;
}
