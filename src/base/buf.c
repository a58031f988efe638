/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The memory doubles up to the limit and is wiped where the content asks for it.
 */
#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

static char empty[1];

void
buf_init(struct buf *buf, size_t limit)
{
	*buf = (struct buf){ .data = empty, .limit = limit };
}

void
buf_release(struct buf *buf)
{
	if (buf->capacity != 0)
		free(buf->data);
	buf_init(buf, buf->limit);
}

void
wipe(void *bytes, size_t len)
{
	volatile unsigned char *next = bytes;

	while (len-- > 0)
		*next++ = 0;
}

void
buf_wipe(struct buf *buf)
{
	wipe(buf->data, buf->capacity);
	buf_release(buf);
}

void
buf_reset(struct buf *buf)
{
	buf->len = 0;
	buf->dropped = 0;
	if (buf->capacity != 0)
		buf->data[0] = '\0';
}

static void
make_room(struct buf *buf, size_t len)
{
	size_t wanted = buf->len + len + 1;
	size_t capacity = buf->capacity == 0 ? 64 : buf->capacity;
	char *data;

	if (wanted <= buf->capacity)
		return;
	while (capacity < wanted)
		capacity *= 2;
	data = realloc(buf->capacity == 0 ? NULL : buf->data, capacity);
	if (data == NULL)
		out_of_memory();
	buf->data = data;
	buf->capacity = capacity;
}

bool
buf_add(struct buf *buf, const void *data, size_t len)
{
	size_t fits = len;

	if (fits > buf->limit - buf->len)
		fits = buf->limit - buf->len;
	if (fits != 0) {
		make_room(buf, fits);
		memcpy(buf->data + buf->len, data, fits);
		buf->len += fits;
		buf->data[buf->len] = '\0';
	}
	buf->dropped += len - fits;
	return fits == len;
}

bool
buf_add_string(struct buf *buf, const char *string)
{
	return buf_add(buf, string, strlen(string));
}

bool
buf_add_char(struct buf *buf, char c)
{
	return buf_add(buf, &c, 1);
}

static bool __attribute__((format(printf, 2, 0)))
buf_vaddf(struct buf *buf, const char *format, va_list args)
{
	char small[256];
	va_list again;
	char *large;
	bool fits;
	int len;

	va_copy(again, args);
	len = vsnprintf(small, sizeof(small), format, again);
	va_end(again);
	if (len < 0)
		return false;
	if ((size_t)len < sizeof(small))
		return buf_add(buf, small, (size_t)len);
	large = malloc((size_t)len + 1);
	if (large == NULL)
		out_of_memory();
	vsnprintf(large, (size_t)len + 1, format, args);
	fits = buf_add(buf, large, (size_t)len);
	free(large);
	return fits;
}

bool
buf_addf(struct buf *buf, const char *format, ...)
{
	va_list args;
	bool fits;

	va_start(args, format);
	fits = buf_vaddf(buf, format, args);
	va_end(args);
	return fits;
}

void
buf_consume(struct buf *buf, size_t len)
{
	if (len > buf->len)
		len = buf->len;
	if (len == 0)
		return;
	memmove(buf->data, buf->data + len, buf->len - len + 1);
	buf->len -= len;
}

struct span
buf_span(const struct buf *buf)
{
	return (struct span){ (const uint8_t *)buf->data, buf->len };
}
