/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Limits of the process, what becomes of a connection that meets them, and connections that are begun
 * before they are needed.
 */
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/open_files.h"
#include "net/dial.h"

/* Dials with no file left to open. */
static enum outcome
dial_without_files(struct dialled *dialled, struct error *error)
{
	struct rlimit limit, none;
	struct dial_request request = { .host = "127.0.0.1",
		.port = 1,
		.route = dial_route_create(),
		.look_up_deadline_ms = clock_now_ms() + 1000,
		.timeout_ms = 1000,
		.deadline_ms = clock_now_ms() + 1000 };
	enum outcome outcome;
	struct stream stream;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	none = (struct rlimit){ 0, limit.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	outcome = dial(&socket_dialler, &request, &stream, dialled, error);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	dial_route_free(request.route);
	return outcome;
}

static void
too_many_open_files_are_not_the_servers(void **state)
{
	struct error error = { .text = "" };
	struct dialled dialled;

	(void)state;
	assert_int_equal(dial_without_files(&dialled, &error), OUTCOME_BROKEN);
	assert_int_equal(dialled.fault, DIAL_FAULT_FILES);
	assert_string_equal(
		error.text, "127.0.0.1 port 1: Too many open files (ulimit -n allows more)");
}

static void
the_limit_is_raised_as_far_as_it_goes(void **state)
{
	struct rlimit before, lowered = { 50, 60 }, after;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &lowered), 0);
	assert_int_equal(open_files_most(), 60);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &after), 0);
	assert_int_equal(after.rlim_cur, 60);
	assert_int_equal(open_files_most(), 60);
}

/* A server on loopback, and who connects to it. */
struct scene {
	int listener;
	struct preconnect preconnect;
	struct dial_request request;
};

static void
set_up(struct scene *scene)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(address);

	scene->listener = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(scene->listener, (struct sockaddr *)&address, len), 0);
	assert_int_equal(listen(scene->listener, 8), 0);
	assert_int_equal(getsockname(scene->listener, (struct sockaddr *)&address, &len), 0);
	scene->preconnect = (struct preconnect){ .fd = -1 };
	scene->request = (struct dial_request){ .host = "127.0.0.1",
		.port = ntohs(address.sin_port),
		.route = dial_route_create(),
		.look_up_deadline_ms = clock_now_ms() + 1000,
		.timeout_ms = 1000,
		.deadline_ms = clock_now_ms() + 1000,
		.preconnect = &scene->preconnect };
}

static void
tear_down(struct scene *scene)
{
	dial_abandon(&scene->preconnect);
	dial_route_free(scene->request.route);
	close(scene->listener);
}

static enum outcome
connect_once(struct scene *scene)
{
	struct error error = { .text = "" };
	struct dialled dialled;
	struct stream stream;
	enum outcome outcome = dial(&socket_dialler, &scene->request, &stream, &dialled, &error);

	if (outcome == OUTCOME_DONE)
		stream_close(&stream);
	return outcome;
}

static void
begin(struct scene *scene)
{
	socket_dialler.begin(&socket_dialler, &scene->request);
}

/* How many connections have arrived since the last look. */
static unsigned
arrived(const struct scene *scene)
{
	struct pollfd polled = { .fd = scene->listener, .events = POLLIN };
	unsigned count = 0;

	for (; poll(&polled, 1, 50) == 1; count++)
		close(accept(scene->listener, NULL, NULL));
	return count;
}

static void
a_connection_that_was_begun_is_gone_on_with(void **state)
{
	struct scene scene;

	(void)state;
	set_up(&scene);
	begin(&scene);
	assert_int_equal(scene.preconnect.fd, -1); /* where to is not known yet */
	assert_int_equal(connect_once(&scene), OUTCOME_DONE);
	begin(&scene);
	assert_true(scene.preconnect.fd >= 0);
	assert_int_equal(connect_once(&scene), OUTCOME_DONE);
	assert_int_equal(scene.preconnect.fd, -1);
	assert_false(scene.preconnect.given_up);
	assert_int_equal(arrived(&scene), 2);
	tear_down(&scene);
}

static void
one_that_was_silent_for_long_is_made_anew(void **state)
{
	struct scene scene;

	(void)state;
	set_up(&scene);
	assert_int_equal(connect_once(&scene), OUTCOME_DONE);
	begin(&scene);
	scene.preconnect.since_ms -= 1001;
	assert_int_equal(connect_once(&scene), OUTCOME_DONE);
	assert_true(scene.preconnect.given_up);
	assert_int_equal(arrived(&scene), 3);
	tear_down(&scene);
}

static void
one_that_the_server_ended_is_made_anew(void **state)
{
	struct scene scene;

	(void)state;
	set_up(&scene);
	assert_int_equal(connect_once(&scene), OUTCOME_DONE);
	begin(&scene);
	assert_int_equal(arrived(&scene), 2); /* and closed */
	assert_int_equal(connect_once(&scene), OUTCOME_DONE);
	assert_true(scene.preconnect.given_up);
	assert_int_equal(arrived(&scene), 1);
	tear_down(&scene);
}

/* The connect that is made anew says it, since it can be told from a close. */
static void
one_that_was_refused_is_refused(void **state)
{
	struct scene scene;

	(void)state;
	set_up(&scene);
	assert_int_equal(connect_once(&scene), OUTCOME_DONE);
	close(scene.listener);
	begin(&scene);
	assert_int_equal(connect_once(&scene), OUTCOME_REFUSED);
	assert_int_equal(scene.preconnect.fd, -1);
	scene.listener = -1;
	tear_down(&scene);
}

static void
one_that_is_not_needed_is_ended(void **state)
{
	struct scene scene;

	(void)state;
	set_up(&scene);
	assert_int_equal(connect_once(&scene), OUTCOME_DONE);
	begin(&scene);
	assert_true(dial_abandon(&scene.preconnect));
	assert_false(dial_abandon(&scene.preconnect));
	assert_false(dial_abandon(NULL));
	tear_down(&scene);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(too_many_open_files_are_not_the_servers),
		cmocka_unit_test(the_limit_is_raised_as_far_as_it_goes),
		cmocka_unit_test(a_connection_that_was_begun_is_gone_on_with),
		cmocka_unit_test(one_that_was_silent_for_long_is_made_anew),
		cmocka_unit_test(one_that_the_server_ended_is_made_anew),
		cmocka_unit_test(one_that_was_refused_is_refused),
		cmocka_unit_test(one_that_is_not_needed_is_ended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
