/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Heading, dialogue and session of an inspection.
 */
#include "report/inspection.h"

#include <string.h>

#include "inspection_lines.h"
#include "json_facts.h"
#include "report/shown.h"
#include "report/wrap.h"

#define LABEL_COLUMN 2u
#define TEXT_COLUMN 14u
#define ARROW_COLUMN 6u

static const char *const colours[] = {
	[COLOUR_PLAIN] = "",
	[COLOUR_BOLD] = "\033[1m",
	[COLOUR_GOOD] = "\033[32m",
	[COLOUR_BAD] = "\033[1;31m",
};

static bool
begins_character(char byte)
{
	return ((unsigned char)byte & 0xc0) != 0x80;
}

/* Appends a line that begins at column `at`, broken wherever the width ends. */
static void
add_broken(struct buf *out, const char *line, size_t len, size_t at, size_t indent, size_t width)
{
	for (size_t i = 0; i < len; i++) {
		if (begins_character(line[i]) && at++ == width) {
			buf_addf(out, "\n%*s", (int)indent, "");
			at = indent + 1;
		}
		buf_add(out, &line[i], 1);
	}
}

/* Appends text on the line, from column `indent` on; it goes on in that column, wrapped at blanks, and
 * where there are none, anywhere. Ends the line. */
static void
add_text(struct buf *out, const struct inspection_style *style, size_t indent,
	enum inspection_colour colour, const char *text)
{
	bool coloured = style->colour && colour != COLOUR_PLAIN;
	struct buf wrapped;
	const char *line;
	size_t at = indent;

	buf_init(&wrapped, SIZE_MAX / 4);
	wrap_add(&wrapped, text, indent, style->width);
	if (coloured)
		buf_add_string(out, colours[colour]);
	for (line = wrapped.data; line != NULL; at = 0) {
		const char *end = strchr(line, '\n');
		size_t len = end == NULL ? strlen(line) : (size_t)(end - line);

		add_broken(out, line, len, at, indent, style->width);
		if (end != NULL)
			buf_add_char(out, '\n');
		line = end == NULL ? NULL : end + 1;
	}
	buf_add_string(out, coloured ? "\033[0m\n" : "\n");
	buf_release(&wrapped);
}

void
inspection_add_heading(struct buf *out, const struct inspection_style *style, const char *text)
{
	struct buf shown;

	buf_init(&shown, SIZE_MAX / 4);
	shown_add_line(&shown, text);
	if (out->len != 0)
		buf_add_char(out, '\n');
	add_text(out, style, 0, COLOUR_BOLD, shown.data);
	buf_release(&shown);
}

void
inspection_add_row(struct buf *out, const struct inspection_style *style, const char *label,
	enum inspection_colour colour, const char *text)
{
	struct buf shown;

	if (text == NULL)
		return;
	buf_init(&shown, SIZE_MAX / 4);
	shown_add_line(&shown, text);
	buf_addf(out, "%*s%-*s", (int)LABEL_COLUMN, "", (int)(TEXT_COLUMN - LABEL_COLUMN), label);
	add_text(out, style, TEXT_COLUMN, colour, shown.data);
	buf_release(&shown);
}

static void
add_where(struct buf *out, const struct facts *facts, const struct inspection_style *style)
{
	bool is_literal = strchr(facts->host, ':') != NULL;
	struct buf where;

	buf_init(&where, SIZE_MAX / 4);
	buf_addf(&where, "%s%s%s:%u", is_literal ? "[" : "", facts->host, is_literal ? "]" : "",
		facts->port);
	if (facts->address != NULL)
		buf_addf(&where, ", %s", facts->address);
	if (facts->addresses > 1)
		buf_addf(&where, " (one of %zu addresses)", facts->addresses);
	buf_addf(&where, ": %s with %s", facts->protocol,
		facts->implicit_tls ? "implicit TLS" : "STARTTLS");
	inspection_add_heading(out, style, where.data);
	buf_release(&where);
}

/* The arrows that swaks made known: tildes inside TLS. */
static const struct {
	const char *prefix;
	const char *before, *inside;
} arrows[] = {
	{ "S: ", "<-", "<~" },
	{ "C: ", " ->", " ~>" },
	{ "-- ", "", "" },
};

static void
add_dialogue_line(struct buf *out, const struct inspection_style *style, char *line, bool inside)
{
	const char *arrow = "", *text = line;

	for (size_t i = 0; i < sizeof(arrows) / sizeof(arrows[0]); i++) {
		if (strncmp(line, arrows[i].prefix, 3) != 0)
			continue;
		arrow = inside ? arrows[i].inside : arrows[i].before;
		text = line + 3;
		break;
	}
	buf_addf(out, "  %-*s", (int)ARROW_COLUMN - 2, arrow);
	add_text(out, style, ARROW_COLUMN, COLOUR_PLAIN, text);
}

static void
add_dialogue(struct buf *out, const char *transcript, const struct inspection_style *style)
{
	struct buf shown;
	bool inside = false;
	char *line, *next;

	if (transcript == NULL)
		return;
	inspection_add_heading(out, style, "dialogue");
	buf_init(&shown, SIZE_MAX / 4);
	shown_add_lines(&shown, transcript);
	for (line = shown.data; line != NULL && *line != '\0'; line = next) {
		next = strchr(line, '\n');
		if (next != NULL)
			*next++ = '\0';
		add_dialogue_line(out, style, line, inside);
		inside = inside || strncmp(line, "-- TLS ", 7) == 0;
	}
	buf_release(&shown);
}

static void
add_list(struct buf *out, const struct inspection_style *style, const char *label,
	const struct facts_list *list)
{
	struct buf text;

	buf_init(&text, SIZE_MAX / 4);
	for (size_t i = 0; i < list->count; i++)
		buf_addf(&text, "%s%s", i == 0 ? "" : ", ", list->items[i]);
	if (text.len != 0)
		inspection_add_row(out, style, label, COLOUR_PLAIN, text.data);
	buf_release(&text);
}

/* The step that was not done, and why. */
static void
add_obstacle(struct buf *out, const struct facts *facts, const struct inspection_style *style)
{
	for (size_t i = 0; i < facts->step_count; i++) {
		const struct facts_step *step = &facts->steps[i];
		struct buf text;

		if (step->text == NULL)
			continue;
		buf_init(&text, SIZE_MAX / 4);
		buf_addf(&text, "%s: %s", step->name, step->text);
		inspection_add_row(out, style, step->outcome, COLOUR_BAD, text.data);
		buf_release(&text);
	}
}

static void
add_version(struct buf *out, const char *version, const struct inspection_style *style)
{
	struct buf text;

	if (version == NULL)
		return;
	buf_init(&text, 100);
	buf_addf(&text, "TLS %s", version);
	inspection_add_row(out, style, "version", COLOUR_PLAIN, text.data);
	buf_release(&text);
}

static void
add_session(struct buf *out, const struct facts *facts, const struct inspection_style *style)
{
	inspection_add_heading(out, style, "session");
	add_obstacle(out, facts, style);
	if (facts->version == NULL)
		inspection_add_row(out, style, "TLS", COLOUR_BAD, "none was established");
	add_version(out, facts->version, style);
	inspection_add_row(out, style, "suite", COLOUR_PLAIN, facts->suite);
	inspection_add_row(out, style, "group", COLOUR_PLAIN, facts->group);
	inspection_add_row(out, style, "signature", COLOUR_PLAIN, facts->signature);
	inspection_add_row(out, style, "ALPN", COLOUR_PLAIN, facts->alpn);
	add_list(out, style, "login", &facts->mechanisms_inside);
	add_list(out, style, "before TLS", &facts->mechanisms);
}

void
inspection_add(struct buf *out, const struct facts *facts, const char *transcript,
	const struct inspection_style *style)
{
	add_where(out, facts, style);
	add_dialogue(out, transcript, style);
	add_session(out, facts, style);
	inspection_add_chains(out, facts, style);
	inspection_add_posture(out, facts, style);
}

void
inspection_add_json(struct buf *out, const struct facts *facts)
{
	json_facts(out, NULL, facts);
	buf_add_char(out, '\n');
}

bool
inspection_add_pem(struct buf *out, const struct facts *facts)
{
	if (facts->chain_count == 0)
		return false;
	for (size_t i = 0; i < facts->chains[0].count; i++)
		buf_add_string(out, facts->chains[0].certificates[i].pem);
	return facts->chains[0].count != 0;
}
