/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Channel bindings as the library computes them, where it was built to. The exporter is for TLS 1.3
 * alone: below it, those who use it do not agree on its context.
 */
#include "net/tls_binding.h"

#include <string.h>

#include "base/text.h"
#include "tls_handle.h"
#include "wire/flight.h"
#include "wire/tls_names.h"

#define EXPORTER_LABEL "EXPORTER-Channel-Binding"
#define EXPORTER_LEN 32

static struct tls_binding
none(const char *why)
{
	return (struct tls_binding){ .kind = TLS_BINDING_NONE, .why = why };
}

#ifdef HAVE_KEYING_MATERIAL
/* RFC 9266 section 2. */
static struct tls_binding
export_binding(WOLFSSL *session)
{
	struct tls_binding binding = { .kind = TLS_BINDING_EXPORTER, .len = EXPORTER_LEN };

	if (wolfSSL_export_keying_material(session, binding.bytes, EXPORTER_LEN, EXPORTER_LABEL,
		    strlen(EXPORTER_LABEL), NULL, 0, 0) != WOLFSSL_SUCCESS)
		return none("the TLS library exports nothing");
	return binding;
}
#else
static struct tls_binding
export_binding(WOLFSSL *session)
{
	(void)session;
	return none("the TLS library was built without exporters (HAVE_KEYING_MATERIAL)");
}
#endif

#ifdef WOLFSSL_HAVE_TLS_UNIQUE
/* The first Finished of the handshake: the client's, and the server's where a session is resumed
 * (RFC 5929 section 3.1). */
static struct tls_binding
finished_binding(WOLFSSL *session, bool resumed)
{
	struct tls_binding binding = { .kind = TLS_BINDING_UNIQUE };

	binding.len =
		resumed ? wolfSSL_get_peer_finished(session, binding.bytes, sizeof(binding.bytes))
			: wolfSSL_get_finished(session, binding.bytes, sizeof(binding.bytes));
	if (binding.len == 0 || binding.len > sizeof(binding.bytes))
		return none("the TLS library keeps no Finished");
	return binding;
}
#else
static struct tls_binding
finished_binding(WOLFSSL *session, bool resumed)
{
	(void)session;
	(void)resumed;
	return none("the TLS library was built without tls-unique (WOLFSSL_HAVE_TLS_UNIQUE)");
}
#endif

/* Without it, tls-unique can be the same on two connections (RFC 7627 section 1). */
static bool
has_extended_master_secret(const struct tls_facts *facts)
{
	size_t stray = facts->plaintext.len;
	struct flight flight;
	bool has = false;

	if (facts->first_bytes.len <= stray)
		return false;
	flight_init(&flight, false);
	if (flight_feed(&flight, facts->first_bytes.data + stray, facts->first_bytes.len - stray) ==
		FLIGHT_HELLO)
		has = flight_hello_has(&flight.hello, TLS_EXTENSION_EXTENDED_MASTER_SECRET);
	flight_release(&flight);
	return has;
}

struct tls_binding
tls_binding_of(const struct stream *stream)
{
	const struct tls_handle *own = stream->handle;

	if (own->facts->version == TLS_VERSION_1_3)
		return export_binding(own->session);
	if (own->facts->version != TLS_VERSION_1_2)
		return none("TLS below 1.2 has none that can be relied on");
	if (!has_extended_master_secret(own->facts))
		return none(
			"TLS 1.2 in which no extended_master_secret was seen has none that can be "
			"relied on (RFC 7627)");
	return finished_binding(own->session, own->facts->resumed);
}
