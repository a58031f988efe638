/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file_replace.h"

/* Each test has an empty directory of its own as working directory. */
struct room {
	char path[64];
	int back;
};

static int
enter_room(void **state)
{
	struct room *room = calloc(1, sizeof(*room));

	snprintf(room->path, sizeof(room->path), "/tmp/gate-file-XXXXXX");
	room->back = open(".", O_RDONLY | O_DIRECTORY);
	*state = room;
	umask(022);
	return mkdtemp(room->path) == NULL || chdir(room->path) != 0;
}

static int
leave_room(void **state)
{
	struct room *room = *state;
	char command[128];
	int failed;

	failed = fchdir(room->back);
	close(room->back);
	snprintf(command, sizeof(command), "rm -rf '%s'", room->path);
	failed |= system(command);
	free(room);
	return failed;
}

static void
put(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void
assert_file(const char *path, const char *want)
{
	char got[256] = "";
	FILE *file = fopen(path, "r");

	if (file == NULL)
		fail_msg("%s: does not exist, want \"%s\"", path, want);
	got[fread(got, 1, sizeof(got) - 1, file)] = '\0';
	fclose(file);
	assert_string_equal(got, want);
}

static void
assert_entries(const char *path, int want)
{
	DIR *directory = opendir(path);
	int got = -2; /* "." and ".." */

	assert_non_null(directory);
	while (readdir(directory) != NULL)
		got++;
	closedir(directory);
	assert_int_equal(got, want);
}

/* In two pieces. */
static bool
file_replace(const char *path, const char *text, struct error *error)
{
	struct file_replacement file;
	bool written;

	if (!file_replace_begin(&file, path, error))
		return false;
	written = file_replace_add(&file, text, 1, error) &&
		  file_replace_add(&file, text + 1, strlen(text + 1), error);
	return file_replace_end(&file, written, error);
}

static void
replace(const char *path, const char *text)
{
	struct error error = { 0 };

	if (!file_replace(path, text, &error))
		fail_msg("%s", error.text);
}

static void
assert_refused(const char *path, const char *why)
{
	struct error error = { 0 };

	assert_false(file_replace(path, "new", &error));
	assert_ptr_equal(strstr(error.text, path), error.text);
	if (strstr(error.text, why) == NULL)
		fail_msg("got \"%s\", want \"%s\"", error.text, why);
}

static void
a_new_file_is_readable_less_the_umask(void **state)
{
	struct stat file;

	(void)state;
	replace("new.xml", "text");
	assert_file("new.xml", "text");
	assert_int_equal(stat("new.xml", &file), 0);
	assert_int_equal(file.st_mode & 0777, 0644);
	umask(077);
	replace("private.xml", "text");
	assert_int_equal(stat("private.xml", &file), 0);
	assert_int_equal(file.st_mode & 0777, 0600);
	umask(0);
	replace("nobody-else-writes.xml", "text");
	assert_int_equal(stat("nobody-else-writes.xml", &file), 0);
	assert_int_equal(file.st_mode & 0777, 0644);
	assert_entries(".", 3);
}

static void
an_old_file_is_replaced_whole(void **state)
{
	struct stat old, new;

	(void)state;
	put("report.xml", "a longer text than the new one");
	assert_int_equal(stat("report.xml", &old), 0);
	replace("report.xml", "short");
	assert_file("report.xml", "short");
	assert_int_equal(stat("report.xml", &new), 0);
	assert_int_not_equal(old.st_ino, new.st_ino); /* renamed, not written over */
	assert_entries(".", 1);
}

static void
a_link_stays_and_its_target_is_replaced(void **state)
{
	struct stat link;

	(void)state;
	assert_int_equal(mkdir("real", 0755), 0);
	put("real/report.xml", "old");
	assert_int_equal(symlink("real/report.xml", "one.xml"), 0);
	assert_int_equal(symlink("one.xml", "two.xml"), 0);
	replace("two.xml", "new");
	assert_file("real/report.xml", "new");
	assert_int_equal(lstat("two.xml", &link), 0);
	assert_true(S_ISLNK(link.st_mode));
	assert_entries("real", 1);
}

static void
a_link_may_be_absolute(void **state)
{
	const struct room *room = *state;
	char target[96];

	snprintf(target, sizeof(target), "%s/report.xml", room->path);
	assert_int_equal(mkdir("links", 0755), 0);
	assert_int_equal(symlink(target, "links/report.xml"), 0);
	replace("links/report.xml", "new");
	assert_file("report.xml", "new");
	assert_entries("links", 1);
}

static void
a_link_to_a_file_not_there_yet_makes_it(void **state)
{
	(void)state;
	assert_int_equal(mkdir("real", 0755), 0);
	assert_int_equal(symlink("real/later.xml", "report.xml"), 0);
	replace("report.xml", "new");
	assert_file("real/later.xml", "new");
}

static void
a_circle_of_links_is_refused(void **state)
{
	struct error error = { 0 };

	(void)state;
	assert_int_equal(symlink("b.xml", "a.xml"), 0);
	assert_int_equal(symlink("a.xml", "b.xml"), 0);
	assert_refused("a.xml", "symbolic links");
	assert_false(file_can_replace("a.xml", &error));
}

static void
a_directory_that_is_not_there_is_refused(void **state)
{
	struct error error = { 0 };

	(void)state;
	assert_refused("no/report.xml", "No such file or directory");
	assert_false(file_can_replace("no/report.xml", &error));
	assert_non_null(strstr(error.text, "No such file or directory"));
}

static void
a_directory_is_no_file(void **state)
{
	struct error error = { 0 };

	(void)state;
	assert_int_equal(mkdir("reports", 0755), 0);
	assert_refused("reports", "Is a directory");
	assert_false(file_can_replace("reports", &error));
}

/* The superuser may write anywhere, so the child gives that up. */
static void
as_nobody(void (*act)(void))
{
	pid_t child;
	int status;

	fflush(NULL);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
			_exit(99);
		act();
		_exit(98);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void
write_where_not_allowed(void)
{
	struct error error = { 0 };

	if (file_can_replace("locked/report.xml", &error))
		_exit(1);
	memset(&error, 0, sizeof(error));
	if (file_replace("locked/report.xml", "new", &error))
		_exit(2);
	_exit(strstr(error.text, "locked/report.xml: ") == error.text &&
				strstr(error.text, "Permission denied") != NULL
			? 0
			: 3);
}

static void
an_unwritable_directory_keeps_the_old_file(void **state)
{
	(void)state;
	assert_int_equal(chmod(".", 0755), 0);
	assert_int_equal(mkdir("locked", 0755), 0);
	put("locked/report.xml", "old");
	assert_int_equal(chmod("locked", 0555), 0);
	as_nobody(write_where_not_allowed);
	assert_file("locked/report.xml", "old");
	assert_entries("locked", 1);
	assert_int_equal(chmod("locked", 0755), 0);
}

/* A file may not grow beyond 4 bytes here: as if the disk were full. */
static void
write_more_than_fits(void)
{
	struct rlimit four = { 4, 4 };
	struct error error = { 0 };

	signal(SIGXFSZ, SIG_IGN);
	if (setrlimit(RLIMIT_FSIZE, &four) != 0)
		_exit(1);
	if (file_replace("open/report.xml", "too long", &error))
		_exit(2);
	_exit(strstr(error.text, "File too large") != NULL ? 0 : 3);
}

static void
a_full_disk_keeps_the_old_file(void **state)
{
	(void)state;
	assert_int_equal(chmod(".", 0755), 0);
	assert_int_equal(mkdir("open", 0755), 0);
	assert_int_equal(chmod("open", 0777), 0);
	put("open/report.xml", "old");
	as_nobody(write_more_than_fits);
	assert_file("open/report.xml", "old");
	assert_entries("open", 1);
}

/* Runs the write with standard output on a file that already holds "before". */
static void
replace_while_redirected(const char *path)
{
	int saved = dup(STDOUT_FILENO);
	int file = open("log.txt", O_WRONLY | O_CREAT | O_TRUNC, 0644);

	fflush(stdout);
	assert_int_equal(dup2(file, STDOUT_FILENO), STDOUT_FILENO);
	assert_int_equal(write(STDOUT_FILENO, "before ", 7), 7);
	replace(path, "report");
	assert_int_equal(write(STDOUT_FILENO, " after", 6), 6);
	dup2(saved, STDOUT_FILENO);
	close(saved);
	close(file);
}

static void
standard_output_is_written_to_and_not_replaced(void **state)
{
	static const char *const names[] = { "-", "/dev/stdout", "log.txt" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		replace_while_redirected(names[i]);
		assert_file("log.txt", "before report after");
		assert_entries(".", 1);
	}
}

static void
a_pipe_is_written_to_and_stays(void **state)
{
	struct stat file;
	char got[16] = "";
	int reader;

	(void)state;
	assert_int_equal(mkfifo("pipe", 0600), 0);
	reader = open("pipe", O_RDONLY | O_NONBLOCK);
	replace("pipe", "report");
	assert_int_equal(read(reader, got, sizeof(got) - 1), 6);
	assert_string_equal(got, "report");
	close(reader);
	assert_int_equal(stat("pipe", &file), 0);
	assert_true(S_ISFIFO(file.st_mode));
	assert_entries(".", 1);
}

/* Opening it would wait for a reader for ever. */
static void
a_pipe_without_a_reader_is_an_error_at_once(void **state)
{
	struct error error = { 0 };

	(void)state;
	assert_int_equal(mkfifo("pipe", 0600), 0);
	assert_refused("pipe", "cannot open");
	assert_false(file_can_replace("pipe", &error));
	assert_non_null(strstr(error.text, "not a regular file"));
}

/* As shells hand over a pipe that they have opened: >(command). */
static void
what_is_open_already_is_written_to(void **state)
{
	struct error error = { 0 };
	char path[32], got[16] = "";
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	snprintf(path, sizeof(path), "/dev/fd/%d", ends[1]);
	assert_true(file_can_replace(path, &error));
	replace(path, "report");
	assert_int_equal(read(ends[0], got, sizeof(got) - 1), 6);
	assert_string_equal(got, "report");
	snprintf(path, sizeof(path), "/dev/fd/%d", ends[0]);
	assert_false(file_can_replace(path, &error)); /* the reader's end */
	close(ends[0]);
	close(ends[1]);
}

static void
the_same_file_is_known_however_it_is_spelt(void **state)
{
	const struct room *room = *state;
	char absolute[96];

	put("report.xml", "old");
	put("other.xml", "old");
	assert_int_equal(mkdir("real", 0755), 0);
	assert_int_equal(symlink("report.xml", "link.xml"), 0);
	assert_int_equal(symlink("real/new.xml", "link-to-new.xml"), 0);
	assert_int_equal(symlink("real", "folder"), 0);
	assert_int_equal(link("report.xml", "hard.xml"), 0);
	snprintf(absolute, sizeof(absolute), "%s/report.xml", room->path);
	assert_true(file_is_same("report.xml", "report.xml"));
	assert_true(file_is_same("report.xml", "./real/../report.xml"));
	assert_true(file_is_same("report.xml", absolute));
	assert_true(file_is_same("link.xml", "report.xml"));
	assert_true(file_is_same("hard.xml", "report.xml"));
	assert_true(file_is_same("real/new.xml", "folder/new.xml"));
	assert_true(file_is_same("link-to-new.xml", "folder/new.xml"));
	assert_true(file_is_same("new.xml", "./new.xml"));
	assert_false(file_is_same("report.xml", "other.xml"));
	assert_false(file_is_same("new.xml", "real/new.xml"));
	assert_false(file_is_same("new.xml", "newer.xml"));
	assert_false(file_is_same("new.xml", "report.xml"));
	assert_false(file_is_same("no/new.xml", "no/new.xml"));
	assert_false(file_is_same("/dev/null", "/dev/null"));
	assert_true(file_is_same("-", "-"));
	assert_true(file_is_same("-", "/dev/stdout"));
	assert_false(file_is_same("-", "report.xml"));
}

static void
what_can_be_replaced_is_known_before(void **state)
{
	struct error error = { 0 };

	(void)state;
	put("report.xml", "old");
	assert_true(file_can_replace("report.xml", &error));
	assert_true(file_can_replace("new.xml", &error));
	assert_true(file_can_replace("/dev/null", &error));
	assert_true(file_can_replace("-", &error));
	assert_string_equal(error.text, "");
	assert_file("report.xml", "old");
	assert_entries(".", 1);
}

#define ROOM_TEST(test) cmocka_unit_test_setup_teardown(test, enter_room, leave_room)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ROOM_TEST(a_new_file_is_readable_less_the_umask),
		ROOM_TEST(an_old_file_is_replaced_whole),
		ROOM_TEST(a_link_stays_and_its_target_is_replaced),
		ROOM_TEST(a_link_may_be_absolute),
		ROOM_TEST(a_link_to_a_file_not_there_yet_makes_it),
		ROOM_TEST(a_circle_of_links_is_refused),
		ROOM_TEST(a_directory_that_is_not_there_is_refused),
		ROOM_TEST(a_directory_is_no_file),
		ROOM_TEST(an_unwritable_directory_keeps_the_old_file),
		ROOM_TEST(a_full_disk_keeps_the_old_file),
		ROOM_TEST(standard_output_is_written_to_and_not_replaced),
		ROOM_TEST(a_pipe_is_written_to_and_stays),
		ROOM_TEST(a_pipe_without_a_reader_is_an_error_at_once),
		ROOM_TEST(what_is_open_already_is_written_to),
		ROOM_TEST(the_same_file_is_known_however_it_is_spelt),
		ROOM_TEST(what_can_be_replaced_is_known_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
