/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The grammar of values, objects and arrays, by recursive descent with a limit of depth.
 */
#include "json_scan.h"

#include <string.h>

#include "base/text.h"
#include "json_scanner.h"

static void scan_value(struct json_scanner *scanner);

static size_t
add_place(struct json_scanner *scanner, struct place place)
{
	struct json_places *places = scanner->places;

	places->items =
		arena_grow(scanner->arena, places->items, places->count, sizeof(*places->items));
	places->items[places->count] = place;
	return places->count++;
}

static bool
stands_here(const struct json_scanner *scanner, const char *token)
{
	size_t len = strlen(token);

	return scanner->len - scanner->at >= len &&
	       memcmp(scanner->text + scanner->at, token, len) == 0;
}

/* Passes over a comment, which JSON does not have. */
static void
skip_comment(struct json_scanner *scanner)
{
	const char *end = stands_here(scanner, "/*") ? "*/" : "\n";

	scanner_complain(scanner, scanner_place(scanner, 1), "put it into \"$comment\"",
		"JSON has no comments");
	scanner_step(scanner);
	while (scanner_peek(scanner) != SCAN_END && !stands_here(scanner, end))
		scanner_step(scanner);
	for (size_t i = strlen(end); i > 0; i--)
		scanner_step(scanner);
}

static void
skip_blanks(struct json_scanner *scanner)
{
	for (;;) {
		int byte = scanner_peek(scanner);

		if (byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r')
			scanner_step(scanner);
		else if (byte == '/' || byte == '#')
			skip_comment(scanner);
		else
			return;
	}
}

/* How a byte that should not be here is called in a message. */
static const char *
name_next(const struct json_scanner *scanner)
{
	uint32_t code;
	size_t used;

	if (scanner->at == scanner->len)
		return "the end of the file";
	used = text_utf8_next(scanner->text + scanner->at, scanner->len - scanner->at, &code);
	if (used == 0)
		return "a byte that is not UTF-8";
	if (code < 0x20)
		return arena_printf(scanner->arena, "control character 0x%02x", (unsigned)code);
	return arena_printf(scanner->arena, "'%.*s'", (int)used, scanner->text + scanner->at);
}

static void
stop(struct json_scanner *scanner, const char *expected)
{
	scanner_complain(scanner, scanner_place(scanner, 1), NULL, "%s where %s should be",
		name_next(scanner), expected);
	scanner->stopped = true;
}

static void
scan_key(struct json_scanner *scanner)
{
	int byte = scanner_peek(scanner);
	struct place place;

	if (byte == '"') {
		place = scan_string(scanner);
	} else if (byte == '\'') {
		place = scan_single_quoted(scanner);
	} else if (scan_begins_word(byte)) {
		place = scanner_place(scanner, 1);
		while (scan_begins_word(scanner_peek(scanner)))
			scanner_step(scanner);
		place.width = scanner->column - place.column;
		scanner_complain(scanner, place, NULL, "a key must be a string in double quotes");
	} else {
		stop(scanner, "a key in double quotes");
		return;
	}
	add_place(scanner, place);
}

static void
scan_member(struct json_scanner *scanner)
{
	int byte;

	scan_key(scanner);
	if (scanner->stopped)
		return;
	skip_blanks(scanner);
	byte = scanner_peek(scanner);
	if (byte == ':') {
		scanner_step(scanner);
	} else if (byte == '=' || byte == '"' || byte == '[' || byte == '{' ||
		   scan_begins_number(byte) || scan_begins_word(byte)) {
		scanner_complain(
			scanner, scanner_place(scanner, 1), NULL, "missing ':' after a key");
		if (byte == '=')
			scanner_step(scanner);
	} else {
		stop(scanner, "the ':' after a key");
		return;
	}
	scan_value(scanner);
}

/* What differs between the two kinds of containers. */
struct container {
	char closer;
	const char *name;
	const char *separators;
	void (*scan_item)(struct json_scanner *scanner);
};

static const struct container schema_object = { '}', "object", "',' or '}'", scan_member };
static const struct container array_form = { ']', "array", "',' or ']'", scan_value };

/* Passes over the comma between two items. False when there is none, and none was forgotten. */
static bool
scan_separator(struct json_scanner *scanner, const struct container *form)
{
	struct place comma = scanner_place(scanner, 1);
	int byte = scanner_peek(scanner);

	if (byte != ',') {
		if (byte != '"' && byte != '\'' && byte != '{' && byte != '[' &&
			!scan_begins_number(byte) && !scan_begins_word(byte))
			return false;
		scanner_complain(scanner, comma, NULL, "missing ',' before this");
		return true;
	}
	scanner_step(scanner);
	skip_blanks(scanner);
	if (scanner_peek(scanner) == form->closer)
		scanner_complain(scanner, comma, "remove it",
			"a comma after the last item of an %s", form->name);
	while (scanner_peek(scanner) == ',') {
		scanner_complain(
			scanner, scanner_place(scanner, 1), NULL, "nothing between two commas");
		scanner_step(scanner);
		skip_blanks(scanner);
	}
	return true;
}

static void
scan_items(struct json_scanner *scanner, const struct container *form, unsigned opened)
{
	bool more = true;

	skip_blanks(scanner);
	while (more && !scanner->stopped && scanner_peek(scanner) != form->closer) {
		form->scan_item(scanner);
		skip_blanks(scanner);
		more = !scanner->stopped && scanner_peek(scanner) != form->closer &&
		       scan_separator(scanner, form);
	}
	if (scanner->stopped)
		return;
	if (scanner_peek(scanner) == form->closer)
		scanner_step(scanner);
	else
		stop(scanner, arena_printf(scanner->arena, "%s of the %s opened on line %u",
				      form->separators, form->name, opened));
}

static void
scan_container(struct json_scanner *scanner, const struct container *form)
{
	unsigned opened = scanner->line;

	add_place(scanner, scanner_place(scanner, 1));
	if (scanner->depth == JSON_DEPTH_MAX) {
		scanner_complain(scanner, scanner_place(scanner, 1), NULL,
			"nested more than %d deep", JSON_DEPTH_MAX);
		scanner->stopped = true;
		return;
	}
	scanner_step(scanner);
	scanner->depth++;
	scan_items(scanner, form, opened);
	scanner->depth--;
}

static void
scan_value(struct json_scanner *scanner)
{
	int byte;

	skip_blanks(scanner);
	byte = scanner_peek(scanner);
	if (byte == '{')
		scan_container(scanner, &schema_object);
	else if (byte == '[')
		scan_container(scanner, &array_form);
	else if (byte == '"')
		add_place(scanner, scan_string(scanner));
	else if (byte == '\'')
		add_place(scanner, scan_single_quoted(scanner));
	else if (scan_begins_number(byte))
		add_place(scanner, scan_number(scanner));
	else if (scan_begins_word(byte))
		add_place(scanner, scan_word(scanner));
	else
		stop(scanner, "a value");
}

static void
skip_byte_order_mark(struct json_scanner *scanner)
{
	static const char mark[] = "\xef\xbb\xbf";

	if (scanner->len < 3 || memcmp(scanner->text, mark, 3) != 0)
		return;
	scanner_complain(scanner, scanner_place(scanner, 1), "save the file as UTF-8 without it",
		"the file begins with a byte order mark");
	scanner->at = 3;
}

bool
json_scan(struct arena *arena, const char *file, const char *text, size_t len,
	struct json_places *places, struct problems *problems)
{
	struct json_scanner scanner = { .arena = arena,
		.problems = problems,
		.places = places,
		.file = file,
		.text = text,
		.len = len,
		.line = 1,
		.column = 1 };

	*places = (struct json_places){ 0 };
	skip_byte_order_mark(&scanner);
	scan_value(&scanner);
	if (!scanner.stopped)
		skip_blanks(&scanner);
	if (!scanner.stopped && scanner.at != len)
		scanner_complain(&scanner, scanner_place(&scanner, 1), NULL,
			"%s after the end of the value: a file holds one value",
			name_next(&scanner));
	return scanner.complained_line == 0;
}
