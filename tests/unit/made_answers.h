/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * made_answers: answers of the DNS made by hand, of records as people write them.
 */
#ifndef GATE_TESTS_MADE_ANSWERS_H
#define GATE_TESTS_MADE_ANSWERS_H

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evidence/names.h"

/* Labels with dots between them, in wire form; "." is the root. */
static inline size_t
put_name(uint8_t *out, const char *name)
{
	size_t at = 0;

	while (*name != '\0' && strcmp(name, ".") != 0) {
		size_t len = strcspn(name, ".");

		out[at++] = (uint8_t)len;
		memcpy(out + at, name, len);
		at += len;
		name += len + (name[len] == '.');
	}
	out[at++] = 0;
	return at;
}

/* "192.0.2.1", "2001:db8::1", "10 mx.example.org" or "" (no record of any type). */
static inline struct span
made_rdata(struct arena *arena, const char *text)
{
	uint8_t bytes[300];
	size_t len = 0;
	char *end;

	if (strchr(text, ' ') != NULL) {
		unsigned long preference = strtoul(text, &end, 10);

		bytes[0] = (uint8_t)(preference >> 8);
		bytes[1] = (uint8_t)preference;
		len = 2 + put_name(bytes + 2, end + 1);
	} else if (inet_pton(AF_INET, text, bytes) == 1) {
		len = 4;
	} else if (inet_pton(AF_INET6, text, bytes) == 1) {
		len = 16;
	}
	return (struct span){ arena_memdup(arena, bytes, len), len };
}

/* Records with commas between them; none is "nothing there". */
static inline struct dns_answer
made_answer(struct arena *arena, enum dns_state state, const char *name, const char *records)
{
	struct dns_answer answer = { .state = state, .canonical = name };
	struct span *made = NULL;
	char text[2000];

	if (state <= DNS_BOGUS) {
		answer.reason = state == DNS_BOGUS ? "signature expired" : "the resolver is silent";
		answer.failure = state == DNS_FAILED ? DNS_TIMED_OUT : DNS_NO_FAILURE;
		answer.canonical = NULL;
		return answer;
	}
	snprintf(text, sizeof(text), "%s", records);
	for (char *one = text, *comma; one != NULL && one[0] != '\0'; one = comma) {
		comma = strchr(one, ',');
		if (comma != NULL)
			*comma++ = '\0';
		*ARENA_ADD(arena, made, answer.count) = made_rdata(arena, one);
	}
	answer.records = made;
	if (answer.count == 0 && state == DNS_SECURE)
		answer.state = DNS_DENIED;
	return answer;
}

/* A host with those addresses, all signed. */
static inline struct host_names
made_names(struct arena *arena, const char *host, const char *a, const char *aaaa)
{
	struct host_names names = { .host = host,
		.a = made_answer(arena, DNS_SECURE, host, a),
		.aaaa = made_answer(arena, DNS_SECURE, host, aaaa) };

	host_names_read(&names, arena);
	return names;
}

/* A domain with those MX records, all signed; each host has the address 192.0.2.1. */
static inline struct mx_names
made_mx(struct arena *arena, const char *domain, const char *records)
{
	struct mx_names mx = { .domain = domain,
		.answer = made_answer(arena, DNS_SECURE, domain, records) };

	mx_names_read(&mx, arena);
	for (size_t i = 0; i < mx.host_count; i++)
		mx.hosts[i].names = made_names(arena, mx.hosts[i].names.host, "192.0.2.1", "");
	return mx;
}

#endif
