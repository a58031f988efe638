/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * json_scan: says where a text breaks the grammar of JSON (RFC 8259), and where its parts are.
 * Stricter than most parsers where leniency would change what a checklist asserts: no byte order
 * mark, comments, trailing commas, leading zeros, lone surrogates, \u0000, bad UTF-8 or second
 * value. It goes on after a slip whose repair is plain, so that a reader sees several at once,
 * at most one for each line.
 */
#ifndef GATE_CHECKLIST_JSON_SCAN_H
#define GATE_CHECKLIST_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "checklist/problems.h"

/* Values nested deeper than this are refused. */
#define JSON_DEPTH_MAX 64

/* Numbers written with more characters than this are refused. */
#define JSON_NUMBER_MAX 40

/* The places of all values and keys in the order of the text: of an object first its opening
 * brace, then for each member the key and the value. Strings include their quotes. */
struct json_places {
	struct place *items;
	size_t count;
};

/* True when the text is one JSON value. Otherwise at least one problem was added. `file` is what
 * the places name; it is kept, not copied. The places are in the arena. */
bool json_scan(struct arena *arena, const char *file, const char *text, size_t len,
	struct json_places *places, struct problems *problems);

#endif
