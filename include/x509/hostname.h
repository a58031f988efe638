/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * hostname: whether a certificate is one for the host that was asked for (RFC 9525).
 */
#ifndef GATE_X509_HOSTNAME_H
#define GATE_X509_HOSTNAME_H

#include <stdbool.h>

#include "base/error.h"
#include "x509/cert.h"

#define HOSTNAME_MAX 256

/* The form of a host that is compared and sent: an address as inet_ntop writes it (brackets
 * around an IPv6 address are taken off), or a host name in lower case, U-labels turned into
 * A-labels (RFC 5891, non-transitional), without the one dot that may stand at its end. False
 * when it is neither an address nor a host name. */
bool hostname_normalise(const char *host, char out[HOSTNAME_MAX], struct error *error);

/* Whether one of the subjectAltNames is the host, normalised as above (RFC 9525 section 6). An
 * address is compared with iPAddress entries only, byte by byte; a name with dNSName entries
 * only. A wildcard is "*" as the whole first label with two labels behind it at least, and
 * stands for exactly one label. The common name is never looked at. */
bool hostname_matches(const char *host, const struct cert *cert);

#endif
