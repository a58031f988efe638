/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * CRAM-MD5 (RFC 2195) and SCRAM (RFC 5802, RFC 7677) by libgsasl. What the server says in SCRAM is
 * read here first: the library takes any nonce, and computes as long as it is told to.
 */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "net/tls_binding.h"
#include "sasl.h"
#include "wire/scram.h"

/* Prepared strings (RFC 4013): one that cannot be prepared never comes as far as a server. */
static bool
can_be_prepared(struct sasl *sasl, const char *text, const char *what)
{
	char *prepared = NULL;
	int result = gsasl_saslprep(text, GSASL_ALLOW_UNASSIGNED, &prepared, NULL);

	if (prepared != NULL)
		wipe(prepared, strlen(prepared));
	gsasl_free(prepared);
	if (result != GSASL_OK)
		sasl_find(sasl, AUTH_UNDECIDED,
			"RFC 4013: the %s has characters that %s cannot send", what,
			sasl->mechanism->name);
	return result == GSASL_OK;
}

/* The library binds to what it is given: plain SCRAM must be given nothing. */
static bool
bind_to_connection(struct sasl *sasl)
{
	struct tls_binding binding = tls_binding_of(&sasl->dialog->stream);
	struct buf digits;

	if (binding.kind == TLS_BINDING_NONE) {
		sasl_find(sasl, AUTH_UNDECIDED, "no channel binding: %s", binding.why);
		return false;
	}
	buf_init(&digits, sizeof(binding.bytes) * 2);
	text_add_base64(&digits, binding.bytes, binding.len);
	gsasl_property_set(sasl->session,
		binding.kind == TLS_BINDING_EXPORTER ? GSASL_CB_TLS_EXPORTER : GSASL_CB_TLS_UNIQUE,
		digits.data);
	buf_wipe(&digits);
	wipe(&binding, sizeof(binding));
	return true;
}

bool
sasl_library_begin(struct sasl *sasl)
{
	const struct auth_attempt *attempt = sasl->attempt;

	if (!can_be_prepared(sasl, attempt->username, "user name") ||
		!can_be_prepared(sasl, attempt->password, "password"))
		return false;
	if (gsasl_init(&sasl->library) != GSASL_OK)
		out_of_memory();
	if (gsasl_client_start(sasl->library, attempt->mechanism, &sasl->session) != GSASL_OK) {
		sasl_find(sasl, AUTH_UNDECIDED, "this machine's libgsasl has no %s",
			attempt->mechanism);
		return false;
	}
	gsasl_property_set(sasl->session, GSASL_AUTHID, attempt->username);
	gsasl_property_set(sasl->session, GSASL_PASSWORD, attempt->password);
	return !sasl->mechanism->binds || bind_to_connection(sasl);
}

void
sasl_library_end(struct sasl *sasl)
{
	if (sasl->session != NULL)
		gsasl_finish(sasl->session);
	if (sasl->library != NULL)
		gsasl_done(sasl->library);
}

/* Lets the library take a step, and tells its result. */
static int
take_step(struct sasl *sasl, struct span challenge, struct buf *response)
{
	char *out = NULL;
	size_t len = 0;
	int result =
		gsasl_step(sasl->session, (const char *)challenge.data, challenge.len, &out, &len);

	if (out != NULL) {
		buf_add(response, out, len);
		wipe(out, len);
	}
	gsasl_free(out);
	return result;
}

static bool
went_well(int result)
{
	return result == GSASL_OK || result == GSASL_NEEDS_MORE;
}

/* What the library says of what was read before is no fault of the server. */
static enum sasl_turn
give_up(struct sasl *sasl, int result)
{
	return sasl_find(sasl, AUTH_UNDECIDED, "libgsasl gave up: %s", gsasl_strerror_name(result));
}

enum sasl_turn
cram_respond(struct sasl *sasl, struct span challenge, struct buf *response)
{
	int result;

	if (sasl->responses != 0)
		return SASL_IS_DONE;
	if (challenge.len == 0)
		return sasl_find(sasl, AUTH_MALFORMED,
			"RFC 2195 section 2: the challenge is empty, or no base64");
	result = take_step(sasl, challenge, response);
	if (!went_well(result))
		return give_up(sasl, result);
	sasl->shown = "[digest]";
	sasl->presents = true;
	return SASL_ANSWERS;
}

/* e= (RFC 5802 section 7). Anything but the values of the RFC may repeat what the server has learned. */
static enum sasl_turn
take_error(struct sasl *sasl, struct span message)
{
	const char *error = scram_error(message);

	if (error == NULL)
		return sasl_find(sasl, AUTH_DECLINED, "e= with a value that RFC 5802 has not");
	if (text_same(error, "no-resources"))
		return sasl_find(sasl, AUTH_UNDECIDED, "the server said e=%s", error);
	if (scram_error_is_of_credentials(error))
		sasl->attempt->meaning = REPLY_BAD_CREDENTIALS;
	return sasl_find(sasl, AUTH_DECLINED, "e=%s", error);
}

static enum sasl_turn
find_fault(struct sasl *sasl, enum scram_fault fault, struct span message, uint32_t iterations)
{
	switch (fault) {
	case SCRAM_FINE:
		break;
	case SCRAM_ERROR:
		return take_error(sasl, message);
	case SCRAM_MALFORMED:
		return sasl_find(sasl, AUTH_MALFORMED,
			"RFC 5802 section 7: the server's message cannot be read");
	case SCRAM_FOREIGN_NONCE:
		return sasl_find(sasl, AUTH_FOREIGN_NONCE,
			"RFC 5802 section 5.1: the server's nonce is not the client's with more behind it");
	case SCRAM_FEW_ITERATIONS:
		return sasl_find(sasl, AUTH_FEW_ITERATIONS,
			"RFC 7677 section 4: the password is kept with %u iterations, at least %d "
			"are needed",
			(unsigned)iterations, SCRAM_ITERATIONS_MIN);
	case SCRAM_MANY_ITERATIONS:
		return sasl_find(sasl, AUTH_UNDECIDED,
			"the server wants more than %d iterations, which are not computed here",
			SCRAM_ITERATIONS_MAX);
	case SCRAM_EXTENDED:
		return sasl_find(sasl, AUTH_UNDECIDED,
			"the server's message has an extension that libgsasl does not know");
	case SCRAM_LONG:
		return sasl_find(sasl, AUTH_UNDECIDED,
			"the server's message has more than %d bytes", SCRAM_MESSAGE_MAX);
	}
	return SASL_ANSWERS;
}

static enum sasl_turn
begin_scram(struct sasl *sasl, struct buf *response)
{
	int result = take_step(sasl, (struct span){ NULL, 0 }, response);
	struct span nonce = scram_client_nonce(buf_span(response));

	if (!went_well(result))
		return give_up(sasl, result);
	buf_add(&sasl->nonce, nonce.data, nonce.len);
	sasl->shown = "[client-first-message]";
	return SASL_ANSWERS;
}

static enum sasl_turn
prove_client(struct sasl *sasl, struct span message, struct buf *response)
{
	uint32_t iterations = 0;
	enum scram_fault fault = scram_read_first(message, buf_span(&sasl->nonce), &iterations);
	int result;

	if (fault != SCRAM_FINE)
		return find_fault(sasl, fault, message, iterations);
	result = take_step(sasl, message, response);
	if (!went_well(result))
		return give_up(sasl, result);
	sasl->shown = "[client-final-message]";
	sasl->presents = true;
	return SASL_ANSWERS;
}

/* The library says OK once the signature was verified. */
static enum sasl_turn
verify_server(struct sasl *sasl, struct span message)
{
	enum scram_fault fault = scram_read_final(message);
	struct buf nothing;
	int result;

	if (fault != SCRAM_FINE)
		return find_fault(sasl, fault, message, 0);
	buf_init(&nothing, SASL_RESPONSE_MAX);
	result = take_step(sasl, message, &nothing);
	buf_release(&nothing);
	sasl->proven = result == GSASL_OK;
	sasl->shown = "";
	return sasl->proven ? SASL_ANSWERS
			    : sasl_find(sasl, AUTH_FALSE_PROOF,
				      "RFC 5802 section 3: the server's signature (v=) does not "
				      "verify");
}

enum sasl_turn
scram_respond(struct sasl *sasl, struct span challenge, struct buf *response)
{
	switch (sasl->responses) {
	case 0:
		return begin_scram(sasl, response);
	case 1:
		return prove_client(sasl, challenge, response);
	case 2:
		return verify_server(sasl, challenge);
	}
	return SASL_IS_DONE;
}

/* What comes with the yes is a signature only if it looks like one: it may be any text. */
void
scram_accept(struct sasl *sasl, struct span data)
{
	if (!sasl->proven && sasl->responses == 2 && scram_read_final(data) == SCRAM_FINE)
		verify_server(sasl, data);
	if (!sasl->proven)
		sasl_find(sasl, AUTH_UNPROVEN,
			"RFC 5802 section 3: the yes came without the server's signature (v=)");
}
