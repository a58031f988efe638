/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * json_form: reads JSON objects into structs by tables of their members, the other way round than
 * json_out writes them. Whatever is missing, unknown or of another type is a problem at its place.
 */
#ifndef GATE_REPORT_JSON_FORM_H
#define GATE_REPORT_JSON_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "checklist/json.h"
#include "checklist/problems.h"

/* What a member is, and the type of its field. */
enum form_kind {
	FORM_TEXT,     /* const char *; null is NULL */
	FORM_NAME,     /* const char *; never null */
	FORM_BOOLEAN,  /* bool */
	FORM_SIZE,     /* size_t */
	FORM_UNSIGNED, /* unsigned */
	FORM_MS,       /* int64_t, may be negative */
	FORM_DATE,     /* int64_t, seconds since 1970; in JSON as RFC 3339 */
	FORM_VERDICT,  /* enum verdict */
	FORM_TLS,      /* bool: "implicit" is true, "starttls" false */
	FORM_TEXTS,    /* an array, and its count; each element of it begins with the text */
	FORM_OBJECTS,  /* an array, and its count, of structs of the form */
	FORM_PART,     /* a struct of the form */
	FORM_OR_NULL,  /* the same; null leaves it as it is */
	FORM_POINTER,  /* to a struct of the form; null is NULL */
	FORM_PASSED,   /* not read, but it must be there */
};

struct form;

struct form_member {
	const char *key;
	enum form_kind kind;
	bool optional; /* it may be absent; what it would be is left as it is then */
	size_t offset; /* of its field */
	size_t count;  /* of the field with the count, size_t */
	size_t size;   /* FORM_TEXTS: of an element */
	const struct form *form;
};

/* Rows: of a member in a field, which may be absent; of one that is not read; of an array and its
 * count; of a facts_list; of a struct within the struct, which may be absent. */
#define FORM_ROW(struct_, key_, kind_, field)                                      \
	{                                                                          \
		.key = (key_), .kind = (kind_), .offset = offsetof(struct_, field) \
	}
#define FORM_ROW_MAY(struct_, key_, kind_, field)                                   \
	{                                                                           \
		.key = (key_), .kind = (kind_), .offset = offsetof(struct_, field), \
		.optional = true                                                    \
	}
#define FORM_ROW_PASSED(key_)                      \
	{                                          \
		.key = (key_), .kind = FORM_PASSED \
	}
#define FORM_ROW_OBJECTS(struct_, key_, field, count_, form_, optional_)                      \
	{                                                                                     \
		.key = (key_), .kind = FORM_OBJECTS, .offset = offsetof(struct_, field),      \
		.count = offsetof(struct_, count_), .form = &(form_), .optional = (optional_) \
	}
#define FORM_ROW_TEXTS(struct_, key_, field, count_, size_, optional_)                       \
	{                                                                                    \
		.key = (key_), .kind = FORM_TEXTS, .offset = offsetof(struct_, field),       \
		.count = offsetof(struct_, count_), .size = (size_), .optional = (optional_) \
	}
#define FORM_ROW_LIST(struct_, key_, field, optional_) \
	FORM_ROW_TEXTS(struct_, key_, field.items, field.count, sizeof(const char *), optional_)
#define FORM_ROW_PART(struct_, key_, field, form_)                                    \
	{                                                                             \
		.key = (key_), .kind = FORM_PART, .offset = offsetof(struct_, field), \
		.form = &(form_), .optional = true                                    \
	}

/* A kind of object; at most 32 members. */
struct form {
	const char *name;                  /* "a suite": for messages */
	size_t size;                       /* of its struct */
	const struct form_member *members; /* ends with a row without a key */
	/* Tells what is wrong with a struct whose members are fine; NULL: nothing. May be NULL. */
	const char *(*objection)(const void *object);
};

#define FORM_RECENT 16384

/* The text that is read, and what becomes of it. */
struct form_reader {
	struct arena *arena; /* of all that is made */
	const char **
		recent; /* FORM_RECENT texts that were made lately, each in the place of its hash */
	struct problems *problems;
	const char *text;
	size_t len;
};

/* Fills in the struct from the object; all strings are copied, and
 * those that come again and again shared. */
void form_read(
	struct form_reader *reader, const struct form *form, const struct json *json, void *object);

/* Adds a problem at the place of the value. */
void form_complain(struct form_reader *reader, const struct json *json, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
