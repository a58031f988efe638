/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Lists of general names for unit tests, without a certificate around them.
 */
#ifndef TESTS_GENERAL_NAMES_H
#define TESTS_GENERAL_NAMES_H

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "wire/cursor.h"

/* Appends one name of less than 120 bytes: tag 0x82 is a dNSName, 0x87 an address. With a
 * subtree around it, it is a base of nameConstraints. */
static inline void
add_general_name(struct buf *list, unsigned tag, const void *value, size_t len, bool subtree)
{
	if (subtree) {
		buf_add_char(list, 0x30);
		buf_add_char(list, (char)(len + 2));
	}
	buf_add_char(list, (char)tag);
	buf_add_char(list, (char)len);
	buf_add(list, value, len);
}

static inline struct span
span_of_buf(const struct buf *buf)
{
	return (struct span){ (const uint8_t *)buf->data, buf->len };
}

#endif
