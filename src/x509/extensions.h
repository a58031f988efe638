/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * extensions: reads the extensions of a certificate (RFC 5280 section 4.2) into its facts.
 */
#ifndef GATE_X509_EXTENSIONS_H
#define GATE_X509_EXTENSIONS_H

#include "x509/cert.h"

/* Reads a SEQUENCE OF Extension, its content. False when it is not even that, or when it is
 * empty; see cert_parse for one that cannot be read, or stands there twice. */
bool extensions_parse(struct cert *cert, struct span list, struct arena *arena);

#endif
