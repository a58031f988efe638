/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gate/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gate/buf.h"

#define PATH_LEN_MAX 4096

/* As many as Linux follows. */
#define LINKS_MAX 40

/* How many names are tried for the temporary file. */
#define TEMPORARIES_MAX 100

static bool
write_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t written = write(fd, bytes, len);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return false;
		bytes += written;
		len -= (size_t)written;
	}
	return true;
}

static bool
fail(struct error *error, const char *path, const char *what)
{
	return error_set(error, "%s: %s: %s", path, what, strerror(errno));
}

static bool
write_to_descriptor(int fd, const char *path, const void *bytes, size_t len, struct error *error)
{
	return write_all(fd, bytes, len) || fail(error, path, "cannot write");
}

/* Whether the path leads to the file behind an open descriptor. */
static bool
is_behind(int fd, const struct stat *file)
{
	struct stat open_file;

	return fstat(fd, &open_file) == 0 && open_file.st_dev == file->st_dev &&
	       open_file.st_ino == file->st_ino;
}

/* The standard stream that already writes to the file; -1 when none does. */
static int
standard_stream(const struct stat *file)
{
	if (is_behind(STDOUT_FILENO, file))
		return STDOUT_FILENO;
	return is_behind(STDERR_FILENO, file) ? STDERR_FILENO : -1;
}

static bool
write_to_device(const char *path, const void *bytes, size_t len, struct error *error)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	bool written;

	if (fd < 0)
		return fail(error, path, "cannot open");
	written = write_to_descriptor(fd, path, bytes, len, error);
	close(fd);
	return written;
}

static size_t
directory_len(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? 0 : (size_t)(slash - path) + 1;
}

/* Follows symbolic links by hand, because the last of them may lead to a file that does not
 * exist yet. */
static bool
follow_links(struct buf *place, const char *path, struct error *error)
{
	char link[PATH_LEN_MAX];
	ssize_t len;

	buf_add_string(place, path);
	for (int i = 0; i < LINKS_MAX; i++) {
		len = readlink(place->data, link, sizeof(link));
		if (len < 0 && (errno == EINVAL || errno == ENOENT))
			return true;
		if (len < 0)
			return fail(error, path, "cannot be reached");
		place->len = len > 0 && link[0] == '/' ? 0 : directory_len(place->data);
		if (!buf_add(place, link, (size_t)len))
			break;
	}
	errno = ELOOP;
	return fail(error, path, "cannot be reached");
}

/* The permissions are those of any new file: open applies the umask. */
static int
open_temporary(struct buf *name, const char *place)
{
	int fd = -1;

	for (unsigned i = 0; i < TEMPORARIES_MAX && fd < 0; i++) {
		buf_reset(name);
		buf_addf(name, "%s.%ld-%u.tmp", place, (long)getpid(), i);
		fd = open(name->data, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
		if (fd < 0 && errno != EEXIST)
			break;
	}
	return fd;
}

static bool
replace_regular(const char *path, const char *place, struct buf *temporary, const void *bytes,
	size_t len, struct error *error)
{
	int fd = open_temporary(temporary, place);
	bool done;

	if (fd < 0)
		return fail(error, path, "cannot create a file beside it");
	done = write_to_descriptor(fd, path, bytes, len, error);
	if (close(fd) != 0)
		done = fail(error, path, "cannot write");
	if (done && rename(temporary->data, place) != 0)
		done = fail(error, path, "cannot put the new file in its place");
	if (!done)
		unlink(temporary->data);
	return done;
}

static bool
replace_through_links(const char *path, const void *bytes, size_t len, struct error *error)
{
	struct buf place, temporary;
	bool done;

	buf_init(&place, PATH_LEN_MAX);
	buf_init(&temporary, PATH_LEN_MAX + 64);
	done = follow_links(&place, path, error) &&
	       replace_regular(path, place.data, &temporary, bytes, len, error);
	buf_release(&place);
	buf_release(&temporary);
	return done;
}

bool
file_replace(const char *path, const void *bytes, size_t len, struct error *error)
{
	struct stat file;

	if (strcmp(path, "-") == 0)
		return write_to_descriptor(STDOUT_FILENO, "standard output", bytes, len, error);
	if (stat(path, &file) == 0) {
		if (standard_stream(&file) >= 0)
			return write_to_descriptor(standard_stream(&file), path, bytes, len, error);
		if (S_ISDIR(file.st_mode))
			return error_set(error, "%s: cannot write: %s", path, strerror(EISDIR));
		if (!S_ISREG(file.st_mode))
			return write_to_device(path, bytes, len, error);
	}
	return replace_through_links(path, bytes, len, error);
}

static bool
directory_can_be_written(const char *path, const char *place, struct error *error)
{
	struct buf directory;
	bool can;

	buf_init(&directory, PATH_LEN_MAX);
	buf_add(&directory, place, directory_len(place));
	can = access(directory.len == 0 ? "." : directory.data, W_OK | X_OK) == 0 ||
	      fail(error, path, "cannot create a file there");
	buf_release(&directory);
	return can;
}

bool
file_can_replace(const char *path, struct error *error)
{
	struct buf place;
	struct stat file;
	bool can;

	if (strcmp(path, "-") == 0)
		return true;
	if (stat(path, &file) == 0 && S_ISDIR(file.st_mode))
		return error_set(error, "%s: cannot write: %s", path, strerror(EISDIR));
	if (stat(path, &file) == 0 && !S_ISREG(file.st_mode))
		return access(path, W_OK) == 0 || fail(error, path, "cannot write");
	buf_init(&place, PATH_LEN_MAX);
	can = follow_links(&place, path, error) &&
	      directory_can_be_written(path, place.data, error);
	buf_release(&place);
	return can;
}
