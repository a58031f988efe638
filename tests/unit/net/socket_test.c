/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A stream over a socket to this file's own end of it, which holds back small segments, as the
 * socket of a server does that nobody told otherwise.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "net/stream.h"

#define PATIENCE_MS 5000

/* Rounds of question and answer; only behind the first ones a system delays what it acknowledges. */
#define ROUNDS 40
#define FIRST_ROUNDS 30

/* Linux delays for 40 ms at least. */
#define DELAY_MS 30

struct ends {
	struct stream client;
	int server;
};

static void
connect_ends(struct ends *ends)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	int listener = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);
	socklen_t len = sizeof(address);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(listener, (struct sockaddr *)&address, len), 0);
	assert_int_equal(listen(listener, 1), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &len), 0);
	assert_int_equal(connect(client, (struct sockaddr *)&address, len), 0);
	assert_int_equal(fcntl(client, F_SETFL, O_NONBLOCK), 0);
	ends->server = accept(listener, NULL, NULL);
	assert_true(ends->server >= 0);
	close(listener);
	stream_over_socket(&ends->client, client);
}

/* Asks, and waits for an answer that comes in two pieces; in milliseconds. */
static int64_t
ask(struct ends *ends)
{
	int64_t from = clock_now_ms();
	char question;

	assert_int_equal(stream_write(&ends->client, "?", 1, from + PATIENCE_MS), STREAM_OK);
	assert_int_equal(recv(ends->server, &question, 1, 0), 1);
	assert_int_equal(send(ends->server, "1", 1, 0), 1);
	assert_int_equal(send(ends->server, "2", 1, 0), 1);
	while (ends->client.unread.len < 2)
		assert_int_equal(stream_fill(&ends->client, from + PATIENCE_MS), STREAM_OK);
	buf_reset(&ends->client.unread);
	return clock_now_ms() - from;
}

static void
a_server_that_holds_back_small_segments_is_not_kept_waiting(void **state)
{
	int64_t fastest = PATIENCE_MS;
	struct ends ends;

	(void)state;
	connect_ends(&ends);
	for (size_t i = 0; i < ROUNDS; i++) {
		int64_t taken = ask(&ends);

		if (i >= FIRST_ROUNDS && taken < fastest)
			fastest = taken;
	}
	assert_in_range(fastest, 0, DELAY_MS);
	stream_close(&ends.client);
	close(ends.server);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_server_that_holds_back_small_segments_is_not_kept_waiting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
