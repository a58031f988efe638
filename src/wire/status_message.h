/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * status_message: what goes along with a certificate, below TLS 1.3 as a message (RFC 6066 section
 * 8), in TLS 1.3 as an extension (RFC 8446 section 4.4.2.1).
 */
#ifndef GATE_WIRE_STATUS_MESSAGE_H
#define GATE_WIRE_STATUS_MESSAGE_H

#include <stdbool.h>

#include "base/span.h"

/* The OCSP response in a CertificateStatus; false when it is not one. */
bool certificate_status_read(struct span body, struct span *response);

#endif
