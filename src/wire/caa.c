/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reads the values of issue and issuewild, and takes the most that one of them allows.
 */
#include "wire/caa.h"

#include <string.h>

#include "base/text.h"
#include "wire/cursor.h"

#define FLAG_CRITICAL 0x80

static bool
is_tag(const struct caa_record *record, const char *tag)
{
	return text_same_len((const char *)record->tag.data, record->tag.len, tag);
}

/* The tags that RFC 8659 has; a CA that goes by no other must not issue where one is critical. */
static bool
is_known(const struct caa_record *record)
{
	return is_tag(record, "issue") || is_tag(record, "issuewild") || is_tag(record, "iodef");
}

static void
skip_blanks(struct cursor *cursor)
{
	while (cursor->left != 0 && (*cursor->next == ' ' || *cursor->next == '\t'))
		cursor_u8(cursor);
}

static bool
take(struct cursor *cursor, char c)
{
	skip_blanks(cursor);
	if (cursor->left == 0 || *cursor->next != (uint8_t)c)
		return false;
	cursor_u8(cursor);
	skip_blanks(cursor);
	return true;
}

static bool
is_letter_or_digit(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* label, and the tag of a parameter: (ALPHA / DIGIT) *( *("-") (ALPHA / DIGIT)) */
static struct span
take_label(struct cursor *cursor)
{
	struct span label = { cursor->next, 0 };

	while (label.len < cursor->left &&
		(is_letter_or_digit(label.data[label.len]) || label.data[label.len] == '-'))
		label.len++;
	label = cursor_bytes(cursor, label.len);
	if (label.len == 0 || label.data[0] == '-' || label.data[label.len - 1] == '-')
		cursor->broken = true;
	return label;
}

static struct span
take_domain(struct cursor *cursor)
{
	struct span domain = { cursor->next, 0 };
	bool more = cursor->left != 0 && *cursor->next != ';';

	while (more && !cursor->broken) {
		take_label(cursor);
		more = !cursor->broken && cursor->left != 0 && *cursor->next == '.';
		if (more)
			cursor_u8(cursor);
	}
	if (cursor->broken)
		return (struct span){ NULL, 0 };
	domain.len = (size_t)(cursor->next - domain.data);
	return domain;
}

/* value = *(%x21-3A / %x3C-7E) */
static struct span
take_value(struct cursor *cursor)
{
	struct span value = { cursor->next, 0 };

	while (value.len < cursor->left && value.data[value.len] > ' ' &&
		value.data[value.len] < 0x7f && value.data[value.len] != ';')
		value.len++;
	return cursor_bytes(cursor, value.len);
}

/* RFC 8657 section 4: a list of methods with commas between them. */
static bool
has_method(struct span list, const char *method)
{
	struct cursor cursor = cursor_over(list);

	while (cursor.left != 0) {
		const uint8_t *comma = memchr(cursor.next, ',', cursor.left);
		struct span item = cursor_bytes(
			&cursor, comma == NULL ? cursor.left : (size_t)(comma - cursor.next));

		if (comma != NULL)
			cursor_u8(&cursor);
		if (item.len == strlen(method) && memcmp(item.data, method, item.len) == 0)
			return true;
	}
	return false;
}

struct parameters {
	struct span account, methods;
	bool has_account, has_methods;
	bool unmet; /* one of them twice, or what cannot be read */
};

static void
keep(struct parameters *parameters, struct span *where, bool *has, struct span value)
{
	parameters->unmet |= *has;
	*has = true;
	*where = value;
}

/* *WSP [";" *WSP [parameter *WSP *(";" *WSP parameter *WSP)]]; a ";" at the end does no harm. */
static struct parameters
take_parameters(struct cursor *cursor)
{
	struct parameters parameters = { .unmet = false };

	while (!cursor->broken && cursor->left != 0) {
		struct span tag, value;

		if (!take(cursor, ';'))
			cursor->broken = true;
		if (cursor->broken || cursor->left == 0)
			break;
		tag = take_label(cursor);
		if (!take(cursor, '='))
			cursor->broken = true;
		value = take_value(cursor);
		skip_blanks(cursor);
		if (cursor->broken)
			break;
		if (text_same_len((const char *)tag.data, tag.len, "accounturi"))
			keep(&parameters, &parameters.account, &parameters.has_account, value);
		if (text_same_len((const char *)tag.data, tag.len, "validationmethods"))
			keep(&parameters, &parameters.methods, &parameters.has_methods, value);
	}
	parameters.unmet |= cursor->broken;
	return parameters;
}

static enum caa_permission
judge_parameters(const struct parameters *parameters, const struct caa_question *question)
{
	bool limited = false;

	if (parameters->unmet)
		return CAA_PARAMETERS;
	if (parameters->has_account && question->account_uri != NULL &&
		(parameters->account.len != strlen(question->account_uri) ||
			memcmp(parameters->account.data, question->account_uri,
				parameters->account.len) != 0))
		return CAA_PARAMETERS;
	if (parameters->has_methods && question->method != NULL &&
		!has_method(parameters->methods, question->method))
		return CAA_PARAMETERS;
	limited |= parameters->has_account && question->account_uri == NULL;
	limited |= parameters->has_methods && question->method == NULL;
	return limited ? CAA_LIMITED : CAA_NAMED;
}

/* How the permissions of several records add up: the more one says, the more it counts. */
static unsigned
rank(enum caa_permission permission)
{
	static const unsigned ranks[] = { [CAA_NOBODY] = 1,
		[CAA_OTHERS] = 2,
		[CAA_PARAMETERS] = 3,
		[CAA_LIMITED] = 4,
		[CAA_NAMED] = 5,
		[CAA_EVERYONE] = 0,
		[CAA_CRITICAL] = 0 };

	return ranks[permission];
}

static enum caa_permission
judge_value(struct span value, const struct caa_question *question)
{
	struct cursor cursor = cursor_over(value);
	struct parameters parameters;
	struct span domain;

	skip_blanks(&cursor);
	domain = take_domain(&cursor);
	skip_blanks(&cursor);
	if (cursor.broken || domain.len == 0)
		return CAA_NOBODY;
	parameters = take_parameters(&cursor);
	if (!text_same_len((const char *)domain.data, domain.len, question->issuer))
		return CAA_OTHERS;
	return judge_parameters(&parameters, question);
}

static bool
has_tag(const struct caa_record *records, size_t count, const char *tag)
{
	for (size_t i = 0; i < count; i++)
		if (is_tag(&records[i], tag))
			return true;
	return false;
}

struct caa_verdict
caa_judge(const struct caa_record *records, size_t count, const struct caa_question *question)
{
	struct caa_verdict verdict = { CAA_EVERYONE, 0 };
	const char *tag =
		question->wildcard && has_tag(records, count, "issuewild") ? "issuewild" : "issue";

	for (size_t i = 0; i < count; i++)
		if ((records[i].flags & FLAG_CRITICAL) != 0 && !is_known(&records[i]))
			return (struct caa_verdict){ CAA_CRITICAL, i };
	for (size_t i = 0; i < count; i++) {
		enum caa_permission permission;

		if (!is_tag(&records[i], tag))
			continue;
		permission = judge_value(records[i].value, question);
		if (rank(permission) > rank(verdict.permission))
			verdict = (struct caa_verdict){ permission, i };
	}
	return verdict;
}
