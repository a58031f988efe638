/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Setters that format into the finding's arena; what was decided last stands.
 */
#include "evidence/finding.h"

#include <stdarg.h>

#include "evidence/cause.h"

void
finding_init(struct finding *finding, struct arena *arena)
{
	*finding = (struct finding){ .arena = arena,
		.verdict = VERDICT_ERROR,
		.type = "Undecided",
		.message = "nothing decided this assertion" };
}

static void
decide(struct finding *finding, enum verdict verdict, uint32_t causes, const char *type,
	const char *message)
{
	finding->verdict = verdict;
	finding->causes = causes;
	finding->type = type;
	finding->message = message;
}

void
finding_pass(struct finding *finding, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	decide(finding, VERDICT_PASS, CAUSE_NONE, NULL,
		arena_vprintf(finding->arena, format, args));
	va_end(args);
}

void
finding_fail(struct finding *finding, uint32_t causes, const char *type, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	decide(finding, VERDICT_FAIL, causes, type, arena_vprintf(finding->arena, format, args));
	va_end(args);
}

void
finding_skip(struct finding *finding, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	decide(finding, VERDICT_SKIPPED, CAUSE_NONE, "NotGated",
		arena_vprintf(finding->arena, format, args));
	va_end(args);
}

void
finding_error(struct finding *finding, uint32_t causes, const char *type, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	decide(finding, VERDICT_ERROR, causes, type, arena_vprintf(finding->arena, format, args));
	va_end(args);
}

void
finding_expected(struct finding *finding, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	finding->expected = arena_vprintf(finding->arena, format, args);
	va_end(args);
}

void
finding_observed(struct finding *finding, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	finding->observed = arena_vprintf(finding->arena, format, args);
	va_end(args);
}

void
finding_why(struct finding *finding, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	finding->why = arena_vprintf(finding->arena, format, args);
	va_end(args);
}

void
finding_fix(struct finding *finding, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	finding->fix = arena_vprintf(finding->arena, format, args);
	va_end(args);
}
