/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Goes from line to line, and decodes what stands between BEGIN and END of a certificate.
 */
#include "x509/pem.h"

#include <string.h>

#include "base/text.h"

static const char begin_line[] = "-----BEGIN CERTIFICATE-----";
static const char end_line[] = "-----END CERTIFICATE-----";

/* Goes through a text line by line. */
struct lines {
	const char *next;
	const char *end;
	const char *line; /* the current one, without its end and blanks before it */
	size_t len;
	size_t number; /* 1 is the first */
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool
next_line(struct lines *lines)
{
	size_t left = (size_t)(lines->end - lines->next);
	const char *newline;

	if (left == 0)
		return false;
	newline = memchr(lines->next, '\n', left);
	lines->line = lines->next;
	lines->len = newline == NULL ? left : (size_t)(newline - lines->next);
	lines->next += newline == NULL ? left : lines->len + 1;
	lines->number++;
	while (lines->len != 0 && is_blank(lines->line[lines->len - 1]))
		lines->len--;
	return true;
}

static bool
line_is(const struct lines *lines, const char *wanted)
{
	return lines->len == strlen(wanted) && memcmp(lines->line, wanted, lines->len) == 0;
}

static bool
read_block(struct lines *lines, struct buf *der, struct error *error)
{
	size_t first = lines->number;
	const char *body = lines->next;

	do {
		if (!next_line(lines) || line_is(lines, begin_line))
			return error_set(error,
				"line %zu: RFC 7468 section 2: certificate without its end line",
				first);
	} while (!line_is(lines, end_line));
	if (!text_add_unbase64(der, body, (size_t)(lines->line - body)))
		return error_set(error,
			"line %zu: RFC 7468 section 3: not base64, or more than %d bytes", first,
			PEM_CERT_MAX);
	return true;
}

bool
pem_read_certs(struct pem_certs *certs, const char *text, size_t len, struct arena *arena,
	struct error *error)
{
	struct lines lines = { .next = text, .end = text + len };
	struct buf der;
	bool good = true;

	*certs = (struct pem_certs){ NULL, 0 };
	buf_init(&der, PEM_CERT_MAX);
	while (good && next_line(&lines)) {
		if (!line_is(&lines, begin_line))
			continue;
		buf_reset(&der);
		good = read_block(&lines, &der, error);
		if (!good)
			continue;
		*ARENA_ADD(arena, certs->der, certs->count) =
			(struct span){ arena_memdup(arena, der.data, der.len), der.len };
	}
	buf_release(&der);
	return good;
}

/* Three bytes are four characters. */
#define LINE_BYTES 48

void
pem_add_cert(struct buf *out, struct span der)
{
	buf_addf(out, "%s\n", begin_line);
	for (size_t at = 0; at < der.len; at += LINE_BYTES) {
		size_t left = der.len - at;

		text_add_base64(out, der.data + at, left < LINE_BYTES ? left : LINE_BYTES);
		buf_add_char(out, '\n');
	}
	buf_addf(out, "%s\n", end_line);
}
