/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A table of the messages below TLS 1.3, by type, with the reader of each.
 */
#include "flight_messages.h"

#include "flight_exchange.h"
#include "status_message.h"

static void
malformed(struct flight *flight, const char *why)
{
	flight->state = FLIGHT_MALFORMED;
	flight->why = why;
}

static void
read_hello(struct flight *flight, struct span body)
{
	const char *why = flight->hello.seen ? "RFC 5246 7.4: a second ServerHello"
					     : flight_hello_read(&flight->hello, body);

	if (why != NULL)
		malformed(flight, why);
	else if (flight->hello.retry)
		flight->state = FLIGHT_RETRY;
	else if (!flight->whole || flight->hello.version >= TLS_VERSION_1_3)
		flight->state = FLIGHT_HELLO;
}

/* RFC 5246 section 7.4.2. */
static void
read_certificates(struct flight *flight, struct span body)
{
	struct cursor outer = cursor_over(body);
	struct cursor list = cursor_over(cursor_vector24(&outer));

	flight->certificate_count = 0;
	while (list.left != 0) {
		struct span der = cursor_vector24(&list);

		if (list.broken)
			break;
		if (flight->certificate_count == FLIGHT_CERTIFICATES_MAX) {
			flight->state = FLIGHT_OVER_LIMIT;
			flight->why = "more than 32 certificates";
			return;
		}
		flight->certificates[flight->certificate_count++] = flight_range_of(flight, der);
	}
	if (list.broken || !cursor_at_end(&outer))
		malformed(flight, "RFC 5246 7.4.2: the Certificate's lengths do not add up");
}

/* RFC 6066 section 8. */
static void
read_status(struct flight *flight, struct span body)
{
	struct span response;

	if (!certificate_status_read(body, &response))
		malformed(flight, "RFC 6066 8: the CertificateStatus is not one OCSP response");
	else
		flight->stapled = flight_range_of(flight, response);
}

static void
read_exchange(struct flight *flight, struct span body)
{
	const char *why = flight_exchange_read(flight, body);

	if (why != NULL)
		malformed(flight, why);
}

static void
read_request(struct flight *flight, struct span body)
{
	(void)body;
	flight->asks_certificate = true;
}

static void
read_done(struct flight *flight, struct span body)
{
	if (body.len != 0)
		malformed(flight, "RFC 5246 7.4.5: the ServerHelloDone is not empty");
	else
		flight->state = FLIGHT_HELLO;
}

static void
pass_over(struct flight *flight, struct span body)
{
	(void)flight;
	(void)body;
}

static const struct {
	uint8_t type;
	bool after_hello;
	void (*read)(struct flight *flight, struct span body);
} messages[] = {
	{ TLS_HANDSHAKE_HELLO_REQUEST, false, pass_over },
	{ TLS_HANDSHAKE_SERVER_HELLO, false, read_hello },
	{ TLS_HANDSHAKE_NEW_SESSION_TICKET, true, pass_over },
	{ TLS_HANDSHAKE_CERTIFICATE, true, read_certificates },
	{ TLS_HANDSHAKE_CERTIFICATE_STATUS, true, read_status },
	{ TLS_HANDSHAKE_SERVER_KEY_EXCHANGE, true, read_exchange },
	{ TLS_HANDSHAKE_CERTIFICATE_REQUEST, true, read_request },
	{ TLS_HANDSHAKE_SERVER_HELLO_DONE, true, read_done },
};

void
flight_read_message(struct flight *flight, uint8_t type, struct span body)
{
	for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
		if (messages[i].type != type)
			continue;
		if (messages[i].after_hello && !flight->hello.seen)
			break;
		messages[i].read(flight, body);
		return;
	}
	malformed(flight, "RFC 5246 7.3: a handshake message that has no place in the flight");
}
