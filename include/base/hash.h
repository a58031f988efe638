/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * hash: a number that stands for data, the same on every machine (FNV-1a, 64 bits). Whoever chooses
 * the data can make two that share one.
 */
#ifndef GATE_BASE_HASH_H
#define GATE_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

/* The hash of nothing; the functions below add to one. */
#define HASH_START UINT64_C(0xcbf29ce484222325)

uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t len);

/* A string with its end, so that "ab" and "c" differ from "a" and "bc"; NULL differs from "". */
uint64_t hash_text(uint64_t hash, const char *text);

uint64_t hash_number(uint64_t hash, uint64_t number);

/* The hash with each bit hanging on all of its bits, for an order in which alike data are far apart. */
uint64_t hash_spread(uint64_t hash);

#endif
