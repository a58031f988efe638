/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One function for each kind of member; a table says which type of JSON each takes.
 */
#include "json_form.h"

#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "evidence/verdict.h"

/* Numbers up to here are the same in JSON and in C (2^53 and beyond are not). */
#define NUMBER_MAX ((double)(INT64_C(1) << 53))

void
form_complain(struct form_reader *reader, const struct json *json, const char *format, ...)
{
	struct problem problem = { .place = json->place };
	struct arena arena;
	va_list args;

	arena_init(&arena);
	va_start(args, format);
	problem.message = arena_vprintf(&arena, format, args);
	va_end(args);
	problems_add(reader->problems, &problem, reader->text, reader->len);
	arena_release(&arena);
}

/* Most texts of a report are those of assertions, the same in suite after suite. */
static const char *
make_text(struct form_reader *reader, const char *text)
{
	uint64_t hash = hash_spread(hash_text(HASH_START, text));
	const char **recent = &reader->recent[hash % FORM_RECENT];

	if (*recent == NULL || strcmp(*recent, text) != 0)
		*recent = arena_strdup(reader->arena, text);
	return *recent;
}

static void
read_text(struct form_reader *reader, const struct form_member *row, const struct json *json,
	void *field)
{
	const char *text = json->type == JSON_NULL ? NULL : make_text(reader, json->string);

	(void)row;
	memcpy(field, &text, sizeof(text));
}

static void
read_boolean(struct form_reader *reader, const struct form_member *row, const struct json *json,
	void *field)
{
	(void)reader;
	(void)row;
	*(bool *)field = json->boolean;
}

/* The number, if it is whole and within the limits; else a problem and 0. */
static int64_t
whole_number(struct form_reader *reader, const struct form_member *row, const struct json *json,
	double least, double most)
{
	double number = json->number;

	if (number >= least && number <= most && number == (double)(int64_t)number)
		return (int64_t)number;
	form_complain(reader, json, "\"%s\" must be a whole number from %.0f to %.0f", row->key,
		least, most);
	return 0;
}

static void
read_size(struct form_reader *reader, const struct form_member *row, const struct json *json,
	void *field)
{
	*(size_t *)field = (size_t)whole_number(reader, row, json, 0, NUMBER_MAX);
}

static void
read_unsigned(struct form_reader *reader, const struct form_member *row, const struct json *json,
	void *field)
{
	*(unsigned *)field = (unsigned)whole_number(reader, row, json, 0, UINT_MAX);
}

static void
read_ms(struct form_reader *reader, const struct form_member *row, const struct json *json,
	void *field)
{
	*(int64_t *)field = whole_number(reader, row, json, -NUMBER_MAX, NUMBER_MAX);
}

static void
read_date(struct form_reader *reader, const struct form_member *row, const struct json *json,
	void *field)
{
	if (!clock_parse_date(json->string, field))
		form_complain(reader, json,
			"\"%s\" must be a date that exists (RFC 3339), not \"%s\"", row->key,
			json->string);
}

static void
read_verdict(struct form_reader *reader, const struct form_member *row, const struct json *json,
	void *field)
{
	for (unsigned i = 0; i < VERDICT_COUNT; i++) {
		if (strcmp(verdict_name((enum verdict)i), json->string) != 0)
			continue;
		*(enum verdict *)field = (enum verdict)i;
		return;
	}
	form_complain(reader, json, "\"%s\" cannot be \"%s\"", row->key, json->string);
}

static void
read_tls(struct form_reader *reader, const struct form_member *row, const struct json *json,
	void *field)
{
	*(bool *)field = strcmp(json->string, "implicit") == 0;
	if (!*(bool *)field && strcmp(json->string, "starttls") != 0)
		form_complain(reader, json, "\"%s\" cannot be \"%s\"", row->key, json->string);
}

/* Room for the elements of an array, which the field and its count lead to. */
static char *
make_array(struct form_reader *reader, const struct json *json, size_t size, void *field,
	size_t *count)
{
	char *items = arena_array(reader->arena, json->count, size);

	memcpy(field, &items, sizeof(items));
	*count = json->count;
	return items;
}

static void
read_texts(struct form_reader *reader, const struct form_member *row, const struct json *json,
	void *field, size_t *count)
{
	char *item = make_array(reader, json, row->size, field, count);

	for (const struct json *one = json->child; one != NULL; one = one->next) {
		if (one->type == JSON_STRING || one->type == JSON_NULL)
			read_text(reader, row, one, item);
		else
			form_complain(reader, one, "\"%s\" must hold strings, not %s", row->key,
				json_type_name(one->type));
		item += row->size;
	}
}

static void
read_objects(struct form_reader *reader, const struct form_member *row, const struct json *json,
	void *field, size_t *count)
{
	char *item = make_array(reader, json, row->form->size, field, count);

	for (const struct json *one = json->child; one != NULL; one = one->next) {
		form_read(reader, row->form, one, item);
		item += row->form->size;
	}
}

static void
read_part(struct form_reader *reader, const struct form_member *row, const struct json *json,
	void *field)
{
	if (json->type != JSON_NULL)
		form_read(reader, row->form, json, field);
}

static void
read_pointer(struct form_reader *reader, const struct form_member *row, const struct json *json,
	void *field)
{
	void *object = NULL;

	if (json->type != JSON_NULL) {
		object = arena_alloc(reader->arena, row->form->size);
		form_read(reader, row->form, json, object);
	}
	memcpy(field, &object, sizeof(object));
}

/* What each kind takes, and who reads it. */
static const struct {
	enum json_type type;
	bool nullable;
	void (*read)(struct form_reader *reader, const struct form_member *row,
		const struct json *json, void *field);
	void (*read_array)(struct form_reader *reader, const struct form_member *row,
		const struct json *json, void *field, size_t *count);
} kinds[] = {
	[FORM_TEXT] = { JSON_STRING, true, read_text, NULL },
	[FORM_NAME] = { JSON_STRING, false, read_text, NULL },
	[FORM_BOOLEAN] = { JSON_BOOLEAN, false, read_boolean, NULL },
	[FORM_SIZE] = { JSON_NUMBER, false, read_size, NULL },
	[FORM_UNSIGNED] = { JSON_NUMBER, false, read_unsigned, NULL },
	[FORM_MS] = { JSON_NUMBER, false, read_ms, NULL },
	[FORM_DATE] = { JSON_STRING, false, read_date, NULL },
	[FORM_VERDICT] = { JSON_STRING, false, read_verdict, NULL },
	[FORM_TLS] = { JSON_STRING, false, read_tls, NULL },
	[FORM_TEXTS] = { JSON_ARRAY, false, NULL, read_texts },
	[FORM_OBJECTS] = { JSON_ARRAY, false, NULL, read_objects },
	[FORM_PART] = { JSON_OBJECT, false, read_part, NULL },
	[FORM_OR_NULL] = { JSON_OBJECT, true, read_part, NULL },
	[FORM_POINTER] = { JSON_OBJECT, true, read_pointer, NULL },
	[FORM_PASSED] = { JSON_NULL, true, NULL, NULL },
};

static void
read_member(struct form_reader *reader, const struct form_member *row, const struct json *json,
	char *object)
{
	bool fits = json->type == JSON_NULL ? kinds[row->kind].nullable
					    : json->type == kinds[row->kind].type;

	if (row->kind == FORM_PASSED)
		return;
	if (!fits)
		form_complain(reader, json, "\"%s\" must be %s, not %s", row->key,
			json_type_name(kinds[row->kind].type), json_type_name(json->type));
	else if (kinds[row->kind].read_array != NULL)
		kinds[row->kind].read_array(reader, row, json, object + row->offset,
			(size_t *)(void *)(object + row->count));
	else
		kinds[row->kind].read(reader, row, json, object + row->offset);
}

/* The row of a key: mostly the one behind `after`, since members come in the order of their table. */
static const struct form_member *
find_row(const struct form *form, const struct form_member *after, const char *key)
{
	if (after->key != NULL && strcmp(after->key, key) == 0)
		return after;
	for (const struct form_member *row = form->members; row->key != NULL; row++)
		if (strcmp(row->key, key) == 0)
			return row;
	return NULL;
}

static void
complain_of_missing(struct form_reader *reader, const struct form *form, const struct json *json,
	uint32_t found)
{
	for (const struct form_member *row = form->members; row->key != NULL; row++)
		if (!row->optional && (found >> (row - form->members) & 1) == 0)
			form_complain(reader, json, "%s needs \"%s\"", form->name, row->key);
}

void
form_read(
	struct form_reader *reader, const struct form *form, const struct json *json, void *object)
{
	const struct form_member *next = form->members, *row;
	size_t problems = reader->problems->added;
	uint32_t found = 0;

	if (json->type != JSON_OBJECT) {
		form_complain(reader, json, "%s must be an object, not %s", form->name,
			json_type_name(json->type));
		return;
	}
	for (const struct json *member = json->child; member != NULL; member = member->next) {
		row = find_row(form, next, member->key);
		if (row == NULL) {
			form_complain(reader, member, "unknown member \"%s\" in %s", member->key,
				form->name);
			continue;
		}
		found |= UINT32_C(1) << (row - form->members);
		read_member(reader, row, member, object);
		next = row + 1;
	}
	complain_of_missing(reader, form, json, found);
	if (form->objection != NULL && problems == reader->problems->added &&
		form->objection(object) != NULL)
		form_complain(reader, json, "%s: %s", form->name, form->objection(object));
}
