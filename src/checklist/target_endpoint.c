/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Takes "host:port", "[address]:port" and a bare host apart.
 */
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "targets.h"

static bool
parse_port(const char *text, unsigned *port, struct error *error)
{
	long value;

	if (!text_parse_number(text, &value) || value < 1 || value > 65535)
		return error_set(error, "\"%s\" is not a port (1 to 65535)", text);
	*port = (unsigned)value;
	return true;
}

bool
target_parse_endpoint(struct arena *arena, const char *text, const char **host, unsigned *port,
	struct error *error)
{
	const char *colon = strchr(text, ':');
	size_t len = colon == NULL ? strlen(text) : (size_t)(colon - text);

	if (text[0] == '[') {
		const char *close = strchr(text, ']');

		if (close == NULL || (close[1] != '\0' && close[1] != ':'))
			return error_set(error, "an IPv6 address is written [ADDRESS]:PORT");
		text++;
		len = (size_t)(close - text);
		colon = close[1] == ':' ? close + 1 : NULL;
	} else if (colon != NULL && strchr(colon + 1, ':') != NULL) {
		len = strlen(text);
		colon = NULL;
	}
	if (len == 0)
		return error_set(error, "the host is missing");
	*host = arena_memdup(arena, text, len);
	return colon == NULL || parse_port(colon + 1, port, error);
}
