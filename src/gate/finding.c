/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gate/finding.h"

#include <stdarg.h>

void
finding_init(struct finding *finding, struct arena *arena)
{
	*finding = (struct finding){ .arena = arena,
		.verdict = VERDICT_ERROR,
		.type = "Undecided",
		.message = "nothing decided this assertion" };
}

void
finding_pass(struct finding *finding, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	finding->message = arena_vprintf(finding->arena, format, args);
	va_end(args);
	finding->verdict = VERDICT_PASS;
	finding->causes = CAUSE_NONE;
	finding->type = NULL;
}

void
finding_fail(struct finding *finding, uint32_t causes, const char *type, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	finding->message = arena_vprintf(finding->arena, format, args);
	va_end(args);
	finding->verdict = VERDICT_FAIL;
	finding->causes = causes;
	finding->type = type;
}

void
finding_error(struct finding *finding, uint32_t causes, const char *type, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	finding->message = arena_vprintf(finding->arena, format, args);
	va_end(args);
	finding->verdict = VERDICT_ERROR;
	finding->causes = causes;
	finding->type = type;
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
finding_fix(struct finding *finding, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	finding->fix = arena_vprintf(finding->arena, format, args);
	va_end(args);
}
