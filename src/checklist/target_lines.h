/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * target_lines: targets from a file, one a line: HOST, HOST:PORT or [IPV6]:PORT, as --target takes
 * them. Blank lines and what follows a '#' do not count.
 */
#ifndef GATE_CHECKLIST_TARGET_LINES_H
#define GATE_CHECKLIST_TARGET_LINES_H

#include "loader.h"

/* The most bytes and targets of such a file. */
#define TARGETS_FILE_BYTES_MAX ((size_t)64 * 1024 * 1024)
#define TARGETS_FILE_LINES_MAX ((size_t)1000 * 1000)

struct target_line {
	const char *host; /* normalised */
	unsigned port;    /* 0: not given */
	struct place place;
};

struct target_lines {
	struct target_line *items;
	size_t count;

	/* What target_defaults make of each port that was met, by port; of all lines with it host and
	 * name alone differ. */
	struct target **by_port;
	bool is_lenient; /* they were made while the loader was */
};

/* Reads the file. Each line that is no target is a problem; a file without any, and one that cannot be
 * read (at `place`; NULL: the command line), unless the loader is lenient. */
void target_lines_load(struct loader *loader, const char *path, const struct place *place,
	struct target_lines *lines);

/* Fills in the target of the line of that index: what `target_defaults` say, and its host. */
void target_line_settle(
	struct loader *loader, struct target_lines *lines, size_t index, struct target *target);

#endif
