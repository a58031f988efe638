/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gate/hello_ask.h"

#include <string.h>

enum outcome
hello_ask(struct observation *observation, const struct endpoint *endpoint,
	struct hello_offer offer, struct hello_record *hello)
{
	const struct observer *observer = observation->observer;
	void *record = observation->record;

	memset(hello, 0, sizeof(*hello));
	hello->offer = offer;
	hello->offer.server_name = endpoint->server_name;
	observation->observer = &hello_observer;
	observation->record = hello;
	hello_observer.observe(observation, endpoint);
	observation->observer = observer;
	observation->record = record;
	return observation->outcome;
}
