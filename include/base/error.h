/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * error: a sticky text saying what went wrong. The first failure wins; callers on the way up
 * put their context in front, so that the whole reads `where: clause: fact`. Nothing is printed
 * here. A zeroed struct is "no error".
 */
#ifndef GATE_BASE_ERROR_H
#define GATE_BASE_ERROR_H

#include <stdbool.h>

/* Longest text kept, terminator included; longer ones are cut. */
#define ERROR_TEXT_MAX 512

struct error {
	char text[ERROR_TEXT_MAX];
};

bool error_is_set(const struct error *error);

/* Records a failure unless one is recorded already. Always returns false, so that a function
 * which reports success as a bool can end with `return error_set(...)`. */
bool error_set(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Puts "context: " in front of a recorded failure; does nothing when there is none.
 * Always returns false. */
bool error_context(struct error *error, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
