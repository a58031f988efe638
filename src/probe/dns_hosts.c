/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Two rounds of questions: the records, then the addresses of the hosts in them.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "probe/dns_probe.h"

static bool
hosts_ask_same(const void *record, const void *other)
{
	const struct dns_hosts *a = record, *b = other;

	return a->type == b->type && text_same(a->name, b->name);
}

/* The host that a record leads to; false when it is none of the type, or leads to none. */
static bool
host_of(const struct dns_hosts *record, struct span rdata, char host[DNS_NAME_TEXT_MAX])
{
	struct srv_record srv;

	if (record->type == DNS_PTR)
		return dns_host_read(host, rdata) && strcmp(host, ".") != 0;
	if (!srv_record_read(&srv, rdata) || strcmp(srv.host, ".") == 0)
		return false;
	memcpy(host, srv.host, DNS_NAME_TEXT_MAX);
	return true;
}

static bool
has_host(const struct dns_hosts *record, const char *host)
{
	for (size_t i = 0; i < record->host_count; i++)
		if (strcmp(record->hosts[i].host, host) == 0)
			return true;
	return false;
}

static int
compare_hosts(const void *a, const void *b)
{
	const struct host_names *one = a, *other = b;

	return strcmp(one->host, other->host);
}

/* Records come in any order; which of many hosts are looked up does not hang on it. */
static void
collect_hosts(struct dns_hosts *record, struct arena *arena)
{
	char host[DNS_NAME_TEXT_MAX];

	record->hosts = NULL;
	record->host_count = 0;
	for (size_t i = 0; i < record->answer.count; i++)
		if (host_of(record, record->answer.records[i], host) && !has_host(record, host))
			*ARENA_ADD(arena, record->hosts, record->host_count) =
				(struct host_names){ .host = arena_strdup(arena, host) };
	if (record->host_count != 0)
		qsort(record->hosts, record->host_count, sizeof(*record->hosts), compare_hosts);
}

static void
look_hosts_up(struct observation *observation, const struct endpoint *endpoint, int64_t deadline_ms)
{
	struct dns_hosts *record = observation->record;
	struct dns_question questions[2 * NAMES_MAX] = { { .name = NULL } };
	size_t count = record->host_count < NAMES_MAX ? record->host_count : NAMES_MAX;

	for (size_t i = 0; i < count; i++) {
		struct host_names *names = &record->hosts[i];

		questions[2 * i] = (struct dns_question){
			.name = names->host, .type = DNS_A, .answer = &names->a
		};
		questions[2 * i + 1] = (struct dns_question){
			.name = names->host, .type = DNS_AAAA, .answer = &names->aaaa
		};
	}
	observation_ask_all(observation, endpoint, questions, 2 * count, deadline_ms);
	for (size_t i = 0; i < count; i++)
		host_names_read(&record->hosts[i], &observation->arena);
}

static const struct dns_answer *
worst_of(const struct dns_hosts *record)
{
	for (size_t i = 0; i < record->host_count && i < NAMES_MAX; i++)
		if (host_names_worse(&record->hosts[i])->state == DNS_FAILED)
			return host_names_worse(&record->hosts[i]);
	return &record->answer;
}

static void
observe_hosts(struct observation *observation, const struct endpoint *endpoint)
{
	struct dns_hosts *record = observation->record;
	const struct dns_question question = {
		.name = record->name, .type = record->type, .answer = &record->answer
	};
	int64_t deadline_ms = dns_deadline_ms(endpoint);

	observation->lookup_count = 0;
	observation_ask(observation, endpoint, &question, deadline_ms);
	collect_hosts(record, &observation->arena);
	look_hosts_up(observation, endpoint, deadline_ms);
	observation_conclude_lookup(observation, record->name, record->type, worst_of(record));
}

const struct observer dns_hosts_observer = {
	.name = "DNS look-up and the addresses that it leads to",
	.size = sizeof(struct dns_hosts),
	.asks_same = hosts_ask_same,
	.observe = observe_hosts,
};
