/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "checklist/repository.h"

/* root/.git, root/checks/deep, root/module/.git (a file), root/link -> checks, outside */
static char top[] = "/tmp/repository_test.XXXXXX";

static int
make_tree(void **state)
{
	FILE *file;

	(void)state;
	if (mkdtemp(top) == NULL || chdir(top) != 0 || mkdir("root", 0700) != 0 ||
		mkdir("root/.git", 0700) != 0 || mkdir("root/checks", 0700) != 0 ||
		mkdir("root/checks/deep", 0700) != 0 || mkdir("root/module", 0700) != 0 ||
		symlink("checks", "root/link") != 0 || mkdir("outside", 0700) != 0)
		return 1;
	file = fopen("root/module/.git", "w");
	return file == NULL || fclose(file) != 0;
}

static int
remove_tree(void **state)
{
	(void)state;
	return chdir(top) != 0 || remove("root/module/.git") != 0 || remove("root/module") != 0 ||
	       remove("root/link") != 0 || remove("root/checks/deep") != 0 ||
	       remove("root/checks") != 0 || remove("root/.git") != 0 || remove("root") != 0 ||
	       remove("outside") != 0 || chdir("/") != 0 || remove(top) != 0;
}

struct named {
	const char *from; /* the working directory, below the top one */
	const char *path; /* with "@" for the top directory */
	const char *want; /* NULL: as it is */
};

/* The files themselves need not be there. */
static const struct named nameds[] = {
	{ "root", "a.json", "a.json" },
	{ "root", "./a.json", "a.json" },
	{ "root", "checks/a.json", "checks/a.json" },
	{ "root", "checks/../checks//a.json", "checks/a.json" },
	{ "root", "@/root/checks/a.json", "checks/a.json" },
	{ "root/checks", "a.json", "checks/a.json" },
	{ "root/checks", "deep/a.json", "checks/deep/a.json" },
	{ "root/checks/deep", "../../a.json", "a.json" },
	{ "root", "link/a.json", "checks/a.json" },
	{ "outside", "../root/checks/a.json", "checks/a.json" },
	{ "root/module", "a.json", "a.json" },
	{ "root", "module/a.json", "a.json" },
	{ "outside", "a.json", NULL },
	{ "outside", "./a.json", NULL },
	{ "outside", "@/outside/a.json", NULL },
	{ "root", "nowhere/a.json", NULL },
	{ "root", "../outside/a.json", NULL },
};

static const char *
path_of(struct arena *arena, const struct named *named)
{
	return named->path[0] == '@' ? arena_printf(arena, "%s%s", top, named->path + 1)
				     : named->path;
}

static void
test_paths_begin_at_the_root_of_the_repository(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(nameds) / sizeof(nameds[0]); i++) {
		const char *path, *want, *got;
		struct arena arena;

		arena_init(&arena);
		path = path_of(&arena, &nameds[i]);
		want = nameds[i].want == NULL ? path : nameds[i].want;
		assert_int_equal(chdir(arena_printf(&arena, "%s/%s", top, nameds[i].from)), 0);
		got = repository_path(&arena, repository_root(&arena, path), path);
		if (strcmp(got, want) != 0)
			fail_msg("%s in %s: got %s", path, nameds[i].from, got);
		arena_release(&arena);
	}
}

static void
test_what_is_not_below_a_root_keeps_its_path(void **state)
{
	const char *root, *inside, *elsewhere;
	struct arena arena;

	(void)state;
	arena_init(&arena);
	assert_int_equal(chdir(top), 0);
	root = repository_root(&arena, "root/checks/a.json");
	inside = repository_path(&arena, root, "root/module/a.json");
	elsewhere = repository_path(&arena, root, "outside/a.json");
	assert_string_equal(inside, "module/a.json");
	assert_string_equal(elsewhere, "outside/a.json");
	assert_null(repository_root(&arena, "outside/a.json"));
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths_begin_at_the_root_of_the_repository),
		cmocka_unit_test(test_what_is_not_below_a_root_keeps_its_path),
	};

	return cmocka_run_group_tests(tests, make_tree, remove_tree);
}
