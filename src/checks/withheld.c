/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The certificate first: what is wrong with it is told by its own assertions.
 */
#include "withheld.h"

#include "evidence/cause.h"
#include "evidence/target.h"

void
judge_withheld(const struct evidence *evidence, const char *secret, uint32_t distrust,
	const char *why, struct finding *finding)
{
	const char *doubt = target_host_doubt(evidence->target);

	if (distrust != CAUSE_NONE || doubt == NULL) {
		finding_error(finding, distrust, "CredentialsWithheld", "%s was not sent: %s",
			secret, why);
		return;
	}
	finding_error(
		finding, CAUSE_NONE, "CredentialsWithheld", "%s was not sent: %s", secret, doubt);
	finding_fix(finding,
		"Name the server itself, as \"host\" of a target, for what needs a login; or have the "
		"domain signed by DNSSEC. For test servers there is \"send_credentials_untrusted\".");
}
