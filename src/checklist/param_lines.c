/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A line is cut at the references to secrets; what stands between them is expanded as any string.
 */
#include "param_lines.h"

#include <string.h>

#include "expand.h"
#include "params.h"
#include "reference.h"
#include "secret_values.h"

/* Longest line, or lines, that a step sends. */
#define LINE_BYTES_MAX 16384

/* A line while it is read. */
struct line {
	const struct json *json;
	struct buf text, shown;
	bool is_secret;
};

/* The next reference to a secret at or behind `text`, with the name in it and where it ends; NULL:
 * there is none. */
static const char *
next_secret(struct loader *loader, const char *start, const char *text, const char **name,
	const char **end)
{
	for (text = strstr(text, "${"); text != NULL; text = strstr(text + 2, "${")) {
		const char *close = strchr(text, '}');

		if (close == NULL)
			return NULL;
		*name = reference_sole(loader->arena,
			arena_memdup(loader->arena, text, (size_t)(close - text) + 1));
		*end = close + 1;
		if (*name != NULL && (text == start || text[-1] != '$') &&
			loader_declaration(loader, *name) != NULL)
			return text;
	}
	return NULL;
}

static bool
add_plain(struct loader *loader, struct line *line, const char *from, size_t len)
{
	struct json piece = *line->json;
	const char *text;

	piece.string = arena_memdup(loader->arena, from, len);
	text = expand(loader, &piece);
	if (text == NULL)
		return false;
	buf_add_string(&line->text, text);
	buf_add_string(&line->shown, text);
	return true;
}

/* What ends a line would let a secret send commands of its own. */
static bool
add_secret(struct loader *loader, struct line *line, const char *name)
{
	const char *value;

	line->is_secret = true;
	buf_addf(&line->shown, "[%s]", name);
	if (!secret_refer(loader, &line->json->place, name, &value))
		return false;
	if (value == NULL)
		return true;
	if (strpbrk(value, "\r\n") != NULL) {
		loader_complain(loader, &line->json->place, NULL, NULL,
			"the secret \"%s\" has more than one line", name);
		return false;
	}
	return buf_add_string(&line->text, value);
}

static bool
add_all(struct loader *loader, struct line *line)
{
	const char *start = line->json->string, *from = start, *secret, *name, *end;

	while ((secret = next_secret(loader, start, from, &name, &end)) != NULL) {
		if (!add_plain(loader, line, from, (size_t)(secret - from)) ||
			!add_secret(loader, line, name))
			return false;
		from = end;
	}
	return add_plain(loader, line, from, strlen(from));
}

/* A CR without LF, or the other way round, is what smuggles commands past a server. */
static bool
has_odd_line_end(const char *text)
{
	for (const char *c = text; *c != '\0'; c++)
		if ((*c == '\n' && (c == text || c[-1] != '\r')) || (*c == '\r' && c[1] != '\n'))
			return true;
	return false;
}

static bool
check_line(struct loader *loader, const struct param *param, const struct line *line)
{
	const struct place *place = &line->json->place;

	if (line->text.dropped != 0 || line->shown.dropped != 0)
		loader_complain(loader, place, NULL, NULL, "\"%s\" has more than %d bytes",
			param->name, LINE_BYTES_MAX);
	else if (has_odd_line_end(line->text.data))
		loader_complain(loader, place, NULL, "write \\r\\n between two lines",
			"\"%s\" has a CR without LF, or LF without CR", param->name);
	else
		return true;
	return false;
}

void
param_line_load(struct loader *loader, const struct param *param, const struct json *json,
	struct argument *argument)
{
	struct line line = { .json = json };

	if (json->type != JSON_STRING) {
		param_complain_of_type(loader, param, json, "a string");
		return;
	}
	buf_init(&line.text, LINE_BYTES_MAX);
	buf_init(&line.shown, LINE_BYTES_MAX);
	argument->given = add_all(loader, &line) && check_line(loader, param, &line);
	argument->text = arena_strdup(loader->arena, line.text.data);
	argument->shown = arena_strdup(loader->arena, line.shown.data);
	argument->is_secret = line.is_secret;
	buf_wipe(&line.text);
	buf_release(&line.shown);
}

/* What refers back to a group takes time without bounds. */
static bool
refers_back(const char *pattern)
{
	for (const char *c = pattern; *c != '\0'; c++) {
		if (*c != '\\')
			continue;
		if (c[1] >= '1' && c[1] <= '9')
			return true;
		c += c[1] != '\0';
	}
	return false;
}

void
param_expect_load(struct loader *loader, const struct param *param, const struct json *json,
	struct argument *argument)
{
	const char *text = param_expand(loader, param, json), *pattern;
	size_t len = text == NULL ? 0 : strlen(text);

	argument->text = text;
	argument->given = text != NULL;
	if (len < 2 || text[0] != '/' || text[len - 1] != '/')
		return;
	pattern = arena_memdup(loader->arena, text + 1, len - 2);
	argument->given = regex_check(loader, json, pattern);
	if (argument->given && refers_back(pattern))
		loader_complain(loader, &json->place, NULL, NULL,
			"a regular expression cannot refer back to what a group matched");
}
