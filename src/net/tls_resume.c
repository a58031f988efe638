/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sessions that outlive their connection.
 */
#include <stdlib.h>

#include "tls_handle.h"
#include "wire/groups.h"

struct tls_session *
tls_session_take(const struct stream *stream)
{
	const struct tls_handle *own = stream->handle;
	struct tls_session *session = malloc(sizeof(*session));

	if (session == NULL)
		out_of_memory();
	session->session = wolfSSL_get1_session(own->session);
	session->group = 0;
	if (own->facts->group != NULL)
		group_by_name(own->facts->group, &session->group);
	if (session->session != NULL && wolfSSL_SESSION_is_resumable(session->session))
		return session;
	tls_session_free(session);
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
