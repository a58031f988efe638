/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Finds libunbound by the names that its interface has had since 2019.
 */
#include "unbound_library.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

static const char *const files[] = { "libunbound.so.8", "libunbound.8.dylib" };

static const struct {
	const char *name;
	size_t place;
} functions[] = {
	{ "ub_ctx_create", offsetof(struct unbound, ctx_create) },
	{ "ub_ctx_delete", offsetof(struct unbound, ctx_delete) },
	{ "ub_ctx_debugout", offsetof(struct unbound, ctx_debugout) },
	{ "ub_ctx_async", offsetof(struct unbound, ctx_async) },
	{ "ub_ctx_resolvconf", offsetof(struct unbound, ctx_resolvconf) },
	{ "ub_ctx_set_fwd", offsetof(struct unbound, ctx_set_fwd) },
	{ "ub_ctx_add_ta", offsetof(struct unbound, ctx_add_ta) },
	{ "ub_ctx_set_option", offsetof(struct unbound, ctx_set_option) },
	{ "ub_ctx_zone_remove", offsetof(struct unbound, ctx_zone_remove) },
	{ "ub_fd", offsetof(struct unbound, fd) },
	{ "ub_process", offsetof(struct unbound, process) },
	{ "ub_resolve_async", offsetof(struct unbound, resolve_async) },
	{ "ub_resolve_free", offsetof(struct unbound, resolve_free) },
	{ "ub_cancel", offsetof(struct unbound, cancel) },
	{ "ub_strerror", offsetof(struct unbound, strerror) },
};

bool
unbound_load(struct unbound *unbound, struct error *error)
{
	void *library = NULL;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]) && library == NULL; i++)
		library = dlopen(files[i], RTLD_NOW | RTLD_LOCAL);
	if (library == NULL)
		return error_set(error, "libunbound is not installed (Debian: libunbound8)");
	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
		void *found = dlsym(library, functions[i].name);

		if (found == NULL)
			return error_set(error, "this libunbound has no %s()", functions[i].name);
		/* ISO C has no conversion between the two kinds of pointers; POSIX has one size. */
		memcpy((char *)unbound + functions[i].place, &found, sizeof(found));
	}
	return true;
}
