/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * report: what a run found out, as data. Judging fills it, writers turn it into a format. Every
 * string in it is already free of secrets, but may hold any other byte that a server sent;
 * making it legal in a format is the writer's work.
 */
#ifndef GATE_REPORT_REPORT_H
#define GATE_REPORT_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "checklist/problems.h"
#include "evidence/verdict.h"

/* An earlier try of an observation that a later one replaced. */
struct report_retry {
	const char *message;
	const char *type;
};

struct report_case {
	const char *id;
	const char *title;
	bool titled;           /* the title is the checklist's, not the row's summary */
	bool added;            /* nobody asked for it: it stands for a cause that others met */
	const char *assertion; /* "tls.version" */
	enum verdict verdict;
	const char *type;     /* PascalCase, without prefix; NULL for a pass */
	const char *message;  /* one line: what was found; for a pass, the evidence */
	const char *expected; /* one line each, NULL when there is nothing to say */
	const char *observed;
	const char *why;
	const char *fix;
	struct place place;
	int64_t ms;
	const char *transcript; /* the conversation that shows it; NULL: none */
	/* The id of the case that has that transcript, where the suite shows it already. */
	const char *transcript_of;
	struct report_retry *retries;
	size_t retry_count;
};

struct report_property {
	const char *name;
	const char *value;
};

struct report_suite {
	size_t number;         /* of all targets of the run, from 0; of a shard not its index */
	size_t siblings;       /* further suites of the same target, which is several servers */
	const char *checklist; /* stem */
	const char *target;    /* name */
	const char *where;     /* "mail.example.org:587, 192.0.2.1"; a file's path; NULL: unknown */
	size_t unseen;         /* further addresses of the host, which nothing was asked of */
	const char *file;      /* NULL for a checklist that came with the program */
	const char *hostname;  /* of the machine that ran it; NULL: that of the report */
	int64_t started;       /* date */
	int64_t ms;
	struct report_property *properties; /* what else is worth knowing; names in lower case with
					     * dots. Version, checklist, target and connections are
					     * added by the writers themselves. */
	size_t property_count;
	struct report_case *cases;
	size_t case_count;
	unsigned connections;      /* made */
	const char *transcript;    /* the session conversation, for -v; NULL: none */
	const struct facts *facts; /* NULL: no target was looked at, or nobody wants them */
	bool is_brief; /* nobody wants facts, and connections but for those that cases show */
};

/* Which part of a run a report is of, where several machines share the run. */
struct report_shard {
	unsigned number; /* from 1 */
	unsigned of;     /* how many there are; 0: the report is of the whole run */
	size_t targets;  /* of the whole run */
	const char *run; /* the same in all shards of a run alone (see run/selection.h) */
};

struct report {
	struct arena arena;
	const char *version;  /* of the program that made it; NULL: this one */
	const char *hostname; /* of the machine that ran it */
	int64_t started;      /* date */
	int64_t ms;
	struct report_suite *suites;
	size_t suite_count;
	bool interrupted;
	struct report_shard shard;
};

struct report_counts {
	size_t by_verdict[VERDICT_COUNT];
	size_t total;
};

/* The most bytes of a report in any format. */
#define REPORT_BYTES_MAX ((size_t)1 << 30)

/* An empty report, started now on this machine. */
void report_init(struct report *report);
void report_release(struct report *report);

/* The version of the program that made it, and the name of the machine that ran a suite of it. */
const char *report_version(const struct report *report);
const char *report_hostname(const struct report *report, const struct report_suite *suite);

struct report_counts suite_counts(const struct report_suite *suite);
struct report_counts report_counts(const struct report *report);

/* More shards than anybody has machines for. */
#define SHARDS_MAX 100000u

/* How many of the targets of its run a shard has. Those of two shards differ by one at most. */
size_t shard_size(const struct report_shard *shard);

/* Appends "shard 1 of 3: 4 of 11 targets". */
void shard_add_title(struct buf *out, const struct report_shard *shard);

/* What is read: of what problems are. */
enum report_input {
	INPUT_CHECKLIST,
	INPUT_REPORT,
};

/* A report of one suite with one error case that tells all problems of the input (at least one),
 * into a report made by report_init. Nothing in it points into the problems. */
void report_from_problems(struct report *report, enum report_input input, const char *path,
	const struct problems *problems);

/* Who gets the bytes of a report, piece by piece. */
struct report_sink {
	bool (*take)(void *context, const void *bytes, size_t len, struct error *error);
	void *context;
};

/* Writers. A row of the table is one format of --report. */
struct report_format {
	const char *name; /* "junit" */
	const char *summary;
	/* Turns the report into bytes. Each is read back before the sink gets it, and only when this
	 * is true are all of them a well-formed document. */
	bool (*format)(const struct report *report, struct report_sink *sink, struct error *error);
	bool is_brief;        /* has neither facts nor the connections of what passed */
	size_t most;          /* bytes of a report that all its readers take; 0: any number */
	const char *too_many; /* what becomes of more */
};
extern const struct report_format report_formats[]; /* ends with a row without a name */

/* The format of that name; NULL when there is none. */
const struct report_format *report_format_find(const char *name);

/* Formats the report and puts it in its place (see file_replace). *len gets the number of bytes.
 * On failure nothing is left behind, an older file stays as it was, and the error reads "path:
 * what: why". What is written to directly gets nothing of a report that is not well-formed. */
bool report_write(const struct report *report, const struct report_format *format, const char *path,
	size_t *len, struct error *error);

#endif
