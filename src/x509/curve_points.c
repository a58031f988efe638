/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The cache of curve points is there in some builds of wolfCrypt only.
 */
#include "x509/curve_points.h"

#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/ecc.h>

void
curve_points_forget(void)
{
#ifdef FP_ECC
	wc_ecc_fp_free();
#endif
}
