/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One reader a type, over a cursor that must be at its end in the end.
 */
#include "wire/dns_rdata.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "base/names.h"

#define LABEL_MAX 63
#define NAME_MAX_BYTES 255

static const struct name_code types[] = {
	{ "A", DNS_A },
	{ "CNAME", DNS_CNAME },
	{ "SOA", DNS_SOA },
	{ "PTR", DNS_PTR },
	{ "MX", DNS_MX },
	{ "TXT", DNS_TXT },
	{ "AAAA", DNS_AAAA },
	{ "SRV", DNS_SRV },
	{ "DS", DNS_DS },
	{ "RRSIG", DNS_RRSIG },
	{ "DNSKEY", DNS_DNSKEY },
	{ "TLSA", DNS_TLSA },
	{ "CAA", DNS_CAA },
	{ NULL, 0 },
};

const char *
dns_type_name(enum dns_type type)
{
	return name_of(types, (int)type);
}

static void
add_label(struct buf *text, struct span label)
{
	for (size_t i = 0; i < label.len; i++) {
		uint8_t c = label.data[i];

		if (c != 0 && strchr(".\\;()", c) != NULL)
			buf_addf(text, "\\%c", c);
		else if (c <= ' ' || c >= 0x7f)
			buf_addf(text, "\\%03u", c);
		else
			buf_add_char(text, (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c));
	}
}

/* Breaks the cursor, and gives "", when the name is compressed, has a label of more than 63 bytes, or more
 * than 255 in all (RFC 1035 section 3.1). */
static void
read_name(struct cursor *cursor, char text[DNS_NAME_TEXT_MAX])
{
	size_t before = cursor->left;
	struct span label;
	struct buf name;

	buf_init(&name, DNS_NAME_TEXT_MAX - 1);
	while ((label = cursor_vector8(cursor)).len != 0) {
		if (label.len > LABEL_MAX || before - cursor->left >= NAME_MAX_BYTES) {
			cursor->broken = true;
			break;
		}
		if (name.len != 0)
			buf_add_char(&name, '.');
		add_label(&name, label);
	}
	if (cursor->broken)
		buf_reset(&name);
	else if (name.len == 0)
		buf_add_char(&name, '.');
	snprintf(text, DNS_NAME_TEXT_MAX, "%s", name.data);
	buf_release(&name);
}

bool
dns_host_read(char text[DNS_NAME_TEXT_MAX], struct span rdata)
{
	struct cursor cursor = cursor_over(rdata);

	read_name(&cursor, text);
	return cursor_at_end(&cursor);
}

bool
mx_record_read(struct mx_record *record, struct span rdata)
{
	struct cursor cursor = cursor_over(rdata);

	record->preference = cursor_u16(&cursor);
	read_name(&cursor, record->host);
	return cursor_at_end(&cursor);
}

bool
srv_record_read(struct srv_record *record, struct span rdata)
{
	struct cursor cursor = cursor_over(rdata);

	record->priority = cursor_u16(&cursor);
	record->weight = cursor_u16(&cursor);
	record->port = cursor_u16(&cursor);
	read_name(&cursor, record->host);
	return cursor_at_end(&cursor);
}

bool
tlsa_record_read(struct tlsa_record *record, struct span rdata)
{
	struct cursor cursor = cursor_over(rdata);

	record->usage = cursor_u8(&cursor);
	record->selector = cursor_u8(&cursor);
	record->matching = cursor_u8(&cursor);
	record->data = cursor_bytes(&cursor, cursor.left);
	return cursor_at_end(&cursor) && record->data.len != 0;
}

static bool
is_tag(struct span tag)
{
	for (size_t i = 0; i < tag.len; i++) {
		uint8_t c = tag.data[i];

		if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z'))
			return false;
	}
	return tag.len != 0;
}

bool
caa_record_read(struct caa_record *record, struct span rdata)
{
	struct cursor cursor = cursor_over(rdata);

	record->flags = cursor_u8(&cursor);
	record->tag = cursor_vector8(&cursor);
	record->value = cursor_bytes(&cursor, cursor.left);
	return cursor_at_end(&cursor) && is_tag(record->tag);
}

bool
dns_address_read(char text[DNS_ADDRESS_TEXT_MAX], struct span rdata)
{
	if (rdata.len != 4 && rdata.len != 16)
		return false;
	return inet_ntop(rdata.len == 4 ? AF_INET : AF_INET6, rdata.data, text,
		       DNS_ADDRESS_TEXT_MAX) != NULL;
}

bool
txt_record_join(struct buf *out, struct span rdata)
{
	struct cursor cursor = cursor_over(rdata);
	bool fits = rdata.len != 0;

	while (fits && !cursor.broken && cursor.left != 0) {
		struct span string = cursor_vector8(&cursor);

		fits = buf_add(out, string.data, string.len);
	}
	return fits && cursor_at_end(&cursor);
}
