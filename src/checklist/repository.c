/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Looks for ".git" from the file's directory upwards.
 */
#define _XOPEN_SOURCE 700 /* realpath */

#include "checklist/repository.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"

/* The path with its directory resolved; NULL when that is not there. */
static char *
resolve(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash == NULL ? path : slash + 1;
	size_t len = slash == NULL ? 0 : (size_t)(slash + 1 - path);
	char *directory, *resolved;

	directory = realpath(len == 0 ? "." : (char *)arena_memdup(arena, path, len), NULL);
	if (directory == NULL)
		return NULL;
	resolved = arena_printf(
		arena, "%s%s%s", directory, strcmp(directory, "/") == 0 ? "" : "/", name);
	free(directory);
	return resolved;
}

static bool
holds_git(struct arena *arena, const char *directory)
{
	struct stat status;

	return stat(arena_printf(arena, "%s.git", directory), &status) == 0;
}

const char *
repository_root(struct arena *arena, const char *path)
{
	char *directory = resolve(arena, path), *slash;

	while (directory != NULL && (slash = strrchr(directory, '/')) != NULL) {
		slash[1] = '\0';
		if (holds_git(arena, directory))
			return directory;
		*slash = '\0';
	}
	return NULL;
}

const char *
repository_path(struct arena *arena, const char *root, const char *path)
{
	const char *resolved = root == NULL ? NULL : resolve(arena, path);

	if (resolved == NULL || !text_starts_with(resolved, root))
		return path;
	return resolved + strlen(root);
}
