/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * inspect: looks at one server and shows what was seen. It judges nothing.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "checklist/load.h"
#include "commands.h"
#include "report/inspection.h"
#include "report/shown.h"
#include "report/terminal.h"
#include "run/collect.h"
#include "run/look.h"
#include "x509/trust.h"

/* Connections at a time: a server gets no more than its limits have it. */
#define JOBS 16

/* What has nothing to do once the one target is complete. */
static void
do_nothing(void *context, size_t index)
{
	(void)context;
	(void)index;
}

static void
complete(void *context, size_t first, size_t count, unsigned worker)
{
	(void)count;
	(void)worker;
	do_nothing(context, first);
}

static void
collect_one(struct target_run *run, const struct options *options)
{
	const struct collect_settings settings = {
		.jobs = options->posture ? JOBS : 2,
		.started_ms = clock_now_ms(),
		.complete = complete,
		.done = do_nothing,
	};

	collect(run, 1, &settings);
}

/* Free of what the runner of a pipeline takes for a command. */
static void
print_lines(const struct buf *text)
{
	const char *line = text->data;
	struct buf safe;

	buf_init(&safe, SIZE_MAX / 4);
	for (const char *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
		shown_add_uncommanding(&safe, line, (size_t)(end - line));
		buf_add_char(&safe, '\n');
	}
	fwrite(safe.data, 1, safe.len, stdout);
	buf_release(&safe);
}

static void
show_text(const struct look *look, const struct options *options)
{
	struct inspection_style style = { .now = clock_date() };
	struct terminal terminal;
	struct buf text;

	terminal_init(&terminal, stdout, stderr);
	style.width = terminal.width;
	style.colour = terminal.colour;
	if (options->color != NULL && strcmp(options->color, "auto") != 0)
		style.colour = strcmp(options->color, "always") == 0;
	buf_init(&text, SIZE_MAX / 4);
	inspection_add(&text, look->facts, look->transcript, &style);
	print_lines(&text);
	buf_release(&text);
}

/* Standard output has what was asked for and nothing else; what is in the way of it goes elsewhere. */
static enum exit_status
show_data(const struct look *look, const struct options *options)
{
	enum exit_status status = EXIT_PASSED;
	struct buf text;

	buf_init(&text, SIZE_MAX / 4);
	if (options->json) {
		inspection_add_json(&text, look->facts);
	} else if (!inspection_add_pem(&text, look->facts)) {
		complain(
			"the server showed no certificate: see 'starttls-gate inspect' without --pem");
		status = EXIT_UNDECIDED;
	}
	fwrite(text.data, 1, text.len, stdout);
	buf_release(&text);
	return status;
}

static void
complain_of_obstacle(const struct look *look)
{
	struct buf text;

	buf_init(&text, SIZE_MAX / 4);
	if (look->obstacle != NULL)
		shown_add_line(&text, look->obstacle);
	complain("no connection: %s", text.len != 0 ? text.data : "it was not tried");
	buf_release(&text);
}

static enum exit_status
show(const struct look *look, const struct options *options)
{
	enum exit_status status = EXIT_PASSED;

	if (options->json || options->pem)
		status = look->connected || options->json ? show_data(look, options) : status;
	else if (look->connected)
		show_text(look, options);
	if (look->connected && look->obstacle != NULL)
		complain("not everything was looked at: %s", look->obstacle);
	if (look->connected)
		return status;
	complain_of_obstacle(look);
	return EXIT_UNDECIDED;
}

static enum exit_status
inspect(const struct checklist *checklist, const struct options *options)
{
	struct target_run run = {
		.checklist = checklist, .target = &checklist->targets[0], .together = 1
	};
	enum exit_status status;
	struct arena arena;
	struct look look;

	arena_init(&arena);
	evidence_init(&run.evidence, run.target, clock_date());
	look_plan(&run.evidence, options->posture);
	collect_one(&run, options);
	look = look_of(checklist, &run.evidence, &arena);
	status = show(&look, options);
	evidence_release(&run.evidence);
	arena_release(&arena);
	return status;
}

static void
apply_timeout(struct limits *limits, const struct options *options)
{
	if (options->timeout_ms == 0)
		return;
	limits->connect_timeout_ms = limits->reply_timeout_ms = options->timeout_ms;
	if (limits->deadline_ms < 2 * options->timeout_ms)
		limits->deadline_ms = 2 * options->timeout_ms;
}

enum exit_status
command_inspect(struct options *options)
{
	struct error error = { .text = "" };
	enum exit_status status = EXIT_USAGE;
	struct checklist checklist;
	struct problems problems;
	struct overlay overlay;

	if (!handle_signals())
		return status;
	/* It is given as an operand what --target gives elsewhere. */
	options->targets = options->operands;
	if (!options_overlay(options, &overlay, &error)) {
		complain("%s", error.text);
		return status;
	}
	overlay.targets_are_operands = true;
	overlay.authorities_optional = true;
	problems_init(&problems);
	if (checklist_load_none(&checklist, &overlay, &problems)) {
		apply_timeout(&checklist.limits, options);
		if (trust_store_count(checklist.trust) == 0)
			complain(
				"warning: no list of authorities was found, so that nobody is trusted: "
				"install ca-certificates, or give --ca-file");
		status = inspect(&checklist, options);
	} else {
		problems_show(&problems);
	}
	checklist_release(&checklist);
	problems_release(&problems);
	return interrupted_or(status);
}
