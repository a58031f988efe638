/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * signature_memo: the signatures that were found good before, so that an intermediate that many
 * servers show is computed once. Only what signature_verify found good gets in: what it did not
 * accept, for whatever reason, is computed anew each time.
 *
 * It knows a signature by SHA-256 over all that its verification depends on: scheme, hash, kind of
 * key, key, message and signature, each behind its length. Of fixed size, 40 kB: a newer one takes
 * the place of an older one, which costs a computation. Any number of threads may use one at once.
 */
#ifndef GATE_X509_SIGNATURE_MEMO_H
#define GATE_X509_SIGNATURE_MEMO_H

#include <stdbool.h>
#include <stddef.h>

#include "x509/public_key.h"

struct signature_memo;

/* An empty one; whoever made it releases it. NULL may be released. */
struct signature_memo *signature_memo_create(void);
void signature_memo_release(struct signature_memo *memo);

/* What signature_verify says, from memory where it said yes before; where it had to be asked, one is
 * added to *computed. With NULL for a memo nothing is remembered. */
bool signature_memo_verify(struct signature_memo *memo, const struct public_key *key,
	const struct signature_algorithm *algorithm, struct span message, struct span signature,
	size_t *computed);

#endif
