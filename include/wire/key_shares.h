/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * key_shares: public keys that are nobody's secret, for hellos whose handshake ends with the
 * server's first flight: the base point of each group, which is a valid key share of it (RFC 8446
 * section 4.2.8).
 */
#ifndef GATE_WIRE_KEY_SHARES_H
#define GATE_WIRE_KEY_SHARES_H

#include <stdbool.h>
#include <stdint.h>

#include "wire/client_hello.h"

/* The share of that group, which lives for ever; false when there is none. */
bool key_share_of(uint16_t group, struct hello_share *share);

#endif
