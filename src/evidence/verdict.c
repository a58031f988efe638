/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The names of verdicts.
 */
#include "evidence/verdict.h"

const char *
verdict_name(enum verdict verdict)
{
	static const char *const names[VERDICT_COUNT] = {
		[VERDICT_ERROR] = "error",
		[VERDICT_FAIL] = "fail",
		[VERDICT_SKIPPED] = "skipped",
		[VERDICT_WARNED] = "warned",
		[VERDICT_WAIVED] = "waived",
		[VERDICT_PASS] = "pass",
	};

	return names[verdict];
}
