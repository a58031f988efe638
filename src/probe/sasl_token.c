/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The mechanisms that send a token: OAUTHBEARER (RFC 7628) and XOAUTH2, which Google and Microsoft
 * describe. Both answer a challenge only to let the server end the exchange: it holds the reason of the
 * refusal.
 */
#include "probe/endpoint.h"
#include "sasl.h"
#include "wire/oauth_error.h"

/* What stands between the parts (RFC 7628 section 3.1). */
#define SEPARATOR '\x01'

static enum sasl_turn
present(struct sasl *sasl)
{
	sasl->shown = "[token]";
	sasl->presents = true;
	return SASL_ANSWERS;
}

/* RFC 7628 section 3.2.2. The answer is a separator, or nothing. */
static enum sasl_turn
take_reason(struct sasl *sasl, struct span challenge)
{
	struct buf reason;

	if (sasl->responses > 1)
		return SASL_IS_DONE;
	buf_init(&reason, (size_t)4 * OAUTH_ERROR_MAX);
	if (challenge.data != NULL && oauth_error_show(challenge, &reason))
		sasl_find(sasl, AUTH_DECLINED, "%s", reason.data);
	else
		sasl_find(sasl, AUTH_DECLINED, "a reason that cannot be read");
	buf_release(&reason);
	sasl->shown = "[acknowledged]";
	return SASL_ANSWERS;
}

/* gs2-header: what separates its parts is written in another way (RFC 5801 section 4). */
static void
add_name(struct buf *response, const char *name)
{
	for (; *name != '\0'; name++) {
		if (*name == ',')
			buf_add_string(response, "=2C");
		else if (*name == '=')
			buf_add_string(response, "=3D");
		else
			buf_add_char(response, *name);
	}
}

enum sasl_turn
oauthbearer_respond(struct sasl *sasl, struct span challenge, struct buf *response)
{
	const struct endpoint *endpoint = sasl->dialog->endpoint;

	if (sasl->responses != 0) {
		buf_add_char(response, SEPARATOR);
		return take_reason(sasl, challenge);
	}
	buf_add_string(response, "n,a=");
	add_name(response, sasl->attempt->username);
	buf_addf(response, ",%chost=%s%cport=%u%cauth=Bearer %s%c%c", SEPARATOR, endpoint->host,
		SEPARATOR, endpoint->port, SEPARATOR, sasl->attempt->password, SEPARATOR,
		SEPARATOR);
	return present(sasl);
}

enum sasl_turn
xoauth2_respond(struct sasl *sasl, struct span challenge, struct buf *response)
{
	if (sasl->responses != 0)
		return take_reason(sasl, challenge);
	buf_addf(response, "user=%s%cauth=Bearer %s%c%c", sasl->attempt->username, SEPARATOR,
		sasl->attempt->password, SEPARATOR, SEPARATOR);
	return present(sasl);
}
