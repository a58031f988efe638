/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * dns_rdata: the data of DNS records (RFC 1035 section 3.3), uncompressed, as structs. What a reader
 * hands out points into the data; it gives false when the data is not exactly one record of the type.
 */
#ifndef GATE_WIRE_DNS_RDATA_H
#define GATE_WIRE_DNS_RDATA_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "wire/cursor.h"

/* Types of records (the IANA's registry of DNS parameters). */
enum dns_type {
	DNS_A = 1,
	DNS_CNAME = 5,
	DNS_SOA = 6,
	DNS_PTR = 12,
	DNS_MX = 15,
	DNS_TXT = 16,
	DNS_AAAA = 28,
	DNS_SRV = 33,
	DNS_DS = 43,
	DNS_RRSIG = 46,
	DNS_DNSKEY = 48,
	DNS_TLSA = 52,
	DNS_CAA = 257,
};

/* "MX"; NULL: not one of them. */
const char *dns_type_name(enum dns_type type);

/* A name as text (RFC 1035 section 5.1): ASCII letters in lower case, no dot at the end but for the
 * root, which is ".". A dot within a label, ";", "(", ")", a backslash and what cannot be printed are
 * escaped, so that no two names have one text. */
#define DNS_NAME_TEXT_MAX 1024

/* CNAME, NS, PTR: a name and nothing else. */
bool dns_host_read(char text[DNS_NAME_TEXT_MAX], struct span rdata);

struct mx_record {
	uint16_t preference;
	char host[DNS_NAME_TEXT_MAX]; /* ".": no mail is taken (RFC 7505) */
};

bool mx_record_read(struct mx_record *record, struct span rdata);

/* RFC 2782 */
struct srv_record {
	uint16_t priority, weight, port;
	char host[DNS_NAME_TEXT_MAX]; /* ".": the service is not offered */
};

bool srv_record_read(struct srv_record *record, struct span rdata);

/* RFC 6698 section 2.1. Any numbers and any data are a record: see x509/tlsa.h for what they mean. */
struct tlsa_record {
	uint8_t usage, selector, matching;
	struct span data;
};

/* False too when there is no data. */
bool tlsa_record_read(struct tlsa_record *record, struct span rdata);

/* RFC 8659 section 4.1 */
struct caa_record {
	uint8_t flags;
	struct span tag; /* letters and digits, at least one */
	struct span value;
};

bool caa_record_read(struct caa_record *record, struct span rdata);

/* "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff" and its terminator fit. */
#define DNS_ADDRESS_TEXT_MAX 46

/* The data of A or AAAA, by its length, in the form of inet_ntop(). */
bool dns_address_read(char text[DNS_ADDRESS_TEXT_MAX], struct span rdata);

/* Appends the strings of a TXT record, joined without anything between them (RFC 7208 section 3.3,
 * RFC 8461 section 3.1). False too when they are beyond the limit of the buffer. */
bool txt_record_join(struct buf *out, struct span rdata);

#endif
