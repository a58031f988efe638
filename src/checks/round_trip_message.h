/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * round_trip_message: whether a message came back as it was sent, by a hop with TLS.
 */
#ifndef GATE_CHECKS_ROUND_TRIP_MESSAGE_H
#define GATE_CHECKS_ROUND_TRIP_MESSAGE_H

#include <stdbool.h>

#include "evidence/finding.h"
#include "probe/round_trip.h"

/* Whether headers and body are as they were sent, and the hop was one with TLS, of the session's version
 * where `wants_version`. Otherwise the finding is written. *by: what the hop says of itself. */
bool judge_message(const struct round_trip_record *record, bool wants_version,
	struct finding *finding, const char **by);

#endif
