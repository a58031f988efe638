/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reads a response part by part: lines are gathered until they end, bodies are taken as they come.
 */
#include "wire/http_get.h"

#include <string.h>

#include "base/text.h"
#include "http_lines.h"

#define CHUNK_DIGITS_MAX 8
#define LENGTH_DIGITS_MAX 18
#define HTTPS_PORT 443

void
http_write_get(struct buf *out, const char *host, unsigned port, const char *path)
{
	buf_addf(out, "GET %s HTTP/1.1\r\nHost: %s", path, host);
	if (port != HTTPS_PORT)
		buf_addf(out, ":%u", port);
	buf_add_string(out, "\r\nAccept: text/plain\r\nUser-Agent: starttls-gate\r\n"
			    "Connection: close\r\n\r\n");
}

void
http_response_init(struct http_response *response)
{
	*response = (struct http_response){ .state = HTTP_READING, .part = HTTP_STATUS_LINE };
	buf_init(&response->type, HTTP_FIELDS_MAX);
	buf_init(&response->location, HTTP_FIELDS_MAX);
	buf_init(&response->body, HTTP_BODY_MAX);
	buf_init(&response->line, HTTP_FIELDS_MAX);
}

void
http_response_release(struct http_response *response)
{
	buf_release(&response->type);
	buf_release(&response->location);
	buf_release(&response->body);
	buf_release(&response->line);
}

static void
end_with(struct http_response *response, enum http_state state)
{
	response->state = state;
}

static bool
is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

static struct span
value_of(struct span line, size_t name_len)
{
	struct span value = { line.data + name_len + 1, line.len - name_len - 1 };

	while (value.len != 0 && is_blank(value.data[0]))
		value = (struct span){ value.data + 1, value.len - 1 };
	while (value.len != 0 && is_blank(value.data[value.len - 1]))
		value.len--;
	return value;
}

static bool
is_value(struct span value, const char *wanted)
{
	return text_same_len((const char *)value.data, value.len, wanted);
}

/* RFC 9112 section 6.3: a length that is no number, or another one than before, is an error. */
static void
take_length(struct http_response *response, struct span value)
{
	uint64_t length = 0;

	for (size_t i = 0; i < value.len && i < LENGTH_DIGITS_MAX; i++) {
		if (value.data[i] < '0' || value.data[i] > '9')
			end_with(response, HTTP_MALFORMED);
		length = length * 10 + (uint64_t)(value.data[i] - '0');
	}
	if (value.len == 0 || value.len > LENGTH_DIGITS_MAX ||
		(response->has_length && response->left != length))
		end_with(response, HTTP_MALFORMED);
	response->has_length = true;
	response->left = length;
}

static void
take_coding(struct http_response *response, struct span value)
{
	if (response->chunked || !is_value(value, "chunked"))
		end_with(response, HTTP_MALFORMED);
	response->chunked = true;
}

static void
take_type(struct http_response *response, struct span value)
{
	buf_reset(&response->type);
	buf_add(&response->type, value.data, value.len);
}

static void
take_location(struct http_response *response, struct span value)
{
	buf_reset(&response->location);
	buf_add(&response->location, value.data, value.len);
}

static void
take_encoding(struct http_response *response, struct span value)
{
	response->encoded |= !is_value(value, "identity");
}

static const struct {
	const char *name;
	void (*take)(struct http_response *response, struct span value);
} fields[] = {
	{ "content-length", take_length },
	{ "transfer-encoding", take_coding },
	{ "content-type", take_type },
	{ "location", take_location },
	{ "content-encoding", take_encoding },
};

static void
take_field(struct http_response *response, struct span line)
{
	size_t len = (size_t)((const uint8_t *)memchr(line.data, ':', line.len) - line.data);

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (is_value((struct span){ line.data, len }, fields[i].name))
			fields[i].take(response, value_of(line, len));
}

/* Forgets a head of 1xx, behind which the response comes (RFC 9110 section 15.2). */
static void
forget_head(struct http_response *response)
{
	buf_reset(&response->type);
	buf_reset(&response->location);
	response->encoded = response->has_length = response->chunked = false;
	response->status = 0;
	response->left = 0;
	response->part = HTTP_STATUS_LINE;
}

/* RFC 9112 section 6.3: how long the body is. */
static void
end_head(struct http_response *response)
{
	if (response->status < 200) {
		forget_head(response);
		return;
	}
	if (response->chunked && response->has_length)
		end_with(response, HTTP_MALFORMED);
	else if (response->status == 204 || response->status == 304)
		end_with(response, HTTP_WHOLE);
	else if (response->chunked)
		response->part = HTTP_CHUNK_SIZE;
	else if (!response->has_length)
		response->part = HTTP_BODY_TO_END;
	else if (response->left > HTTP_BODY_MAX)
		end_with(response, HTTP_LONG);
	else if (response->left == 0)
		end_with(response, HTTP_WHOLE);
	else
		response->part = HTTP_BODY_OF_LENGTH;
}

static int
hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
		return (c | 0x20) - 'a' + 10;
	return -1;
}

/* chunk-size [ chunk-ext ] (section 7.1) */
static void
take_chunk_size(struct http_response *response, struct span line)
{
	size_t digits = 0;

	response->left = 0;
	for (; digits < line.len && digits < CHUNK_DIGITS_MAX && hex_digit(line.data[digits]) >= 0;
		digits++)
		response->left = response->left * 16 + (uint64_t)hex_digit(line.data[digits]);
	if (digits == 0 || !http_is_text(line) ||
		(digits < line.len && line.data[digits] != ';' && !is_blank(line.data[digits])))
		end_with(response, HTTP_MALFORMED);
	else if (response->left > HTTP_BODY_MAX - response->body.len)
		end_with(response, HTTP_LONG);
	else
		response->part = response->left == 0 ? HTTP_TRAILERS : HTTP_CHUNK;
}

static void
take_line(struct http_response *response, struct span line)
{
	switch (response->part) {
	case HTTP_STATUS_LINE:
		if (!http_is_status_line(line))
			end_with(response, HTTP_MALFORMED);
		else
			response->status = http_status(line);
		response->part = HTTP_FIELDS;
		break;
	case HTTP_FIELDS:
		if (line.len == 0)
			end_head(response);
		else if (!http_is_field(line))
			end_with(response, HTTP_MALFORMED);
		else
			take_field(response, line);
		break;
	case HTTP_CHUNK_SIZE:
		take_chunk_size(response, line);
		break;
	case HTTP_CHUNK_END:
		if (line.len != 0)
			end_with(response, HTTP_MALFORMED);
		response->part = HTTP_CHUNK_SIZE;
		break;
	case HTTP_TRAILERS:
		if (line.len == 0)
			end_with(response, HTTP_WHOLE);
		else if (!http_is_field(line))
			end_with(response, HTTP_MALFORMED);
		break;
	case HTTP_BODY_OF_LENGTH:
	case HTTP_BODY_TO_END:
	case HTTP_CHUNK:
		break;
	}
}

static bool
is_in_head(const struct http_response *response)
{
	return response->part == HTTP_STATUS_LINE || response->part == HTTP_FIELDS;
}

/* What can be no status line is seen before its end comes. */
static bool
is_hopeless(const struct http_response *response)
{
	struct span line = buf_span(&response->line);

	return response->part == HTTP_STATUS_LINE && !http_fits(line, HTTP_STATUS_FORM);
}

/* Takes one byte of a line, which CR LF ends. */
static void
gather(struct http_response *response, uint8_t byte)
{
	struct buf *line = &response->line;
	size_t *spent = is_in_head(response) ? &response->fields : &response->chunk_lines;
	size_t most = is_in_head(response) ? HTTP_FIELDS_MAX : HTTP_CHUNK_LINES_MAX;

	if (++*spent > most || !buf_add_char(line, (char)byte)) {
		end_with(response, HTTP_LONG);
		return;
	}
	if (byte == '\n' && line->len >= 2 && line->data[line->len - 2] == '\r') {
		take_line(response, (struct span){ (const uint8_t *)line->data, line->len - 2 });
		buf_reset(line);
	} else if (byte == '\n' || is_hopeless(response)) {
		end_with(response, HTTP_MALFORMED);
	}
}

static bool
is_line(enum http_part part)
{
	return part != HTTP_BODY_OF_LENGTH && part != HTTP_BODY_TO_END && part != HTTP_CHUNK;
}

/* Takes what belongs to the body; how many bytes that was. */
static size_t
take_body(struct http_response *response, struct span bytes)
{
	size_t len = bytes.len;

	if (response->part != HTTP_BODY_TO_END && response->left < len)
		len = (size_t)response->left;
	if (!buf_add(&response->body, bytes.data, len))
		end_with(response, HTTP_LONG);
	if (response->part == HTTP_BODY_TO_END)
		return len;
	response->left -= len;
	if (response->left == 0 && response->part == HTTP_CHUNK)
		response->part = HTTP_CHUNK_END;
	else if (response->left == 0)
		end_with(response, HTTP_WHOLE);
	return len;
}

void
http_response_feed(struct http_response *response, struct span bytes)
{
	size_t i = 0;

	while (i < bytes.len && response->state == HTTP_READING)
		if (is_line(response->part))
			gather(response, bytes.data[i++]);
		else
			i += take_body(response, (struct span){ bytes.data + i, bytes.len - i });
	response->surplus |= i < bytes.len && response->state == HTTP_WHOLE;
}

void
http_response_end(struct http_response *response, bool orderly)
{
	if (response->state != HTTP_READING)
		return;
	end_with(response,
		orderly && response->part == HTTP_BODY_TO_END ? HTTP_WHOLE : HTTP_TRUNCATED);
}

bool
http_response_is_type(const struct http_response *response, const char *type)
{
	size_t len = strcspn(response->type.data, "; \t");

	return text_same_len(response->type.data, len, type);
}
