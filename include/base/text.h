/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * text: what is done to strings and to bytes that claim to be text. ASCII only where case
 * matters; no function depends on the locale.
 */
#ifndef GATE_BASE_TEXT_H
#define GATE_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* Equality without regard to ASCII case. */
bool text_same(const char *a, const char *b);

/* Equality in every letter; NULL equals NULL alone. */
bool text_equal(const char *a, const char *b);

/* Equality of len bytes with a string, without regard to ASCII case. */
bool text_same_len(const char *bytes, size_t len, const char *string);

bool text_starts_with(const char *text, const char *prefix);

/* Length of the well-formed UTF-8 sequence at the start of the bytes (RFC 3629: no overlong
 * forms, no surrogates, at most U+10FFFF), with its code point; 0 when there is none. */
size_t text_utf8_next(const void *bytes, size_t len, uint32_t *code_point);

/* Appends bytes so that they can be shown anywhere: printable ASCII and well-formed UTF-8 as
 * they are, controls as \n, \t, \x1b, bad bytes as \xNN, a backslash doubled. */
void text_add_printable(struct buf *out, const void *bytes, size_t len);

/* Optimal string alignment distance: insertions, deletions, substitutions and swaps of
 * neighbours. Strings of more than 63 bytes are as far apart as can be. */
size_t text_distance(const char *a, const char *b);

/* Whether `word` looks like a slip for `name`: at a distance of one or two (short words: one), or
 * the beginning of it. */
bool text_resembles(const char *word, const char *name);

/* Matches a shell-style pattern of literals, `*` and `?` against the whole text. */
bool text_glob(const char *pattern, const char *text);

/* Reads a decimal number without sign, blanks or leading zero, of at most 9 digits. */
bool text_parse_number(const char *text, long *value);

/* Appends the base64 form (RFC 4648 section 4), padded, without line breaks. */
void text_add_base64(struct buf *out, const void *bytes, size_t len);

/* Appends bytes as lower-case hexadecimal. */
void text_add_hex(struct buf *out, const void *bytes, size_t len);

/* Appends the bytes of a padded base64 text (RFC 4648 section 4; line breaks and blanks are
 * passed over). False when it is not base64, or beyond the buffer's limit. */
bool text_add_unbase64(struct buf *out, const char *text, size_t len);

#endif
