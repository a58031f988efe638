/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Names go through hostname_normalise, addresses through inet_pton(); EHLO gets this machine's own
 * name.
 */
#include "target_host.h"

#include <arpa/inet.h>
#include <string.h>
#include <unistd.h>

#include "x509/hostname.h"

const char *
host_normalise(struct arena *arena, const char *host, struct error *error)
{
	char normal[HOSTNAME_MAX];

	return hostname_normalise(host, normal, error) ? arena_strdup(arena, normal) : NULL;
}

bool
host_is_address(const char *host)
{
	unsigned char bytes[sizeof(struct in6_addr)];

	return inet_pton(AF_INET, host, bytes) == 1 || inet_pton(AF_INET6, host, bytes) == 1;
}

const char *
default_ehlo_name(struct arena *arena)
{
	char name[HOSTNAME_MAX] = "";
	struct error error = { 0 };

	/* A name that does not fit need not have a NUL behind it. */
	if (gethostname(name, sizeof(name) - 1) == 0 && strchr(name, '.') != NULL) {
		const char *normal = host_normalise(arena, name, &error);

		if (normal != NULL && !host_is_address(normal))
			return normal;
	}
	return "[127.0.0.1]";
}
