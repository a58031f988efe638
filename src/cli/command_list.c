/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * list and validate: what there is, and what would run.
 */
#include <stdio.h>
#include <string.h>

#include "checklist/shipped.h"
#include "commands.h"
#include "net/proxy.h"
#include "run/plan.h"

/* "  tls.version          TLS 1.2 or newer  [tls, old]  (advisory)" */
static void
show_assertion(FILE *out, const struct assertion *assertion)
{
	fprintf(out, "  %-28s %s", assertion->id, assertion->title);
	for (size_t i = 0; i < assertion->tag_count; i++)
		fprintf(out, "%s%s%s", i == 0 ? "  [" : ", ", assertion->tags[i],
			i + 1 == assertion->tag_count ? "]" : "");
	if (assertion->waived)
		fprintf(out, "  (waived until %s)", assertion->waive_until);
	else if (assertion->advisory)
		fputs("  (advisory)", out);
	fputc('\n', out);
}

/* "    3 x a hello" for each way of looking from outside the session. */
static void
show_observations(FILE *out, const struct evidence *evidence)
{
	for (size_t i = 0; i < evidence->observation_count; i++) {
		const struct observer *observer = evidence->observations[i]->observer;
		size_t earlier = 0, same = 0;

		for (size_t j = 0; j < evidence->observation_count; j++) {
			same += evidence->observations[j]->observer == observer;
			earlier += j < i && evidence->observations[j]->observer == observer;
		}
		if (earlier == 0)
			fprintf(out, "    %zu x %s\n", same, observer->name);
	}
}

/* Whether it is taken apart when it is run, by what the DNS says then. */
static bool
is_several(const struct target *target)
{
	return target->domain != NULL || target->all_addresses;
}

static void
show_servers(FILE *out, const struct target *target)
{
	if (target->all_addresses)
		fputs("all addresses of ", out);
	if (target->domain != NULL)
		fputs(target->all_addresses ? "the mail servers of " : "mail servers of ", out);
	fputs(target->address != NULL && !is_several(target) ? target->address : target->host, out);
}

static void
show_place(FILE *out, const struct target *target)
{
	if (target->certificate_file != NULL) {
		fprintf(out, "certificates of %s for %s)\n", target->certificate_file,
			target->host);
		return;
	}
	show_servers(out, target);
	fprintf(out, " port %u%s%s, %s TLS%s%s%s)\n", target->port,
		target->proxy != NULL ? " through " : "",
		target->proxy != NULL ? target->proxy->dialler.through : "",
		target->implicit_tls ? "implicit" : "STARTTLS",
		is_several(target) ? "; taken from " : "",
		target->domain != NULL  ? "its MX records"
		: target->all_addresses ? "its A and AAAA records"
					: "",
		is_several(target) ? " when it is run" : "");
}

/* What a checklist for both kinds of servers asks of the other kind alone. */
static void
show_left_out(FILE *out, const struct checklist *checklist, const struct target *target)
{
	bool any = false;

	for (size_t i = 0; i < checklist->assertion_count; i++) {
		const struct assertion *assertion = &checklist->assertions[i];

		if (!assertion->where_possible || assertion_applies(assertion, target))
			continue;
		fprintf(out, "%s%s",
			any ? ", " : "  left out, as there is no STARTTLS: ", assertion->id);
		any = true;
	}
	if (any)
		fputc('\n', out);
}

static void
show_target(FILE *out, const struct checklist *checklist, const struct target *target)
{
	struct evidence evidence;

	evidence_init(&evidence, target, 0);
	plan_target(checklist, &evidence);
	fprintf(out, "%s on %s (", checklist->stem, target->name);
	show_place(out, target);
	for (size_t i = 0; i < checklist->assertion_count; i++)
		if (assertion_applies(&checklist->assertions[i], target))
			show_assertion(out, &checklist->assertions[i]);
	show_left_out(out, checklist, target);
	fprintf(out, "  connections: %u%s, at most %u at a time\n", plan_connections(&evidence),
		is_several(target) ? " to each of them" : "", checklist->limits.connections);
	show_observations(out, &evidence);
	evidence_release(&evidence);
}

/* A checklist that is made for any target. */
static void
show_without_target(FILE *out, const struct checklist *checklist)
{
	fprintf(out, "%s (no targets: give one with --target HOST[:PORT])\n", checklist->stem);
	for (size_t i = 0; i < checklist->assertion_count; i++)
		show_assertion(out, &checklist->assertions[i]);
}

static void
show_shard(FILE *out, const struct loaded *loaded)
{
	struct buf line;

	if (loaded->shard.of == 0)
		return;
	buf_init(&line, 256);
	shard_add_title(&line, &loaded->shard);
	fprintf(out, "%s\n", line.data);
	buf_release(&line);
}

void
show_plan(FILE *out, const struct loaded *loaded)
{
	size_t next = 0;

	show_shard(out, loaded);
	for (size_t i = 0; i < loaded->count; i++) {
		const struct checklist *checklist = &loaded->checklists[i];

		for (; next < loaded->target_count && loaded->targets[next].checklist == checklist;
			next++)
			show_target(out, checklist, loaded->targets[next].target);
		if (checklist->target_count == 0)
			show_without_target(out, checklist);
	}
}

static void
show_families(FILE *out)
{
	for (size_t i = 0; i < check_family_count; i++) {
		const struct check_family *family = check_families[i];

		fprintf(out, "%s: %s\n", family->name, family->summary);
		for (size_t j = 0; j < family->count; j++)
			fprintf(out, "  %-28s %s\n", family->checks[j].name,
				family->checks[j].summary);
	}
	fputs("checklists that come with the program:\n", out);
	for (const struct shipped_checklist *row = shipped_checklists; row->name != NULL; row++)
		fprintf(out, "  %s\n", row->name);
}

enum exit_status
command_list(struct options *options)
{
	enum exit_status status = EXIT_USAGE;
	struct loaded loaded;

	if (options->operands.count == 0) {
		show_families(stdout);
		return EXIT_PASSED;
	}
	if (loaded_init(&loaded, options, PURPOSE_LIST)) {
		show_plan(stdout, &loaded);
		status = EXIT_PASSED;
	}
	loaded_release(&loaded);
	return interrupted_or(status);
}

enum exit_status
command_validate(struct options *options)
{
	enum exit_status status = EXIT_USAGE;
	struct loaded loaded;

	if (loaded_init(&loaded, options, PURPOSE_VALIDATE)) {
		for (size_t i = 0; i < loaded.count; i++)
			printf("%s: valid, %zu assertion%s of %zu target%s\n",
				options->operands.items[i], loaded.checklists[i].assertion_count,
				loaded.checklists[i].assertion_count == 1 ? "" : "s",
				loaded.checklists[i].target_count,
				loaded.checklists[i].target_count == 1 ? "" : "s");
		show_shard(stdout, &loaded);
		status = EXIT_PASSED;
	}
	loaded_release(&loaded);
	return interrupted_or(status);
}
