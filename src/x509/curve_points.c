/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Turns are counted; the cache of curve points is there in some builds of wolfCrypt only.
 */
#include "x509/curve_points.h"

#include <pthread.h>
#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/ecc.h>

#include "base/processors.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* of what follows */
static pthread_cond_t given_back = PTHREAD_COND_INITIALIZER;
static int turns; /* how many there are; 0: not known yet */
static int turns_taken;

void
curve_points_begin(void)
{
	pthread_mutex_lock(&lock);
	if (turns == 0)
		turns = processors();
	while (turns_taken == turns)
		pthread_cond_wait(&given_back, &lock);
	turns_taken++;
	pthread_mutex_unlock(&lock);
}

void
curve_points_end(void)
{
	curve_points_forget();
	pthread_mutex_lock(&lock);
	turns_taken--;
	pthread_cond_signal(&given_back);
	pthread_mutex_unlock(&lock);
}

void
curve_points_forget(void)
{
#ifdef FP_ECC
	wc_ecc_fp_free();
#endif
}
