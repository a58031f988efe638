/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * curve_points: what wolfCrypt keeps of the curve points that it met, where it was built to
 * (FP_ECC, as in the packages of Debian).
 */
#ifndef GATE_X509_CURVE_POINTS_H
#define GATE_X509_CURVE_POINTS_H

/* Throws away what the library keeps for the calling thread: a table for each point that it meets
 * again, half a megabyte each, that costs ten times a signature to make. Here no point is met often
 * enough for that. To be called behind each signature and each key exchange; does nothing where the
 * library keeps nothing. */
void curve_points_forget(void);

#endif
