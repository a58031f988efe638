/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What can be done with a session beside reading and writing.
 */
#include <stdlib.h>

#include "gate/tls_names.h"
#include "tls_handle.h"

struct tls_session *
tls_session_take(const struct stream *stream)
{
	const struct tls_handle *own = stream->handle;
	struct tls_session *session = malloc(sizeof(*session));

	if (session == NULL)
		out_of_memory();
	session->session = wolfSSL_get1_session(own->session);
	if (session->session != NULL)
		return session;
	free(session);
	return NULL;
}

void
tls_session_free(struct tls_session *session)
{
	if (session == NULL)
		return;
	wolfSSL_SESSION_free(session->session);
	free(session);
}

enum outcome
tls_renegotiate(struct stream *stream, int64_t deadline_ms, enum stream_status *status)
{
	struct tls_handle *own = stream->handle;

	own->deadline_ms = deadline_ms;
	own->status = STREAM_OK;
	own->peeking = true;
	own->peeked = -1;
	wolfSSL_Rehandshake(own->session);
	*status = own->status;
	if (own->peeked == TLS_CONTENT_HANDSHAKE)
		return OUTCOME_DONE;
	return own->peeked == TLS_CONTENT_ALERT ? OUTCOME_REFUSED : OUTCOME_BROKEN;
}
