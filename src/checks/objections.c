/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "objections.h"

#include <string.h>

#include "gate/checklist.h"
#include "gate/hostname.h"
#include "gate/suites.h"

#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

#define MECHANISM_MAX 20

static bool
consists_of(const char *text, const char *allowed)
{
	return text[0] != '\0' && text[strspn(text, allowed)] == '\0';
}

const char *
object_to_capability(const char *text)
{
	if (text[0] != '-' && consists_of(text, LETTERS DIGITS "-"))
		return NULL;
	return "a capability is one keyword of the EHLO reply (letters, digits and '-'), without "
	       "what follows it";
}

const char *
object_to_mechanism(const char *text)
{
	if (strlen(text) <= MECHANISM_MAX && consists_of(text, LETTERS DIGITS "-_"))
		return NULL;
	return "a SASL mechanism has at most 20 letters, digits, '-' and '_'";
}

const char *
object_to_cipher_suite(const char *text)
{
	if (suite_by_name(text) != NULL)
		return NULL;
	return "there is no cipher suite of this name (IANA's, such as TLS_AES_256_GCM_SHA384, or "
	       "OpenSSL's)";
}

const char *
object_to_host(const char *text)
{
	char normal[HOSTNAME_MAX];
	struct error error = { 0 };

	return hostname_normalise(text, normal, &error)
		       ? NULL
		       : "this is neither a host name nor an IP address";
}

const char *
item_in_both(const struct assertion *assertion, const char *list, const char *other)
{
	const struct argument *first = argument_of(assertion, list);
	const struct argument *second = argument_of(assertion, other);

	for (size_t i = 0; i < first->count; i++)
		if (argument_lists(second, first->items[i]))
			return first->items[i];
	return NULL;
}
