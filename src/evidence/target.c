/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What can be asked of a target.
 */
#include "evidence/target.h"

uint32_t
target_features(const struct target *target)
{
	uint32_t features = target->dialect->features;

	if (target->domain != NULL)
		features |= TARGET_DOMAIN;
	return target->implicit_tls ? features & ~(uint32_t)DIALECT_STARTTLS : features;
}
