/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "flight_hex.h"
#include "wire/flight.h"

/* A ServerHello of TLS 1.2 without extensions, suite and session id to be filled in. */
#define HELLO_HEAD "0303" RANDOM
#define RANDOM                                               \
	"0102030405060708090a0b0c0d0e0f10111213141516171819" \
	"1a1b1c1d1e1f20"
#define HELLO_PLAIN "02000026" HELLO_HEAD "00"

static const struct answer_case {
	const char *name;
	uint8_t type; /* of the record */
	const char *hex;
	enum flight_state state;
	const char *why; /* a part of it */
} answers[] = {
	{ "a ServerHello without extensions is complete", 22, HELLO_PLAIN "002f00", FLIGHT_MORE,
		NULL },
	{ "an empty extension block is fine", 22, "02000028" HELLO_HEAD "00002f000000", FLIGHT_MORE,
		NULL },
	{ "a HelloRequest before it is passed over", 22, "00000000" HELLO_PLAIN "002f00",
		FLIGHT_MORE, NULL },
	{ "bytes behind the extensions are malformed", 22, "02000029" HELLO_HEAD "00002f00000000",
		FLIGHT_MALFORMED, "lengths" },
	{ "a ServerHello that is too short is malformed", 22, "020000020303", FLIGHT_MALFORMED,
		"lengths" },
	{ "a session id of 33 bytes is malformed", 22, "02000047" HELLO_HEAD "21" RANDOM "21002f00",
		FLIGHT_MALFORMED, "session id" },
	{ "an extension that runs over is malformed", 22,
		"0200002c" HELLO_HEAD "00002f000004000f0002", FLIGHT_MALFORMED, "extension" },
	{ "supported_versions with two versions is malformed", 22,
		"02000030" HELLO_HEAD "00002f000008002b000403040303", FLIGHT_MALFORMED,
		"supported_versions" },
	{ "ALPN with two protocols is malformed", 22,
		"02000034" HELLO_HEAD "00002f00000c001000080006"
		"026831026832",
		FLIGHT_MALFORMED, "ALPN" },
	{ "two ServerHellos are malformed", 22, HELLO_PLAIN "002f00" HELLO_PLAIN "002f00",
		FLIGHT_MALFORMED, "second ServerHello" },
	{ "a Certificate before the ServerHello is malformed", 22, "0b000003000000",
		FLIGHT_MALFORMED, "no place" },
	{ "a Finished is malformed", 22,
		HELLO_PLAIN "002f00"
			    "14000000",
		FLIGHT_MALFORMED, "no place" },
	{ "a Certificate with a length too large is malformed", 22,
		HELLO_PLAIN "002f00"
			    "0b000007000004000002aa",
		FLIGHT_MALFORMED, "Certificate" },
	{ "a ServerHelloDone with content is malformed", 22,
		HELLO_PLAIN "002f00"
			    "0e00000100",
		FLIGHT_MALFORMED, "ServerHelloDone" },
	{ "a DHE prime longer than its message is malformed", 22,
		HELLO_PLAIN "003300"
			    "0c0000030010aa",
		FLIGHT_MALFORMED, "DHE" },
	{ "a message of 16 MiB is over the limit at once", 22, "02ffffff", FLIGHT_OVER_LIMIT,
		"128 KiB" },
	{ "application data is malformed", 23, "00", FLIGHT_MALFORMED, "record" },
	{ "a ChangeCipherSpec before the hello is malformed", 20, "01", FLIGHT_MALFORMED,
		"ChangeCipherSpec" },
	{ "a warning is not the end", 21, "0170", FLIGHT_MORE, NULL },
	{ "close_notify is the end", 21, "0100", FLIGHT_ALERT, NULL },
	{ "a warning and a fatal alert in one record end it", 21, "01700228", FLIGHT_ALERT, NULL },
};

static void
answers_are_told_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		const struct answer_case *row = &answers[i];
		struct flight flight;
		struct buf bytes;

		buf_init(&bytes, FLIGHT_BYTES_MAX);
		add_record(&bytes, row->type, row->hex);
		flight_init(&flight, true);
		flight_feed(&flight, bytes.data, bytes.len);
		if (flight.state != row->state ||
			(row->why != NULL && strstr(flight.why, row->why) == NULL))
			fail_msg("%s: got state %d (%s), want %d (%s)", row->name,
				(int)flight.state, flight.why == NULL ? "" : flight.why,
				(int)row->state, row->why == NULL ? "" : row->why);
		flight_release(&flight);
		buf_release(&bytes);
	}
}

static const struct exchange_case {
	const char *name;
	const char *hex; /* ServerHello and ServerKeyExchange */
	unsigned bits;
	uint16_t group, signature;
	bool explicit_curve;
} exchanges[] = {
	{ "a temporary key of RSA export is measured",
		HELLO_PLAIN "000300"
			    "0c0000070002ffff000103",
		16, 0, 0, false },
	{ "leading zeros do not count",
		HELLO_PLAIN "001b00"
			    "0c00000b0003007fff000102000105",
		15, 0, 0, false },
	{ "a PSK suite has its hint in front",
		HELLO_PLAIN "c03500"
			    "0c0000080001680300170104",
		0, 23, 0, false },
	{ "the scheme follows the point",
		HELLO_PLAIN "c02f00"
			    "0c00000a03001701040804000100",
		0, 23, 0x0804, false },
	{ "a curve by its parameters is told",
		HELLO_PLAIN "c02f00"
			    "0c0000020100",
		0, 0, 0, true },
	{ "an unknown suite leaves it unread",
		HELLO_PLAIN "fafa00"
			    "0c0000020100",
		0, 0, 0, false },
};

static void
key_exchanges_are_read_by_suite(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(exchanges) / sizeof(exchanges[0]); i++) {
		const struct exchange_case *row = &exchanges[i];
		struct flight flight;
		struct buf bytes;

		buf_init(&bytes, FLIGHT_BYTES_MAX);
		add_record(&bytes, 22, row->hex);
		flight_init(&flight, true);
		flight_feed(&flight, bytes.data, bytes.len);
		if (flight.state != FLIGHT_MORE || !flight.exchange.seen ||
			flight.exchange.bits != row->bits || flight.exchange.group != row->group ||
			flight.exchange.signature != row->signature ||
			flight.exchange.explicit_curve != row->explicit_curve)
			fail_msg("%s: got state %d (%s) bits %u group %u scheme %04x", row->name,
				(int)flight.state, flight.why == NULL ? "" : flight.why,
				flight.exchange.bits, flight.exchange.group,
				flight.exchange.signature);
		flight_release(&flight);
		buf_release(&bytes);
	}
}

static void
a_cipher_change_may_follow_a_retry(void **state)
{
	struct flight flight;

	(void)state;
	flight_init(&flight, true);
	flight.after_retry = true;
	assert_int_equal(flight_feed(&flight, "\x14\3\3\0\1\1", 6), FLIGHT_MORE);
	flight_release(&flight);
	flight_init(&flight, true);
	assert_int_equal(flight_feed(&flight, "\x14\3\3\0\1\1", 6), FLIGHT_MALFORMED);
	flight_release(&flight);
}

static void
a_resumed_session_ends_at_the_cipher_change(void **state)
{
	struct flight flight;
	struct buf bytes;

	(void)state;
	buf_init(&bytes, FLIGHT_BYTES_MAX);
	add_record(&bytes, 22, HELLO_PLAIN "002f00");
	add_record(&bytes, 20, "01");
	flight_init(&flight, true);
	assert_int_equal(flight_feed(&flight, bytes.data, bytes.len), FLIGHT_HELLO);
	assert_true(flight.resumed);
	flight_release(&flight);
	buf_release(&bytes);
}

static void
a_stapled_response_is_kept(void **state)
{
	struct flight flight;
	struct buf bytes;

	(void)state;
	buf_init(&bytes, FLIGHT_BYTES_MAX);
	add_record(&bytes, 22,
		HELLO_PLAIN "002f00"
			    "1600000601000002abcd"
			    "0e000000");
	flight_init(&flight, true);
	assert_int_equal(flight_feed(&flight, bytes.data, bytes.len), FLIGHT_HELLO);
	assert_int_equal(flight.stapled.len, 2);
	assert_int_equal(flight_span(&flight, flight.stapled).data[1], 0xcd);
	flight_release(&flight);
	buf_release(&bytes);
}

static const struct alert_case {
	const char *name;
	const char *hex;
	struct flight_alert alert, warning;
} alerts[] = {
	{ "protocol_version", "0246", { true, 2, 70 }, { false, 0, 0 } },
	{ "a warning alone", "0170", { false, 0, 0 }, { true, 1, 112 } },
	{ "a warning and a fatal one", "01700228", { true, 2, 40 }, { true, 1, 112 } },
	{ "nothing is read behind the fatal one", "02280170", { true, 2, 40 }, { false, 0, 0 } },
	{ "close_notify", "0100", { true, 1, 0 }, { false, 0, 0 } },
	{ "half an alert", "02", { false, 0, 0 }, { false, 0, 0 } },
};

static bool
same_alert(struct flight_alert a, struct flight_alert b)
{
	return a.seen == b.seen && a.level == b.level && a.description == b.description;
}

static void
alerts_are_kept_with_level_and_description(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(alerts) / sizeof(alerts[0]); i++) {
		struct flight flight;
		struct buf bytes;

		buf_init(&bytes, FLIGHT_BYTES_MAX);
		add_record(&bytes, 21, alerts[i].hex);
		flight_init(&flight, false);
		flight_feed(&flight, bytes.data, bytes.len);
		if (!same_alert(flight.alert, alerts[i].alert) ||
			!same_alert(flight.warning, alerts[i].warning))
			fail_msg("%s: got alert %u %u, warning %u %u", alerts[i].name,
				flight.alert.level, flight.alert.description, flight.warning.level,
				flight.warning.description);
		flight_release(&flight);
		buf_release(&bytes);
	}
}

static void
plain_text_is_not_tls_and_its_beginning_is_kept(void **state)
{
	static const char reply[] = "454 4.7.0 TLS not available\r\n";
	struct flight flight;

	(void)state;
	flight_init(&flight, true);
	for (const char *c = reply; *c != '\0'; c++)
		assert_int_equal(flight_feed(&flight, c, 1), FLIGHT_NOT_TLS);
	assert_string_equal(flight.alien.data, reply);
	flight_release(&flight);
}

static void
plain_text_behind_a_record_is_malformed(void **state)
{
	struct flight flight;
	struct buf bytes;

	(void)state;
	buf_init(&bytes, FLIGHT_BYTES_MAX);
	add_record(&bytes, 21, "0170");
	buf_add_string(&bytes, "454");
	flight_init(&flight, true);
	assert_int_equal(flight_feed(&flight, bytes.data, bytes.len), FLIGHT_MALFORMED);
	flight_release(&flight);
	buf_release(&bytes);
}

/* 33 certificates of one byte, and endless HelloRequests. */
static void
more_than_the_limits_is_told(void **state)
{
	struct flight flight;
	struct buf bytes;
	size_t record, message, list;

	(void)state;
	buf_init(&bytes, FLIGHT_BYTES_MAX);
	add_record(&bytes, 22, HELLO_PLAIN "002f00");
	add_hex(&bytes, "160303");
	record = hello_open(&bytes, 2);
	add_hex(&bytes, "0b");
	message = hello_open(&bytes, 3);
	list = hello_open(&bytes, 3);
	for (int i = 0; i < FLIGHT_CERTIFICATES_MAX + 1; i++)
		add_hex(&bytes, "00000130");
	hello_close(&bytes, list, 3);
	hello_close(&bytes, message, 3);
	hello_close(&bytes, record, 2);
	flight_init(&flight, true);
	assert_int_equal(flight_feed(&flight, bytes.data, bytes.len), FLIGHT_OVER_LIMIT);
	flight_release(&flight);
	flight_init(&flight, true);
	buf_reset(&bytes);
	add_record(&bytes, 22, "00000000");
	for (int i = 0; i < FLIGHT_HANDSHAKE_MAX / 4; i++)
		assert_int_equal(flight_feed(&flight, bytes.data, bytes.len), FLIGHT_MORE);
	assert_int_equal(flight_feed(&flight, bytes.data, bytes.len), FLIGHT_OVER_LIMIT);
	flight_release(&flight);
	buf_reset(&bytes);
	add_record(&bytes, 22, "");
	flight_init(&flight, true);
	for (size_t fed = bytes.len; fed <= FLIGHT_BYTES_MAX; fed += bytes.len)
		assert_int_equal(flight_feed(&flight, bytes.data, bytes.len), FLIGHT_MORE);
	assert_int_equal(flight_feed(&flight, bytes.data, bytes.len), FLIGHT_OVER_LIMIT);
	flight_release(&flight);
	buf_release(&bytes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_are_told_apart),
		cmocka_unit_test(key_exchanges_are_read_by_suite),
		cmocka_unit_test(a_cipher_change_may_follow_a_retry),
		cmocka_unit_test(a_resumed_session_ends_at_the_cipher_change),
		cmocka_unit_test(a_stapled_response_is_kept),
		cmocka_unit_test(alerts_are_kept_with_level_and_description),
		cmocka_unit_test(plain_text_is_not_tls_and_its_beginning_is_kept),
		cmocka_unit_test(plain_text_behind_a_record_is_malformed),
		cmocka_unit_test(more_than_the_limits_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
