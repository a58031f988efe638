/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * flight_messages: the handshake messages of a first flight.
 */
#ifndef GATE_WIRE_FLIGHT_MESSAGES_H
#define GATE_WIRE_FLIGHT_MESSAGES_H

#include "wire/flight.h"

/* Reads one message (enum tls_handshake), its header excluded, into the flight; `body` points
 * into flight->handshake. Sets state and why when the message ends the flight. */
void flight_read_message(struct flight *flight, uint8_t type, struct span body);

/* Reads the body of a ServerKeyExchange for the suite of flight->hello. Returns NULL, or why it
 * is malformed. A suite that is not in the table, or that neither DHE, ECDHE nor RSA export
 * describes, leaves all but `seen` at zero. */
const char *flight_read_exchange(struct flight *flight, struct span body);

/* Where a span that points into the handshake bytes stands. */
struct flight_range flight_range_of(const struct flight *flight, struct span span);

#endif
