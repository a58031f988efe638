/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Normalises names with libidn2, and compares addresses byte by byte, names with one wildcard at
 * most.
 */
#include "x509/hostname.h"

#include <arpa/inet.h>
#include <idn2.h>
#include <stdio.h>
#include <string.h>

#include "wire/dns_name.h"

struct address {
	uint8_t bytes[16];
	size_t len; /* 4 or 16; 0 is no address */
};

static struct address
parse_address(const char *text)
{
	struct address address = { .len = 0 };

	if (inet_pton(AF_INET, text, address.bytes) == 1)
		address.len = 4;
	else if (inet_pton(AF_INET6, text, address.bytes) == 1)
		address.len = 16;
	return address;
}

static struct span
span_of(const char *text)
{
	return (struct span){ (const uint8_t *)text, strlen(text) };
}

/* Takes brackets or the dot at the end off; false when that leaves nothing, or too much. */
static bool
strip(const char *host, char out[HOSTNAME_MAX])
{
	size_t len = strlen(host);

	if (len > 2 && host[0] == '[' && host[len - 1] == ']') {
		host++;
		len -= 2;
	} else if (len > 1 && host[len - 1] == '.') {
		len--;
	}
	if (len == 0 || len >= HOSTNAME_MAX)
		return false;
	memcpy(out, host, len);
	out[len] = '\0';
	return true;
}

/* A last label of digits alone belongs to an address, and a wrong one at that. */
static bool
ends_in_number(const char *name)
{
	const char *dot = strrchr(name, '.');
	const char *label = dot == NULL ? name : dot + 1;

	return label[strspn(label, "0123456789")] == '\0';
}

static bool
is_ascii(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text >= 0x80)
			return false;
	return true;
}

static bool
to_ascii(char name[HOSTNAME_MAX], struct error *error)
{
	char *ascii = NULL;
	int status = idn2_to_ascii_8z(name, &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);

	if (status != IDN2_OK)
		return error_set(error, "RFC 5891 section 5: %s", idn2_strerror(status));
	if (strlen(ascii) < HOSTNAME_MAX)
		snprintf(name, HOSTNAME_MAX, "%s", ascii);
	idn2_free(ascii);
	return true;
}

bool
hostname_normalise(const char *host, char out[HOSTNAME_MAX], struct error *error)
{
	struct address address;

	if (!strip(host, out))
		return error_set(error, "RFC 1034 section 3.1: a host name has 1 to 253 bytes");
	address = parse_address(out);
	if (address.len != 0) {
		inet_ntop(address.len == 4 ? AF_INET : AF_INET6, address.bytes, out, HOSTNAME_MAX);
		return true;
	}
	if (!is_ascii(out) && !to_ascii(out, error))
		return false;
	if (host[0] == '[' || !dns_name_is_plain(span_of(out)) || ends_in_number(out))
		return error_set(error,
			"RFC 1123 section 2.1: neither an address nor a host name of letters, "
			"digits and hyphens");
	for (char *c = out; *c != '\0'; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	return true;
}

static bool
name_matches(struct span presented, struct span host)
{
	const uint8_t *dot;
	struct span rest, parent;

	if (presented.len < 2 || memcmp(presented.data, "*.", 2) != 0)
		return dns_name_is_plain(presented) && dns_name_equal(presented, host);
	rest = (struct span){ presented.data + 2, presented.len - 2 };
	dot = memchr(host.data, '.', host.len);
	if (dot == NULL || !dns_name_is_plain(rest) || memchr(rest.data, '.', rest.len) == NULL)
		return false;
	parent = (struct span){ dot + 1, host.len - (size_t)(dot + 1 - host.data) };
	return dns_name_equal(rest, parent);
}

bool
hostname_matches(const char *host, const struct cert *cert)
{
	struct cursor names = cert_names(cert);
	struct error error = { { 0 } };
	char wanted[HOSTNAME_MAX];
	struct address address;
	bool found = false;

	if (!hostname_normalise(host, wanted, &error))
		return false;
	address = parse_address(wanted);
	while (!found && names.left != 0) {
		struct general_name name = general_name_read(&names);

		if (address.len != 0)
			found = name.kind == GENERAL_NAME_IP &&
				span_equal(name.value, (struct span){ address.bytes, address.len });
		else
			found = name.kind == GENERAL_NAME_DNS &&
				name_matches(name.value, span_of(wanted));
	}
	return found;
}
