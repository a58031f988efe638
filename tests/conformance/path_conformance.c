/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Judges the server chains of x509-limbo and BetterTLS and compares with what their authors
 * expect. The files limbo.json and bettertls.json are looked for in $CONFORMANCE_DIR; without
 * them nothing is tested, and the status is 77. Wrong verdicts must stand in a table, each with
 * its reason; a row that is no longer needed fails the test as well, and so does a case that
 * takes more than 100 ms.
 *
 * usage: path_conformance [-v] [DEVIATIONS]
 *
 * With -v, every verdict is printed: id, expected, got, problems. DEVIATIONS is the table,
 * tests/conformance/deviations.txt unless given.
 */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/clock.h"
#include "x509/hostname.h"
#include "x509/path.h"
#include "x509/pem.h"

#define STATUS_SKIPPED 77
#define DEVIATIONS_MAX 256

/* Milliseconds of the processor for one case; sanitizers take some of their own. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(__clang__)
#define CASE_MS_MAX 2000.0
#else
#define CASE_MS_MAX 100.0
#endif

struct deviation {
	char id[128];
	bool seen;
};

struct tally {
	const char *file;
	int right, false_pass, false_fail, without_support;
	int unlisted;
	double total_ms, slowest_ms;
	char slowest[128];
	size_t signatures;
};

struct run {
	struct deviation deviations[DEVIATIONS_MAX];
	size_t deviation_count;
	bool verbose;
	bool failed;
};

static char *
read_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	char *text = NULL;
	long size = 0;

	if (file == NULL)
		return NULL;
	if (fseek(file, 0, SEEK_END) == 0 && (size = ftell(file)) >= 0) {
		rewind(file);
		text = calloc(1, (size_t)size + 1);
		if (text != NULL && fread(text, 1, (size_t)size, file) != (size_t)size) {
			free(text);
			text = NULL;
		}
	}
	fclose(file);
	return text;
}

/* One row: an id, blanks, the reason. */
static bool
read_deviations(struct run *run, const char *path)
{
	char *text = read_file(path), *rest = text;

	if (text == NULL)
		return false;
	for (char *line; (line = strtok_r(rest, "\n", &rest)) != NULL;) {
		struct deviation *row = &run->deviations[run->deviation_count];
		size_t len = strcspn(line, " \t");

		if (line[0] == '#' || len == 0)
			continue;
		if (run->deviation_count == DEVIATIONS_MAX || len >= sizeof(row->id) ||
			line[len + strspn(line + len, " \t")] == '\0') {
			fprintf(stderr, "%s: too many rows, or no reason: %s\n", path, line);
			run->failed = true;
			break;
		}
		memcpy(row->id, line, len);
		run->deviation_count++;
	}
	free(text);
	return true;
}

static const char *
string_of(const cJSON *object, const char *name)
{
	return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
}

/* "2024-03-01T00:00:00.999+00:00" without its fraction; now when there is none. */
static int64_t
date_of(const cJSON *test)
{
	const char *text = string_of(test, "validation_time");
	char seconds[21];
	int64_t date;

	if (text == NULL)
		return clock_date();
	snprintf(seconds, sizeof(seconds), "%.19sZ", text);
	if (!clock_parse_date(seconds, &date)) {
		fprintf(stderr, "unreadable date %s\n", text);
		exit(1);
	}
	return date;
}

static void
take_pem(struct pem_certs *sent, const char *pem, struct arena *arena)
{
	struct error error = { { 0 } };
	struct pem_certs certs;

	if (!pem_read_certs(&certs, pem, strlen(pem), arena, &error))
		return;
	for (size_t i = 0; i < certs.count; i++) {
		sent->der = arena_grow(arena, sent->der, sent->count, sizeof(*sent->der));
		sent->der[sent->count++] = certs.der[i];
	}
}

static struct trust_store *
store_of(const cJSON *test)
{
	struct trust_store *store = trust_store_create();
	const cJSON *pem;

	cJSON_ArrayForEach(pem, cJSON_GetObjectItemCaseSensitive(test, "trusted_certs"))
	{
		struct error error = { { 0 } };
		size_t found;

		trust_store_add_pem(
			store, pem->valuestring, strlen(pem->valuestring), &found, &error);
	}
	return store;
}

/* Intermediates, of those that are not self-issued, at most as many as the case allows. */
static bool
is_too_deep(const cJSON *test, const struct path_verdict *verdict)
{
	const cJSON *depth = cJSON_GetObjectItemCaseSensitive(test, "max_chain_depth");
	int intermediates = 0;

	for (size_t i = 1; i + 1 < verdict->member_count; i++)
		intermediates += !cert_is_self_issued(verdict->members[i].cert);
	return cJSON_IsNumber(depth) && intermediates > depth->valueint;
}

static bool
name_matches(const cJSON *test, const struct path_verdict *verdict)
{
	const cJSON *name = cJSON_GetObjectItemCaseSensitive(test, "expected_peer_name");

	return !cJSON_IsObject(name) ||
	       hostname_matches(string_of(name, "value"), verdict->members[0].cert);
}

/* Of the processor, so that other work on the machine does not count. */
static double
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void
note_time(struct tally *tally, const char *id, double ms)
{
	tally->total_ms += ms;
	if (ms <= tally->slowest_ms)
		return;
	tally->slowest_ms = ms;
	snprintf(tally->slowest, sizeof(tally->slowest), "%s", id);
}

static void
print_verdict(const cJSON *test, const struct path_verdict *verdict, bool passed)
{
	printf("%s\t%s\t%s", string_of(test, "id"), string_of(test, "expected_result"),
		passed ? "SUCCESS" : "FAILURE");
	if (verdict->trusted && !passed)
		printf("\tname or depth");
	for (size_t i = 0; i < verdict->problem_count; i++)
		printf("\t%s: %s", path_problem_name(verdict->problems[i].kind),
			verdict->problems[i].text);
	printf("\n");
}

/* One for all cases, as for the targets of a run. */
static struct signature_memo *memo;

static bool
judge(const struct run *run, const cJSON *test, struct tally *tally)
{
	struct trust_store *store = store_of(test);
	struct path_verdict verdict;
	struct pem_certs sent = { NULL, 0 };
	struct arena arena;
	const cJSON *pem;
	double start;
	bool passed;

	arena_init(&arena);
	take_pem(&sent, string_of(test, "peer_certificate"), &arena);
	cJSON_ArrayForEach(pem, cJSON_GetObjectItemCaseSensitive(test, "untrusted_intermediates"))
		take_pem(&sent, pem->valuestring, &arena);
	start = now_ms();
	verdict = path_judge(
		&(struct path_query){ sent.der, sent.count, store, date_of(test), memo }, &arena);
	passed = verdict.trusted && name_matches(test, &verdict) && !is_too_deep(test, &verdict);
	note_time(tally, string_of(test, "id"), now_ms() - start);
	tally->signatures += verdict.signatures;
	if (run->verbose)
		print_verdict(test, &verdict, passed);
	arena_release(&arena);
	trust_store_release(store);
	return passed;
}

static bool
is_listed(struct run *run, const char *id)
{
	for (size_t i = 0; i < run->deviation_count; i++) {
		if (strcmp(run->deviations[i].id, id) == 0) {
			run->deviations[i].seen = true;
			return true;
		}
	}
	return false;
}

static void
run_case(struct run *run, const cJSON *test, struct tally *tally)
{
	bool expected = strcmp(string_of(test, "expected_result"), "SUCCESS") == 0;
	const char *id = string_of(test, "id");
	bool passed;

	if (strcmp(string_of(test, "validation_kind"), "SERVER") != 0)
		return;
	if (cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(test, "crls")) != 0) {
		tally->without_support++;
		if (!is_listed(run, id)) {
			printf("not supported, and not listed: %s\n", id);
			tally->unlisted++;
		}
		return;
	}
	passed = judge(run, test, tally);
	if (passed == expected) {
		tally->right++;
		return;
	}
	*(passed ? &tally->false_pass : &tally->false_fail) += 1;
	if (is_listed(run, id))
		return;
	printf("wrong, and not listed: %s: expected %s\n", id, string_of(test, "expected_result"));
	tally->unlisted++;
}

/* False when the file is not there. */
static bool
run_file(struct run *run, const char *directory, const char *name)
{
	struct tally tally = { .file = name };
	const cJSON *test;
	char path[4096];
	char *text;
	cJSON *root;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	text = read_file(path);
	if (text == NULL)
		return false;
	root = cJSON_Parse(text);
	free(text);
	cJSON_ArrayForEach(test, cJSON_GetObjectItemCaseSensitive(root, "testcases"))
		run_case(run, test, &tally);
	cJSON_Delete(root);
	printf("%s: %d right, %d false passes, %d false failures, %d not supported; "
	       "%.0f ms in all, %zu signatures, slowest %s with %.1f ms\n",
		tally.file, tally.right, tally.false_pass, tally.false_fail, tally.without_support,
		tally.total_ms, tally.signatures, tally.slowest, tally.slowest_ms);
	if (tally.unlisted != 0 || tally.right == 0 || tally.slowest_ms > CASE_MS_MAX)
		run->failed = true;
	return true;
}

static void
report_needless_rows(struct run *run)
{
	for (size_t i = 0; i < run->deviation_count; i++) {
		if (run->deviations[i].seen)
			continue;
		printf("listed, but right (or not there): %s\n", run->deviations[i].id);
		run->failed = true;
	}
}

int
main(int argc, char **argv)
{
	static struct run run;
	const char *directory = getenv("CONFORMANCE_DIR");
	const char *table = "tests/conformance/deviations.txt";

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "-v") == 0)
			run.verbose = true;
		else
			table = argv[i];
	}
	if (!read_deviations(&run, table)) {
		fprintf(stderr, "path_conformance: cannot read %s\n", table);
		return 2;
	}
	memo = signature_memo_create();
	if (directory == NULL || !run_file(&run, directory, "limbo.json") ||
		!run_file(&run, directory, "bettertls.json")) {
		printf("skipped: no limbo.json and bettertls.json in $CONFORMANCE_DIR\n");
		return STATUS_SKIPPED;
	}
	report_needless_rows(&run);
	signature_memo_release(memo);
	return run.failed ? 1 : 0;
}
