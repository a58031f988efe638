/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * json_scanner: what json_scan.c and json_scan_token.c share: a reader that knows its line and
 * column, and the scanning of strings, numbers and words.
 */
#ifndef GATE_CHECKLIST_JSON_SCANNER_H
#define GATE_CHECKLIST_JSON_SCANNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "json_scan.h"

struct json_scanner {
	struct arena *arena;
	struct problems *problems;
	struct json_places *places;
	const char *file;
	const char *text;
	size_t len;
	size_t at;       /* next byte */
	unsigned line;   /* of the next byte, from 1 */
	unsigned column; /* of the next byte, from 1, in code points */
	unsigned depth;
	unsigned complained_line; /* where the last problem was; 0: there was none */
	bool stopped;             /* nothing after this point can be made sense of */
};

/* A byte, or SCAN_END behind the last one. */
#define SCAN_END (-1)
int scanner_peek(const struct json_scanner *scanner);

/* Steps over one code point, or one byte that belongs to none. */
void scanner_step(struct json_scanner *scanner);

/* The place of the next `width` code points. */
struct place scanner_place(const struct json_scanner *scanner, unsigned width);

/* Adds a problem unless its line has one already. label and note may be NULL. */
void scanner_complain(struct json_scanner *scanner, struct place place, const char *label,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Each scans a token that begins here, and returns its place. A word is what begins with a letter:
 * one of the three literals, or something that JSON does not have. */
struct place scan_string(struct json_scanner *scanner);
struct place scan_number(struct json_scanner *scanner);
struct place scan_word(struct json_scanner *scanner);

/* Passes over a string in single quotes, which JSON does not have. */
struct place scan_single_quoted(struct json_scanner *scanner);

/* Whether the byte can begin a number, or something that was meant as one. */
bool scan_begins_number(int byte);

/* Whether the byte can begin a word. */
bool scan_begins_word(int byte);

#endif
