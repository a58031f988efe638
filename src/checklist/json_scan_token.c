/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The tokens of the scanner: strings, numbers, words, and what is wrong with each where it breaks
 * off.
 */
#include <ctype.h>
#include <stdarg.h>
#include <string.h>

#include "base/text.h"
#include "json_scanner.h"

int
scanner_peek(const struct json_scanner *scanner)
{
	return scanner->at < scanner->len ? (unsigned char)scanner->text[scanner->at] : SCAN_END;
}

void
scanner_step(struct json_scanner *scanner)
{
	uint32_t code;
	size_t used;

	if (scanner->at == scanner->len)
		return;
	used = text_utf8_next(scanner->text + scanner->at, scanner->len - scanner->at, &code);
	if (scanner->text[scanner->at] == '\n') {
		scanner->line++;
		scanner->column = 1;
	} else {
		scanner->column++;
	}
	scanner->at += used == 0 ? 1 : used;
}

struct place
scanner_place(const struct json_scanner *scanner, unsigned width)
{
	return (struct place){ scanner->file, scanner->line, scanner->column, width };
}

void
scanner_complain(struct json_scanner *scanner, struct place place, const char *label,
	const char *format, ...)
{
	struct problem problem = { .place = place, .label = label };
	va_list args;

	if (place.line == scanner->complained_line)
		return;
	scanner->complained_line = place.line;
	va_start(args, format);
	problem.message = arena_vprintf(scanner->arena, format, args);
	va_end(args);
	problems_add(scanner->problems, &problem, scanner->text, scanner->len);
}

/* Reads four hexadecimal digits that stand `ahead` bytes from here; -1 when they do not. */
static long
read_hex4(const struct json_scanner *scanner, size_t ahead)
{
	static const char digits[] = "0123456789abcdef";
	long value = 0;

	if (scanner->len - scanner->at < ahead + 4)
		return -1;
	for (size_t i = 0; i < 4; i++) {
		int byte = (unsigned char)scanner->text[scanner->at + ahead + i];
		const char *digit = memchr(digits, tolower(byte), 16);

		if (digit == NULL)
			return -1;
		value = 16 * value + (digit - digits);
	}
	return value;
}

static void
skip_steps(struct json_scanner *scanner, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		scanner_step(scanner);
}

/* \uXXXX, where a code point beyond U+FFFF is written as a pair (RFC 8259 section 7). */
static void
scan_unicode_escape(struct json_scanner *scanner)
{
	struct place place = scanner_place(scanner, 6);
	long code = read_hex4(scanner, 2), low = -1;

	if (code < 0) {
		place.width = 2;
		scanner_complain(scanner, place, NULL, "\\u takes four hexadecimal digits");
		skip_steps(scanner, 2);
		return;
	}
	skip_steps(scanner, 6);
	if (code >= 0xd800 && code <= 0xdbff && scanner->len - scanner->at >= 6 &&
		memcmp(scanner->text + scanner->at, "\\u", 2) == 0)
		low = read_hex4(scanner, 2);
	if (low >= 0xdc00 && low <= 0xdfff)
		skip_steps(scanner, 6);
	else if (code >= 0xd800 && code <= 0xdfff)
		scanner_complain(scanner, place, NULL,
			"half of a surrogate pair stands alone and is no character");
	else if (code == 0)
		scanner_complain(scanner, place, NULL, "a string cannot hold a NUL");
}

static void
scan_escape(struct json_scanner *scanner)
{
	char next = scanner->at + 1 < scanner->len ? scanner->text[scanner->at + 1] : '\0';

	if (next == 'u') {
		scan_unicode_escape(scanner);
		return;
	}
	if (next == '\0' || strchr("\"\\/bfnrt", next) == NULL)
		scanner_complain(scanner, scanner_place(scanner, 2), "a backslash is written \\\\",
			"JSON has no such escape");
	scanner_step(scanner);
	if (scanner_peek(scanner) != '\n')
		scanner_step(scanner);
}

static void
scan_character(struct json_scanner *scanner)
{
	int byte = scanner_peek(scanner);
	uint32_t code;

	if (byte == '\\') {
		scan_escape(scanner);
		return;
	}
	if (byte < 0x20)
		scanner_complain(scanner, scanner_place(scanner, 1), NULL,
			byte == '\t' ? "a tab in a string is written \\t"
				     : "control character 0x%02x in a string",
			(unsigned)byte);
	else if (text_utf8_next(scanner->text + scanner->at, scanner->len - scanner->at, &code) ==
		 0)
		scanner_complain(scanner, scanner_place(scanner, 1), NULL,
			"byte 0x%02x is not UTF-8", (unsigned)byte);
	scanner_step(scanner);
}

struct place
scan_string(struct json_scanner *scanner)
{
	struct place place = scanner_place(scanner, 1);
	int byte;

	scanner_step(scanner);
	while ((byte = scanner_peek(scanner)) != '"' && byte != '\n' && byte != SCAN_END)
		scan_character(scanner);
	if (byte == '"') {
		scanner_step(scanner);
		place.width = scanner->column - place.column;
	} else {
		scanner_complain(scanner, place, NULL, "this string is not closed on its line");
		scanner->stopped = true;
	}
	return place;
}

struct place
scan_single_quoted(struct json_scanner *scanner)
{
	struct place place = scanner_place(scanner, 1);
	int byte;

	scanner_step(scanner);
	while ((byte = scanner_peek(scanner)) != '\'' && byte != '\n' && byte != SCAN_END)
		scanner_step(scanner);
	if (byte == '\'')
		scanner_step(scanner);
	else
		scanner->stopped = true;
	place.width = scanner->line == place.line ? scanner->column - place.column : 1;
	scanner_complain(scanner, place, NULL, "strings take double quotes");
	return place;
}

bool
scan_begins_number(int byte)
{
	return byte == '-' || byte == '+' || byte == '.' || (byte >= '0' && byte <= '9');
}

bool
scan_begins_word(int byte)
{
	return byte == '_' || byte == '$' || (byte >= 'a' && byte <= 'z') ||
	       (byte >= 'A' && byte <= 'Z');
}

/* Takes what stands together as one token: letters, digits, signs and dots. */
static struct place
take_token(struct json_scanner *scanner, const char **token, size_t *len)
{
	struct place place = scanner_place(scanner, 1);
	size_t start = scanner->at;

	while (scan_begins_number(scanner_peek(scanner)) || scan_begins_word(scanner_peek(scanner)))
		scanner_step(scanner);
	*token = scanner->text + start;
	*len = scanner->at - start;
	place.width = (unsigned)*len;
	return place;
}

static size_t
count_digits(const char *text, size_t len)
{
	size_t count = 0;

	while (count < len && text[count] >= '0' && text[count] <= '9')
		count++;
	return count;
}

/* The part of a number behind a '.' or 'e': what is left unread, SIZE_MAX when it has no digits. */
static size_t
number_tail_left(const char *tail, size_t left)
{
	size_t digits;

	if (left > 0 && *tail == '.') {
		digits = count_digits(tail + 1, left - 1);
		if (digits == 0)
			return SIZE_MAX;
		tail += 1 + digits;
		left -= 1 + digits;
	}
	if (left > 0 && (*tail == 'e' || *tail == 'E')) {
		size_t sign = left > 1 && (tail[1] == '+' || tail[1] == '-');

		digits = count_digits(tail + 1 + sign, left - 1 - sign);
		if (digits == 0)
			return SIZE_MAX;
		left -= 1 + sign + digits;
	}
	return left;
}

/* RFC 8259 section 6: number = [ minus ] int [ frac ] [ exp ] */
static const char *
number_objection(const char *token, size_t len)
{
	size_t sign = token[0] == '-';
	size_t digits = count_digits(token + sign, len - sign);

	if (token[0] == '+')
		return "a number takes no plus sign";
	if (len > JSON_NUMBER_MAX)
		return "this number is too long";
	if (digits == 0)
		return "a number begins with a digit";
	if (token[sign] == '0' && digits > 1)
		return "a number takes no leading zero";
	return number_tail_left(token + sign + digits, len - sign - digits) == 0
		       ? NULL
		       : "this is not a number; a text must be in double quotes";
}

struct place
scan_number(struct json_scanner *scanner)
{
	const char *token, *objection;
	size_t len;
	struct place place = take_token(scanner, &token, &len);

	objection = number_objection(token, len);
	if (objection != NULL)
		scanner_complain(scanner, place, NULL, "%s", objection);
	return place;
}

struct place
scan_word(struct json_scanner *scanner)
{
	static const char *const literals[] = { "true", "false", "null" };
	const char *token;
	size_t len;
	struct place place = take_token(scanner, &token, &len);

	for (size_t i = 0; i < sizeof(literals) / sizeof(literals[0]); i++) {
		if (len == strlen(literals[i]) && memcmp(token, literals[i], len) == 0)
			return place;
		if (text_same_len(token, len, literals[i])) {
			scanner_complain(scanner, place,
				arena_printf(scanner->arena, "did you mean %s?", literals[i]),
				"this is not a JSON value");
			return place;
		}
	}
	scanner_complain(
		scanner, place, NULL, "this is not a JSON value; a text must be in double quotes");
	return place;
}
