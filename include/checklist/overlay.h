/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * overlay: what the command line lays over a checklist.
 */
#ifndef GATE_CHECKLIST_OVERLAY_H
#define GATE_CHECKLIST_OVERLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct variable {
	const char *name;
	const char *value;
};

/* Any pointer may be NULL. */
struct overlay {
	const struct variable *variables;
	size_t variable_count;
	const char *const *targets; /* in place of all targets: names of some, or HOST[:PORT] */
	size_t target_count;
	bool targets_are_operands; /* and not from --target, for messages */
	const char *const *mx;     /* domains whose mail servers are targets beside them */
	size_t mx_count;
	const char *targets_file; /* of more such, one HOST[:PORT] a line; see "targets_file" */
	const char *address;
	const char *protocol, *tls,
		*server_name; /* as those of a target, in place of what it says */
	const char *proxy;
	const char *resolver; /* as dns.resolver, in its place */
	const char *ca_file;
	const char *const *tags; /* only assertions with one of these tags ("!tag": without it) */
	size_t tag_count;
	const char *const *only; /* only assertions whose id or name matches one of these globs */
	size_t only_count;
	const char *const *skip; /* no assertions whose id or name matches one of these globs */
	size_t skip_count;
	int64_t today;             /* date, for waivers */
	bool secrets_optional;     /* one that is not there is no problem: nothing will be sent */
	bool authorities_optional; /* those of the system: without them nobody is trusted */
	bool targets_optional;     /* nor that there are no targets: then no value need be there */

	/* In step with the lists above: checklist_load sets those that something in the checklist
	 * answers to, be it selected or not. */
	bool *variables_used, *tags_used, *only_used, *skip_used;
};

#endif
