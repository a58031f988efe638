/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Data of DNS records: whatever it is, names have a text, and what is handed out is within the data.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "wire/dns_rdata.h"
#include "wire/dns_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must_be_text(const char *name)
{
	if (name[0] == '\0' || strlen(name) >= DNS_NAME_TEXT_MAX)
		abort();
	for (; *name != '\0'; name++)
		if (*name <= ' ' || *name >= 0x7f)
			abort();
}

/* The record is of the type whose number is its first two bytes. */
static void
must_have_a_text(struct span record)
{
	struct span rdata = { record.data + 2, record.len - 2 };
	struct buf text;

	buf_init(&text, DNS_RECORD_TEXT_MAX);
	dns_record_text(&text, (uint16_t)(record.data[0] << 8 | record.data[1]), rdata);
	if (text.dropped != 0 || strlen(text.data) != text.len)
		abort();
	for (size_t i = 0; i < text.len; i++)
		if ((uint8_t)text.data[i] < ' ' || text.data[i] == 0x7f)
			abort();
	buf_release(&text);
}

static void
must_be_within(struct span part, struct span whole)
{
	if (part.len != 0 &&
		(part.data < whole.data || part.data + part.len > whole.data + whole.len))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rdata = { data, size };
	char text[DNS_NAME_TEXT_MAX], address[DNS_ADDRESS_TEXT_MAX];
	struct tlsa_record tlsa;
	struct caa_record caa;
	struct mx_record mx;
	struct srv_record srv;
	struct buf joined;

	if (dns_host_read(text, rdata))
		must_be_text(text);
	if (mx_record_read(&mx, rdata))
		must_be_text(mx.host);
	if (srv_record_read(&srv, rdata))
		must_be_text(srv.host);
	if (tlsa_record_read(&tlsa, rdata))
		must_be_within(tlsa.data, rdata);
	if (caa_record_read(&caa, rdata)) {
		must_be_within(caa.tag, rdata);
		must_be_within(caa.value, rdata);
	}
	if (dns_address_read(address, rdata) != (size == 4 || size == 16))
		abort();
	buf_init(&joined, 512);
	txt_record_join(&joined, rdata);
	buf_release(&joined);
	if (size >= 2)
		must_have_a_text(rdata);
	return 0;
}
