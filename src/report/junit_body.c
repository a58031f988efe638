/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The lines below a case's message: where, then the details that writers for people share.
 */
#include "junit_body.h"

#include <stdint.h>
#include <string.h>

#include "detail.h"
#include "junit.h"
#include "report/shown.h"

/* Longest text of "on" and "title" in bytes. */
#define HEADING_MAX 300

#define INDENT (2 + DETAIL_LABEL_COLUMNS)
#define LINE_MAX_OF(value) (INDENT + (value) + 1)

_Static_assert(4 * MESSAGE_COLUMNS + 1 + 2 * LINE_MAX_OF(HEADING_MAX) +
			       DETAIL_COUNT * LINE_MAX_OF(DETAIL_VALUE_MAX) +
			       DETAIL_LINES_MAX * INDENT <=
		       JUNIT_BODY_MAX,
	"a body holds the longest message and every detail");

static void
add_line(struct buf *body, const char *label, const struct buf *value)
{
	const char *line = value->data;

	buf_addf(body, "  %-*s", DETAIL_LABEL_COLUMNS, label);
	for (size_t len = strcspn(line, "\n"); line[len] != '\0'; len = strcspn(line, "\n")) {
		buf_add(body, line, len + 1);
		buf_addf(body, "%*s", INDENT, "");
		line += len + 1;
	}
	buf_add_string(body, line);
	buf_add_char(body, '\n');
}

static void
add_heading(struct buf *body, const char *label, struct buf *value)
{
	shown_cut(value, HEADING_MAX, ' ');
	add_line(body, label, value);
	buf_reset(value);
}

/* "staging, mail.example.org:587, 192.0.2.1"; a target without a name of its own is called by host
 * and port already. */
static void
add_target(struct buf *value, const struct report_suite *suite)
{
	size_t len = strlen(suite->target);

	if (suite->where == NULL || strncmp(suite->where, suite->target, len) != 0 ||
		(suite->where[len] != ',' && suite->where[len] != '\0')) {
		shown_add_line(value, suite->target);
		buf_add_string(value, suite->where != NULL ? ", " : "");
	}
	if (suite->where != NULL)
		shown_add_line(value, suite->where);
}

static void
add_advised(struct buf *body, const char *advised)
{
	struct buf value;

	buf_init(&value, SIZE_MAX / 4);
	buf_add_string(&value, advised);
	add_heading(body, "why, fix", &value);
	buf_release(&value);
}

static void
add_details(struct buf *body, const struct junit_case *called, const char *advised)
{
	struct buf value;

	buf_init(&value, SIZE_MAX / 4);
	for (enum detail detail = 0; detail < DETAIL_COUNT; detail++) {
		bool is_advice = detail == DETAIL_WHY || detail == DETAIL_FIX;
		const char *label =
			advised != NULL && is_advice
				? NULL
				: detail_value(&value, called->suite, called->one, detail);

		if (label != NULL)
			add_line(body, label, &value);
		else if (advised != NULL && detail == DETAIL_FIX)
			add_advised(body, advised);
	}
	buf_release(&value);
}

void
junit_add_body(struct buf *body, const struct junit_case *called, const char *advised)
{
	const struct report_case *one = called->one;
	struct buf value;

	buf_add_char(body, '\n');
	buf_init(&value, SIZE_MAX / 4);
	add_target(&value, called->suite);
	add_heading(body, "on", &value);
	if (one->titled) {
		shown_add_line(&value, one->title);
		add_heading(body, "title", &value);
	}
	buf_release(&value);
	add_details(body, called, advised);
}
