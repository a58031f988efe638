/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Certificate policies along a path (RFC 5280 section 6.1.2 to 6.1.5), as sets in place of a tree.
 */
#include "der.h"
#include "oid.h"
#include "path_rules.h"

/* More policies than that in one certificate: the rest do not count as valid. */
#define POLICIES_MAX 64

static const struct oid any_policy = { 4, { 0x55, 0x1d, 0x20, 0 } };

/* The policies valid so far, of section 6.1.2 (a) without the tree: mappings are not followed,
 * so its leaves are enough. */
struct policy_state {
	bool any; /* every policy is valid */
	struct span valid[POLICIES_MAX];
	size_t count;
	int explicit_policy; /* certificates until a policy is required */
	int inhibit_any;
};

static struct span
next_policy(struct cursor *list)
{
	struct cursor policy = der_enter(list, DER_SEQUENCE);

	return der_read(&policy, DER_OID);
}

static bool
list_has(struct span policies, struct span wanted)
{
	struct cursor list = cursor_over(policies);

	while (list.left != 0)
		if (span_equal(next_policy(&list), wanted))
			return true;
	return false;
}

static void
take_all(struct policy_state *state, struct span policies)
{
	struct cursor list = cursor_over(policies);

	state->any = false;
	state->count = 0;
	while (list.left != 0 && state->count < POLICIES_MAX) {
		struct span policy = next_policy(&list);

		if (!oid_equal(&any_policy, policy))
			state->valid[state->count++] = policy;
	}
}

static void
keep_common(struct policy_state *state, struct span policies)
{
	size_t kept = 0;

	for (size_t i = 0; i < state->count; i++)
		if (list_has(policies, state->valid[i]))
			state->valid[kept++] = state->valid[i];
	state->count = kept;
}

/* Section 6.1.3 (d) and (e). */
static void
apply_policies(struct policy_state *state, const struct cert *cert, bool any_counts)
{
	struct span any = { any_policy.bytes, any_policy.len };

	if (!cert->policies.present) {
		state->any = false;
		state->count = 0;
	} else if (any_counts && list_has(cert->policy_list, any)) {
		return;
	} else if (state->any) {
		take_all(state, cert->policy_list);
	} else {
		keep_common(state, cert->policy_list);
	}
}

static void
lower_to(int *counter, int limit)
{
	if (limit >= 0 && limit < *counter)
		*counter = limit;
}

/* Section 6.1.4 (a), (b), (h) to (j). */
static void
prepare_next(struct policy_state *state, const struct cert *cert, bool self_issued)
{
	if (cert->policy_mappings.present) {
		state->any = false;
		state->count = 0;
	}
	if (!self_issued) {
		state->explicit_policy -= state->explicit_policy > 0;
		state->inhibit_any -= state->inhibit_any > 0;
	}
	lower_to(&state->explicit_policy, cert->require_explicit_policy);
	lower_to(&state->inhibit_any, cert->inhibit_any_skip);
}

bool
path_policies_hold(const struct path_place *places, size_t count)
{
	struct policy_state state = {
		.any = true,
		.explicit_policy = (int)count + 1,
		.inhibit_any = (int)count + 1,
	};

	for (size_t i = count - 1; i-- > 0;) {
		const struct cert *cert = places[i].cert;
		bool self_issued = cert_is_self_issued(cert);

		apply_policies(&state, cert, state.inhibit_any > 0 || (self_issued && i > 0));
		if (i > 0)
			prepare_next(&state, cert, self_issued);
		else if (cert->require_explicit_policy == 0)
			state.explicit_policy = 0;
		else
			state.explicit_policy -= state.explicit_policy > 0;
		if (state.explicit_policy == 0 && !state.any && state.count == 0)
			return false;
	}
	return true;
}
