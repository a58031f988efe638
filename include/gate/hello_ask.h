/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * hello_ask: one plain hello as a part of an observation that takes several.
 */
#ifndef GATE_HELLO_ASK_H
#define GATE_HELLO_ASK_H

#include "gate/probe.h"

/* Makes the offer to the endpoint as hello_observer does, with its server name. What was seen goes
 * into `hello`; outcome, text, connections and conversation into the observation. Returns the
 * outcome. */
enum outcome hello_ask(struct observation *observation, const struct endpoint *endpoint,
	struct hello_offer offer, struct hello_record *hello);

#endif
