/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * http_get: one GET of HTTP/1.1 (RFC 9112) and its response, over whatever carries the bytes.
 */
#ifndef GATE_WIRE_HTTP_GET_H
#define GATE_WIRE_HTTP_GET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"

/* Most bytes of a body, of all heads with their blank lines, and of chunk sizes and trailers. */
#define HTTP_BODY_MAX 65536
#define HTTP_FIELDS_MAX 16384
#define HTTP_CHUNK_LINES_MAX 65536

/* Asks for a path of a host, without asking for the connection to be kept. A port other than 443
 * stands in the Host field. */
void http_write_get(struct buf *out, const char *host, unsigned port, const char *path);

enum http_state {
	HTTP_READING,   /* there is more to come */
	HTTP_WHOLE,     /* as long as it said, or ended by an orderly close where it did not say */
	HTTP_MALFORMED, /* not of the grammar; two lengths that differ; a coding other than chunked */
	HTTP_TRUNCATED, /* the connection ended before it was whole, or without a close_notify */
	HTTP_LONG,      /* above one of the limits */
};

/* Which part comes next. */
enum http_part {
	HTTP_STATUS_LINE,
	HTTP_FIELDS,
	HTTP_BODY_OF_LENGTH,
	HTTP_BODY_TO_END,
	HTTP_CHUNK_SIZE,
	HTTP_CHUNK,
	HTTP_CHUNK_END,
	HTTP_TRAILERS,
};

struct http_response {
	enum http_state state;
	unsigned status; /* 200; of heads with 1xx in front nothing stays; 0: none was read */
	struct buf type; /* Content-Type as it was sent; empty: none */
	struct buf location;
	struct buf body; /* without the chunks' sizes */
	bool encoded;    /* Content-Encoding other than identity: the body is not what it seems */
	bool surplus;    /* bytes came behind the end */
	/* The reader's own. */
	enum http_part part;
	struct buf line;
	size_t fields; /* bytes of heads so far */
	size_t chunk_lines;
	uint64_t left; /* bytes of the body, or of its chunk */
	bool has_length, chunked;
};

void http_response_init(struct http_response *response);
void http_response_release(struct http_response *response);

/* Takes bytes as they come, in whatever portions. */
void http_response_feed(struct http_response *response, struct span bytes);

/* Nothing more will come. `orderly`: the other side said so (close_notify, RFC 9112 section 9.8). */
void http_response_end(struct http_response *response, bool orderly);

/* Whether the media type is this one, in lower case, whatever its parameters (RFC 9110 section 8.3.1). */
bool http_response_is_type(const struct http_response *response, const char *type);

#endif
