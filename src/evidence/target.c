/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What can be asked of a target.
 */
#include "evidence/target.h"

#include "evidence/names.h"

uint32_t
target_features(const struct target *target)
{
	uint32_t features = target->dialect->features;

	if (target->domain != NULL)
		features |= TARGET_DOMAIN;
	if (target->domain != NULL || target->all_addresses)
		features |= TARGET_NODES;
	return target->implicit_tls ? features & ~(uint32_t)DIALECT_STARTTLS : features;
}

const char *
target_host_doubt(const struct target *target)
{
	const struct mx_names *mx = target->mx;

	if (mx == NULL || mx->implicit || mx->answer.state == DNS_SECURE)
		return NULL;
	return "the MX records that name the host are not signed, and whoever forges them names another";
}
