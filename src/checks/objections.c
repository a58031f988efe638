/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Checks of a parameter's text by what it names: capability, mechanism, suite, host, digest.
 */
#include "objections.h"

#include <string.h>

#include "base/text.h"
#include "checks/arguments.h"
#include "wire/suites.h"
#include "x509/hostname.h"

#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

#define MECHANISM_MAX 20
#define ADDRESS_MAX 254 /* of a path without its brackets (RFC 5321 section 4.5.3.1.3) */

static bool
consists_of(const char *text, const char *allowed)
{
	return text[0] != '\0' && text[strspn(text, allowed)] == '\0';
}

/* IMAP writes what follows a keyword behind an equals sign, and ends some with a plus. */
const char *
object_to_capability(const char *text)
{
	if (strchr(LETTERS DIGITS, text[0]) != NULL && consists_of(text, LETTERS DIGITS "-+=._:/"))
		return NULL;
	return "a capability is one keyword (such as SIZE, AUTH or AUTH=PLAIN), without what "
	       "follows it";
}

const char *
object_to_mechanism(const char *text)
{
	if (strlen(text) <= MECHANISM_MAX && consists_of(text, LETTERS DIGITS "-_"))
		return NULL;
	return "a SASL mechanism has at most 20 letters, digits, '-' and '_'";
}

const char *
object_to_username(const char *text)
{
	return strpbrk(text, "\r\n") == NULL ? NULL : "a user name has no line ends";
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
object_to_suite_or_class(const char *text)
{
	int class;

	if (suite_by_name(text) != NULL || name_code(suite_class_names, text, &class))
		return NULL;
	return "there is no cipher suite of this name (IANA's, such as TLS_AES_256_GCM_SHA384, or "
	       "OpenSSL's), and no class of suites, such as static-rsa";
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
object_to_san(const char *text)
{
	const char *host = text_starts_with(text, "*.") ? text + 2 : text;

	/* Names of other kinds are written as certificates show them: "email:...". */
	if (strchr(text, ':') != NULL && strspn(text, LETTERS) != 0 &&
		text[strspn(text, LETTERS)] == ':')
		return NULL;
	return object_to_host(host);
}

/* What would end the address, the command or the line is none of it. */
const char *
object_to_address(const char *text)
{
	const char *at = strrchr(text, '@');

	for (const char *c = text; *c != '\0'; c++)
		if (*c <= ' ' || *c >= 0x7f || *c == '<' || *c == '>')
			return "an address has printable ASCII alone, without blanks and angle brackets";
	if (strlen(text) > ADDRESS_MAX)
		return "an address has 254 characters at most";
	if (text_same(text, "postmaster") || (at != NULL && at != text && at[1] != '\0'))
		return NULL;
	return "an address is a name, an '@' and a domain";
}

/* Two hex digits; -1 when they are none. */
static int
hex_byte(const char *text)
{
	static const char digits[] = "00112233445566778899aAbBcCdDeEfF";
	const char *high = text[0] == '\0' ? NULL : strchr(digits, text[0]);
	const char *low = high == NULL || text[1] == '\0' ? NULL : strchr(digits, text[1]);

	return low == NULL ? -1 : (int)((high - digits) / 2 * 16 + (low - digits) / 2);
}

static bool
parse_hex(const char *text, uint8_t digest[SHA256_LEN])
{
	for (size_t i = 0; i < SHA256_LEN; i++) {
		int byte = hex_byte(text);

		if (byte < 0)
			return false;
		digest[i] = (uint8_t)byte;
		text += 2;
		if (*text == ':' && i + 1 < SHA256_LEN)
			text++;
	}
	return *text == '\0';
}

bool
parse_sha256(const char *text, uint8_t digest[SHA256_LEN])
{
	struct buf bytes;
	bool good;

	if (parse_hex(text, digest))
		return true;
	buf_init(&bytes, SHA256_LEN);
	good = text_add_unbase64(&bytes, text, strlen(text)) && bytes.len == SHA256_LEN;
	if (good)
		memcpy(digest, bytes.data, SHA256_LEN);
	buf_release(&bytes);
	return good;
}

const char *
object_to_sha256(const char *text)
{
	uint8_t digest[SHA256_LEN];

	return parse_sha256(text, digest) ? NULL
					  : "a SHA-256 digest is 64 hex digits, or 44 characters "
					    "of base64";
}

const char *
item_in_both(const struct arguments *arguments, const char *list, const char *other)
{
	const struct argument *first = argument_of(arguments, list);
	const struct argument *second = argument_of(arguments, other);

	for (size_t i = 0; i < first->count; i++)
		if (argument_lists(second, first->items[i]))
			return first->items[i];
	return NULL;
}
