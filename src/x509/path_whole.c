/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What only a whole path can break: its lengths, name constraints and policies.
 */
#include "constraints.h"
#include "path_rules.h"

#define FACT_MAX 512

/* RFC 5280 section 4.2.1.9: intermediates that are not self-issued count; the leaf does not. */
static void
check_length(const struct path_place *places, size_t count, struct path_findings *findings)
{
	int below = 0;

	for (size_t i = 1; i < count; i++) {
		int allowed = places[i].cert->path_length;

		if (allowed != PATH_LENGTH_NONE && below > allowed)
			findings_add(findings, PATH_LENGTH, &places[i], "4.2.1.9",
				"pathLenConstraint allows %d intermediates below it, there are %d",
				allowed, below);
		if (!cert_is_self_issued(places[i].cert))
			below++;
	}
}

static void
check_constraint(const struct path_place *ca, const struct path_place *place, size_t *comparisons,
	struct path_findings *findings)
{
	struct buf fact;

	buf_init(&fact, findings->arena == NULL ? 0 : FACT_MAX);
	switch (constraints_check(ca->cert, place->cert, comparisons, &fact)) {
	case CONSTRAINTS_MET:
		break;
	case CONSTRAINTS_VIOLATED:
		findings_add(findings, PATH_NAME_CONSTRAINTS, place, "4.2.1.10",
			"%s by the name constraints of %s", fact.data,
			findings->arena == NULL
				? ""
				: cert_name_text(findings->arena, ca->cert->subject));
		break;
	case CONSTRAINTS_TOO_MANY:
		findings_add(findings, PATH_BUDGET, ca, "4.2.1.10",
			"too many name constraints and names to compare");
		break;
	}
	buf_release(&fact);
}

/* Section 6.1.3 (b), (c): every CA limits all below it, but for self-issued intermediates. */
static void
check_constraints(const struct path_place *places, size_t count, size_t *comparisons,
	struct path_findings *findings)
{
	for (size_t i = 1; i < count; i++)
		for (size_t below = 0; below < i; below++)
			if (below == 0 || !cert_is_self_issued(places[below].cert))
				check_constraint(&places[i], &places[below], comparisons, findings);
}

void
path_check_whole(const struct path_place *places, size_t count, size_t *comparisons,
	struct path_findings *findings)
{
	check_length(places, count, findings);
	check_constraints(places, count, comparisons, findings);
	if (!path_policies_hold(places, count))
		findings_add(findings, PATH_POLICY, &places[0], "6.1.5",
			"a CA requires an explicit policy, and no policy is valid for the path");
}
