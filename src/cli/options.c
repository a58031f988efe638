/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The table of options and the reader of words that goes by it; values are stored at the row's
 * offset.
 */
#include "options.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "checklist/overlay.h"

/* More than there are. */
#define OPTIONS_MAX 64

const struct option_row option_rows[] = {
	{ "junit", 0, OPTION_TEXT, "FILE", SCOPE_RUN | SCOPE_VALIDATE | SCOPE_MERGE,
		offsetof(struct options, junit), "Write a JUnit XML report to FILE." },
	{ "report", 'o', OPTION_LIST, "FORMAT=FILE", SCOPE_RUN | SCOPE_MERGE,
		offsetof(struct options, reports),
		"Write a report in that format; may be given more than once. "
		"'-' as FILE is standard output." },
	{ "target", 't', OPTION_LIST, "TARGET", SCOPE_RUN | SCOPE_VALIDATE | SCOPE_LIST,
		offsetof(struct options, targets),
		"Instead of all targets of the checklist, check the one of that name, or "
		"HOST[:PORT]; may be given more than once." },
	{ "targets-file", 0, OPTION_TEXT, "FILE", SCOPE_RUN | SCOPE_VALIDATE | SCOPE_LIST,
		offsetof(struct options, targets_file),
		"Instead of all targets of the checklist, check those in FILE, one HOST[:PORT] a "
		"line, and those of --target." },
	{ "mx", 0, OPTION_LIST, "DOMAIN", SCOPE_RUN | SCOPE_VALIDATE | SCOPE_LIST,
		offsetof(struct options, mx),
		"Instead of all targets of the checklist, check the mail servers of DOMAIN (its MX "
		"records), and DOMAIN itself; may be given more than once." },
	{ "resolver", 0, OPTION_TEXT, "ADDRESS[@PORT]", SCOPE_RUN | SCOPE_VALIDATE | SCOPE_LIST,
		offsetof(struct options, resolver),
		"Ask this resolver for MX, TLSA and other records (dns.resolver); several with commas "
		"between them." },
	{ "shard", 0, OPTION_TEXT, "K/N", SCOPE_RUN | SCOPE_VALIDATE | SCOPE_LIST,
		offsetof(struct options, shard),
		"Check the K-th of N equal parts of the targets; with 'auto' as K/N the one that "
		"CI_NODE_INDEX and CI_NODE_TOTAL give." },
	{ "protocol", 0, OPTION_CHOICE, "smtp|lmtp|imap|pop3|sieve|ftp|tls", SCOPE_INSPECT,
		offsetof(struct options, protocol),
		"What the server speaks; unless given it follows the port, and is smtp where that says "
		"nothing." },
	{ "tls", 0, OPTION_CHOICE, "starttls|implicit", SCOPE_INSPECT,
		offsetof(struct options, tls),
		"How TLS begins; unless given it follows the port." },
	{ "address", 'a', OPTION_TEXT, "ADDRESS",
		SCOPE_RUN | SCOPE_VALIDATE | SCOPE_LIST | SCOPE_INSPECT,
		offsetof(struct options, address),
		"Connect to ADDRESS; the certificate must still name the target's host." },
	{ "servername", 0, OPTION_TEXT, "NAME", SCOPE_INSPECT,
		offsetof(struct options, server_name),
		"Send NAME as the name of the server (SNI); the certificate must still name the host." },
	{ "proxy", 0, OPTION_TEXT, "URL", SCOPE_RUN | SCOPE_VALIDATE | SCOPE_LIST | SCOPE_INSPECT,
		offsetof(struct options, proxy),
		"Connect through a proxy: socks5://HOST:PORT, socks5h://HOST:PORT (it looks names up) or "
		"http://HOST:PORT." },
	{ "ca-file", 0, OPTION_TEXT, "FILE",
		SCOPE_RUN | SCOPE_VALIDATE | SCOPE_LIST | SCOPE_INSPECT,
		offsetof(struct options, ca_file), "Trust the certificates in FILE (PEM) too." },
	{ "var", 0, OPTION_LIST, "NAME=VALUE", SCOPE_RUN | SCOPE_VALIDATE | SCOPE_LIST,
		offsetof(struct options, variables),
		"Set a variable of the checklist; may be given more than once." },
	{ "tag", 0, OPTION_LIST, "TAG", SCOPE_RUN | SCOPE_VALIDATE | SCOPE_LIST,
		offsetof(struct options, tags),
		"Only assertions with that tag ('!TAG': without it); may be given more than once." },
	{ "only", 0, OPTION_LIST, "PATTERN", SCOPE_RUN | SCOPE_VALIDATE | SCOPE_LIST,
		offsetof(struct options, only),
		"Only assertions whose id or name matches, as in 'tls.*'; may be given more than "
		"once." },
	{ "skip", 0, OPTION_LIST, "PATTERN", SCOPE_RUN | SCOPE_VALIDATE | SCOPE_LIST,
		offsetof(struct options, skip),
		"No assertions whose id or name matches; may be given more than once." },
	{ "jobs", 'j', OPTION_COUNT, "N", SCOPE_RUN, offsetof(struct options, jobs),
		"Make at most N connections at a time (256 unless given); 1 uses no threads." },
	{ "wait", 0, OPTION_SPAN, "SPAN", SCOPE_RUN, offsetof(struct options, wait_ms),
		"Wait up to SPAN (as in 30s, 2m) for a server to come up." },
	{ "retries", 0, OPTION_COUNT, "N", SCOPE_RUN, offsetof(struct options, retries),
		"Make an observation that got no answer up to N times again." },
	{ "deadline", 0, OPTION_SPAN, "SPAN", SCOPE_RUN, offsetof(struct options, deadline_ms),
		"End the run after SPAN; what is not decided by then is an error." },
	{ "timeout", 0, OPTION_SPAN, "SPAN", SCOPE_INSPECT, offsetof(struct options, timeout_ms),
		"Wait no longer than SPAN for the connection and for each answer (10s and 30s unless "
		"given)." },
	{ "posture", 0, OPTION_FLAG, NULL, SCOPE_INSPECT, offsetof(struct options, posture),
		"Ask for versions, suites, groups and signatures too, over as many connections as they "
		"take, and show them by strength." },
	{ "json", 0, OPTION_FLAG, NULL, SCOPE_INSPECT, offsetof(struct options, json),
		"Print what was seen as JSON: the facts of the JSON report." },
	{ "pem", 0, OPTION_FLAG, NULL, SCOPE_INSPECT, offsetof(struct options, pem),
		"Print the certificates (PEM) alone, in the order in which the server sends them." },
	{ "dry-run", 'n', OPTION_FLAG, NULL, SCOPE_RUN, offsetof(struct options, dry_run),
		"Show what would run and make no connection." },
	{ "verbose", 'v', OPTION_FLAG, NULL, SCOPE_RUN | SCOPE_MERGE,
		offsetof(struct options, verbose), "Show the conversation with each target." },
	{ "quiet", 'q', OPTION_FLAG, NULL, SCOPE_RUN | SCOPE_MERGE, offsetof(struct options, quiet),
		"Show what did not pass and the totals alone." },
	{ "color", 0, OPTION_CHOICE, "auto|always|never", SCOPE_RUN | SCOPE_MERGE | SCOPE_INSPECT,
		offsetof(struct options, color),
		"Colour the text; auto, which it is unless given, does so on a terminal where "
		"NO_COLOR is not set." },
	{ "help", 'h', OPTION_FLAG, NULL, SCOPE_ANY, offsetof(struct options, help),
		"Show this text." },
	{ "version", 'V', OPTION_FLAG, NULL, SCOPE_ANY, offsetof(struct options, version),
		"Show the version." },
	{ .name = NULL },
};

_Static_assert(sizeof(option_rows) / sizeof(option_rows[0]) <= OPTIONS_MAX,
	"every option has its place in `given`");

void
options_init(struct options *options)
{
	memset(options, 0, sizeof(*options));
	arena_init(&options->arena);
	options->retries = -1;
}

void
options_release(struct options *options)
{
	arena_release(&options->arena);
}

static void
list_add(struct options *options, struct text_list *list, const char *text)
{
	*ARENA_ADD(&options->arena, list->items, list->count) = text;
}

static bool
is_choice(const char *choices, const char *value)
{
	size_t len = strlen(value);

	while (len != 0 && choices != NULL) {
		if (strncmp(choices, value, len) == 0 &&
			(choices[len] == '|' || choices[len] == '\0'))
			return true;
		choices = strchr(choices, '|');
		choices = choices == NULL ? NULL : choices + 1;
	}
	return false;
}

/* The options are few enough for the fields of each type to be told apart by their row alone. */
static bool
store(struct options *options, const struct option_row *row, const char *value, struct error *error)
{
	void *field = (char *)options + row->offset;
	long number = 0;

	switch (row->type) {
	case OPTION_FLAG:
		*(bool *)field = true;
		return true;
	case OPTION_TEXT:
		*(const char **)field = value;
		return true;
	case OPTION_CHOICE:
		if (!is_choice(row->value_name, value))
			return error_set(error, "--%s takes %s, not '%s'", row->name,
				row->value_name, value);
		*(const char **)field = value;
		return true;
	case OPTION_LIST:
		list_add(options, field, value);
		return true;
	case OPTION_COUNT:
		if (!text_parse_number(value, &number) || number > 1000)
			return error_set(error, "--%s takes a number from 0 to 1000, not '%s'",
				row->name, value);
		*(long *)field = number;
		return true;
	case OPTION_SPAN:
		if (!clock_parse_span(value, field))
			return error_set(error,
				"--%s takes a span such as 500ms, 10s or 2m, not '%s'", row->name,
				value);
		return true;
	}
	return false;
}

static bool
in_scope(const struct option_row *row, const struct command *command)
{
	return row->scope == SCOPE_ANY || (row->scope & command->scope) != 0;
}

static bool
unknown_option(const char *word, size_t len, const struct command *command, struct error *error)
{
	char name[64] = "";

	if (len < sizeof(name))
		memcpy(name, word, len);
	for (const struct option_row *row = option_rows; row->name != NULL; row++)
		if (in_scope(row, command) && text_resembles(name, row->name))
			return error_set(error, "unknown option --%.*s: did you mean --%s?",
				(int)len, word, row->name);
	return error_set(error, "unknown option --%.*s: see 'starttls-gate %s --help'", (int)len,
		word, command->name);
}

static const struct option_row *
find_long(const char *word, size_t len, const struct command *command)
{
	for (const struct option_row *row = option_rows; row->name != NULL; row++)
		if (in_scope(row, command) && strlen(row->name) == len &&
			strncmp(row->name, word, len) == 0)
			return row;
	return NULL;
}

static const struct option_row *
find_letter(char letter, const struct command *command)
{
	for (const struct option_row *row = option_rows; row->name != NULL; row++)
		if (in_scope(row, command) && row->letter == letter)
			return row;
	return NULL;
}

/* The words that are still to be read, and which options were given. */
struct words {
	int count;
	char **next;
	bool given[OPTIONS_MAX]; /* in step with option_rows */
};

static const char *
take_word(struct words *words)
{
	if (words->count == 0)
		return NULL;
	words->count--;
	return *words->next++;
}

/* Of two values one would be lost. */
static bool
note_given(struct words *words, const struct option_row *row, struct error *error)
{
	bool *given = &words->given[row - option_rows];

	if (*given && row->type != OPTION_LIST)
		return error_set(error, "--%s is given twice", row->name);
	*given = true;
	return true;
}

static bool
take_value(struct options *options, const struct option_row *row, const char *value,
	struct words *words, struct error *error)
{
	if (row->type == OPTION_FLAG && value != NULL)
		return error_set(error, "--%s takes no value", row->name);
	if (row->type != OPTION_FLAG && value == NULL)
		value = take_word(words);
	if (row->type != OPTION_FLAG && value == NULL)
		return error_set(error, "--%s needs a value: %s", row->name, row->value_name);
	return note_given(words, row, error) && store(options, row, value, error);
}

/* "--name", "--name=value", "--name value" */
static bool
take_long(struct options *options, const struct command *command, const char *word,
	struct words *words, struct error *error)
{
	const char *equals = strchr(word, '=');
	size_t len = equals != NULL ? (size_t)(equals - word) : strlen(word);
	const struct option_row *row = find_long(word, len, command);

	if (row == NULL)
		return unknown_option(word, len, command, error);
	return take_value(options, row, equals != NULL ? equals + 1 : NULL, words, error);
}

/* "-v", "-nv", "-j4", "-j 4" */
static bool
take_letters(struct options *options, const struct command *command, const char *letters,
	struct words *words, struct error *error)
{
	for (; *letters != '\0'; letters++) {
		const struct option_row *row = find_letter(*letters, command);

		if (row == NULL)
			return error_set(error, "unknown option -%c: see 'starttls-gate %s --help'",
				*letters, command->name);
		if (row->type != OPTION_FLAG)
			return take_value(options, row, letters[1] != '\0' ? letters + 1 : NULL,
				words, error);
		if (!take_value(options, row, NULL, words, error))
			return false;
	}
	return true;
}

static bool
check_together(const struct options *options, struct error *error)
{
	if (options->quiet && options->verbose)
		return error_set(error, "--quiet and --verbose contradict each other");
	return !(options->json && options->pem) ||
	       error_set(error, "--json and --pem contradict each other");
}

static bool
check_operands(const struct options *options, const struct command *command, struct error *error)
{
	if (options->help || options->version)
		return true;
	if (options->operands.count < command->least)
		return error_set(error, "nothing named: usage: starttls-gate %s %s", command->name,
			command->operands);
	if (options->operands.count > command->most)
		return error_set(error, "'%s' is one too many: usage: starttls-gate %s %s",
			options->operands.items[command->most], command->name, command->operands);
	return true;
}

bool
options_parse(struct options *options, const struct command *command, int argc, char **argv,
	struct error *error)
{
	struct words words = { .count = argc, .next = argv };
	bool only_operands = false;
	const char *word;

	while ((word = take_word(&words)) != NULL) {
		bool taken = true;

		if (only_operands || word[0] != '-' || word[1] == '\0')
			list_add(options, &options->operands, word);
		else if (strcmp(word, "--") == 0)
			only_operands = true;
		else if (word[1] == '-')
			taken = take_long(options, command, word + 2, &words, error);
		else
			taken = take_letters(options, command, word + 1, &words, error);
		if (!taken)
			return false;
	}
	return check_together(options, error) && check_operands(options, command, error);
}

static bool
split_variable(
	struct arena *arena, const char *text, struct variable *variable, struct error *error)
{
	const char *equals = strchr(text, '=');

	if (equals == NULL || equals == text)
		return error_set(error, "--var takes NAME=VALUE, not '%s'", text);
	variable->name = arena_memdup(arena, text, (size_t)(equals - text));
	variable->value = equals + 1;
	return true;
}

bool
options_overlay(struct options *options, struct overlay *overlay, struct error *error)
{
	struct arena *arena = &options->arena;
	struct variable *variables =
		arena_array(arena, options->variables.count, sizeof(*variables));

	for (size_t i = 0; i < options->variables.count; i++)
		if (!split_variable(arena, options->variables.items[i], &variables[i], error))
			return false;
	*overlay = (struct overlay){
		.variables = variables,
		.variable_count = options->variables.count,
		.targets = options->targets.items,
		.target_count = options->targets.count,
		.mx = options->mx.items,
		.mx_count = options->mx.count,
		.targets_file = options->targets_file,
		.address = options->address,
		.protocol = options->protocol,
		.tls = options->tls,
		.server_name = options->server_name,
		.proxy = options->proxy,
		.resolver = options->resolver,
		.ca_file = options->ca_file,
		.tags = options->tags.items,
		.tag_count = options->tags.count,
		.only = options->only.items,
		.only_count = options->only.count,
		.skip = options->skip.items,
		.skip_count = options->skip.count,
		.variables_used = arena_array(arena, options->variables.count, sizeof(bool)),
		.tags_used = arena_array(arena, options->tags.count, sizeof(bool)),
		.only_used = arena_array(arena, options->only.count, sizeof(bool)),
		.skip_used = arena_array(arena, options->skip.count, sizeof(bool)),
		.today = clock_date(),
	};
	return true;
}
