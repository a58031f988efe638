/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * flight_exchange: the ServerKeyExchange of a first flight.
 */
#ifndef GATE_WIRE_FLIGHT_EXCHANGE_H
#define GATE_WIRE_FLIGHT_EXCHANGE_H

#include "wire/flight.h"

/* Reads the body of a ServerKeyExchange for the suite of flight->hello. Returns NULL, or why it
 * is malformed. A suite that is not in the table, or that neither DHE, ECDHE nor RSA export
 * describes, leaves all but `seen` at zero. */
const char *flight_exchange_read(struct flight *flight, struct span body);

#endif
