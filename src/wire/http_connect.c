/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * CONNECT requests, and answers to them read line by line, never a byte beyond their end.
 */
#include "wire/http_connect.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "http_lines.h"

#define CREDENTIALS_MAX 8192

static void
add_credentials(struct buf *out, const char *username, const char *password)
{
	struct buf plain;

	buf_init(&plain, CREDENTIALS_MAX);
	buf_addf(&plain, "%s:%s", username, password);
	buf_add_string(out, "Proxy-Authorization: Basic ");
	text_add_base64(out, plain.data, plain.len);
	buf_add_string(out, "\r\n");
	buf_wipe(&plain);
}

void
http_write_connect(struct buf *out, const char *host, unsigned port, const char *username,
	const char *password)
{
	bool is_literal = strchr(host, ':') != NULL;
	const char *open = is_literal ? "[" : "", *close = is_literal ? "]" : "";

	buf_addf(out, "CONNECT %s%s%s:%u HTTP/1.1\r\n", open, host, close, port);
	buf_addf(out, "Host: %s%s%s:%u\r\n", open, host, close, port);
	if (username != NULL)
		add_credentials(out, username, password);
	buf_add_string(out, "\r\n");
}

/* The next line, without its end: false when it is not whole. */
static bool
next_line(struct span *bytes, struct span *line)
{
	const uint8_t *end = memchr(bytes->data, '\r', bytes->len);
	size_t len = end == NULL ? 0 : (size_t)(end - bytes->data);

	if (end == NULL || len + 1 == bytes->len || end[1] != '\n')
		return false;
	*line = (struct span){ bytes->data, len };
	*bytes = (struct span){ bytes->data + len + 2, bytes->len - len - 2 };
	return true;
}

/* What is missing of the end that every head has. */
static size_t
missing(struct span bytes)
{
	static const char end[] = "\r\n\r\n";
	size_t there = sizeof(end) - 1;

	while (there > 0 &&
		(there > bytes.len || memcmp(bytes.data + bytes.len - there, end, there) != 0))
		there--;
	return sizeof(end) - 1 - there;
}

static struct proxy_answer
beginning_of(struct span head, struct span partial, bool any_line)
{
	/* A CR is the end of a line or, at the end of the bytes, may become it. */
	const uint8_t *cr = memchr(partial.data, '\r', partial.len);
	struct span text = { partial.data, cr == NULL ? partial.len : (size_t)(cr - partial.data) };

	if (head.len >= HTTP_HEAD_MAX || !http_is_text(text) ||
		(!any_line && !http_fits(text, HTTP_STATUS_FORM)) ||
		(cr != NULL && text.len + 1 != partial.len))
		return (struct proxy_answer){ .state = PROXY_ANSWER_MALFORMED };
	return (struct proxy_answer){ PROXY_ANSWER_MORE, missing(head), 0 };
}

struct proxy_answer
http_read_head(struct span bytes)
{
	struct proxy_answer answer = { .state = PROXY_ANSWER_WHOLE };
	struct span left = bytes, line;
	bool any_line = false;

	if (bytes.len == 0)
		return (struct proxy_answer){ PROXY_ANSWER_MORE, missing(bytes), 0 };
	while (left.len > 0 && next_line(&left, &line)) {
		if (any_line && line.len == 0 && (size_t)(left.data - bytes.data) <= HTTP_HEAD_MAX)
			return answer;
		if (any_line ? !http_is_field(line) : !http_is_status_line(line))
			return (struct proxy_answer){ .state = PROXY_ANSWER_MALFORMED };
		if (!any_line)
			answer.code = http_status(line);
		any_line = true;
	}
	return beginning_of(bytes, left, any_line);
}
