/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "file_read.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

bool
file_read(struct buf *out, const char *path, struct error *error)
{
	char block[65536];
	ssize_t got;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return error_set(error, "%s", strerror(errno));
	while ((got = read(fd, block, sizeof(block))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			error_set(error, "%s", strerror(errno));
			break;
		}
		if (!buf_add(out, block, (size_t)got)) {
			error_set(error, "it has more than %zu bytes", out->limit);
			break;
		}
	}
	close(fd);
	return !error_is_set(error);
}
