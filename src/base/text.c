/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * UTF-8, printable escapes, edit distance, globs, numbers and base64, each over bytes and without a
 * locale.
 */
#include "base/text.h"

#include <limits.h>
#include <string.h>

#define DISTANCE_MAX 63

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool
text_equal(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

bool
text_same_len(const char *bytes, size_t len, const char *string)
{
	for (size_t i = 0; i < len; i++)
		if (string[i] == '\0' || lower(bytes[i]) != lower(string[i]))
			return false;
	return string[len] == '\0';
}

bool
text_same(const char *a, const char *b)
{
	return text_same_len(a, strlen(a), b);
}

bool
text_starts_with(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* Length of the sequence that a first byte announces, the bits it carries, and the smallest
 * code point that needs that length. */
struct utf8_form {
	uint8_t mask;
	uint8_t lead;
	uint8_t len;
	uint32_t smallest;
};

static const struct utf8_form utf8_forms[] = {
	{ 0x80, 0x00, 1, 0 },
	{ 0xe0, 0xc0, 2, 0x80 },
	{ 0xf0, 0xe0, 3, 0x800 },
	{ 0xf8, 0xf0, 4, 0x10000 },
};

static size_t
utf8_decode(const struct utf8_form *form, const uint8_t *bytes, uint32_t *code_point)
{
	uint32_t code = bytes[0] & (uint8_t)~form->mask;

	for (size_t i = 1; i < form->len; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (bytes[i] & 0x3f);
	}
	if (code < form->smallest || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
		return 0;
	*code_point = code;
	return form->len;
}

size_t
text_utf8_next(const void *bytes, size_t len, uint32_t *code_point)
{
	const uint8_t *first = bytes;

	for (size_t i = 0; len != 0 && i < sizeof(utf8_forms) / sizeof(utf8_forms[0]); i++)
		if ((*first & utf8_forms[i].mask) == utf8_forms[i].lead)
			return utf8_forms[i].len <= len
				       ? utf8_decode(&utf8_forms[i], first, code_point)
				       : 0;
	return 0;
}

static void
add_escaped(struct buf *out, uint8_t byte)
{
	switch (byte) {
	case '\n':
		buf_add_string(out, "\\n");
		break;
	case '\r':
		buf_add_string(out, "\\r");
		break;
	case '\t':
		buf_add_string(out, "\\t");
		break;
	case '\\':
		buf_add_string(out, "\\\\");
		break;
	default:
		buf_addf(out, "\\x%02x", byte);
	}
}

/* C1 controls, line and paragraph separators, direction overrides and noncharacters change how
 * a terminal or viewer shows what is around them. */
static bool
is_shown_as_is(uint32_t code)
{
	if (code < 0xa0)
		return code >= 0x20 && code < 0x7f && code != '\\';
	if (code >= 0x200b && code <= 0x200f)
		return false;
	if ((code >= 0x2028 && code <= 0x202e) || (code >= 0x2060 && code <= 0x206f))
		return false;
	return code != 0xfeff && (code & 0xfffe) != 0xfffe && !(code >= 0xfdd0 && code <= 0xfdef);
}

/* How many bytes at the beginning are ASCII to be shown as it is. */
static size_t
plain_len(const uint8_t *bytes, size_t len)
{
	size_t plain = 0;

	while (plain < len && bytes[plain] >= 0x20 && bytes[plain] < 0x7f && bytes[plain] != '\\')
		plain++;
	return plain;
}

void
text_add_printable(struct buf *out, const void *bytes, size_t len)
{
	const uint8_t *next = bytes;
	uint32_t code;

	while (len > 0) {
		size_t plain = plain_len(next, len), used;

		buf_add(out, next, plain);
		next += plain;
		len -= plain;
		used = text_utf8_next(next, len, &code);
		if (used != 0 && is_shown_as_is(code)) {
			buf_add(out, next, used);
		} else if (len > 0) {
			used = used == 0 ? 1 : used;
			for (size_t i = 0; i < used; i++)
				add_escaped(out, next[i]);
		}
		next += used;
		len -= used;
	}
}

static size_t
smallest_of(size_t a, size_t b)
{
	return a < b ? a : b;
}

size_t
text_distance(const char *a, const char *b)
{
	size_t rows[3][DISTANCE_MAX + 2];
	size_t a_len = strlen(a), b_len = strlen(b);

	if (a_len > DISTANCE_MAX || b_len > DISTANCE_MAX)
		return SIZE_MAX;
	for (size_t j = 0; j <= b_len; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t *row = rows[i % 3];
		const size_t *above = rows[(i + 2) % 3], *above2 = rows[(i + 1) % 3];

		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			size_t differs = lower(a[i - 1]) != lower(b[j - 1]);

			row[j] = smallest_of(above[j] + 1, row[j - 1] + 1);
			row[j] = smallest_of(row[j], above[j - 1] + differs);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = smallest_of(row[j], above2[j - 2] + 1);
		}
	}
	return rows[a_len % 3][b_len];
}

bool
text_resembles(const char *word, const char *name)
{
	size_t len = strlen(word);

	if (len >= 3 && text_starts_with(name, word))
		return true;
	return len > 1 && text_distance(word, name) <= (len < 5 ? 1 : 2);
}

bool
text_glob(const char *pattern, const char *text)
{
	const char *star = NULL, *mark = NULL;

	while (*text != '\0') {
		if (*pattern == '*') {
			star = pattern++;
			mark = text;
		} else if (*pattern == '?' || *pattern == *text) {
			pattern++;
			text++;
		} else if (star != NULL) {
			pattern = star + 1;
			text = ++mark;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0';
}

bool
text_parse_number(const char *text, long *value)
{
	size_t len = strspn(text, "0123456789");

	if (len == 0 || len > 9 || text[len] != '\0' || (text[0] == '0' && len > 1))
		return false;
	*value = 0;
	for (; *text != '\0'; text++)
		*value = 10 * *value + (*text - '0');
	return true;
}

static const char base64_digits[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void
encode_group(const uint8_t *bytes, size_t len, char digits[4])
{
	uint32_t group = (uint32_t)bytes[0] << 16;

	group |= len > 1 ? (uint32_t)bytes[1] << 8 : 0;
	group |= len > 2 ? bytes[2] : 0;
	for (size_t i = 0; i < 4; i++)
		digits[i] = i <= len ? base64_digits[group >> (18 - 6 * i) & 63] : '=';
}

void
text_add_base64(struct buf *out, const void *bytes, size_t len)
{
	const uint8_t *next = bytes;
	char digits[256];
	size_t count = 0;

	for (; len > 0; next += 3) {
		size_t taken = len < 3 ? len : 3;

		encode_group(next, taken, digits + count);
		count += 4;
		len -= taken;
		if (count < sizeof(digits) && len != 0)
			continue;
		buf_add(out, digits, count);
		count = 0;
	}
}

/* What a character is in base64: a digit, with its value in the bits below; or one of the others; or
 * nothing, which is 0. */
enum { DIGIT = 64, DIGIT_VALUE = 63, BLANK = 1, PAD = 2 };

static const uint8_t base64_characters[UCHAR_MAX + 1] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, BLANK, BLANK,
	0, 0, BLANK, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, BLANK, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 126, 0, 0, 0, 127, 116, 117, 118, 119, 120, 121, 122, 123, 124, 125, 0, 0, 0,
	PAD, 0, 0, 0, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82,
	83, 84, 85, 86, 87, 88, 89, 0, 0, 0, 0, 0, 0, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99, 100,
	101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114, 115 };

static uint8_t
base64_character(char c)
{
	return base64_characters[(unsigned char)c];
}

/* Whole groups of three bytes on their way to a buffer. */
struct group_chunk {
	char bytes[384];
	size_t len;
	bool cut; /* the buffer did not take all */
};

static bool
chunk_flush(struct group_chunk *chunk, struct buf *out)
{
	if (!buf_add(out, chunk->bytes, chunk->len))
		chunk->cut = true;
	chunk->len = 0;
	return !chunk->cut;
}

static bool
chunk_add(struct group_chunk *chunk, struct buf *out, uint32_t group, size_t len)
{
	char *next = chunk->bytes + chunk->len;

	next[0] = (char)(group >> 16);
	next[1] = (char)(group >> 8);
	next[2] = (char)group;
	chunk->len += len;
	return chunk->len + 3 <= sizeof(chunk->bytes) || chunk_flush(chunk, out);
}

/* Decodes four digits at a time, as far as they stand side by side. Returns how many characters it
 * went on. */
static size_t
take_groups(struct group_chunk *chunk, struct buf *out, const char *text, size_t len)
{
	size_t at = 0;

	for (; len - at >= 4; at += 4) {
		uint32_t a = base64_character(text[at]), b = base64_character(text[at + 1]);
		uint32_t c = base64_character(text[at + 2]), d = base64_character(text[at + 3]);
		uint32_t group = (a & DIGIT_VALUE) << 18 | (b & DIGIT_VALUE) << 12 |
				 (c & DIGIT_VALUE) << 6 | (d & DIGIT_VALUE);

		if ((a & b & c & d & DIGIT) == 0 || !chunk_add(chunk, out, group, 3))
			break;
	}
	return at;
}

bool
text_add_unbase64(struct buf *out, const char *text, size_t len)
{
	struct group_chunk chunk = { .len = 0 };
	uint32_t group = 0;
	size_t digits = 0, padding = 0;

	for (size_t i = 0; i < len; i++) {
		uint8_t what;

		if (digits % 4 == 0 && padding == 0)
			i += take_groups(&chunk, out, text + i, len - i);
		what = i < len ? base64_character(text[i]) : BLANK;
		if (what == BLANK)
			continue;
		if (what == PAD)
			padding++;
		else if (what < DIGIT || padding != 0)
			return false;
		group = group << 6 | (what < DIGIT ? 0u : what & DIGIT_VALUE);
		if (++digits % 4 != 0)
			continue;
		if (padding > 2 || !chunk_add(&chunk, out, group, 3 - padding))
			return false;
		group = 0;
	}
	return chunk_flush(&chunk, out) && digits % 4 == 0 && padding <= 2;
}

void
text_add_hex(struct buf *out, const void *bytes, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *next = bytes;

	for (size_t i = 0; i < len; i++) {
		const char pair[] = { digits[next[i] >> 4], digits[next[i] & 15] };

		buf_add(out, pair, sizeof(pair));
	}
}
