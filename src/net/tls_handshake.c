/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The only place where wolfSSL makes a handshake. Its own verdict on certificates decides
 * nothing: the verify callback takes the chain and always agrees.
 */
#include "net/tls_handshake.h"

#include "tls_handle.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wolfssl/error-ssl.h>

#include "base/clock.h"
#include "base/text.h"
#include "wire/alerts.h"
#include "wire/flight_record.h"
#include "wire/tls_names.h"
#include "x509/curve_points.h"

/* What the library has and a mail client would offer, best first: every suite encrypts, and shows
 * the server's certificate. The library passes over names that it does not have. */
#define SUITES_TLS13                                                                      \
	"TLS13-AES256-GCM-SHA384:TLS13-AES128-GCM-SHA256:TLS13-CHACHA20-POLY1305-SHA256:" \
	"TLS13-AES128-CCM-SHA256:TLS13-AES128-CCM-8-SHA256:"
/* Those that tls_renegotiate can go on with. */
#define SUITES_SEALED                                                                          \
	"ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"                           \
	"ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"                           \
	"ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:"                           \
	"DHE-RSA-AES256-GCM-SHA384:DHE-RSA-AES128-GCM-SHA256:DHE-RSA-CHACHA20-POLY1305:"       \
	"ECDHE-ECDSA-AES128-CCM:ECDHE-ECDSA-AES256-CCM:"                                       \
	"ECDHE-ECDSA-AES128-CCM-8:ECDHE-ECDSA-AES256-CCM-8:"                                   \
	"AES256-GCM-SHA384:AES128-GCM-SHA256:AES128-CCM:AES256-CCM:AES128-CCM-8:AES256-CCM-8:" \
	"ECDHE-ECDSA-AES256-SHA384:ECDHE-RSA-AES256-SHA384:"                                   \
	"ECDHE-ECDSA-AES128-SHA256:ECDHE-RSA-AES128-SHA256:"                                   \
	"ECDHE-ECDSA-AES256-SHA:ECDHE-RSA-AES256-SHA:"                                         \
	"ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES128-SHA:"                                         \
	"DHE-RSA-AES256-SHA256:DHE-RSA-AES128-SHA256:DHE-RSA-AES256-SHA:DHE-RSA-AES128-SHA:"   \
	"AES256-SHA256:AES128-SHA256:AES256-SHA:AES128-SHA"
#define SUITES_OLD                                                                           \
	":DHE-RSA-CAMELLIA256-SHA256:DHE-RSA-CAMELLIA128-SHA256:"                            \
	"DHE-RSA-CAMELLIA256-SHA:DHE-RSA-CAMELLIA128-SHA:"                                   \
	"ECDHE-RSA-CHACHA20-POLY1305-OLD:ECDHE-ECDSA-CHACHA20-POLY1305-OLD:"                 \
	"DHE-RSA-CHACHA20-POLY1305-OLD:"                                                     \
	"ECDHE-ECDSA-DES-CBC3-SHA:ECDHE-RSA-DES-CBC3-SHA:EDH-RSA-DES-CBC3-SHA:DES-CBC3-SHA:" \
	"ECDHE-ECDSA-RC4-SHA:ECDHE-RSA-RC4-SHA:RC4-SHA:RC4-MD5"

/* Of handshake messages behind the handshake: a ticket may have 64 kB. */
#define MESSAGES_MAX ((size_t)128 * 1024)

/* Longest session ticket that is kept. */
#define TICKET_MAX 4096

static void
initialise(void)
{
	wolfSSL_Init();
}

/* Called for every certificate; each time all of them are at hand. */
static int
take_chain(int preverified, WOLFSSL_X509_STORE_CTX *store)
{
	struct tls_handle *own = store->userCtx;
	struct tls_facts *facts = own->facts;

	(void)preverified;
	curve_points_forget();
	if (own->arena == NULL || facts->chain_count != 0 || store->totalCerts <= 0)
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
apply_identity(struct tls_handle *own, const struct tls_identity *identity)
{
	return identity == NULL ||
	       (wolfSSL_use_certificate_chain_buffer(own->session, identity->chain.data,
			(long)identity->chain.len) == WOLFSSL_SUCCESS &&
		       wolfSSL_use_PrivateKey_buffer(own->session, identity->key.data,
			       (long)identity->key.len, WOLFSSL_FILETYPE_PEM) == WOLFSSL_SUCCESS);
}

static bool
make_session(struct tls_handle *own, const struct tls_request *request, const struct tls_wish *wish)
{
	const char *server_name = request->server_name;

	own->context = wolfSSL_CTX_new(wolfSSLv23_client_method());
	if (own->context == NULL)
		return false;
	wolfSSL_CTX_SetIORecv(own->context, tls_handle_receive);
	wolfSSL_CTX_SetIOSend(own->context, tls_handle_transmit);
	/* Where the library was built without TLS 1.1 this leaves its own minimum. */
	wolfSSL_CTX_SetMinVersion(own->context, WOLFSSL_TLSV1_1);
	if (wolfSSL_CTX_set_cipher_list(own->context,
		    wish->renegotiable ? SUITES_SEALED : SUITES_TLS13 SUITES_SEALED SUITES_OLD) !=
		WOLFSSL_SUCCESS)
		return false;
	if (wish->renegotiable)
		wolfSSL_CTX_AllowEncryptThenMac(own->context, 0);
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
	 * asks for another; behind a session the library offers no group but that of the session. */
	wolfSSL_UseKeyShare(own->session, wish->resume != NULL && wish->resume->group != 0
						  ? wish->resume->group
						  : WOLFSSL_ECC_X25519);
	if (server_name != NULL && wolfSSL_UseSNI(own->session, WOLFSSL_SNI_HOST_NAME, server_name,
					   (unsigned short)strlen(server_name)) != WOLFSSL_SUCCESS)
		return false;
	return apply_identity(own, request->identity) && apply_wish(own, wish);
}

static void
release_session(struct tls_handle *own)
{
	wolfSSL_free(own->session);
	wolfSSL_CTX_free(own->context);
	buf_release(&own->early);
	buf_release(&own->sealed);
	buf_release(&own->messages);
	buf_release(&own->plain);
	free(own);
}

/* The description of the fatal alert that the library received; -1: none. */
static int
alert_received(const struct tls_handle *own)
{
	WOLFSSL_ALERT_HISTORY alerts;

	memset(&alerts, 0, sizeof(alerts));
	if (wolfSSL_get_alert_history(own->session, &alerts) == WOLFSSL_SUCCESS &&
		alerts.last_rx.level == alert_fatal)
		return alerts.last_rx.code;
	return -1;
}

static enum stream_status
read_by_library(struct tls_handle *own, void *bytes, size_t room, size_t *got)
{
	int len = wolfSSL_read(own->session, bytes, room > 16384 ? 16384 : (int)room);

	if (len > 0) {
		*got = (size_t)len;
		own->facts->heard = true;
		return STREAM_OK;
	}
	own->facts->late_alert = alert_received(own);
	if (own->facts->late_alert >= 0)
		return STREAM_CLOSED;
	if (own->status != STREAM_OK)
		return own->status;
	own->facts->close_notify =
		wolfSSL_get_error(own->session, len) == WOLFSSL_ERROR_ZERO_RETURN;
	return own->facts->close_notify ? STREAM_CLOSED : STREAM_FAILED;
}

static enum stream_status
tls_read(void *handle, void *bytes, size_t room, int64_t deadline_ms, size_t *got)
{
	struct tls_handle *own = handle;

	own->deadline_ms = deadline_ms;
	own->status = STREAM_OK;
	if (own->theirs.cipher != PROTECTION_NONE)
		return tls_reader_read(own, bytes, room, got);
	return read_by_library(own, bytes, room, got);
}

static enum stream_status
tls_write(void *handle, const void *bytes, size_t len, int64_t deadline_ms)
{
	struct tls_handle *own = handle;

	own->deadline_ms = deadline_ms;
	own->status = STREAM_OK;
	if (wolfSSL_write(own->session, bytes, (int)len) == (int)len) {
		own->written++;
		return STREAM_OK;
	}
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
	const char *group;

	facts->alert = alert_received(own);
	facts->version = wire_version(own->session);
	facts->suite = (uint16_t)wolfSSL_get_current_cipher_suite(own->session);
	group = wolfSSL_get_curve_name(own->session);
	facts->group = group != NULL ? arena_strdup(own->arena, group) : NULL;
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

	facts->ended = own->status;
	if (own->alien) {
		describe_not_tls(facts->first_bytes, error);
		return OUTCOME_REFUSED;
	}
	if (facts->alert >= 0) {
		error_set(error, "the server answered with the alert %s (%d)",
			alert_of((uint8_t)facts->alert)->name, facts->alert);
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

static struct tls_handle *
make_handle(const struct stream *stream, const struct tls_request *request, struct arena *arena,
	struct tls_facts *facts)
{
	struct tls_handle *own = calloc(1, sizeof(*own));

	if (own == NULL)
		out_of_memory();
	*facts = (struct tls_facts){ .alert = -1, .late_alert = -1 };
	buf_init(&own->early, TLS_EARLY_MAX);
	buf_init(&own->sealed, 2 * FLIGHT_RECORD_BODY_MAX);
	buf_init(&own->messages, MESSAGES_MAX);
	buf_init(&own->plain, 2 * FLIGHT_RECORD_BODY_MAX);
	own->below = stream->transport;
	own->below_handle = stream->handle;
	own->deadline_ms = request->deadline_ms;
	own->upgraded = request->upgraded;
	own->arena = arena;
	own->facts = facts;
	return own;
}

/* The stream carries what is inside TLS from now on. The library reads on where it is to keep the
 * tickets, and up to TLS 1.2. */
static void
take_over(struct stream *stream, struct tls_handle *own, const struct tls_wish *wish)
{
	copy_extras(own, own->facts);
	own->arena = NULL;
	if (own->facts->version == TLS_VERSION_1_3 && !wish->ticket)
		tls_reader_begin(own, own->facts->suite);
	stream->transport = &tls_transport;
	stream->handle = own;
}

enum outcome
tls_handshake(struct stream *stream, const struct tls_request *request, struct arena *arena,
	struct tls_facts *facts, struct error *error)
{
	static const struct tls_wish nothing;
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	const struct tls_wish *wish = request->wish != NULL ? request->wish : &nothing;
	struct tls_handle *own = make_handle(stream, request, arena, facts);
	enum outcome outcome;
	int result;

	pthread_once(&once, initialise);
	if (!make_session(own, request, wish)) {
		release_session(own);
		error_set(error, "the TLS library could not make a session");
		return OUTCOME_BROKEN;
	}
	curve_points_begin();
	own->computing = true;
	result = wolfSSL_connect(own->session);
	own->computing = false;
	curve_points_end();
	copy_facts(own, facts);
	if (result == WOLFSSL_SUCCESS) {
		take_over(stream, own, wish);
		return OUTCOME_DONE;
	}
	outcome = explain_failure(own, wolfSSL_get_error(own->session, result), facts, error);
	release_session(own);
	return outcome;
}
