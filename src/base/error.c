/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A text of fixed size: set once, and from then on only put behind contexts.
 */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool
error_is_set(const struct error *error)
{
	return error->text[0] != '\0';
}

bool
error_set(struct error *error, const char *format, ...)
{
	va_list args;

	if (error_is_set(error))
		return false;
	va_start(args, format);
	vsnprintf(error->text, sizeof(error->text), format, args);
	va_end(args);
	return false;
}

bool
error_context(struct error *error, const char *format, ...)
{
	char context[ERROR_TEXT_MAX];
	char fact[ERROR_TEXT_MAX];
	va_list args;
	size_t used;

	if (!error_is_set(error))
		return false;
	va_start(args, format);
	vsnprintf(context, sizeof(context), format, args);
	va_end(args);
	memcpy(fact, error->text, sizeof(fact));
	snprintf(error->text, sizeof(error->text), "%s", context);
	used = strlen(error->text);
	snprintf(error->text + used, sizeof(error->text) - used, ": %s", fact);
	return false;
}
