/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Chooses the one text that is a record, then goes through its fields.
 */
#include "wire/policy_record.h"

#include <string.h>

#include "base/text.h"

#define FIELD_NAME_MAX 32
#define ID_MAX 32

static bool
is_letter_or_digit(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

/* Takes what stands before the next separator, without the blanks around it; of what is the last, the
 * blanks behind it are no part of the grammar, and stay. */
static struct span
take_until(struct cursor *cursor, char separator)
{
	const uint8_t *end =
		cursor->left == 0 ? NULL : memchr(cursor->next, separator, cursor->left);
	struct span part =
		cursor_bytes(cursor, end == NULL ? cursor->left : (size_t)(end - cursor->next));

	while (part.len != 0 && is_blank(part.data[0]))
		part = (struct span){ part.data + 1, part.len - 1 };
	while (end != NULL && part.len != 0 && is_blank(part.data[part.len - 1]))
		part.len--;
	if (end != NULL)
		cursor_u8(cursor);
	return part;
}

static bool
is_id(struct span value)
{
	for (size_t i = 0; i < value.len; i++)
		if (!is_letter_or_digit(value.data[i]))
			return false;
	return value.len >= 1 && value.len <= ID_MAX;
}

static bool
begins_with(struct span text, const char *prefix)
{
	size_t len = strlen(prefix);

	return text.len >= len && memcmp(text.data, prefix, len) == 0;
}

static bool
has_scheme(struct span uri, const char *scheme)
{
	size_t len = strlen(scheme);

	return uri.len > len && text_same_len((const char *)uri.data, len, scheme);
}

static bool
is_report_uri(struct span uri)
{
	return has_scheme(uri, "mailto:") || has_scheme(uri, "https:");
}

static bool
is_hex(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* scheme ":" and characters of RFC 3986, among which "!" must be percent-encoded here; "," and ";" end
 * it, and never come here. */
static bool
is_uri(struct span uri)
{
	const uint8_t *colon = memchr(uri.data, ':', uri.len);

	if (colon == NULL || colon == uri.data || !is_letter_or_digit(uri.data[0]))
		return false;
	for (size_t i = 0; i < uri.len; i++) {
		uint8_t c = uri.data[i];

		if (c == '%' &&
			(uri.len - i < 3 || !is_hex(uri.data[i + 1]) || !is_hex(uri.data[i + 2])))
			return false;
		if (!is_letter_or_digit(c) &&
			(c == 0 || c > 0x7e || strchr("-._~:/?#[]@$&'()*+=%", c) == NULL))
			return false;
	}
	return true;
}

bool
policy_record_next_uri(struct cursor *list, struct span *uri)
{
	if (list->broken || list->left == 0)
		return false;
	*uri = take_until(list, ',');
	return true;
}

static enum policy_record_state
judge_id(struct span value, struct span *wrong)
{
	*wrong = value;
	return is_id(value) ? POLICY_RECORD_GOOD : POLICY_RECORD_BAD_VALUE;
}

static enum policy_record_state
judge_rua(struct span value, struct span *wrong)
{
	struct cursor list = cursor_over(value);
	bool reports = false;
	struct span uri;

	*wrong = value;
	if (value.len == 0 || value.data[value.len - 1] == ',')
		return POLICY_RECORD_BAD_VALUE;
	while (policy_record_next_uri(&list, &uri)) {
		if (uri.len == 0)
			return POLICY_RECORD_BAD_VALUE;
		*wrong = uri;
		if (!is_uri(uri))
			return POLICY_RECORD_BAD_VALUE;
		reports |= is_report_uri(uri);
	}
	return reports ? POLICY_RECORD_GOOD : POLICY_RECORD_BAD_SCHEME;
}

static const struct kind {
	const char *version;
	const char *field;
	enum policy_record_state (*judge)(struct span value, struct span *wrong);
} kinds[] = {
	[POLICY_RECORD_MTA_STS] = { "v=STSv1", "id", judge_id },
	[POLICY_RECORD_TLS_RPT] = { "v=TLSRPTv1", "rua", judge_rua },
};

/* field = (ALPHA / DIGIT) *31(ALPHA / DIGIT / "_" / "-" / ".") "=" value */
static bool
is_field_name(struct span name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!is_letter_or_digit(name.data[i]) &&
			(i == 0 || memchr("_-.", name.data[i], 3) == NULL))
			return false;
	return name.len >= 1 && name.len <= FIELD_NAME_MAX;
}

/* Characters but "=", ";", blanks and controls; in a field that is known its own judge looks. */
static bool
is_extension_value(struct span value)
{
	for (size_t i = 0; i < value.len; i++)
		if (value.data[i] <= ' ' || value.data[i] >= 0x7f || value.data[i] == '=')
			return false;
	return value.len != 0;
}

static bool
split(struct span field, struct span *name, struct span *value)
{
	const uint8_t *equals = memchr(field.data, '=', field.len);
	size_t len = equals == NULL ? 0 : (size_t)(equals - field.data);

	if (equals == NULL)
		return false;
	*name = (struct span){ field.data, len };
	*value = (struct span){ equals + 1, field.len - len - 1 };
	return is_field_name(*name);
}

static bool
is_named(struct span name, const char *wanted)
{
	return name.len == strlen(wanted) && memcmp(name.data, wanted, name.len) == 0;
}

/* Goes through what stands behind the version and its ";". */
static void
read_fields(const struct kind *kind, struct cursor fields, struct policy_record *record)
{
	bool found = false;
	size_t count = 0;

	record->wrong = (struct span){ NULL, 0 };
	for (; fields.left != 0; count++) {
		struct span field = take_until(&fields, ';'), name, value;
		bool is_wanted;

		if (field.len == 0 && fields.left == 0)
			break;
		is_wanted = split(field, &name, &value) && is_named(name, kind->field);
		if (!is_wanted && !(split(field, &name, &value) && is_extension_value(value))) {
			record->state = POLICY_RECORD_BAD_FIELD;
			record->wrong = field;
			return;
		}
		if (is_wanted && !found)
			record->value = value;
		found = found || is_wanted;
	}
	record->state = count == 0 ? POLICY_RECORD_NO_FIELDS
			: !found   ? POLICY_RECORD_NO_VALUE
				   : kind->judge(record->value, &record->wrong);
	if (record->state == POLICY_RECORD_GOOD)
		record->wrong = (struct span){ NULL, 0 };
}

/* Whether the text is a record: its version and ";". What has blanks between the two fits the grammar,
 * but not the sentence that says which records are dropped. */
static enum policy_record_state
state_of_text(const struct kind *kind, struct span text)
{
	size_t len = strlen(kind->version);

	if (!begins_with(text, kind->version))
		return POLICY_RECORD_NONE;
	if (len < text.len && text.data[len] == ';')
		return POLICY_RECORD_GOOD;
	while (len < text.len && is_blank(text.data[len]))
		len++;
	return len < text.len && text.data[len] == ';' ? POLICY_RECORD_BLANK : POLICY_RECORD_NONE;
}

struct policy_record
policy_record_read(enum policy_record_kind kind, const struct span *texts, size_t count)
{
	struct policy_record record = { .state = POLICY_RECORD_NONE };
	size_t skip = strlen(kinds[kind].version) + 1;

	for (size_t i = 0; i < count; i++) {
		enum policy_record_state state = state_of_text(&kinds[kind], texts[i]);

		if (state == POLICY_RECORD_GOOD && record.state == POLICY_RECORD_GOOD)
			return (struct policy_record){ POLICY_RECORD_SEVERAL, i, { NULL, 0 },
				texts[i] };
		if (state > record.state)
			record = (struct policy_record){ state, i, { NULL, 0 }, texts[i] };
	}
	if (record.state == POLICY_RECORD_GOOD)
		read_fields(&kinds[kind],
			cursor_over((struct span){
				texts[record.index].data + skip, texts[record.index].len - skip }),
			&record);
	return record;
}
