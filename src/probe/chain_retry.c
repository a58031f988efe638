/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A second hello for a server that wants the key share of another group, as a client makes it.
 */
#include "chain_reading.h"
#include "probe/dialog.h"
#include "wire/handshake.h"
#include "wire/key_shares.h"

/* The keys of those of the groups that there can be keys of; NULL: of none. */
struct tls13_keys *
chain_keys_of(const struct hello_offer *offer)
{
	uint16_t groups[HELLO_SHARES_MAX];
	size_t count = 0;

	for (size_t i = 0; i < offer->share_count; i++)
		if (tls13_keys_can(offer->shares[i].group))
			groups[count++] = offer->shares[i].group;
	return count == 0 ? NULL : tls13_keys_create(groups, count);
}

/* Why a client ends the connection; NULL when it does not (RFC 8446 sections 4.1.4 and 4.2.8). */
static const char *
fault_of(const struct hello_offer *offer, uint16_t wanted, struct span cookie)
{
	if (!tls_codes_has(&offer->versions, TLS_VERSION_1_3))
		return "RFC 8446 4.1.4: the server answers with TLS 1.3, which was not offered";
	if (hello_offer_shares(offer, wanted))
		return "RFC 8446 4.2.8: the server wants a key share that it has got";
	if (wanted != 0 && !tls_codes_has(&offer->groups, wanted))
		return "RFC 8446 4.2.8: the server wants the key share of a group that was not offered";
	if (wanted == 0 && cookie.len == 0)
		return "RFC 8446 4.1.4: the server wants another hello, and nothing different in it";
	return NULL;
}

/* Makes the offer that of the second hello: with the share that is wanted, and the cookie. */
static bool
offer_again(struct chain_reading *reading, const struct flight *request)
{
	struct hello_offer *offer = &reading->offer;
	struct cursor extension =
		cursor_over(chain_server_extension(request, TLS_EXTENSION_COOKIE));
	struct span cookie = cursor_vector16(&extension);
	const char *fault = fault_of(offer, reading->wanted, cookie);

	if (fault != NULL)
		return error_set(&reading->asked.error, "%s", fault);
	if (reading->wanted != 0)
		offer->share_count = key_share_of(reading->wanted, &offer->shares[0]) ? 1 : 0;
	offer->record_version = TLS_VERSION_1_2;
	if (cookie.len == 0)
		return true;
	offer->cookie.data = arena_memdup(&reading->observation->arena, cookie.data, cookie.len);
	offer->cookie.len = cookie.len;
	return tls_codes_add(&offer->order, TLS_EXTENSION_COOKIE);
}

static void
send_again(struct chain_reading *reading)
{
	struct span request = chain_server_hello(&reading->asked.flight).whole;

	buf_add(&reading->hello, request.data, request.len);
	chain_add_hello(reading, &reading->hello);
	tls13_keys_release(reading->keys);
	reading->keys = chain_keys_of(&reading->offer);
	hello_exchange_again(&reading->connection, &reading->offer, &reading->asked);
	if (reading->asked.flight.state != FLIGHT_RETRY)
		return;
	reading->asked.end = TRY_NO_ANSWER;
	error_set(&reading->asked.error, "RFC 8446 4.1.4: a second HelloRetryRequest");
}

void
chain_follow_retry(struct chain_reading *reading)
{
	struct flight *request = &reading->asked.flight;
	struct buf first;

	buf_init(&first, HELLO_LEN_MAX);
	chain_add_hello(reading, &first);
	reading->wanted = request->hello.group;
	reading->asked.end = TRY_NO_ANSWER;
	dialog_remark(&reading->connection.dialog, "the server wants another key share");
	if (!tls13_stand_in(request->hello.suite, buf_span(&first), &reading->hello))
		error_set(&reading->asked.error,
			"RFC 8446 4.1.4: the HelloRetryRequest has no suite of TLS 1.3");
	else if (offer_again(reading, request))
		send_again(reading);
	buf_release(&first);
}
