/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Goes through a policy line by line; each key that is known has a row.
 */
#include "wire/mta_sts_policy.h"

#include <string.h>

#include "base/names.h"
#include "base/text.h"
#include "wire/cursor.h"
#include "wire/dns_name.h"

#define KEY_MAX 32
#define AGE_DIGITS_MAX 10

static const struct name_code modes[] = {
	{ "none", MTA_STS_MODE_NONE },
	{ "testing", MTA_STS_MODE_TESTING },
	{ "enforce", MTA_STS_MODE_ENFORCE },
	{ NULL, 0 },
};

const char *
mta_sts_mode_name(enum mta_sts_mode mode)
{
	return name_of(modes, (int)mode);
}

static bool
is(struct span text, const char *wanted)
{
	return text.len == strlen(wanted) && memcmp(text.data, wanted, text.len) == 0;
}

static enum mta_sts_fault
take_version(struct mta_sts_policy *policy, struct span value)
{
	(void)policy;
	return is(value, "STSv1") ? MTA_STS_GOOD : MTA_STS_BAD_VERSION;
}

static enum mta_sts_fault
take_mode(struct mta_sts_policy *policy, struct span value)
{
	for (const struct name_code *mode = modes; mode->name != NULL; mode++)
		if (is(value, mode->name)) {
			policy->mode = (enum mta_sts_mode)mode->code;
			return MTA_STS_GOOD;
		}
	return MTA_STS_BAD_MODE;
}

static enum mta_sts_fault
take_age(struct mta_sts_policy *policy, struct span value)
{
	uint64_t age = 0;

	if (value.len == 0 || value.len > AGE_DIGITS_MAX)
		return MTA_STS_BAD_AGE;
	for (size_t i = 0; i < value.len; i++) {
		if (value.data[i] < '0' || value.data[i] > '9')
			return MTA_STS_BAD_AGE;
		age = age * 10 + (uint64_t)(value.data[i] - '0');
	}
	if (age > MTA_STS_AGE_MAX)
		return MTA_STS_BAD_AGE;
	policy->max_age = (uint32_t)age;
	return MTA_STS_GOOD;
}

static bool
has_wildcard(struct span pattern)
{
	return pattern.len > 2 && pattern.data[0] == '*' && pattern.data[1] == '.';
}

/* A last label of digits alone is one of an address. */
static bool
ends_in_number(struct span name)
{
	size_t i = name.len;

	while (i > 0 && name.data[i - 1] >= '0' && name.data[i - 1] <= '9')
		i--;
	return i == 0 || (i < name.len && name.data[i - 1] == '.');
}

static enum mta_sts_fault
take_mx(struct mta_sts_policy *policy, struct span value)
{
	struct span name = value;

	if (has_wildcard(value))
		name = (struct span){ value.data + 2, value.len - 2 };
	if (!dns_name_is_plain(name) || ends_in_number(name))
		return MTA_STS_BAD_MX;
	if (policy->mx_count == MTA_STS_MX_MAX)
		return MTA_STS_LONG;
	policy->mx[policy->mx_count++] = value;
	return MTA_STS_GOOD;
}

enum { VERSION, MODE, AGE, MX, KEY_COUNT };

static const struct key {
	const char *name;
	enum mta_sts_fault missing;
	enum mta_sts_fault (*take)(struct mta_sts_policy *policy, struct span value);
} keys[KEY_COUNT] = {
	[VERSION] = { "version", MTA_STS_NO_VERSION, take_version },
	[MODE] = { "mode", MTA_STS_NO_MODE, take_mode },
	[AGE] = { "max_age", MTA_STS_NO_AGE, take_age },
	[MX] = { "mx", MTA_STS_NO_MX, take_mx },
};

/* sts-policy-ext-name = (ALPHA / DIGIT) *31(ALPHA / DIGIT / "_" / "-" / ".") */
static bool
is_key(struct span key)
{
	for (size_t i = 0; i < key.len; i++) {
		uint8_t c = key.data[i];
		bool is_plain =
			(c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

		if (!is_plain && (i == 0 || memchr("_-.", c, 3) == NULL))
			return false;
	}
	return key.len >= 1 && key.len <= KEY_MAX;
}

/* Blanks stand within a value, never at its end; beyond ASCII it is UTF-8. */
static bool
is_value(struct span value)
{
	for (size_t i = 0; i < value.len;) {
		uint32_t code = 0;
		size_t len = text_utf8_next(value.data + i, value.len - i, &code);

		if (len == 0 || code < ' ' || code == 0x7f)
			return false;
		i += len;
	}
	return value.len != 0;
}

static bool
looks_misspelt(struct span key)
{
	char text[KEY_MAX + 1];

	memcpy(text, key.data, key.len);
	text[key.len] = '\0';
	for (size_t i = 0; i < KEY_COUNT; i++)
		if (text_same(text, keys[i].name) || text_resembles(text, keys[i].name))
			return true;
	return false;
}

/* What the line is made of; blanks at its end belong to neither part. */
static enum mta_sts_fault
split(struct span line, struct span *key, struct span *value)
{
	const uint8_t *colon = memchr(line.data, ':', line.len);
	size_t len = colon == NULL ? 0 : (size_t)(colon - line.data);

	if (colon == NULL)
		return MTA_STS_BAD_LINE;
	*key = (struct span){ line.data, len };
	*value = (struct span){ colon + 1, line.len - len - 1 };
	while (value->len != 0 && (value->data[0] == ' ' || value->data[0] == '\t'))
		*value = (struct span){ value->data + 1, value->len - 1 };
	while (value->len != 0 &&
		(value->data[value->len - 1] == ' ' || value->data[value->len - 1] == '\t'))
		value->len--;
	if (!is_key(*key))
		return MTA_STS_BAD_KEY;
	return is_value(*value) ? MTA_STS_GOOD : MTA_STS_BAD_LINE;
}

static enum mta_sts_fault
read_line(struct mta_sts_policy *policy, struct span line, bool seen[KEY_COUNT])
{
	struct span key, value;
	enum mta_sts_fault fault = split(line, &key, &value);

	if (fault != MTA_STS_GOOD)
		return fault;
	for (size_t i = 0; i < KEY_COUNT; i++) {
		if (!is(key, keys[i].name))
			continue;
		if (seen[i] && i != MX)
			return MTA_STS_GOOD;
		seen[i] = true;
		return keys[i].take(policy, value);
	}
	return looks_misspelt(key) ? MTA_STS_MISSPELT_KEY : MTA_STS_GOOD;
}

static struct span
take_line(struct cursor *cursor)
{
	const uint8_t *end = memchr(cursor->next, '\n', cursor->left);
	struct span line =
		cursor_bytes(cursor, end == NULL ? cursor->left : (size_t)(end - cursor->next));

	if (end == NULL)
		return line;
	cursor_u8(cursor);
	if (line.len != 0 && line.data[line.len - 1] == '\r')
		line.len--;
	return line;
}

void
mta_sts_policy_read(struct mta_sts_policy *policy, struct span text)
{
	struct cursor cursor = cursor_over(text);
	bool seen[KEY_COUNT] = { false };

	*policy = (struct mta_sts_policy){ .fault = MTA_STS_EMPTY };
	if (text.len > MTA_STS_POLICY_MAX)
		policy->fault = MTA_STS_LONG;
	if (text.len == 0 || text.len > MTA_STS_POLICY_MAX)
		return;
	while (cursor.left != 0) {
		policy->wrong = take_line(&cursor);
		policy->line++;
		policy->fault = read_line(policy, policy->wrong, seen);
		if (policy->fault != MTA_STS_GOOD)
			return;
	}
	policy->line = 0;
	policy->wrong = (struct span){ NULL, 0 };
	for (size_t i = 0; i < KEY_COUNT && policy->fault == MTA_STS_GOOD; i++)
		if (!seen[i] && (i != MX || policy->mode != MTA_STS_MODE_NONE))
			policy->fault = keys[i].missing;
}

bool
mta_sts_pattern_matches(struct span pattern, struct span host)
{
	const uint8_t *dot = host.len == 0 ? NULL : memchr(host.data, '.', host.len);
	size_t label = dot == NULL ? 0 : (size_t)(dot - host.data);

	if (!has_wildcard(pattern))
		return pattern.len != 0 && dns_name_equal(pattern, host);
	return label != 0 && dns_name_equal((struct span){ pattern.data + 1, pattern.len - 1 },
				     (struct span){ dot, host.len - label });
}
