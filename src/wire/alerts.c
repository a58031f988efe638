/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The registry of alerts as one table. RFC 8446 section 6.2 has unexpected_message, bad_record_mac
 * and decode_error never occur between proper implementations unless messages were damaged, and
 * internal_error have nothing to do with the peer: none of them is a no. Nor is what answers a
 * question that no hello of ours asks.
 */
#include "wire/alerts.h"

#include <stddef.h>

static const struct alert alerts[] = {
	{ 0, "close_notify", ALERT_GIVES_UP, "RFC 8446 section 6.1" },
	{ 10, "unexpected_message", ALERT_MISREAD, "RFC 8446 section 6.2" },
	{ 20, "bad_record_mac", ALERT_MISREAD, "RFC 8446 section 6.2" },
	{ 21, "decryption_failed", ALERT_MISREAD, "RFC 5246 section 7.2.2" },
	{ 22, "record_overflow", ALERT_MISREAD, "RFC 8446 section 6.2" },
	{ 30, "decompression_failure", ALERT_MISREAD, "RFC 5246 section 7.2.2" },
	{ 40, "handshake_failure", ALERT_REFUSES, "RFC 8446 section 6.2" },
	{ 41, "no_certificate", ALERT_OTHER, "RFC 6101 section 5.4.2" },
	{ 42, "bad_certificate", ALERT_OTHER, "RFC 8446 section 6.2" },
	{ 43, "unsupported_certificate", ALERT_OTHER, "RFC 8446 section 6.2" },
	{ 44, "certificate_revoked", ALERT_OTHER, "RFC 8446 section 6.2" },
	{ 45, "certificate_expired", ALERT_OTHER, "RFC 8446 section 6.2" },
	{ 46, "certificate_unknown", ALERT_OTHER, "RFC 8446 section 6.2" },
	{ 47, "illegal_parameter", ALERT_REFUSES, "RFC 8446 section 6.2" },
	{ 48, "unknown_ca", ALERT_OTHER, "RFC 8446 section 6.2" },
	{ 49, "access_denied", ALERT_OTHER, "RFC 8446 section 6.2" },
	{ 50, "decode_error", ALERT_MISREAD, "RFC 8446 section 6.2" },
	{ 51, "decrypt_error", ALERT_MISREAD, "RFC 8446 section 6.2" },
	{ 52, "too_many_cids_requested", ALERT_OTHER, "RFC 9147 section 9" },
	{ 60, "export_restriction", ALERT_REFUSES, "RFC 2246 section 7.2.2" },
	{ 70, "protocol_version", ALERT_REFUSES, "RFC 8446 section 6.2" },
	{ 71, "insufficient_security", ALERT_REFUSES, "RFC 8446 section 6.2" },
	{ 80, "internal_error", ALERT_GIVES_UP, "RFC 8446 section 6.2" },
	{ ALERT_INAPPROPRIATE_FALLBACK, "inappropriate_fallback", ALERT_REFUSES,
		"RFC 7507 section 2" },
	{ 90, "user_canceled", ALERT_GIVES_UP, "RFC 8446 section 6.1" },
	{ 100, "no_renegotiation", ALERT_OTHER, "RFC 5246 section 7.2.2" },
	{ 109, "missing_extension", ALERT_REFUSES, "RFC 8446 section 6.2" },
	{ 110, "unsupported_extension", ALERT_OTHER, "RFC 8446 section 6.2" },
	{ 111, "certificate_unobtainable", ALERT_OTHER, "RFC 6066 section 9" },
	{ 112, "unrecognized_name", ALERT_OTHER, "RFC 6066 section 3" },
	{ 113, "bad_certificate_status_response", ALERT_OTHER, "RFC 6066 section 8" },
	{ 114, "bad_certificate_hash_value", ALERT_OTHER, "RFC 6066 section 9" },
	{ 115, "unknown_psk_identity", ALERT_OTHER, "RFC 8446 section 6.2" },
	{ 116, "certificate_required", ALERT_OTHER, "RFC 8446 section 6.2" },
	{ 117, "general_error", ALERT_GIVES_UP, "IANA \"TLS Alerts\"" },
	{ 120, "no_application_protocol", ALERT_OTHER, "RFC 7301 section 3.2" },
	{ 121, "ech_required", ALERT_OTHER, "IANA \"TLS Alerts\"" },
};

const struct alert *
alert_of(uint8_t description)
{
	static const struct alert unknown = { 255, "of an unknown kind", ALERT_OTHER, "" };

	for (size_t i = 0; i < sizeof(alerts) / sizeof(alerts[0]); i++)
		if (alerts[i].description == description)
			return &alerts[i];
	return &unknown;
}
