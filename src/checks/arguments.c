/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The arguments of an assertion by their names.
 */
#include "checks/arguments.h"

#include <string.h>

#include "base/text.h"

const struct argument *
argument_of(const struct arguments *arguments, const char *name)
{
	static const struct argument absent;
	const struct param *param = check_param(arguments->check, name);

	return param == NULL ? &absent : &arguments->values[param - arguments->check->params];
}

const struct argument *
argument_member(
	const struct arguments *arguments, const char *name, size_t index, const char *member)
{
	static const struct argument absent;
	const struct param *members = check_param(arguments->check, name)->members;
	const struct argument *values = argument_of(arguments, name)->members;
	size_t count = 0, at = 0;

	for (; members[count].name != NULL; count++)
		if (strcmp(members[count].name, member) == 0)
			at = count;
	return values == NULL ? &absent : &values[index * count + at];
}

bool
argument_lists(const struct argument *argument, const char *item)
{
	for (size_t i = 0; i < argument->count; i++)
		if (text_same(argument->items[i], item))
			return true;
	return false;
}
