/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * court_servers: servers with one fault each, as evidence made by hand, and rows to ask them by.
 */
#ifndef GATE_TESTS_COURT_SERVERS_H
#define GATE_TESTS_COURT_SERVERS_H

#include "court.h"

#include "evidence/peer.h"
#include "wire/tls_names.h"
#include "x509/trust.h"
#include "x509_fixtures.h"

#define DAY_IN_2026 "2026-06-01"

/* A server: fills the evidence. */
typedef void server_fn(struct court *court);

static inline void
offer_starttls(struct court *court)
{
	answer(&court->evidence.session.greeting, "220 mail.example.test ESMTP\r\n");
	answer(&court->evidence.session.ehlo, "250-mail.example.test\r\n250 STARTTLS\r\n");
	answer(&court->evidence.session.starttls, "220 go ahead\r\n");
	snprintf(court->evidence.session.address, DIAL_ADDRESS_MAX, "192.0.2.1");
}

static inline void
refuses_the_connection(struct court *court)
{
	snprintf(court->evidence.session.address, DIAL_ADDRESS_MAX, "192.0.2.1");
	end_at(court, STEP_CONNECT, OUTCOME_REFUSED, "192.0.2.1 port 587 refused the connection");
}

static inline void
refuses_the_connection_at_the_deadline(struct court *court)
{
	refuses_the_connection(court);
	court->evidence.cut_short = "the deadline of the run has passed";
}

static inline void
has_no_name(struct court *court)
{
	court->evidence.session.fault = DIAL_FAULT_NAME;
	end_at(court, STEP_CONNECT, OUTCOME_BROKEN, "no such host");
}

static inline void
is_silent(struct court *court)
{
	end_at(court, STEP_GREETING, OUTCOME_BROKEN, "no answer in time");
}

static inline void
turns_away(struct court *court)
{
	answer(&court->evidence.session.greeting, "554 no\r\n");
	end_at(court, STEP_GREETING, OUTCOME_REFUSED,
		"the server answered the connection with 554");
}

static inline void
refuses_ehlo(struct court *court)
{
	answer(&court->evidence.session.ehlo, "550 no\r\n");
	end_at(court, STEP_EHLO, OUTCOME_REFUSED, "the server answered EHLO with 550 no");
}

static inline void
offers_no_starttls(struct court *court)
{
	answer(&court->evidence.session.ehlo, "250-mail.example.test\r\n250 PIPELINING\r\n");
	end_at(court, STEP_STARTTLS, OUTCOME_REFUSED, "the server does not offer STARTTLS");
}

static inline void
refuses_starttls(struct court *court)
{
	answer(&court->evidence.session.ehlo, "250-mail.example.test\r\n250 STARTTLS\r\n");
	answer(&court->evidence.session.starttls, "454 not now\r\n");
	end_at(court, STEP_STARTTLS, OUTCOME_REFUSED, "the server answered STARTTLS with 454");
}

static inline void
refuses_the_handshake(struct court *court)
{
	offer_starttls(court);
	end_at(court, STEP_HANDSHAKE, OUTCOME_REFUSED, "alert handshake_failure");
}

static inline void
breaks_the_handshake(struct court *court)
{
	offer_starttls(court);
	end_at(court, STEP_HANDSHAKE, OUTCOME_BROKEN, "the server closed the connection");
}

static inline void
is_cut_short(struct court *court)
{
	offer_starttls(court);
	end_at(court, STEP_EHLO, OUTCOME_BROKEN, "no answer in time");
	court->evidence.cut_short = "the deadline of the run has passed";
}

/* What is judged points into the store that it is judged against: with the root, and without. */
static struct trust_store *stores[2];

static inline int
fill_stores(void **state)
{
	(void)state;
	stores[0] = trust_store_create();
	stores[1] = trust_store_create();
	trust_fixture(stores[1], "root");
	trust_fixture(stores[1], "large-root");
	trust_fixture(stores[1], "root-of-large");
	return 0;
}

static inline int
release_stores(void **state)
{
	(void)state;
	trust_store_release(stores[0]);
	trust_store_release(stores[1]);
	return 0;
}

/* Goes all the way, with a leaf and another certificate. */
static inline void
show_pair(struct court *court, const char *leaf, const char *issuer, bool with_root)
{
	struct evidence *evidence = &court->evidence;
	struct span *chain = arena_array(&evidence->arena, 2, sizeof(*chain));
	struct peer_terms terms = {
		.host = "mail.example.test", .trust = stores[with_root], .at = evidence->today
	};

	offer_starttls(court);
	answer(&evidence->session.session_ehlo,
		"250-mail.example.test\r\n250 AUTH PLAIN CRAM-MD5\r\n");
	end_at(court, STEP_AUTH, OUTCOME_NOT_REACHED, NULL);
	chain[0] = fixture(&evidence->arena, leaf);
	chain[1] = fixture(&evidence->arena, issuer);
	peer_judge(&evidence->session.peer, chain, 2, &terms, &evidence->arena);
	evidence->session.peer.proven = true;
	evidence->session.tls.version = TLS_VERSION_1_3;
	evidence->session.tls.suite = 0x1301;
	for (size_t i = 0; i < evidence->attempt_count; i++) {
		struct auth_attempt *attempt = &evidence->attempts[i];

		attempt->conversation = &evidence->session;
		attempt->offered = strcmp(attempt->mechanism, "PLAIN") == 0;
		attempt->withheld =
			attempt->genuine && peer_distrust(&evidence->session.peer) != CAUSE_NONE;
		attempt->outcome = OUTCOME_DONE;
		attempt->reply = attempt->genuine ? REPLY_POSITIVE : REPLY_NEGATIVE;
		attempt->meaning = attempt->genuine ? REPLY_AUTHENTICATED : REPLY_BAD_CREDENTIALS;
		attempt->text = attempt->genuine ? "235 welcome" : "535 no";
	}
}

static inline void
show_chain(struct court *court, const char *leaf, bool with_root)
{
	show_pair(court, leaf, "ica", with_root);
}

static inline void
is_good(struct court *court)
{
	show_chain(court, "leaf", true);
}

static inline void
has_an_expired_leaf(struct court *court)
{
	show_chain(court, "leaf-old", true);
}

/* Expired, and as if the name had not been there when the password was held back. */
static inline void
had_another_name(struct court *court)
{
	show_chain(court, "leaf-old", true);
	court->evidence.session.peer.names_host = false;
}

static inline void
has_a_leaf_of_the_future(struct court *court)
{
	court->evidence.today = date_at("2025-06-01");
	show_chain(court, "leaf", true);
}

static inline void
shows_no_certificate(struct court *court)
{
	show_chain(court, "leaf", true);
	court->evidence.session.peer = (struct peer){ .proven = true };
	for (size_t i = 0; i < court->evidence.attempt_count; i++)
		court->evidence.attempts[i].withheld = true;
}

static inline void
takes_no_second_connection(struct court *court)
{
	show_chain(court, "leaf", true);
	for (size_t i = 0; i < court->evidence.attempt_count; i++)
		court->evidence.attempts[i].conversation = NULL;
}

static inline void
is_untrusted(struct court *court)
{
	show_chain(court, "leaf", false);
}

static inline void
is_signed_with_a_key_too_long_for_us(struct court *court)
{
	show_chain(court, "leaf-of-large", true);
}

static inline void
ends_in_a_strange_root_with_a_key_too_long_for_us(struct court *court)
{
	show_pair(court, "leaf-of-large", "large-root", false);
}

static inline void
has_a_key_too_long_for_us(struct court *court)
{
	show_chain(court, "leaf-large", true);
	court->evidence.session.peer.proven = false;
	end_at(court, STEP_HANDSHAKE, OUTCOME_BROKEN, "the TLS library gave up");
}

static inline void
has_another_name(struct court *court)
{
	show_chain(court, "leaf-outside", true);
}

static inline void
has_everything_wrong(struct court *court)
{
	court->evidence.today = date_at("2028-06-01");
	show_chain(court, "leaf-outside", false);
}

#define ROW(name) "{\"assert\":\"" name "\"}"
#define ADVISORY(name) "{\"assert\":\"" name "\",\"severity\":\"advisory\"}"
#define WAIVED(name)                \
	"{\"assert\":\"" name "\"," \
	"\"waive\":{\"until\":\"2027-01-01\",\"reason\":\"OPS-99\"}}"
#define LOGIN                                               \
	"{\"assert\":\"auth.login\",\"username\":\"gate\"," \
	"\"password\":\"${password}\"}"
#define LOGIN_BY_LOGIN                                                            \
	"{\"id\":\"by-login\",\"assert\":\"auth.login\",\"mechanism\":\"LOGIN\"," \
	"\"username\":\"gate\",\"password\":\"${password}\"}"

#endif
