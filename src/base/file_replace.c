/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A temporary file beside the target and a rename; pipes, devices and open descriptors are written
 * to as they are.
 */
#include "base/file_replace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/open_files.h"
#include "base/text.h"

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
	return error_set(error, "%s: %s: %s", path, what, open_files_strerror(errno));
}

/* Whether the path leads to the file behind an open descriptor. */
static bool
is_behind(int fd, const struct stat *file)
{
	struct stat open_file;

	return fstat(fd, &open_file) == 0 && open_file.st_dev == file->st_dev &&
	       open_file.st_ino == file->st_ino;
}

/* The number in "/dev/fd/63", as shells name a pipe that they have opened; -1 when there is none. */
static int
named_descriptor(const char *path)
{
	static const char *const folders[] = { "/dev/fd/", "/proc/self/fd/" };
	long number;

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (text_starts_with(path, folders[i]) &&
			text_parse_number(path + strlen(folders[i]), &number))
			return (int)number;
	return -1;
}

static bool
is_writable(int fd)
{
	int flags = fd < 0 ? -1 : fcntl(fd, F_GETFL);

	return flags >= 0 && (flags & O_ACCMODE) != O_RDONLY;
}

/* The descriptor that is open for writing to the file already; -1 when none is known. */
static int
open_descriptor(const char *path, const struct stat *file)
{
	if (is_behind(STDOUT_FILENO, file))
		return STDOUT_FILENO;
	if (is_behind(STDERR_FILENO, file))
		return STDERR_FILENO;
	return is_writable(named_descriptor(path)) ? named_descriptor(path) : -1;
}

/* A pipe without a reader is an error at once; one with a reader is written to as a file is. */
static int
open_device(const char *path)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	int flags = fd < 0 ? -1 : fcntl(fd, F_GETFL);

	if (flags >= 0)
		fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
	return fd;
}

static size_t
directory_len(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? 0 : (size_t)(slash - path) + 1;
}

static void
add_directory(struct buf *out, const char *path)
{
	if (directory_len(path) == 0)
		buf_add_char(out, '.');
	else
		buf_add(out, path, directory_len(path));
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

/* The descriptor to write to directly; -1 when the file is to be replaced, or with an error. */
static int
direct_descriptor(const char *path, bool *is_ours, struct error *error)
{
	struct stat file;
	int fd;

	*is_ours = false;
	if (strcmp(path, "-") == 0)
		return STDOUT_FILENO;
	if (stat(path, &file) != 0)
		return -1;
	fd = open_descriptor(path, &file);
	if (fd < 0 && S_ISDIR(file.st_mode))
		error_set(error, "%s: cannot write: %s", path, strerror(EISDIR));
	if (fd >= 0 || S_ISDIR(file.st_mode) || S_ISREG(file.st_mode))
		return fd;
	fd = open_device(path);
	*is_ours = fd >= 0;
	if (fd < 0)
		fail(error, path, "cannot open");
	return fd;
}

static bool
open_beside(struct file_replacement *file, struct error *error)
{
	if (!follow_links(&file->place, file->path, error))
		return false;
	file->fd = open_temporary(&file->temporary, file->place.data);
	return file->fd >= 0 || fail(error, file->path, "cannot create a file beside it");
}

static void
release(struct file_replacement *file)
{
	buf_release(&file->place);
	buf_release(&file->temporary);
}

bool
file_replace_begin(struct file_replacement *file, const char *path, struct error *error)
{
	*file = (struct file_replacement){ .path = strcmp(path, "-") == 0 ? "standard output"
									  : path };
	buf_init(&file->place, PATH_LEN_MAX);
	buf_init(&file->temporary, PATH_LEN_MAX + 64);
	file->fd = direct_descriptor(path, &file->is_opened, error);
	file->is_direct = file->fd >= 0;
	if (file->is_direct || (!error_is_set(error) && open_beside(file, error)))
		return true;
	release(file);
	return false;
}

bool
file_replace_add(struct file_replacement *file, const void *bytes, size_t len, struct error *error)
{
	return write_all(file->fd, bytes, len) || fail(error, file->path, "cannot write");
}

/* Descriptors of others stay open. */
bool
file_replace_end(struct file_replacement *file, bool keep, struct error *error)
{
	if ((!file->is_direct || file->is_opened) && close(file->fd) != 0 && keep)
		keep = fail(error, file->path, "cannot write");
	if (!file->is_direct && keep && rename(file->temporary.data, file->place.data) != 0)
		keep = fail(error, file->path, "cannot put the new file in its place");
	if (!file->is_direct && !keep)
		unlink(file->temporary.data);
	release(file);
	return keep;
}

static bool
directory_can_be_written(const char *path, const char *place, struct error *error)
{
	struct buf directory;
	bool can;

	buf_init(&directory, PATH_LEN_MAX);
	add_directory(&directory, place);
	can = access(directory.data, W_OK | X_OK) == 0 ||
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
	if (stat(path, &file) == 0 && open_descriptor(path, &file) >= 0)
		return true;
	if (stat(path, &file) == 0 && S_ISDIR(file.st_mode))
		return error_set(error, "%s: cannot write: %s", path, strerror(EISDIR));
	if (stat(path, &file) == 0 && S_ISCHR(file.st_mode))
		return access(path, W_OK) == 0 || fail(error, path, "cannot write");
	if (stat(path, &file) == 0 && !S_ISREG(file.st_mode))
		return error_set(error, "%s: cannot write: not a regular file", path);
	buf_init(&place, PATH_LEN_MAX);
	can = follow_links(&place, path, error) &&
	      directory_can_be_written(path, place.data, error);
	buf_release(&place);
	return can;
}

/* What tells files apart: the file itself, or its name in its directory while it is not there. */
struct identity {
	dev_t device;
	ino_t number;
	const char *name; /* NULL: the file is there */
};

/* `place` holds what the name points into. False when nothing can be told. */
static bool
identify(const char *path, struct buf *place, struct identity *identity)
{
	struct error ignored = { .text = "" };
	struct buf directory;
	struct stat file;
	bool found;

	if (strcmp(path, "-") == 0 ? fstat(STDOUT_FILENO, &file) == 0 : stat(path, &file) == 0) {
		*identity = (struct identity){ file.st_dev, file.st_ino, NULL };
		return !S_ISCHR(file.st_mode) || is_behind(STDOUT_FILENO, &file);
	}
	if (!follow_links(place, path, &ignored))
		return false;
	buf_init(&directory, PATH_LEN_MAX);
	add_directory(&directory, place->data);
	found = stat(directory.data, &file) == 0;
	buf_release(&directory);
	if (found)
		*identity = (struct identity){ file.st_dev, file.st_ino,
			place->data + directory_len(place->data) };
	return found;
}

bool
file_is_same(const char *path, const char *other)
{
	struct identity one, another;
	struct buf place, other_place;
	bool same;

	buf_init(&place, PATH_LEN_MAX);
	buf_init(&other_place, PATH_LEN_MAX);
	same = identify(path, &place, &one) && identify(other, &other_place, &another) &&
	       one.device == another.device && one.number == another.number &&
	       (one.name == NULL) == (another.name == NULL) &&
	       (one.name == NULL || strcmp(one.name, another.name) == 0);
	buf_release(&place);
	buf_release(&other_place);
	return same;
}
