/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * objections: what parameters of several families must look like. Each tells why a text is not
 * acceptable, or NULL when it is.
 */
#ifndef GATE_CHECKS_OBJECTIONS_H
#define GATE_CHECKS_OBJECTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "checks/check.h"
#include "x509/public_key.h"

/* An EHLO keyword (RFC 5321 section 4.1.1.1). */
const char *object_to_capability(const char *text);

/* The name of a SASL mechanism (RFC 4422 section 3.1). */
const char *object_to_mechanism(const char *text);

/* Who logs in: no line ends. */
const char *object_to_username(const char *text);

/* The name of a cipher suite, as IANA or OpenSSL spell it. */
const char *object_to_cipher_suite(const char *text);

/* The name of a cipher suite, or of a class of suites. */
const char *object_to_suite_or_class(const char *text);

/* A host name, or an IP address. */
const char *object_to_host(const char *text);

/* A host name, an address or a wildcard as they stand in certificates. */
const char *object_to_san(const char *text);

/* A mailbox as MAIL and RCPT have it between angle brackets (RFC 5321 section 4.1.2), in ASCII;
 * "postmaster" needs no domain. */
const char *object_to_address(const char *text);

/* A SHA-256 digest in hex (colons between the bytes allowed) or base64. */
const char *object_to_sha256(const char *text);

/* Reads such a digest; false when it is none. */
bool parse_sha256(const char *text, uint8_t digest[SHA256_LEN]);

/* An item that both lists hold; NULL when there is none. */
const char *item_in_both(const struct arguments *arguments, const char *list, const char *other);

#endif
