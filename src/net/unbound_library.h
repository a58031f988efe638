/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * unbound_library: libunbound, loaded when it is needed: linked, it would make every start dearer by a
 * quarter, look-ups or not. Used by `dns` only.
 */
#ifndef GATE_NET_UNBOUND_LIBRARY_H
#define GATE_NET_UNBOUND_LIBRARY_H

#include <stdbool.h>
#include <unbound.h>

#include "base/error.h"

/* Its functions, as unbound.h declares them with "ub_" in front. */
struct unbound {
	__typeof__(ub_ctx_create) *ctx_create;
	__typeof__(ub_ctx_delete) *ctx_delete;
	__typeof__(ub_ctx_debugout) *ctx_debugout;
	__typeof__(ub_ctx_async) *ctx_async;
	__typeof__(ub_ctx_resolvconf) *ctx_resolvconf;
	__typeof__(ub_ctx_set_fwd) *ctx_set_fwd;
	__typeof__(ub_ctx_add_ta) *ctx_add_ta;
	__typeof__(ub_ctx_set_option) *ctx_set_option;
	__typeof__(ub_ctx_zone_remove) *ctx_zone_remove;
	__typeof__(ub_fd) *fd;
	__typeof__(ub_process) *process;
	__typeof__(ub_resolve_async) *resolve_async;
	__typeof__(ub_resolve_free) *resolve_free;
	__typeof__(ub_cancel) *cancel;
	__typeof__(ub_strerror) *strerror;
};

/* Loads it for as long as the process lives. False with an error when it is not there, or lacks one of
 * the functions. */
bool unbound_load(struct unbound *unbound, struct error *error);

#endif
