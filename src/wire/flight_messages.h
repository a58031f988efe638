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

#endif
