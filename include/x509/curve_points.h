/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * curve_points: what wolfCrypt keeps of the curve points that it met, where it was built to
 * (FP_ECC, as in the packages of Debian).
 */
#ifndef GATE_X509_CURVE_POINTS_H
#define GATE_X509_CURVE_POINTS_H

/* Waits for a turn to compute with points, and gives it back: there are as many as processors. More
 * threads at it would end no sooner, and packaged wolfCrypt takes a megabyte for each of them. A thread
 * has one turn at a time, and waits for nothing else meanwhile. At its end the points are forgotten. */
void curve_points_begin(void);
void curve_points_end(void);

/* Throws away what the library keeps for the calling thread: a table for each point that it meets
 * again, half a megabyte each, that costs ten times a signature to make. Here no point is met often
 * enough for that. Does nothing where the library keeps nothing. */
void curve_points_forget(void);

#endif
