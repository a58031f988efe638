/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * json: a parsed JSON text as a read-only tree that knows where in the text everything is.
 */
#ifndef GATE_CHECKLIST_JSON_H
#define GATE_CHECKLIST_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "checklist/problems.h"

enum json_type {
	JSON_NULL,
	JSON_BOOLEAN,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT,
};

struct json {
	enum json_type type;
	const char *key;    /* of a member of an object; NULL elsewhere */
	const char *string; /* JSON_STRING: UTF-8 without NUL */
	double number;      /* JSON_NUMBER */
	bool boolean;       /* JSON_BOOLEAN */
	size_t count;       /* JSON_ARRAY, JSON_OBJECT: children */
	const struct json *child;
	const struct json *next; /* after this one in the same array or object */
	struct place place;      /* of the value; of arrays and objects, the opening bracket */
	struct place key_place;  /* of the key, with its quotes */
};

/* Parses the text, which is one value and has no duplicate keys (RFC 8259 section 4 leaves their
 * meaning open). NULL when it is not, and then at least one problem was added. The tree belongs
 * to the arena; `file` is kept in its places, not copied. */
const struct json *json_parse(struct arena *arena, const char *file, const char *text, size_t len,
	struct problems *problems);

/* The member of that name; NULL when there is none, or when the value is no object. */
const struct json *json_member(const struct json *object, const char *key);

/* "a string", "an object", ...: for messages. */
const char *json_type_name(enum json_type type);

#endif
