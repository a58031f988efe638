/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Goes through labels byte by byte, without a copy.
 */
#include "wire/dns_name.h"

static uint8_t
lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c - 'A' + 'a') : c;
}

static bool
is_letter_or_digit(uint8_t c)
{
	return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z');
}

static bool
is_label(const uint8_t *label, size_t len)
{
	if (len == 0 || len > 63 || label[0] == '-' || label[len - 1] == '-')
		return false;
	for (size_t i = 0; i < len; i++)
		if (!is_letter_or_digit(label[i]) && label[i] != '-')
			return false;
	return true;
}

bool
dns_name_is_plain(struct span name)
{
	size_t start = 0;

	if (name.len == 0 || name.len > DNS_NAME_MAX)
		return false;
	for (size_t i = 0; i <= name.len; i++) {
		if (i < name.len && name.data[i] != '.')
			continue;
		if (!is_label(name.data + start, i - start))
			return false;
		start = i + 1;
	}
	return true;
}

bool
dns_name_equal(struct span a, struct span b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (lower(a.data[i]) != lower(b.data[i]))
			return false;
	return true;
}

bool
dns_name_is_within(struct span name, struct span base)
{
	struct span tail;

	if (base.len == 0)
		return true;
	if (name.len < base.len)
		return false;
	tail = (struct span){ name.data + (name.len - base.len), base.len };
	return dns_name_equal(tail, base) && (tail.data == name.data || tail.data[-1] == '.');
}
