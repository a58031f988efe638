/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What may be shown of a text in which there may be secrets.
 */
#include <stdint.h>
#include <string.h>

#include "base/secrets.h"
#include "base/text.h"
#include "secret_form.h"

/* The most line ends within one secret that are seen through. */
#define BREAKS_MAX 8

static const char replacement[] = "[secret]";

/* What may stand within a secret that a server spreads over several lines, or over several
 * capabilities: a line end as it comes, as it is shown, or as a text that shows it is shown again; or
 * what lists are joined with. */
static const char *const breaks[] = { "\r\n", "\n", "\r", "\\r\\n", "\\n", "\\r", "\\\\r\\\\n",
	"\\\\n", "\\\\r", ", ", "; " };

static size_t
break_len(const char *text)
{
	for (size_t i = 0; i < sizeof(breaks) / sizeof(breaks[0]); i++)
		if (text_starts_with(text, breaks[i]))
			return strlen(breaks[i]);
	return 0;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "250-" or "250 " at the beginning of a line; the code alone where the line ends behind it. */
static size_t
code_len(const char *text, size_t len)
{
	if (len < 3 || !is_digit(text[0]) || !is_digit(text[1]) || !is_digit(text[2]))
		return 0;
	if (len == 3)
		return 3;
	return text[3] == ' ' || text[3] == '-' ? 4 : 0;
}

/* The digits of one number of an enhanced code: one to three of them. */
static size_t
number_len(const char *text, size_t len)
{
	size_t digits = 0;

	while (digits < len && digits < 4 && is_digit(text[digits]))
		digits++;
	return digits <= 3 ? digits : 0;
}

/* "5.7.8" (RFC 3463 section 2), with a blank or the end behind it. */
static size_t
enhanced_len(const char *text, size_t len)
{
	size_t at = 0;

	if (len < 5 || strchr("245", text[0]) == NULL)
		return 0;
	for (int i = 0; i < 3; i++) {
		size_t digits = number_len(text + at, len - at);

		if (digits == 0 || (i == 0 && digits != 1))
			return 0;
		at += digits;
		if (i < 2 && (at == len || text[at++] != '.'))
			return 0;
	}
	return at == len || text[at] == ' ' ? at : 0;
}

/* What stands before the text of a reply's line in a transcript, in three parts any of which may be
 * there or not: where the secret may go on. Returns how many places there are. */
static size_t
places_behind(const char *text, size_t places[4])
{
	size_t count = 0, at = 0, len;

	places[count++] = at;
	if (text_starts_with(text, "S: "))
		places[count++] = at += 3;
	len = code_len(text + at, strnlen(text + at, 4));
	if (len == 4)
		places[count++] = at += len;
	len = enhanced_len(text + at, strcspn(text + at, "\r\n"));
	if (len != 0 && text[at + len] == ' ')
		places[count++] = at + len + 1;
	return count;
}

/* Whether a text that ends here, or goes on with a mark, may have been cut here. */
static bool
is_cut_here(const char *text)
{
	while (*text == '"' || *text == '\n' || *text == ' ')
		text++;
	return *text == '\0' || text_starts_with(text, "...");
}

/* How much of the text the form covers, line ends within it included; 0: it is not there. With
 * `cut`, the beginning of a form at the end of the text will do. */
static size_t
covered(const char *text, const char *form, size_t left, unsigned breaks_left, bool cut)
{
	size_t same = 0, end, places[4], count;

	while (same < left && text[same] == form[same])
		same++;
	if (same == left)
		return same;
	if (cut && is_cut_here(text + same))
		return same;
	end = same != 0 && breaks_left != 0 ? break_len(text + same) : 0;
	if (end == 0)
		return 0;
	count = places_behind(text + same + end, places);
	for (size_t i = count; i-- > 0;) {
		const char *rest = text + same + end + places[i];
		size_t more = *rest == '\0' ? 0
					    : covered(rest, form + same, left - same,
						      breaks_left - 1, cut);

		if (more != 0)
			return same + end + places[i] + more;
	}
	return 0;
}

/* Whether the second byte is the form's, or one that a line end within the secret begins with: most
 * forms need no closer look. */
static bool
goes_on(const char *text, const struct secret_form *form)
{
	return form->len == 1 || text[1] == form->text[1] || strchr("\r\n\\,;", text[1]) != NULL;
}

/* Length of the longest spelling of a secret that the text begins with; 0: with none. */
static size_t
secret_at(const struct secrets *secrets, const char *text, bool cut)
{
	const struct secret_form *form = secrets->forms[(unsigned char)*text];
	size_t longest = 0;

	for (; form != NULL; form = form->next) {
		size_t len = goes_on(text, form)
				     ? covered(text, form->text, form->len, BREAKS_MAX, cut)
				     : 0;

		if (len > longest && (len >= form->len || len >= SECRET_PART_MIN))
			longest = len;
	}
	return longest;
}

/* Copies up to the next byte with which a secret may begin. */
static const char *
add_harmless(struct buf *out, const struct secrets *secrets, const char *text)
{
	const char *next = text;

	while (*next != '\0' && secrets->forms[(unsigned char)*next] == NULL)
		next++;
	buf_add(out, text, (size_t)(next - text));
	return next;
}

/* Secrets that overlap are replaced as one, to the end of the last of them. */
static size_t
extent_at(const struct secrets *secrets, const char *text, bool cut)
{
	size_t end = secret_at(secrets, text, cut);

	for (size_t at = 1; at < end; at++) {
		size_t len = secret_at(secrets, text + at, cut);

		if (at + len > end)
			end = at + len;
	}
	return end;
}

static const char *
redact(const struct secrets *secrets, struct arena *arena, const char *text, bool cut)
{
	const char *next = text, *copy = text;
	bool found = false;
	struct buf out;

	if (text == NULL)
		return text;
	buf_init(&out, SIZE_MAX / 4);
	while (*(next = add_harmless(&out, secrets, next)) != '\0') {
		size_t len = extent_at(secrets, next, cut);

		found = found || len != 0;
		if (len != 0)
			buf_add_string(&out, replacement);
		else
			buf_add_char(&out, *next);
		next += len == 0 ? 1 : len;
	}
	if (found)
		copy = arena_memdup(arena, out.data, out.len);
	buf_release(&out);
	return copy;
}

const char *
secrets_redact(const struct secrets *secrets, struct arena *arena, const char *text)
{
	return redact(secrets, arena, text, false);
}

const char *
secrets_redact_cut(const struct secrets *secrets, struct arena *arena, const char *text)
{
	return redact(secrets, arena, text, true);
}

/* A piece as it stands there, and as it was before backslashes were doubled to show it. */
static void
add_piece(struct secrets *pieces, struct arena *arena, const char *text, size_t len)
{
	struct buf raw;

	if (len < SECRET_PART_MIN)
		return;
	secret_form_add(pieces, arena, text, len);
	buf_init(&raw, len);
	for (size_t i = 0; i < len; i++) {
		buf_add_char(&raw, text[i]);
		i += text[i] == '\\' && i + 1 < len && text[i + 1] == '\\';
	}
	secret_form_add(pieces, arena, raw.data, raw.len);
	buf_wipe(&raw);
}

/* What stands between line ends, without what comes before the text of a reply's line. */
static void
add_pieces_of(struct secrets *pieces, struct arena *arena, const char *text, size_t len)
{
	const char *piece = text, *end = text + len;
	size_t places[4] = { 0 };

	for (const char *next = text; next < end; next++) {
		size_t gap = break_len(next);

		if (gap == 0)
			continue;
		add_piece(pieces, arena, piece, (size_t)(next - piece));
		piece = next + gap;
		piece += places[places_behind(piece, places) - 1];
		next = piece - 1;
	}
	if (piece < end)
		add_piece(pieces, arena, piece, (size_t)(end - piece));
}

void
secrets_add_pieces(struct secrets *pieces, struct arena *arena, const struct secrets *secrets,
	const char *text)
{
	for (; text != NULL && *text != '\0'; text++) {
		size_t len = secrets->forms[(unsigned char)*text] == NULL
				     ? 0
				     : secret_at(secrets, text, true);

		for (size_t i = 0; i < len; i++)
			if (break_len(text + i) != 0) {
				add_pieces_of(pieces, arena, text, len);
				break;
			}
	}
}
