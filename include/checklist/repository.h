/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * repository: paths as those who annotate source code want them, from the root of the repository on.
 */
#ifndef GATE_CHECKLIST_REPOSITORY_H
#define GATE_CHECKLIST_REPOSITORY_H

#include "base/arena.h"

/* The nearest directory above the file that holds ".git" (a directory, or the file that worktrees
 * and submodules have), without symbolic links and with a '/' at its end; NULL when there is none. */
const char *repository_root(struct arena *arena, const char *path);

/* The path of a file from that root on; as it is when root is NULL or the file is not below it. Of
 * the file itself a symbolic link is not followed. */
const char *repository_path(struct arena *arena, const char *root, const char *path);

#endif
