/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * options: the command line as data. One table says what an option is called, what it takes and
 * where its value goes; --help, the manual and the shell completion are made from it.
 */
#ifndef GATE_CLI_OPTIONS_H
#define GATE_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "checklist/checklist.h"
#include "checklist/overlay.h"

/* Exit statuses; a stable part of the interface. */
enum exit_status {
	EXIT_PASSED = 0,
	EXIT_FAILED = 1,    /* an assertion failed */
	EXIT_USAGE = 2,     /* the command line or a checklist is wrong: nothing ran */
	EXIT_UNDECIDED = 3, /* none failed, but some could not be evaluated */
	EXIT_UNWRITTEN = 4, /* a report could not be written */
};

/* A list of texts in the order in which they were given. */
struct text_list {
	const char **items;
	size_t count;
};

struct options {
	struct arena arena;
	struct text_list operands;
	bool help;
	bool version;

	const char *junit;
	struct text_list reports; /* "FORMAT=FILE" */
	struct text_list targets;
	const char *targets_file;
	struct text_list mx;
	const char *resolver;
	const char *shard; /* "K/N", "auto"; NULL: not given */
	const char *address;
	const char *protocol; /* of inspect, as are the next */
	const char *tls;      /* "starttls", "implicit"; NULL: as the port has it */
	const char *server_name;
	int64_t timeout_ms; /* 0: not given */
	bool posture;
	bool json;
	bool pem;
	const char *proxy;
	const char *ca_file;
	struct text_list variables; /* "NAME=VALUE" */
	struct text_list tags;
	struct text_list only;
	struct text_list skip;
	long jobs;           /* 0: not given */
	long retries;        /* -1: not given */
	int64_t deadline_ms; /* 0: not given */
	int64_t wait_ms;
	bool dry_run;
	bool verbose;
	bool quiet;
	const char *color; /* "auto", "always", "never"; NULL: not given */
};

enum option_type {
	OPTION_FLAG,
	OPTION_TEXT,
	OPTION_CHOICE, /* one of the words that value_name has, with '|' between them */
	OPTION_LIST,   /* may be given more than once; all others may not */
	OPTION_COUNT,  /* a number from 0 to 1000 */
	OPTION_SPAN,   /* 500ms, 10s, 2m, 1h */
};

/* Which commands take an option: a bit for each row of `commands`. */
enum option_scope {
	SCOPE_RUN = 1 << 0,
	SCOPE_VALIDATE = 1 << 1,
	SCOPE_LIST = 1 << 2,
	SCOPE_MERGE = 1 << 3,
	SCOPE_INSPECT = 1 << 4,
	SCOPE_ANY = 0xff,
};

struct option_row {
	const char *name; /* without the dashes */
	char letter;      /* 0: none */
	enum option_type type;
	const char *value_name; /* NULL for a flag */
	unsigned scope;         /* enum option_scope */
	size_t offset;          /* of its field in struct options */
	const char *help;       /* a sentence */
};
extern const struct option_row option_rows[]; /* ends with a row without a name */

struct command {
	const char *name;
	const char *operands; /* as shown: "CHECKLIST..." */
	size_t least, most;   /* how many operands it takes */
	unsigned scope;       /* its bit; 0: only options for any command */
	const char *summary;  /* half a sentence */
	enum exit_status (*run)(struct options *options);
};
extern const struct command commands[]; /* ends with a row without a name */

void options_init(struct options *options);
void options_release(struct options *options);

/* Reads the words behind the command's name. Options and operands may be mixed; after "--" all
 * are operands. What makes sense once is an error when it is given twice. */
bool options_parse(struct options *options, const struct command *command, int argc, char **argv,
	struct error *error);

/* What the options lay over a checklist. Memory comes from the options' arena. */
bool options_overlay(struct options *options, struct overlay *overlay, struct error *error);

#endif
