/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The input is a host, a NUL, and a dNSName. Normalising is idempotent, and a match means that
 * both have the same labels, but for a first one that is a wildcard.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "x509/hostname.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_match(const char *host, const char *name)
{
	const char *rest;

	if (strcasecmp(host, name) == 0 && strchr(name, '*') == NULL)
		return;
	rest = strchr(host, '.');
	if (strncmp(name, "*.", 2) != 0 || rest == NULL || strcasecmp(rest, name + 1) != 0 ||
		strchr(rest + 1, '.') == NULL || strchr(name + 1, '*') != NULL)
		abort();
}

static void
match(const char *host, const char *normalised, const uint8_t *name, size_t len)
{
	struct cert cert = { .version = 3 };
	uint8_t names[130] = { 0x82, (uint8_t)len };
	char text[128] = { 0 };

	if (len == 0 || len > 127)
		return;
	memcpy(names + 2, name, len);
	memcpy(text, name, len);
	cert.names = (struct span){ names, len + 2 };
	if (!hostname_matches(host, &cert))
		return;
	if (strlen(text) != len)
		abort();
	check_match(normalised, text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *nul = size == 0 ? NULL : memchr(data, '\0', size);
	char host[HOSTNAME_MAX], again[HOSTNAME_MAX];
	struct error error = { { 0 } };

	if (nul == NULL)
		return 0;
	if (!hostname_normalise((const char *)data, host, &error)) {
		if (!error_is_set(&error))
			abort();
		return 0;
	}
	if (!hostname_normalise(host, again, &error) || strcmp(host, again) != 0)
		abort();
	match((const char *)data, host, nul + 1, size - (size_t)(nul + 1 - data));
	return 0;
}
