/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a reply is held against: a code, a text, or a regular expression.
 */
#include "wire/expectation.h"

#include <regex.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static const char *const words[] = { "OK", "NO", "BAD", "BYE", "+OK", "-ERR", "+" };

static bool
is_code(const char *expect)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i], expect) == 0)
			return true;
	return strlen(expect) == 3 && strspn(expect, "0123456789") == 3;
}

enum expectation
expectation_kind(const char *expect)
{
	size_t len = strlen(expect);

	if (is_code(expect))
		return EXPECTATION_CODE;
	return len >= 2 && expect[0] == '/' && expect[len - 1] == '/' ? EXPECTATION_REGEX
								      : EXPECTATION_TEXT;
}

/* The first word, behind the asterisk of a line without a tag. */
static bool
has_code(const char *expect, const char *codes)
{
	size_t len = strlen(expect);

	if (strncmp(codes, "* ", 2) == 0)
		codes += 2;
	return strncmp(codes, expect, len) == 0 && (codes[len] == '\0' || codes[len] == ' ');
}

static bool
matches(const char *expect, const char *text)
{
	char *pattern = strdup(expect + 1);
	regex_t regex;
	bool found;

	if (pattern == NULL)
		return false;
	pattern[strlen(pattern) - 1] = '\0';
	found = regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB | REG_NEWLINE) == 0;
	free(pattern);
	if (!found)
		return false;
	found = strlen(text) <= EXPECTATION_TEXT_MAX && regexec(&regex, text, 0, NULL, 0) == 0;
	regfree(&regex);
	return found;
}

bool
expectation_met(const char *expect, const char *codes, const char *text)
{
	switch (expectation_kind(expect)) {
	case EXPECTATION_CODE:
		return has_code(expect, codes);
	case EXPECTATION_REGEX:
		return matches(expect, text);
	case EXPECTATION_TEXT:
		return strstr(text, expect) != NULL;
	}
	return false;
}
