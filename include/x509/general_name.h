/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * general_name: the forms of GeneralName (RFC 5280 section 4.2.1.6).
 */
#ifndef GATE_X509_GENERAL_NAME_H
#define GATE_X509_GENERAL_NAME_H

#include <stdbool.h>

#include "base/buf.h"
#include "wire/cursor.h"

/* The numbers are those of the context tags. */
enum general_name_kind {
	GENERAL_NAME_OTHER = 0,
	GENERAL_NAME_EMAIL = 1,
	GENERAL_NAME_DNS = 2,
	GENERAL_NAME_X400 = 3,
	GENERAL_NAME_DIRECTORY = 4,
	GENERAL_NAME_EDI = 5,
	GENERAL_NAME_URI = 6,
	GENERAL_NAME_IP = 7,
	GENERAL_NAME_ID = 8,
};

struct general_name {
	enum general_name_kind kind;
	struct span value; /* IA5 bytes, address bytes, or the DER of a Name with tag and length */
};

/* Reads one name. Breaks the cursor when it is not in a form of the list, when text holds bytes
 * outside ASCII, or when a directoryName is no Name; the length of an address is not checked. */
struct general_name general_name_read(struct cursor *cursor);

/* Appends "DNS:mail.example.com", "IP:192.0.2.1" and the like, printable. */
void general_name_add_text(struct buf *out, const struct general_name *name);

#endif
