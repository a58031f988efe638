/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reads scheme and signature, and lays out the content that RFC 8446 section 4.4.3 has signed.
 */
#include "wire/certificate_verify.h"

#include "wire/handshake.h"
#include "wire/tls_names.h"

/* A scheme, a length, and the longest signature. */
#define BODY_MAX (2 + 2 + 65535)

/* 64 blanks and the context; the terminator is the zero byte that stands behind them. */
static const char context[] = "                                "
			      "                                "
			      "TLS 1.3, server CertificateVerify";

static struct certificate_verify
read_body(struct span body)
{
	struct cursor cursor = cursor_over(body);
	struct certificate_verify verify = { .scheme = cursor_u16(&cursor),
		.signature = cursor_vector16(&cursor) };

	verify.state =
		cursor_at_end(&cursor) ? CERTIFICATE_VERIFY_DONE : CERTIFICATE_VERIFY_MALFORMED;
	return verify;
}

struct certificate_verify
certificate_verify_read(struct span messages)
{
	const struct certificate_verify more = { .state = CERTIFICATE_VERIFY_MORE };
	const struct certificate_verify malformed = { .state = CERTIFICATE_VERIFY_MALFORMED };
	struct cursor cursor = cursor_over(messages);
	struct handshake_message message;
	bool taken = handshake_take(&cursor, &message) == HANDSHAKE_TAKEN;

	if (messages.len == 0)
		return more;
	if (message.type != TLS_HANDSHAKE_CERTIFICATE_VERIFY || message.len > BODY_MAX)
		return malformed;
	return taken ? read_body(message.body) : more;
}

bool
certificate_verify_content(struct span hash, struct buf *out)
{
	return buf_add(out, context, sizeof(context)) && buf_add(out, hash.data, hash.len);
}
