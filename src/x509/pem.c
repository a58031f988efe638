/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Goes to the lines with a dash in them, and decodes what stands between BEGIN and END.
 */
#include "x509/pem.h"

#include <string.h>

#include "base/text.h"

/* The lines around a block. */
struct block_kind {
	const char *begin, *end;
	const char *name;
};

static const struct block_kind certificate = { "-----BEGIN CERTIFICATE-----",
	"-----END CERTIFICATE-----", "certificate" };
static const struct block_kind public_key = { "-----BEGIN PUBLIC KEY-----",
	"-----END PUBLIC KEY-----", "public key" };

static bool
is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Goes to the next line with a dash in it, which base64 has not: a text is mostly that. The line is
 * without its end and the blanks before it. False when there is none. */
static bool
next_dashed_line(struct pem_reader *reader, struct span *line)
{
	size_t left = (size_t)(reader->end - reader->next);
	const char *dash = left == 0 ? NULL : memchr(reader->next, '-', left);
	const char *start = dash, *newline;

	if (dash == NULL)
		return false;
	while (start > reader->next && start[-1] != '\n')
		start--;
	newline = memchr(dash, '\n', (size_t)(reader->end - dash));
	reader->next = newline == NULL ? reader->end : newline + 1;
	*line = (struct span){ (const uint8_t *)start,
		(size_t)((newline == NULL ? reader->end : newline) - start) };
	while (is_blank(line->data[line->len - 1]))
		line->len--;
	return true;
}

static bool
line_is(struct span line, const char *wanted)
{
	return line.len == strlen(wanted) && memcmp(line.data, wanted, line.len) == 0;
}

/* What stands before the line that ends the block. */
static bool
read_body(struct pem_reader *reader, const struct block_kind *kind, struct span *body)
{
	struct span line;

	body->data = (const uint8_t *)reader->next;
	do {
		if (!next_dashed_line(reader, &line) || line_is(line, kind->begin))
			return false;
	} while (!line_is(line, kind->end));
	body->len = (size_t)(line.data - body->data);
	return true;
}

/* From 1. */
static size_t
line_number(const struct pem_reader *reader, const uint8_t *line)
{
	size_t number = 1;

	for (const char *next = reader->text; next < (const char *)line; next++)
		number += *next == '\n';
	return number;
}

struct pem_reader
pem_reader_over(const char *text, size_t len)
{
	return (struct pem_reader){ .text = text, .next = text, .end = text + len };
}

static bool
next_block(struct pem_reader *reader, const struct block_kind *kind, struct buf *der,
	struct error *error)
{
	struct span line, body;

	do {
		if (!next_dashed_line(reader, &line))
			return false;
	} while (!line_is(line, kind->begin));
	buf_reset(der);
	if (!read_body(reader, kind, &body))
		error_set(error, "line %zu: RFC 7468 section 2: %s without its end line",
			line_number(reader, line.data), kind->name);
	else if (!text_add_unbase64(der, (const char *)body.data, body.len))
		error_set(error, "line %zu: RFC 7468 section 3: not base64, or more than %zu bytes",
			line_number(reader, line.data), der->limit);
	else
		return true;
	reader->next = reader->end;
	return false;
}

bool
pem_next_cert(struct pem_reader *reader, struct buf *der, struct error *error)
{
	return next_block(reader, &certificate, der, error);
}

bool
pem_read_certs(struct pem_certs *certs, const char *text, size_t len, struct arena *arena,
	struct error *error)
{
	struct pem_reader reader = pem_reader_over(text, len);
	struct buf der;

	*certs = (struct pem_certs){ NULL, 0 };
	buf_init(&der, PEM_CERT_MAX);
	while (pem_next_cert(&reader, &der, error))
		*ARENA_ADD(arena, certs->der, certs->count) =
			(struct span){ arena_memdup(arena, der.data, der.len), der.len };
	buf_release(&der);
	return !error_is_set(error);
}

bool
pem_read_public_key(
	struct span *spki, const char *text, size_t len, struct arena *arena, struct error *error)
{
	struct pem_reader reader = pem_reader_over(text, len);
	struct buf der;
	bool found;

	buf_init(&der, PEM_CERT_MAX);
	found = next_block(&reader, &public_key, &der, error);
	if (found)
		*spki = (struct span){ arena_memdup(arena, der.data, der.len), der.len };
	buf_release(&der);
	return found;
}

/* Three bytes are four characters. */
#define LINE_BYTES 48

void
pem_add_cert(struct buf *out, struct span der)
{
	buf_addf(out, "%s\n", certificate.begin);
	for (size_t at = 0; at < der.len; at += LINE_BYTES) {
		size_t left = der.len - at;

		text_add_base64(out, der.data + at, left < LINE_BYTES ? left : LINE_BYTES);
		buf_add_char(out, '\n');
	}
	buf_addf(out, "%s\n", certificate.end);
}
