/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Walks over the attributes of a Name; strings are folded character by character as they are
 * compared.
 */
#include "dn.h"

#include <string.h>

#include "base/text.h"
#include "der.h"
#include "oid.h"

#define RDNS_SHOWN 16

struct attribute {
	struct span type;
	struct der_item value;
};

static struct attribute
next_attribute(struct cursor *rdn)
{
	struct cursor pair = der_enter(rdn, DER_SEQUENCE);
	struct attribute attribute;

	attribute.type = der_read(&pair, DER_OID);
	attribute.value = der_next(&pair);
	der_leave(rdn, &pair);
	return attribute;
}

static struct cursor
rdns_of(struct span name)
{
	struct cursor outer = cursor_over(name);

	return der_enter(&outer, DER_SEQUENCE);
}

bool
dn_is_well_formed(struct span name)
{
	struct cursor outer = cursor_over(name);
	struct cursor rdns = der_enter(&outer, DER_SEQUENCE);

	while (!rdns.broken && rdns.left != 0) {
		struct cursor rdn = der_enter(&rdns, DER_SET);

		do
			next_attribute(&rdn);
		while (!rdn.broken && rdn.left != 0);
		der_leave(&rdns, &rdn);
	}
	der_leave(&outer, &rdns);
	return cursor_at_end(&outer);
}

bool
dn_is_empty(struct span name)
{
	return name.len <= 2;
}

static bool
is_folded(unsigned tag)
{
	return tag == DER_UTF8_STRING || tag == DER_PRINTABLE_STRING || tag == DER_IA5_STRING;
}

/* The next character of a folded value: lower case, a run of blanks as one, none at the ends;
 * -1 at the end. */
static int
next_folded(struct cursor *value, bool *started)
{
	uint8_t c;

	if (value->left == 0)
		return -1;
	c = cursor_u8(value);
	if (c == ' ') {
		while (value->left != 0 && *value->next == ' ')
			cursor_u8(value);
		if (value->left == 0)
			return -1;
		return *started ? ' ' : next_folded(value, started);
	}
	*started = true;
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static bool
values_equal(const struct der_item *a, const struct der_item *b)
{
	struct cursor left = cursor_over(a->content), right = cursor_over(b->content);
	bool left_started = false, right_started = false;
	int c;

	if (!is_folded(a->tag) || !is_folded(b->tag))
		return span_equal(a->whole, b->whole);
	do {
		c = next_folded(&left, &left_started);
		if (c != next_folded(&right, &right_started))
			return false;
	} while (c != -1);
	return true;
}

/* The attributes of a multi-valued RDN stand in DER order, so they are compared in order. */
static bool
rdns_equal(struct cursor a, struct cursor b)
{
	while (a.left != 0 && b.left != 0) {
		struct attribute left = next_attribute(&a), right = next_attribute(&b);

		if (!span_equal(left.type, right.type) || !values_equal(&left.value, &right.value))
			return false;
	}
	return cursor_at_end(&a) && cursor_at_end(&b);
}

bool
dn_is_within(struct span name, struct span base)
{
	struct cursor rdns = rdns_of(name), wanted = rdns_of(base);

	while (wanted.left != 0) {
		if (rdns.left == 0 ||
			!rdns_equal(der_enter(&rdns, DER_SET), der_enter(&wanted, DER_SET)))
			return false;
	}
	return !rdns.broken && !wanted.broken;
}

bool
dn_equal(struct span a, struct span b)
{
	struct cursor left, right;

	if (span_equal(a, b))
		return true;
	left = rdns_of(a);
	right = rdns_of(b);
	while (left.left != 0 && right.left != 0)
		if (!rdns_equal(der_enter(&left, DER_SET), der_enter(&right, DER_SET)))
			return false;
	return cursor_at_end(&left) && cursor_at_end(&right);
}

/* FNV-1a. */
static uint32_t
hash_byte(uint32_t hash, int byte)
{
	return (hash ^ (uint32_t)(byte & 0xff)) * 16777619u;
}

static uint32_t
hash_value(uint32_t hash, const struct der_item *value)
{
	struct cursor bytes = cursor_over(value->content);
	bool started = false;
	int c;

	if (!is_folded(value->tag)) {
		while (bytes.left != 0)
			hash = hash_byte(hash, cursor_u8(&bytes));
		return hash;
	}
	while ((c = next_folded(&bytes, &started)) != -1)
		hash = hash_byte(hash, c);
	return hash;
}

uint32_t
dn_hash(struct span name)
{
	struct cursor rdns = rdns_of(name);
	uint32_t hash = 2166136261u;

	while (rdns.left != 0) {
		struct cursor rdn = der_enter(&rdns, DER_SET);

		while (rdn.left != 0) {
			struct attribute attribute = next_attribute(&rdn);

			for (size_t i = 0; i < attribute.type.len; i++)
				hash = hash_byte(hash, attribute.type.data[i]);
			hash = hash_value(hash, &attribute.value);
		}
	}
	return hash;
}

static const struct oid email_address = { 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 1 } };

/* RFC 4514 section 3, and the address that old names carry. */
static const struct {
	struct oid oid;
	const char *name;
} attribute_types[] = {
	{ { 3, { 0x55, 4, 3 } }, "CN" },
	{ { 3, { 0x55, 4, 5 } }, "serialNumber" },
	{ { 3, { 0x55, 4, 6 } }, "C" },
	{ { 3, { 0x55, 4, 7 } }, "L" },
	{ { 3, { 0x55, 4, 8 } }, "ST" },
	{ { 3, { 0x55, 4, 9 } }, "STREET" },
	{ { 3, { 0x55, 4, 10 } }, "O" },
	{ { 3, { 0x55, 4, 11 } }, "OU" },
	{ { 10, { 0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 25 } }, "DC" },
	{ { 10, { 0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 1 } }, "UID" },
	{ { 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 1 } }, "emailAddress" },
};

static void
add_type(struct buf *out, struct span type)
{
	for (size_t i = 0; i < sizeof(attribute_types) / sizeof(attribute_types[0]); i++) {
		if (oid_equal(&attribute_types[i].oid, type)) {
			buf_add_string(out, attribute_types[i].name);
			return;
		}
	}
	der_add_oid(out, type);
}

static void
add_value(struct buf *out, struct span value)
{
	static const char special[] = ",+\"\\<>;";
	size_t start = 0;

	for (size_t i = 0; i < value.len; i++) {
		if (value.data[i] == '\0' || strchr(special, value.data[i]) == NULL)
			continue;
		text_add_printable(out, value.data + start, i - start);
		buf_addf(out, "\\%c", value.data[i]);
		start = i + 1;
	}
	text_add_printable(out, value.data + start, value.len - start);
}

static void
add_rdn(struct buf *out, struct cursor rdn)
{
	const char *separator = "";

	while (rdn.left != 0) {
		struct attribute attribute = next_attribute(&rdn);

		buf_add_string(out, separator);
		add_type(out, attribute.type);
		buf_add_char(out, '=');
		add_value(out, attribute.value.content);
		separator = " + ";
	}
}

void
dn_add_text(struct buf *out, struct span name)
{
	struct cursor rdns = rdns_of(name), shown[RDNS_SHOWN];
	size_t count = 0;

	while (rdns.left != 0)
		shown[count++ % RDNS_SHOWN] = der_enter(&rdns, DER_SET);
	if (count == 0)
		buf_add_string(out, "(empty name)");
	for (size_t i = 0; i < count && i < RDNS_SHOWN; i++) {
		if (i != 0)
			buf_add_string(out, ", ");
		add_rdn(out, shown[(count - 1 - i) % RDNS_SHOWN]);
	}
	if (count > RDNS_SHOWN)
		buf_addf(out, ", and %zu more", count - RDNS_SHOWN);
}

struct dn_walk
dn_walk_over(struct span name)
{
	return (struct dn_walk){ .rdns = rdns_of(name) };
}

bool
dn_next_email(struct dn_walk *walk, struct span *address)
{
	while (walk->rdn.left != 0 || walk->rdns.left != 0) {
		struct attribute attribute;

		if (walk->rdn.left == 0)
			walk->rdn = der_enter(&walk->rdns, DER_SET);
		attribute = next_attribute(&walk->rdn);
		if (!oid_equal(&email_address, attribute.type))
			continue;
		*address = attribute.value.content;
		return true;
	}
	return false;
}
