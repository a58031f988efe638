/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Opens without waiting, and waits for a pipe with poll(), which an interruption ends.
 */
#include "base/file_read.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "base/open_files.h"

/* Waits until a pipe has something to read or an end. */
static void
wait_for(int fd)
{
	struct pollfd polled[2] = { { .fd = fd, .events = POLLIN },
		{ .fd = interrupt_fd(), .events = POLLIN } };

	/* What a failing poll would hide, the next read tells. */
	(void)poll(polled, 2, -1);
}

/* One read that gives something, or the end (0); -1 with an error. */
static ssize_t
read_some(int fd, char *block, size_t room, struct error *error)
{
	ssize_t got;

	do {
		got = read(fd, block, room);
		if (got < 0 && errno == EAGAIN)
			wait_for(fd);
	} while (got < 0 && (errno == EINTR || errno == EAGAIN) && interrupt_signal() == 0);
	if (interrupt_signal() != 0)
		error_set(error, "the run was interrupted");
	else if (got < 0)
		error_set(error, "%s", open_files_strerror(errno));
	return error_is_set(error) ? -1 : got;
}

static bool
read_all(struct buf *out, int fd, struct error *error)
{
	char block[65536];
	ssize_t got;

	while ((got = read_some(fd, block, sizeof(block), error)) > 0)
		if (!buf_add(out, block, (size_t)got))
			return error_set(error, "it has more than %zu bytes", out->limit);
	return got == 0;
}

/* Devices and sockets have no end that could be waited for. */
static bool
check_kind(mode_t mode, struct error *error)
{
	if (S_ISDIR(mode))
		return error_set(error, "%s", strerror(EISDIR));
	return S_ISREG(mode) || S_ISFIFO(mode) ||
	       error_set(error, "it is neither a regular file nor a pipe");
}

bool
file_read(struct buf *out, const char *path, struct error *error)
{
	size_t before = out->len;
	/* Without waiting for somebody who would write to a FIFO. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat status;

	if (fd < 0)
		return error_set(error, "%s", open_files_strerror(errno));
	if (fstat(fd, &status) != 0)
		error_set(error, "%s", open_files_strerror(errno));
	else if (check_kind(status.st_mode, error) && read_all(out, fd, error) &&
		 S_ISFIFO(status.st_mode) && out->len == before)
		error_set(error, "it is a pipe that nobody has written to");
	close(fd);
	return !error_is_set(error);
}
