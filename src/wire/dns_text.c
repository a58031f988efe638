/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One writer a type, of what dns_rdata reads.
 */
#include "wire/dns_text.h"

#include <arpa/inet.h>
#include <stdio.h>

#include "base/text.h"
#include "wire/dns_rdata.h"

static bool
add_address(struct buf *out, struct span rdata)
{
	char text[DNS_ADDRESS_TEXT_MAX];

	return dns_address_read(text, rdata) && buf_add_string(out, text);
}

static bool
add_host(struct buf *out, struct span rdata)
{
	char text[DNS_NAME_TEXT_MAX];

	return dns_host_read(text, rdata) && buf_add_string(out, text);
}

static bool
add_mx(struct buf *out, struct span rdata)
{
	struct mx_record mx;

	return mx_record_read(&mx, rdata) && buf_addf(out, "%u %s", mx.preference, mx.host);
}

static bool
add_srv(struct buf *out, struct span rdata)
{
	struct srv_record srv;

	return srv_record_read(&srv, rdata) &&
	       buf_addf(out, "%u %u %u %s", srv.priority, srv.weight, srv.port, srv.host);
}

static bool
add_txt(struct buf *out, struct span rdata)
{
	struct buf joined;
	bool fits;

	buf_init(&joined, rdata.len);
	fits = txt_record_join(&joined, rdata);
	if (fits)
		text_add_printable(out, joined.data, joined.len);
	buf_release(&joined);
	return fits;
}

static bool
add_tlsa(struct buf *out, struct span rdata)
{
	struct tlsa_record tlsa;

	if (!tlsa_record_read(&tlsa, rdata))
		return false;
	buf_addf(out, "%u %u %u ", tlsa.usage, tlsa.selector, tlsa.matching);
	text_add_hex(out, tlsa.data.data, tlsa.data.len);
	return true;
}

static bool
add_caa(struct buf *out, struct span rdata)
{
	struct caa_record caa;

	if (!caa_record_read(&caa, rdata))
		return false;
	buf_addf(out, "%u ", caa.flags);
	buf_add(out, caa.tag.data, caa.tag.len);
	buf_add_string(out, " \"");
	text_add_printable(out, caa.value.data, caa.value.len);
	buf_add_char(out, '"');
	return true;
}

static const struct {
	uint16_t type;
	size_t len; /* of the data; 0: any */
	bool (*add)(struct buf *out, struct span rdata);
} writers[] = {
	{ DNS_A, 4, add_address },
	{ DNS_AAAA, 16, add_address },
	{ DNS_CNAME, 0, add_host },
	{ DNS_PTR, 0, add_host },
	{ DNS_MX, 0, add_mx },
	{ DNS_SRV, 0, add_srv },
	{ DNS_TXT, 0, add_txt },
	{ DNS_TLSA, 0, add_tlsa },
	{ DNS_CAA, 0, add_caa },
};

void
dns_record_text(struct buf *out, uint16_t type, struct span rdata)
{
	for (size_t i = 0; i < sizeof(writers) / sizeof(writers[0]); i++)
		if (writers[i].type == type &&
			(writers[i].len == 0 || writers[i].len == rdata.len) &&
			writers[i].add(out, rdata))
			return;
	buf_addf(out, "\\# %zu ", rdata.len);
	text_add_hex(out, rdata.data, rdata.len);
}

bool
dns_reverse_name(char name[DNS_REVERSE_MAX], const char *address)
{
	uint8_t bytes[16];
	size_t at = 0;

	name[0] = '\0';
	if (inet_pton(AF_INET, address, bytes) == 1) {
		snprintf(name, DNS_REVERSE_MAX, "%u.%u.%u.%u.in-addr.arpa", bytes[3], bytes[2],
			bytes[1], bytes[0]);
		return true;
	}
	if (inet_pton(AF_INET6, address, bytes) != 1)
		return false;
	for (size_t i = sizeof(bytes); i-- > 0; at += 4)
		snprintf(name + at, DNS_REVERSE_MAX - at, "%x.%x.", bytes[i] & 15, bytes[i] >> 4);
	snprintf(name + at, DNS_REVERSE_MAX - at, "ip6.arpa");
	return true;
}
