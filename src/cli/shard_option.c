/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * --shard: two numbers from its value, or from the variables of a CI that runs a job several times.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "commands.h"

static const char index_name[] = "CI_NODE_INDEX", total_name[] = "CI_NODE_TOTAL";

/* Both count from 1. */
static bool
take_numbers(const char *number, const char *of, struct report_shard *shard)
{
	long k, n;

	if (!text_parse_number(number, &k) || !text_parse_number(of, &n) || k < 1 || k > n ||
		n > (long)SHARDS_MAX)
		return false;
	shard->number = (unsigned)k;
	shard->of = (unsigned)n;
	return true;
}

static bool
is_missing(const char *value)
{
	return value == NULL || value[0] == '\0';
}

static bool
take_environment(struct report_shard *shard, struct error *error)
{
	const char *number = getenv(index_name), *of = getenv(total_name);
	bool both = is_missing(number) && is_missing(of);

	if (is_missing(number) || is_missing(of))
		return error_set(error,
			"--shard auto takes %s and %s from the environment, and %s%s%s not set",
			index_name, total_name, is_missing(number) ? index_name : total_name,
			both ? " and " : "", both ? "CI_NODE_TOTAL are" : " is");
	return take_numbers(number, of, shard) ||
	       error_set(error,
		       "--shard auto: %s is '%s' and %s is '%s', which must be from 1 to %s, and "
		       "at most %u",
		       index_name, number, total_name, of, total_name, SHARDS_MAX);
}

bool
shard_of_options(const struct options *options, struct report_shard *shard, struct error *error)
{
	const char *slash = options->shard == NULL ? NULL : strchr(options->shard, '/');
	char number[16] = "";

	*shard = (struct report_shard){ .of = 0 };
	if (options->shard == NULL)
		return true;
	if (strcmp(options->shard, "auto") == 0)
		return take_environment(shard, error);
	if (slash != NULL && (size_t)(slash - options->shard) < sizeof(number))
		memcpy(number, options->shard, (size_t)(slash - options->shard));
	return (slash != NULL && take_numbers(number, slash + 1, shard)) ||
	       error_set(error,
		       "--shard takes K/N, K from 1 to N and N up to %u, as in 2/3, or auto, not "
		       "'%s'",
		       SHARDS_MAX, options->shard);
}
