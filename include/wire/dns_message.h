/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * dns_message: what a message of DNS (RFC 1035 section 4.1) tells beside the records of its answer.
 */
#ifndef GATE_WIRE_DNS_MESSAGE_H
#define GATE_WIRE_DNS_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

/* The TTL that the zone gives records of that type, in seconds, as the signatures of the answer tell it
 * (RFC 4034 section 3.1.4); the TTL of the records themselves is what a cache has left. Of several
 * signatures the least counts. False when the message cannot be read, or has no signature of them. */
bool dns_original_ttl(uint32_t *ttl, struct span message, uint16_t type);

#endif
