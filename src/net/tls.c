/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The only place where wolfSSL makes a handshake. Its own verdict on certificates decides
 * nothing: the verify callback takes the chain and always agrees.
 */
#include "gate/tls.h"

#include "tls_handle.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wolfssl/error-ssl.h>
#include <wolfssl/wolfcrypt/ecc.h>

#include "gate/flight_record.h"
#include "gate/names.h"
#include "gate/text.h"
#include "gate/tls_names.h"

/* Most bytes of the first read. */
#define EARLY_MAX 2048

/* Those that tls_renegotiate can go on with. */
#define GCM_SUITES                                                   \
	"ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:" \
	"ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:" \
	"DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384:"       \
	"AES128-GCM-SHA256:AES256-GCM-SHA384"

/* Longest session ticket that is kept. */
#define TICKET_MAX 4096

static void
initialise(void)
{
	wolfSSL_Init();
}

static int
io_result(enum stream_status status)
{
	switch (status) {
	case STREAM_OK:
		return 0;
	case STREAM_CLOSED:
		return WOLFSSL_CBIO_ERR_CONN_CLOSE;
	case STREAM_RESET:
		return WOLFSSL_CBIO_ERR_CONN_RST;
	case STREAM_TIMEOUT:
	case STREAM_INTERRUPTED:
	case STREAM_FAILED:
		break;
	}
	return WOLFSSL_CBIO_ERR_GENERAL;
}

/* Reads the first bytes that the peer sends. Plaintext that was on its way before the ClientHello
 * (RFC 3207 section 6) can arrive only now: it is kept apart, and the handshake goes on. */
static enum stream_status
read_first(struct tls_handle *own)
{
	struct tls_facts *facts = own->facts;
	char bytes[EARLY_MAX];
	struct span seen;
	size_t got = 0, stray;

	own->begun = true;
	own->status =
		own->below->read(own->below_handle, bytes, sizeof(bytes), own->deadline_ms, &got);
	if (own->status != STREAM_OK)
		return own->status;
	seen = (struct span){ (const uint8_t *)bytes, got };
	stray = flight_record_find(seen);
	facts->first_bytes.data = arena_memdup(own->arena, bytes, got);
	facts->first_bytes.len = got < TLS_FIRST_BYTES_MAX ? got : TLS_FIRST_BYTES_MAX;
	facts->plaintext.data = arena_memdup(own->arena, bytes, stray);
	facts->plaintext.len = stray;
	buf_add(&own->early, bytes + stray, got - stray);
	return STREAM_OK;
}

int
tls_handle_receive(WOLFSSL *session, char *bytes, int room, void *context)
{
	struct tls_handle *own = context;
	size_t got = 0;

	(void)session;
	if (!own->begun && read_first(own) != STREAM_OK)
		return io_result(own->status);
	if (own->early.len != 0) {
		got = own->early.len < (size_t)room ? own->early.len : (size_t)room;
		memcpy(bytes, own->early.data, got);
		buf_consume(&own->early, got);
		return (int)got;
	}
	own->status =
		own->below->read(own->below_handle, bytes, (size_t)room, own->deadline_ms, &got);
	return own->status == STREAM_OK ? (int)got : io_result(own->status);
}

static int
transmit(WOLFSSL *session, char *bytes, int len, void *context)
{
	struct tls_handle *own = context;

	(void)session;
	own->status = own->below->write(own->below_handle, bytes, (size_t)len, own->deadline_ms);
	return own->status == STREAM_OK ? len : io_result(own->status);
}

/* The library keeps a table for each curve point that it meets again: half a megabyte in every
 * thread, and ten times the cost of the signature that it is to speed up. A handshake meets no
 * point often enough for that. */
static void
forget_curve_points(void)
{
	wc_ecc_fp_free();
}

/* Called for every certificate; each time all of them are at hand. */
static int
take_chain(int preverified, WOLFSSL_X509_STORE_CTX *store)
{
	struct tls_handle *own = store->userCtx;
	struct tls_facts *facts = own->facts;

	(void)preverified;
	forget_curve_points();
	if (facts == NULL || facts->chain_count != 0 || store->totalCerts <= 0)
		return 1;
	facts->chain = arena_array(own->arena, (size_t)store->totalCerts, sizeof(struct span));
	for (int i = 0; i < store->totalCerts; i++) {
		const WOLFSSL_BUFFER_INFO *sent = &store->certs[i];

		facts->chain[i].data = arena_memdup(own->arena, sent->buffer, sent->length);
		facts->chain[i].len = sent->length;
	}
	facts->chain_count = (size_t)store->totalCerts;
	return 1;
}

static bool
apply_wish(struct tls_handle *own, const struct tls_wish *wish)
{
	WOLFSSL *session = own->session;

	return (!wish->ticket || wolfSSL_UseSessionTicket(session) == WOLFSSL_SUCCESS) &&
	       (!wish->renegotiable ||
		       wolfSSL_UseSecureRenegotiation(session) == WOLFSSL_SUCCESS) &&
	       (wish->protocol == NULL ||
		       wolfSSL_UseALPN(session, (char *)(uintptr_t)wish->protocol,
			       (unsigned)strlen(wish->protocol),
			       WOLFSSL_ALPN_CONTINUE_ON_MISMATCH) == WOLFSSL_SUCCESS) &&
	       (wish->resume == NULL ||
		       wolfSSL_set_session(session, wish->resume->session) == WOLFSSL_SUCCESS);
}

static bool
make_session(struct tls_handle *own, const char *server_name, const struct tls_wish *wish)
{
	own->context = wolfSSL_CTX_new(wolfSSLv23_client_method());
	if (own->context == NULL)
		return false;
	wolfSSL_CTX_SetIORecv(own->context, tls_handle_receive);
	wolfSSL_CTX_SetIOSend(own->context, transmit);
	/* Where the library was built without TLS 1.1 this leaves its own minimum. */
	wolfSSL_CTX_SetMinVersion(own->context, WOLFSSL_TLSV1_1);
	if (wish->renegotiable &&
		wolfSSL_CTX_set_cipher_list(own->context, GCM_SUITES) != WOLFSSL_SUCCESS)
		return false;
	if (wish->maximum != 0 &&
		wolfSSL_CTX_set_max_proto_version(own->context, wish->maximum) != WOLFSSL_SUCCESS)
		return false;
	wolfSSL_CTX_set_verify(own->context, WOLFSSL_VERIFY_PEER, take_chain);
	own->session = wolfSSL_new(own->context);
	if (own->session == NULL)
		return false;
	wolfSSL_SetIOReadCtx(own->session, own);
	wolfSSL_SetIOWriteCtx(own->session, own);
	wolfSSL_SetCertCbCtx(own->session, own);
	/* The share that servers prefer, and by far the cheapest to make. One that has no X25519
	 * asks for another. */
	wolfSSL_UseKeyShare(own->session, WOLFSSL_ECC_X25519);
	if (server_name != NULL && wolfSSL_UseSNI(own->session, WOLFSSL_SNI_HOST_NAME, server_name,
					   (unsigned short)strlen(server_name)) != WOLFSSL_SUCCESS)
		return false;
	return apply_wish(own, wish);
}

static void
release_session(struct tls_handle *own)
{
	wolfSSL_free(own->session);
	wolfSSL_CTX_free(own->context);
	buf_release(&own->early);
	free(own);
}

static enum stream_status
tls_read(void *handle, void *bytes, size_t room, int64_t deadline_ms, size_t *got)
{
	struct tls_handle *own = handle;
	int len;

	own->deadline_ms = deadline_ms;
	own->status = STREAM_OK;
	len = wolfSSL_read(own->session, bytes, room > 16384 ? 16384 : (int)room);
	if (len > 0) {
		*got = (size_t)len;
		return STREAM_OK;
	}
	if (own->status != STREAM_OK)
		return own->status;
	return wolfSSL_get_error(own->session, len) == WOLFSSL_ERROR_ZERO_RETURN ? STREAM_CLOSED
										 : STREAM_FAILED;
}

static enum stream_status
tls_write(void *handle, const void *bytes, size_t len, int64_t deadline_ms)
{
	struct tls_handle *own = handle;

	own->deadline_ms = deadline_ms;
	own->status = STREAM_OK;
	if (wolfSSL_write(own->session, bytes, (int)len) == (int)len)
		return STREAM_OK;
	return own->status != STREAM_OK ? own->status : STREAM_FAILED;
}

static void
tls_close(void *handle)
{
	struct tls_handle *own = handle;

	own->below->close(own->below_handle);
	release_session(own);
}

static const struct transport tls_transport = { tls_read, tls_write, tls_close };

/* The version number as it stands on the wire. */
static uint16_t
wire_version(WOLFSSL *session)
{
	int version = wolfSSL_version(session);

	return version > 0 ? (uint16_t)version : 0;
}

static void
copy_extras(struct tls_handle *own, struct tls_facts *facts)
{
	uint8_t ticket[TICKET_MAX];
	word32 ticket_len = sizeof(ticket);
	unsigned short protocol_len = 0;
	char *protocol = NULL;

	facts->resumed = wolfSSL_session_reused(own->session) == 1;
	if (wolfSSL_ALPN_GetProtocol(own->session, &protocol, &protocol_len) == WOLFSSL_SUCCESS)
		facts->protocol = arena_printf(own->arena, "%.*s", (int)protocol_len, protocol);
	if (facts->version > TLS_VERSION_1_2 ||
		wolfSSL_get_SessionTicket(own->session, ticket, &ticket_len) != WOLFSSL_SUCCESS)
		return;
	facts->ticket = (struct span){ arena_memdup(own->arena, ticket, ticket_len), ticket_len };
}

static void
copy_facts(struct tls_handle *own, struct tls_facts *facts)
{
	WOLFSSL_ALERT_HISTORY alerts;
	const char *group;

	memset(&alerts, 0, sizeof(alerts));
	if (wolfSSL_get_alert_history(own->session, &alerts) == WOLFSSL_SUCCESS &&
		alerts.last_rx.level == alert_fatal)
		facts->alert = alerts.last_rx.code;
	facts->version = wire_version(own->session);
	facts->suite = (uint16_t)wolfSSL_get_current_cipher_suite(own->session);
	group = wolfSSL_get_curve_name(own->session);
	facts->group = group != NULL ? arena_strdup(own->arena, group) : NULL;
}

/* A record starts with a content type of 20 to 24 and a major version of 3 (RFC 8446 section
 * 5.1); an SSLv2 hello is not expected in answer to one of TLS. */
static bool
is_tls(struct span bytes)
{
	return bytes.len == 0 || (bytes.data[0] >= TLS_CONTENT_CHANGE_CIPHER_SPEC &&
					 bytes.data[0] <= TLS_CONTENT_HEARTBEAT &&
					 (bytes.len < 2 || bytes.data[1] == 3));
}

static void
describe_not_tls(struct span bytes, struct error *error)
{
	struct buf shown;

	buf_init(&shown, 120);
	text_add_printable(&shown, bytes.data, bytes.len);
	error_set(error,
		"the server answered the ClientHello with something that is not TLS: \"%s\"",
		shown.data);
	buf_release(&shown);
}

static enum outcome
explain_failure(
	const struct tls_handle *own, int code, struct tls_facts *facts, struct error *error)
{
	char reason[WOLFSSL_MAX_ERROR_SZ];
	const char *alert = name_of(tls_alert_names, facts->alert);

	if (facts->plaintext.len == 0 && !is_tls(facts->first_bytes)) {
		describe_not_tls(facts->first_bytes, error);
		return OUTCOME_REFUSED;
	}
	if (facts->alert >= 0) {
		error_set(error, "the server answered with the alert %s (%d)",
			alert != NULL ? alert : "of an unknown kind", facts->alert);
		return OUTCOME_REFUSED;
	}
	if (own->status != STREAM_OK) {
		error_set(error, "%s during the handshake", stream_status_text(own->status));
		return OUTCOME_BROKEN;
	}
	facts->undigested = code != VERSION_ERROR;
	wolfSSL_ERR_error_string_n((unsigned long)code, reason, sizeof(reason));
	error_set(error, "the TLS library gave up: %s (%d)", reason, code);
	return code == VERSION_ERROR ? OUTCOME_REFUSED : OUTCOME_BROKEN;
}

enum outcome
tls_handshake(struct stream *stream, const char *server_name, const struct tls_wish *wish,
	int64_t deadline_ms, struct arena *arena, struct tls_facts *facts, struct error *error)
{
	static const struct tls_wish nothing;
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct tls_handle *own = calloc(1, sizeof(*own));
	enum outcome outcome = OUTCOME_DONE;
	int result;

	if (own == NULL)
		out_of_memory();
	pthread_once(&once, initialise);
	*facts = (struct tls_facts){ .alert = -1 };
	buf_init(&own->early, EARLY_MAX);
	own->below = stream->transport;
	own->below_handle = stream->handle;
	own->deadline_ms = deadline_ms;
	own->arena = arena;
	own->facts = facts;
	if (!make_session(own, server_name, wish != NULL ? wish : &nothing)) {
		release_session(own);
		error_set(error, "the TLS library could not make a session");
		return OUTCOME_BROKEN;
	}
	result = wolfSSL_connect(own->session);
	forget_curve_points();
	copy_facts(own, facts);
	if (result != WOLFSSL_SUCCESS) {
		outcome =
			explain_failure(own, wolfSSL_get_error(own->session, result), facts, error);
		release_session(own);
		return outcome;
	}
	copy_extras(own, facts);
	own->facts = NULL;
	own->arena = NULL;
	stream->transport = &tls_transport;
	stream->handle = own;
	return outcome;
}
