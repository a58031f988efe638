/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * sct: signed certificate timestamps (RFC 6962 section 3.2 and 3.3), from a certificate, a TLS
 * extension or an OCSP response. They are decoded, their signatures are not judged: that would
 * need the list of known logs.
 */
#ifndef GATE_X509_SCT_H
#define GATE_X509_SCT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "wire/cursor.h"

#define SCT_LOG_ID_LEN 32

struct sct {
	uint8_t version;    /* 0 is version 1; of any other, nothing else is read */
	struct span log_id; /* SHA-256 of the log's key */
	int64_t timestamp;  /* seconds since 1970-01-01T00:00:00Z, milliseconds cut off */
	uint8_t hash;       /* HashAlgorithm and SignatureAlgorithm of RFC 5246 section 7.4.1.4.1 */
	uint8_t algorithm;
	struct span signature;
};

struct sct_list {
	struct sct *scts; /* in the arena; spans point into the list that was read */
	size_t count;
};

/* Reads a SignedCertificateTimestampList. False with "RFC 6962 section 3.3: fact" when it is
 * none; an empty list is none either. */
bool sct_list_parse(
	struct sct_list *list, struct span bytes, struct arena *arena, struct error *error);

/* How many different logs gave a timestamp of version 1. */
size_t sct_list_logs(const struct sct_list *list);

#endif
