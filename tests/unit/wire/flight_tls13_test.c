/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "flight_hex.h"
#include "wire/flight_tls13.h"

#define EXTENSIONS \
	"08000002" \
	"0000"
#define REQUEST    \
	"0d000003" \
	"000000"
/* Two certificates, of which the first has a staple "OCSP" and timestamps "sctl". */
#define CERTIFICATE \
	"0b000031"  \
	"00"        \
	"00002d"    \
	"000003"    \
	"aaaaaa"    \
	"0018"      \
	"0005"      \
	"0008"      \
	"01"        \
	"000004"    \
	"4f435350"  \
	"0012"      \
	"0004"      \
	"7363746c"  \
	"ffff"      \
	"0000"      \
	"000002"    \
	"bbbb"      \
	"0006"      \
	"0012"      \
	"0002"      \
	"6e6f"

static const struct flight_case {
	const char *name;
	const char *hex;
	enum flight_tls13_state state;
	size_t certificates;
	const char *stapled, *timestamps;
} cases[] = {
	{ "the leaf's extensions are told, not those of its issuer", EXTENSIONS CERTIFICATE,
		FLIGHT_TLS13_DONE, 2, "OCSP", "sctl" },
	{ "a CertificateRequest is passed over", EXTENSIONS REQUEST CERTIFICATE, FLIGHT_TLS13_DONE,
		2, "OCSP", "sctl" },
	{ "what follows the Certificate is left alone", EXTENSIONS CERTIFICATE "0fffffff00",
		FLIGHT_TLS13_DONE, 2, "OCSP", "sctl" },
	{ "a chain may be empty",
		EXTENSIONS "0b000004"
			   "00"
			   "000000",
		FLIGHT_TLS13_DONE, 0, "", "" },
	{ "extensions may be absent",
		EXTENSIONS "0b00000a"
			   "00"
			   "000006"
			   "000001"
			   "cc"
			   "0000",
		FLIGHT_TLS13_DONE, 1, "", "" },
	{ "nothing is the beginning of everything", "", FLIGHT_TLS13_MORE, 0, "", "" },
	{ "a Finished before the Certificate is out of place", EXTENSIONS "14000000",
		FLIGHT_TLS13_MALFORMED, 0, "", "" },
	{ "compressed certificates are not read", EXTENSIONS "19000000", FLIGHT_TLS13_COMPRESSED, 0,
		"", "" },
	{ "EncryptedExtensions come once", EXTENSIONS EXTENSIONS CERTIFICATE,
		FLIGHT_TLS13_MALFORMED, 0, "", "" },
	{ "a CertificateRequest comes after EncryptedExtensions", REQUEST EXTENSIONS CERTIFICATE,
		FLIGHT_TLS13_MALFORMED, 0, "", "" },
	{ "a list longer than its message is malformed",
		"0b000004"
		"00"
		"000001",
		FLIGHT_TLS13_MALFORMED, 0, "", "" },
	{ "a list shorter than its message is malformed",
		"0b000005"
		"00"
		"000000"
		"00",
		FLIGHT_TLS13_MALFORMED, 0, "", "" },
	{ "a certificate longer than the list is malformed",
		"0b00000a"
		"00"
		"000006"
		"000009"
		"cc"
		"0000",
		FLIGHT_TLS13_MALFORMED, 0, "", "" },
	{ "an extension longer than its block is malformed",
		"0b00000e"
		"00"
		"00000a"
		"000001"
		"cc"
		"0004"
		"0005"
		"0009",
		FLIGHT_TLS13_MALFORMED, 1, "", "" },
	{ "a status that is no OCSP response is malformed",
		"0b000013"
		"00"
		"00000f"
		"000001"
		"cc"
		"0009"
		"0005"
		"0005"
		"02"
		"000001"
		"00",
		FLIGHT_TLS13_MALFORMED, 1, "", "" },
	{ "a message of 16 MB is not waited for", "08ffffff", FLIGHT_TLS13_OVER_LIMIT, 0, "", "" },
};

static void
expect_span(const char *name, const char *what, struct span got, const char *want)
{
	if (got.len != strlen(want) || (got.len != 0 && memcmp(got.data, want, got.len) != 0))
		fail_msg("%s: got %zu bytes of %s, want \"%s\"", name, got.len, what, want);
}

static void
test_messages_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct flight_case *row = &cases[i];
		struct flight_tls13 flight;
		struct buf bytes;

		buf_init(&bytes, 10000);
		add_hex(&bytes, row->hex);
		flight = flight_tls13_read((struct span){ (const uint8_t *)bytes.data, bytes.len });
		if (flight.state != row->state || flight.certificate_count != row->certificates)
			fail_msg("%s: got state %d (%s) with %zu certificates, want %d with %zu",
				row->name, (int)flight.state, flight.why != NULL ? flight.why : "",
				flight.certificate_count, (int)row->state, row->certificates);
		if ((flight.why != NULL) !=
			(row->state != FLIGHT_TLS13_MORE && row->state != FLIGHT_TLS13_DONE))
			fail_msg("%s: got why = %s", row->name, flight.why);
		expect_span(row->name, "OCSP response", flight.stapled, row->stapled);
		expect_span(row->name, "timestamps", flight.timestamps, row->timestamps);
		buf_release(&bytes);
	}
}

/* Only the whole is done, and no byte behind the prefix is looked at. */
static void
test_every_prefix_waits_for_more(void **state)
{
	struct buf bytes;

	(void)state;
	buf_init(&bytes, 10000);
	add_hex(&bytes, EXTENSIONS REQUEST CERTIFICATE);
	for (size_t len = 0; len < bytes.len; len++) {
		uint8_t *prefix = test_malloc(len + 1);
		struct flight_tls13 flight;

		memcpy(prefix, bytes.data, len);
		flight = flight_tls13_read((struct span){ prefix, len });
		if (flight.state != FLIGHT_TLS13_MORE)
			fail_msg("%zu bytes: got state %d, want more", len, (int)flight.state);
		test_free(prefix);
	}
	buf_release(&bytes);
}

static void
test_more_certificates_than_are_kept_are_over_the_limit(void **state)
{
	struct flight_tls13 flight;
	struct buf bytes;

	(void)state;
	buf_init(&bytes, 10000);
	add_hex(&bytes, "0b0000ca"
			"00"
			"0000c6");
	for (size_t i = 0; i < FLIGHT_CERTIFICATES_MAX + 1; i++)
		add_hex(&bytes, "000001"
				"cc"
				"0000");
	flight = flight_tls13_read((struct span){ (const uint8_t *)bytes.data, bytes.len });
	assert_int_equal(flight.state, FLIGHT_TLS13_OVER_LIMIT);
	assert_int_equal(flight.certificate_count, FLIGHT_CERTIFICATES_MAX);
	buf_release(&bytes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_messages_are_read),
		cmocka_unit_test(test_every_prefix_waits_for_more),
		cmocka_unit_test(test_more_certificates_than_are_kept_are_over_the_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
