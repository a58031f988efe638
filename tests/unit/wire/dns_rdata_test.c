/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The data of DNS records: every prefix of what is whole is not, nor is what has a byte more.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "wire/dns_rdata.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define BYTES(text)                                       \
	{                                                 \
		(const uint8_t *)(text), sizeof(text) - 1 \
	}

static void
show_name(struct span rdata, bool (*read)(char[DNS_NAME_TEXT_MAX], struct span), struct buf *out)
{
	char text[DNS_NAME_TEXT_MAX];

	if (read(text, rdata))
		buf_add_string(out, text);
}

static void
show_host(struct span rdata, struct buf *out)
{
	show_name(rdata, dns_host_read, out);
}

static void
show_mx(struct span rdata, struct buf *out)
{
	struct mx_record mx;

	if (mx_record_read(&mx, rdata))
		buf_addf(out, "%u %s", mx.preference, mx.host);
}

static void
show_srv(struct span rdata, struct buf *out)
{
	struct srv_record srv;

	if (srv_record_read(&srv, rdata))
		buf_addf(out, "%u %u %u %s", srv.priority, srv.weight, srv.port, srv.host);
}

static void
show_tlsa(struct span rdata, struct buf *out)
{
	struct tlsa_record tlsa;

	if (!tlsa_record_read(&tlsa, rdata))
		return;
	buf_addf(out, "%u %u %u ", tlsa.usage, tlsa.selector, tlsa.matching);
	text_add_hex(out, tlsa.data.data, tlsa.data.len);
}

static void
show_caa(struct span rdata, struct buf *out)
{
	struct caa_record caa;

	if (!caa_record_read(&caa, rdata))
		return;
	buf_addf(out, "%u ", caa.flags);
	buf_add(out, caa.tag.data, caa.tag.len);
	buf_add_string(out, " \"");
	buf_add(out, caa.value.data, caa.value.len);
	buf_add_string(out, "\"");
}

static void
show_address(struct span rdata, struct buf *out)
{
	char text[DNS_ADDRESS_TEXT_MAX];

	if (dns_address_read(text, rdata))
		buf_add_string(out, text);
}

static void
show_txt(struct span rdata, struct buf *out)
{
	struct buf joined;

	buf_init(&joined, 600);
	if (txt_record_join(&joined, rdata))
		buf_addf(out, "\"%s\"", joined.data);
	buf_release(&joined);
}

#define LABEL_63 \
	"\x3f"   \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define TEXT_63 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define LABEL_61 \
	"\x3d"   \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define TEXT_61 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const struct {
	const char *name;
	void (*show)(struct span rdata, struct buf *out);
	struct span rdata;
	const char *want; /* "": no record */
} cases[] = {
	{ "a name", show_host, BYTES("\4mail\7example\4test\0"), "mail.example.test" },
	{ "a name in capitals", show_host, BYTES("\4MaIl\4TEST\0"), "mail.test" },
	{ "the root", show_host, BYTES("\0"), "." },
	{ "what means something else in a zone file", show_host, BYTES("\5;()/\"\0"),
		"\\;\\(\\)/\"" },
	{ "a dot within a label", show_host, BYTES("\3a.b\1c\0"), "a\\.b.c" },
	{ "a backslash, a blank, a NUL and a byte beyond ASCII", show_host, BYTES("\4\\ \0\xff\0"),
		"\\\\\\032\\000\\255" },
	{ "a name of 255 bytes", show_host, BYTES(LABEL_63 LABEL_63 LABEL_63 LABEL_61 "\0"),
		TEXT_63 "." TEXT_63 "." TEXT_63 "." TEXT_61 },
	{ "a name of 257 bytes", show_host, BYTES(LABEL_63 LABEL_63 LABEL_63 LABEL_63 "\0"), "" },
	{ "a name of 256 bytes", show_host, BYTES("\1a" LABEL_63 LABEL_63 LABEL_63 LABEL_61 "\0"),
		"" },
	{ "a compressed name", show_host, BYTES("\4mail\xc0\x0c"), "" },
	{ "a label of 64 bytes", show_host, BYTES("\x40" TEXT_63 "a\0"), "" },
	{ "a name and a byte", show_host, BYTES("\4mail\0\0"), "" },
	{ "MX", show_mx, BYTES("\0\x0a\3mx1\4test\0"), "10 mx1.test" },
	{ "a null MX", show_mx, BYTES("\0\0\0"), "0 ." },
	{ "the largest preference", show_mx, BYTES("\xff\xff\1a\0"), "65535 a" },
	{ "MX without a name", show_mx, BYTES("\0\x0a"), "" },
	{ "SRV", show_srv, BYTES("\0\1\0\2\1\xd1\4mail\0"), "1 2 465 mail" },
	{ "SRV of no service", show_srv, BYTES("\0\0\0\0\0\0\0"), "0 0 0 ." },
	{ "TLSA", show_tlsa, BYTES("\3\1\1\xab\xcd"), "3 1 1 abcd" },
	{ "TLSA of numbers that nobody knows", show_tlsa, BYTES("\xff\x09\x08\0"), "255 9 8 00" },
	{ "TLSA without data", show_tlsa, BYTES("\3\1\1"), "" },
	{ "CAA", show_caa, BYTES("\x80\5issueca.test"), "128 issue \"ca.test\"" },
	{ "CAA with an empty value", show_caa, BYTES("\0\5issue"), "0 issue \"\"" },
	{ "CAA without a tag", show_caa, BYTES("\0\0ca.test"), "" },
	{ "CAA with a tag of other characters", show_caa, BYTES("\0\5is-ueca.test"), "" },
	{ "CAA with a tag beyond its end", show_caa, BYTES("\0\x09issue"), "" },
	{ "A", show_address, BYTES("\xc0\0\2\1"), "192.0.2.1" },
	{ "AAAA", show_address, BYTES("\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1"), "2001:db8::1" },
	{ "an address of five bytes", show_address, BYTES("\xc0\0\2\1\1"), "" },
	{ "TXT", show_txt, BYTES("\3abc"), "\"abc\"" },
	{ "TXT of several strings", show_txt, BYTES("\3abc\0\2 d"), "\"abc d\"" },
	{ "TXT of an empty string", show_txt, BYTES("\0"), "\"\"" },
	{ "TXT without a string", show_txt, BYTES(""), "" },
	{ "TXT with a string beyond its end", show_txt, BYTES("\3abc\4d"), "" },
};

static void
expect(const char *name, void (*show)(struct span, struct buf *), struct span rdata,
	const char *want)
{
	struct buf got;

	buf_init(&got, 2048);
	show(rdata, &got);
	if (strcmp(got.data, want) != 0)
		fail_msg("%s, %zu bytes: got \"%s\", want \"%s\"", name, rdata.len, got.data, want);
	buf_release(&got);
}

static void
records_are_read_as_listed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		expect(cases[i].name, cases[i].show, cases[i].rdata, cases[i].want);
}

/* Names end where they say so; data that is all the rest may be any part of it. */
static void
no_beginning_of_a_record_is_one(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct span part = { cases[i].rdata.data, 0 };

		if (cases[i].show != show_host && cases[i].show != show_mx &&
			cases[i].show != show_srv)
			continue;
		for (; cases[i].want[0] != '\0' && part.len < cases[i].rdata.len; part.len++)
			expect(cases[i].name, cases[i].show, part, "");
	}
}

static void
a_text_beyond_the_buffer_is_none(void **state)
{
	struct span rdata = BYTES("\3abc\3def");
	struct buf out;

	(void)state;
	buf_init(&out, 5);
	assert_false(txt_record_join(&out, rdata));
	buf_release(&out);
}

static void
types_have_names(void **state)
{
	(void)state;
	assert_string_equal(dns_type_name(DNS_TLSA), "TLSA");
	assert_null(dns_type_name((enum dns_type)2));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_are_read_as_listed),
		cmocka_unit_test(no_beginning_of_a_record_is_one),
		cmocka_unit_test(a_text_beyond_the_buffer_is_none),
		cmocka_unit_test(types_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
