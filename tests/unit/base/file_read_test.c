/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file_read.h"

/* More than is read at once. */
#define SIZE 150000

static char path[] = "/tmp/file_read_test.XXXXXX";

static int
make_file(void **state)
{
	int fd = mkstemp(path);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "wb");

	(void)state;
	if (file == NULL)
		return 1;
	for (int i = 0; i < SIZE; i++)
		fputc(i % 251, file);
	return fclose(file);
}

static int
remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

static void
test_reads_all_bytes(void **state)
{
	struct error error = { 0 };
	struct buf text;

	(void)state;
	buf_init(&text, SIZE);
	assert_true(file_read(&text, path, &error));
	assert_false(error_is_set(&error));
	assert_int_equal(text.len, SIZE);
	for (int i = 0; i < SIZE; i++)
		if ((unsigned char)text.data[i] != i % 251)
			fail_msg("byte %d: got %d", i, text.data[i]);
	buf_release(&text);
}

static void
test_refuses_what_is_too_large(void **state)
{
	struct error error = { 0 };
	struct buf text;

	(void)state;
	buf_init(&text, SIZE - 1);
	assert_false(file_read(&text, path, &error));
	assert_string_equal(error.text, "it has more than 149999 bytes");
	buf_release(&text);
}

static void
test_says_why_it_cannot_read(void **state)
{
	static const struct {
		const char *path;
		const char *want;
	} rows[] = {
		{ "/tmp/file_read_test.none", "No such file or directory" },
		{ "/tmp", "Is a directory" },
		{ "/dev/zero", "it is neither a regular file nor a pipe" },
		{ "", "No such file or directory" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct error error = { 0 };
		struct buf text;

		buf_init(&text, 100);
		assert_false(file_read(&text, rows[i].path, &error));
		assert_string_equal(error.text, rows[i].want);
		buf_release(&text);
	}
}

/* A name for the reading end of a pipe that has so many bytes to give. */
static const char *
fill_pipe(char name[32], int ends[2], size_t len)
{
	static const char bytes[1000];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], bytes, len), len);
	snprintf(name, 32, "/dev/fd/%d", ends[0]);
	return name;
}

static void
expect_pipe(const char *name, const char *pipe_name, size_t len, const char *want)
{
	struct error error = { 0 };
	struct buf text;
	bool fine;

	buf_init(&text, 500);
	fine = file_read(&text, pipe_name, &error);
	if (fine != (want == NULL) || (fine && text.len != len) ||
		(!fine && strcmp(error.text, want) != 0))
		fail_msg("%s: got %zu bytes, \"%s\"", name, text.len, error.text);
	buf_release(&text);
}

static void
test_reads_a_pipe_up_to_its_end(void **state)
{
	char name[32];
	int ends[2];

	(void)state;
	fill_pipe(name, ends, 500);
	close(ends[1]);
	expect_pipe("a pipe", name, 500, NULL);
	expect_pipe("a pipe that was read", name, 0, "it is a pipe that nobody has written to");
	close(ends[0]);
	fill_pipe(name, ends, 501);
	close(ends[1]);
	expect_pipe("a full pipe", name, 0, "it has more than 500 bytes");
	close(ends[0]);
}

static void
test_waits_for_who_writes_to_a_pipe(void **state)
{
	const struct timespec moment = { .tv_nsec = 50 * 1000 * 1000 };
	char name[32];
	int ends[2];
	pid_t child;

	(void)state;
	fill_pipe(name, ends, 100);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		nanosleep(&moment, NULL);
		_exit(write(ends[1], name, 20) == 20 ? 0 : 1);
	}
	close(ends[1]);
	expect_pipe("a slow pipe", name, 120, NULL);
	close(ends[0]);
	assert_int_equal(waitpid(child, NULL, 0), child);
}

static void
test_does_not_wait_for_somebody_to_write_to_a_fifo(void **state)
{
	char fifo[sizeof(path) + 5];

	(void)state;
	snprintf(fifo, sizeof(fifo), "%s.fifo", path);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	expect_pipe("a FIFO", fifo, 0, "it is a pipe that nobody has written to");
	assert_int_equal(unlink(fifo), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads_all_bytes),
		cmocka_unit_test(test_refuses_what_is_too_large),
		cmocka_unit_test(test_says_why_it_cannot_read),
		cmocka_unit_test(test_reads_a_pipe_up_to_its_end),
		cmocka_unit_test(test_waits_for_who_writes_to_a_pipe),
		cmocka_unit_test(test_does_not_wait_for_somebody_to_write_to_a_fifo),
	};

	return cmocka_run_group_tests(tests, make_file, remove_file);
}
