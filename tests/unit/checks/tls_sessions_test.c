/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is done with sessions (renegotiation, resumption, early data, ALPN): evidence in, finding
 * out.
 */
#include "court_findings.h"

#include "probe/session_probes.h"

#define ECDHE_AES 0xc02f
#define HANDSHAKE_FAILURE 40
#define NO_PROTOCOL 120

#define RENEGOTIATION "{\"assert\":\"tls.client_renegotiation_refused\"}"
#define RESUMPTION(expected) "{\"assert\":\"tls.session_resumption\",\"expected\":\"" expected "\"}"
#define RESUMED RESUMPTION("resumed")
#define NOT_RESUMED RESUMPTION("refused")
#define EARLY_DATA "{\"assert\":\"tls.early_data_disabled\"}"
#define ALPN(parameters) "{\"assert\":\"tls.alpn\"," parameters "}"
#define SELECTS_IMAP ALPN("\"selects\":\"imap\"")
#define REFUSES_H2 ALPN("\"refuses\":[\"h2\"]")
#define REFUSES_TWO ALPN("\"refuses\":[\"h2\",\"http/1.1\"]")

static void
renegotiation_ends_in(struct court *court, enum outcome outcome)
{
	observed_by(court, &renegotiation_observer)->outcome = outcome;
}

static void
renegotiation_accepted(struct court *court)
{
	renegotiation_ends_in(court, OUTCOME_DONE);
}

/* The ordinary hello, of TLS 1.2 and older, is answered. */
static void
ordinary_accepted(struct court *court)
{
	accept_hello(observed_by(court, &ordinary_observer),
		(struct server_hello){ .version = TLS_VERSION_1_2, .suite = ECDHE_AES });
}

static void
renegotiation_not_answered(struct court *court)
{
	ordinary_accepted(court);
	renegotiation_ends_in(court, OUTCOME_BROKEN);
}

static void
renegotiation_not_reached(struct court *court)
{
	ordinary_accepted(court);
	renegotiation_ends_in(court, OUTCOME_NOT_REACHED);
}

static void
no_session_but_tls13(struct court *court)
{
	renegotiation_ends_in(court, OUTCOME_BROKEN);
}

static void
no_session_but_tls12_elsewhere(struct court *court)
{
	renegotiation_ends_in(court, OUTCOME_BROKEN);
	session_of_tls12(court);
}

static void
no_session_and_no_hello(struct court *court)
{
	renegotiation_ends_in(court, OUTCOME_BROKEN);
	no_hello_accepted(court);
}

static void
renegotiation_cut_off(struct court *court)
{
	ordinary_accepted(court);
	renegotiation_ends_in(court, OUTCOME_NOT_REACHED);
	court->evidence.cut_short = "the deadline of the run has passed";
}

static void
renegotiation_accepted_at_the_deadline(struct court *court)
{
	cut_short(court);
	renegotiation_ends_in(court, OUTCOME_DONE);
}

static const struct finding_row renegotiations[] = {
	{ "a renegotiation that is refused passes", RENEGOTIATION, OUTCOME_REFUSED, NULL,
		VERDICT_PASS, NULL, CAUSE_NONE,
		"a renegotiation that the client begins is refused: what happened" },
	{ "one that is accepted fails", RENEGOTIATION, OUTCOME_REFUSED, renegotiation_accepted,
		VERDICT_FAIL, "RenegotiationAccepted", CAUSE_NONE, "the server renegotiates" },
	{ "one that was accepted before the deadline fails", RENEGOTIATION, OUTCOME_REFUSED,
		renegotiation_accepted_at_the_deadline, VERDICT_FAIL, "RenegotiationAccepted",
		CAUSE_NONE, "the server renegotiates" },
	{ "TLS 1.3 alone has none", RENEGOTIATION, OUTCOME_REFUSED, no_session_but_tls13,
		VERDICT_PASS, NULL, CAUSE_NONE,
		"TLS 1.2 and everything older is refused, and TLS 1.3 has no renegotiation" },
	{ "one that is not answered is not refused", RENEGOTIATION, OUTCOME_REFUSED,
		renegotiation_not_answered, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"no proof that renegotiation is refused: what happened" },
	{ "one that was not reached is not refused", RENEGOTIATION, OUTCOME_REFUSED,
		renegotiation_not_reached, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"no proof that renegotiation is refused" },
	{ "TLS 1.2 that was taken elsewhere is not refused", RENEGOTIATION, OUTCOME_REFUSED,
		no_session_but_tls12_elsewhere, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"the question was refused, but TLS 1.2 with" },
	{ "without any acceptance TLS 1.2 is not refused", RENEGOTIATION, OUTCOME_REFUSED,
		no_session_and_no_hello, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"not even the control hello was accepted" },
	{ "where nothing is answered it is open", RENEGOTIATION, OUTCOME_BROKEN, NULL,
		VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"whether there is renegotiation is not known: what happened" },
	{ "what was not asked is not known", RENEGOTIATION, OUTCOME_REFUSED, nothing_asked,
		VERDICT_ERROR, "NoProof", CAUSE_NONE, "not asked" },
	{ "a silent server is not asked", RENEGOTIATION, OUTCOME_REFUSED, not_asked_any_further,
		VERDICT_ERROR, "NoProof", CAUSE_NONE, "the server says nothing" },
	{ "what the deadline cut off was not run", RENEGOTIATION, OUTCOME_REFUSED, cut_short,
		VERDICT_ERROR, "NotRun", CAUSE_CUT_SHORT, "the deadline of the run has passed" },
	{ "what it cut off behind the hello was not run either", RENEGOTIATION, OUTCOME_REFUSED,
		renegotiation_cut_off, VERDICT_ERROR, "NotRun", CAUSE_CUT_SHORT, "the deadline" },
	{ "the handshake that broke is the cause where nothing was answered", RENEGOTIATION,
		OUTCOME_REFUSED, handshake_broke, VERDICT_ERROR, "NoProof", CAUSE_HANDSHAKE,
		"not asked" },
};

/* The versions whose sessions were tried, in their order. */
static void
versions_are(struct court *court, struct resumption first, struct resumption second)
{
	struct resumption_record *record = observed_by(court, &resumption_observer)->record;

	record->versions[0] = first;
	record->versions[1] = second;
}

static struct resumption
tries_of(uint16_t version, unsigned tries, unsigned resumed)
{
	return (struct resumption){ .outcome = OUTCOME_DONE,
		.version = version,
		.offered = true,
		.tries = tries,
		.resumed = resumed };
}

static const struct resumption not_tried = { .version = 0 };

static void
first_try_resumes(struct court *court)
{
	versions_are(court, tries_of(TLS_VERSION_1_3, 1, 1), not_tried);
}

static void
third_try_resumes(struct court *court)
{
	versions_are(court, tries_of(TLS_VERSION_1_3, 3, 1), not_tried);
}

static void
no_try_resumes(struct court *court)
{
	versions_are(court, tries_of(TLS_VERSION_1_3, 3, 0), not_tried);
}

static void
no_session_offered(struct court *court)
{
	versions_are(court,
		(struct resumption){ .outcome = OUTCOME_DONE, .version = TLS_VERSION_1_3 },
		not_tried);
}

static void
neither_version_resumes(struct court *court)
{
	versions_are(court, tries_of(TLS_VERSION_1_3, 3, 0), tries_of(TLS_VERSION_1_2, 3, 0));
}

static void
older_version_resumes(struct court *court)
{
	versions_are(court, tries_of(TLS_VERSION_1_3, 3, 0), tries_of(TLS_VERSION_1_2, 1, 1));
}

static void
older_version_is_refused(struct court *court)
{
	versions_are(court, tries_of(TLS_VERSION_1_3, 3, 0),
		(struct resumption){ .outcome = OUTCOME_REFUSED });
}

static void
older_version_is_all(struct court *court)
{
	session_of_tls12(court);
	versions_are(court, tries_of(TLS_VERSION_1_2, 3, 0), not_tried);
}

static void
older_version_is_refused_but_taken(struct court *court)
{
	older_version_is_refused(court);
	see(court, (struct server_hello){ .version = TLS_VERSION_1_2, .suite = ECDHE_AES });
}

/* The session was of TLS 1.3. */
static void
newer_version_was_not_tried(struct court *court)
{
	versions_are(court, tries_of(TLS_VERSION_1_2, 3, 0), not_tried);
}

static void
older_versions_share_a_session(struct court *court)
{
	neither_version_resumes(court);
	see(court, (struct server_hello){ .version = TLS_VERSION_1_0, .suite = ECDHE_AES });
}

static void
resumed_at_the_deadline(struct court *court)
{
	cut_short(court);
	third_try_resumes(court);
}

static const struct finding_row resumptions[] = {
	{ "the first try resumes", RESUMED, OUTCOME_DONE, first_try_resumes, VERDICT_PASS, NULL,
		CAUSE_NONE, "a session of TLS 1.3 is resumed" },
	{ "some nodes do not", RESUMED, OUTCOME_DONE, third_try_resumes, VERDICT_FAIL, "NotResumed",
		CAUSE_NONE, "by some of the server's nodes only: in 1 of 3 tries" },
	{ "none does", RESUMED, OUTCOME_DONE, no_try_resumes, VERDICT_FAIL, "NotResumed",
		CAUSE_NONE, "no session is resumed: what happened" },
	{ "no session is given", RESUMED, OUTCOME_DONE, no_session_offered, VERDICT_FAIL,
		"NotResumed", CAUSE_NONE, "no session is resumed: what happened" },
	{ "it was not to be had", RESUMED, OUTCOME_BROKEN, NULL, VERDICT_ERROR, "NoProof",
		CAUSE_NONE, "no proof either way: what happened" },
	{ "one try is not enough where the answers stopped", RESUMED, OUTCOME_BROKEN,
		first_try_resumes, VERDICT_ERROR, "NoProof", CAUSE_NONE, "no proof either way" },
	{ "a refusal of the session is no answer", RESUMED, OUTCOME_REFUSED, NULL, VERDICT_ERROR,
		"NoProof", CAUSE_NONE, "no proof either way" },
	{ "it was not asked for", RESUMED, OUTCOME_DONE, nothing_asked, VERDICT_ERROR, "NoProof",
		CAUSE_NONE, "no proof either way: not asked" },
	{ "a silent server is not asked", RESUMED, OUTCOME_DONE, not_asked_any_further,
		VERDICT_ERROR, "NoProof", CAUSE_NONE, "the server says nothing" },
	{ "the deadline cut it off", RESUMED, OUTCOME_DONE, cut_short, VERDICT_ERROR, "NotRun",
		CAUSE_CUT_SHORT, "the deadline of the run has passed" },
	{ "without a handshake there is no session", RESUMED, OUTCOME_DONE, handshake_broke,
		VERDICT_ERROR, "NoAnswer", CAUSE_HANDSHAKE, "the server closed the connection" },
	{ "none is to resume, and none does", NOT_RESUMED, OUTCOME_DONE, neither_version_resumes,
		VERDICT_PASS, NULL, CAUSE_NONE, "no session is resumed: what happened" },
	{ "the older version is refused", NOT_RESUMED, OUTCOME_DONE, older_version_is_refused,
		VERDICT_PASS, NULL, CAUSE_NONE, "no session is resumed" },
	{ "the older version is all there is", NOT_RESUMED, OUTCOME_DONE, older_version_is_all,
		VERDICT_PASS, NULL, CAUSE_NONE, "no session is resumed" },
	{ "TLS 1.2 stands for what is older", NOT_RESUMED, OUTCOME_DONE,
		older_versions_share_a_session, VERDICT_PASS, NULL, CAUSE_NONE,
		"no session is resumed" },
	{ "an older version that was taken elsewhere is not refused", NOT_RESUMED, OUTCOME_DONE,
		older_version_is_refused_but_taken, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"whether a session of TLS 1.2 is resumed is not known" },
	{ "a newer version that was taken elsewhere may resume", NOT_RESUMED, OUTCOME_DONE,
		newer_version_was_not_tried, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"whether a session of TLS 1.3 is resumed is not known" },
	{ "the newer version resumes", NOT_RESUMED, OUTCOME_DONE, first_try_resumes, VERDICT_FAIL,
		"Resumed", CAUSE_NONE, "a session of TLS 1.3 is resumed" },
	{ "one of three tries resumes", NOT_RESUMED, OUTCOME_DONE, third_try_resumes, VERDICT_FAIL,
		"Resumed", CAUSE_NONE, "a session of TLS 1.3 is resumed" },
	{ "the older version resumes", NOT_RESUMED, OUTCOME_DONE, older_version_resumes,
		VERDICT_FAIL, "Resumed", CAUSE_NONE, "a session of TLS 1.2 is resumed" },
	{ "one was resumed before the answers stopped", NOT_RESUMED, OUTCOME_BROKEN,
		third_try_resumes, VERDICT_FAIL, "Resumed", CAUSE_NONE,
		"a session of TLS 1.3 is resumed" },
	{ "one was resumed before the deadline", NOT_RESUMED, OUTCOME_DONE, resumed_at_the_deadline,
		VERDICT_FAIL, "Resumed", CAUSE_NONE, "a session of TLS 1.3 is resumed" },
	{ "whether one is resumed is not known", NOT_RESUMED, OUTCOME_BROKEN,
		neither_version_resumes, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"no proof either way: what happened" },
	{ "none was asked for", NOT_RESUMED, OUTCOME_DONE, nothing_asked, VERDICT_ERROR, "NoProof",
		CAUSE_NONE, "not asked" },
	{ "the deadline cut the refusal off", NOT_RESUMED, OUTCOME_DONE, cut_short, VERDICT_ERROR,
		"NotRun", CAUSE_CUT_SHORT, "the deadline of the run has passed" },
};

static void
tickets_are(struct court *court, uint16_t version, unsigned tickets, uint32_t max_size)
{
	struct early_data_record *record = observed_by(court, &early_data_observer)->record;

	*record = (struct early_data_record){
		.version = version, .tickets = tickets, .max_size = max_size
	};
}

static void
two_tickets_without(struct court *court)
{
	tickets_are(court, TLS_VERSION_1_3, 2, 0);
}

static void
two_tickets_with_one_byte(struct court *court)
{
	tickets_are(court, TLS_VERSION_1_3, 2, 1);
}

static void
no_ticket(struct court *court)
{
	tickets_are(court, TLS_VERSION_1_3, 0, 0);
}

static void
tls12_alone(struct court *court)
{
	session_of_tls12(court);
	tickets_are(court, TLS_VERSION_1_2, 0, 0);
}

/* The session was of TLS 1.3. */
static void
tls12_where_tickets_were_asked_for(struct court *court)
{
	tickets_are(court, TLS_VERSION_1_2, 0, 0);
}

static void
early_data_in_the_session(struct court *court)
{
	two_tickets_without(court);
	court->evidence.session.tls.tickets.max_early_data = 1;
}

static void
early_data_at_the_deadline(struct court *court)
{
	cut_short(court);
	court->evidence.session.tls.tickets.max_early_data = 16384;
}

static const struct finding_row early_data[] = {
	{ "tickets without early data pass", EARLY_DATA, OUTCOME_DONE, two_tickets_without,
		VERDICT_PASS, NULL, CAUSE_NONE, "none of 2 tickets allows early data" },
	{ "no ticket allows none", EARLY_DATA, OUTCOME_DONE, no_ticket, VERDICT_PASS, NULL,
		CAUSE_NONE, "none of 0 tickets allows early data" },
	{ "TLS 1.2 has none", EARLY_DATA, OUTCOME_DONE, tls12_alone, VERDICT_PASS, NULL, CAUSE_NONE,
		"TLS 1.2 has no early data" },
	{ "one byte of it fails", EARLY_DATA, OUTCOME_DONE, two_tickets_with_one_byte, VERDICT_FAIL,
		"EarlyDataAllowed", CAUSE_NONE, "a ticket allows 1 bytes of early data" },
	{ "a ticket of the session counts", EARLY_DATA, OUTCOME_DONE, early_data_in_the_session,
		VERDICT_FAIL, "EarlyDataAllowed", CAUSE_NONE,
		"a ticket allows 1 bytes of early data" },
	{ "a ticket counts, though the rest was not answered", EARLY_DATA, OUTCOME_BROKEN,
		two_tickets_with_one_byte, VERDICT_FAIL, "EarlyDataAllowed", CAUSE_NONE,
		"a ticket allows 1 bytes of early data" },
	{ "a ticket of the session counts before the deadline", EARLY_DATA, OUTCOME_DONE,
		early_data_at_the_deadline, VERDICT_FAIL, "EarlyDataAllowed", CAUSE_NONE,
		"a ticket allows 16384 bytes of early data" },
	{ "tickets may be behind no answer", EARLY_DATA, OUTCOME_BROKEN, two_tickets_without,
		VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"no proof that early data is off: what happened" },
	{ "TLS 1.3 that was chosen elsewhere may have some", EARLY_DATA, OUTCOME_DONE,
		tls12_where_tickets_were_asked_for, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"whether early data is off is not known: tickets were asked for in TLS 1.2, but "
		"TLS 1.3 was chosen elsewhere" },
	{ "a session that is refused shows no tickets", EARLY_DATA, OUTCOME_REFUSED, NULL,
		VERDICT_ERROR, "NoProof", CAUSE_NONE, "no proof that early data is off" },
	{ "tickets that were not looked for are not known", EARLY_DATA, OUTCOME_DONE, nothing_asked,
		VERDICT_ERROR, "NoProof", CAUSE_NONE, "not asked" },
	{ "a silent server is not asked", EARLY_DATA, OUTCOME_DONE, not_asked_any_further,
		VERDICT_ERROR, "NoProof", CAUSE_NONE, "the server says nothing" },
	{ "what the deadline cut off was not run", EARLY_DATA, OUTCOME_DONE, cut_short,
		VERDICT_ERROR, "NotRun", CAUSE_CUT_SHORT, "the deadline of the run has passed" },
	{ "without a handshake there are no tickets", EARLY_DATA, OUTCOME_DONE, handshake_broke,
		VERDICT_ERROR, "NoAnswer", CAUSE_HANDSHAKE, "the server closed the connection" },
};

/* What the n-th protocol that was offered met: a choice, or an alert. */
static void
protocol_meets(struct court *court, size_t nth, const char *chosen, int alert)
{
	struct observation *seen = nth_observed_by(court, &protocol_observer, nth);

	seen->outcome = alert >= 0 ? OUTCOME_REFUSED : OUTCOME_DONE;
	seen->conversation.tls.protocol = chosen;
	seen->conversation.tls.alert = alert;
}

static void
imap_chosen(struct court *court)
{
	protocol_meets(court, 0, "imap", -1);
}

static void
pop3_chosen(struct court *court)
{
	protocol_meets(court, 0, "pop3", -1);
}

static void
none_chosen(struct court *court)
{
	protocol_meets(court, 0, NULL, -1);
}

static void
refused_for_it(struct court *court)
{
	protocol_meets(court, 0, NULL, NO_PROTOCOL);
}

static void
refused_for_something_else(struct court *court)
{
	protocol_meets(court, 0, NULL, HANDSHAKE_FAILURE);
}

static void
both_refused_for_it(struct court *court)
{
	protocol_meets(court, 0, NULL, NO_PROTOCOL);
	protocol_meets(court, 1, NULL, NO_PROTOCOL);
}

static void
second_accepted(struct court *court)
{
	protocol_meets(court, 0, NULL, NO_PROTOCOL);
	protocol_meets(court, 1, NULL, -1);
}

static void
second_not_answered(struct court *court)
{
	protocol_meets(court, 0, NULL, NO_PROTOCOL);
	nth_observed_by(court, &protocol_observer, 1)->outcome = OUTCOME_BROKEN;
}

static void
imap_chosen_and_h2_accepted(struct court *court)
{
	protocol_meets(court, 0, "imap", -1);
	protocol_meets(court, 1, NULL, -1);
}

static void
imap_chosen_and_h2_refused(struct court *court)
{
	protocol_meets(court, 0, "imap", -1);
	protocol_meets(court, 1, NULL, NO_PROTOCOL);
}

#define SELECTS_AND_REFUSES ALPN("\"selects\":\"imap\",\"refuses\":[\"h2\"]")

static const struct finding_row protocols[] = {
	{ "a protocol that is chosen passes", SELECTS_IMAP, OUTCOME_DONE, imap_chosen, VERDICT_PASS,
		NULL, CAUSE_NONE, "application protocols are chosen and refused" },
	{ "another one that is chosen fails", SELECTS_IMAP, OUTCOME_DONE, pop3_chosen, VERDICT_FAIL,
		"ProtocolNotSelected", CAUSE_NONE, "the server does not choose imap" },
	{ "a handshake that chooses none fails", SELECTS_IMAP, OUTCOME_DONE, none_chosen,
		VERDICT_FAIL, "ProtocolNotSelected", CAUSE_NONE,
		"the server does not choose imap: what happened" },
	{ "the alert for it fails", SELECTS_IMAP, OUTCOME_DONE, refused_for_it, VERDICT_FAIL,
		"ProtocolNotSelected", CAUSE_NONE, "the server does not choose imap" },
	{ "another alert says nothing of the protocol that is wanted", SELECTS_IMAP, OUTCOME_DONE,
		refused_for_something_else, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"no proof either way: what happened" },
	{ "a wanted protocol that is not answered is open", SELECTS_IMAP, OUTCOME_BROKEN, NULL,
		VERDICT_ERROR, "NoProof", CAUSE_NONE, "no proof either way: what happened" },
	{ "one that was not offered is open", SELECTS_IMAP, OUTCOME_DONE, nothing_asked,
		VERDICT_ERROR, "NoProof", CAUSE_NONE, "no proof either way: not asked" },
	{ "what the deadline cut off was not run", SELECTS_IMAP, OUTCOME_DONE, cut_short,
		VERDICT_ERROR, "NotRun", CAUSE_CUT_SHORT, "the deadline of the run has passed" },
	{ "the alert for it refuses a protocol", REFUSES_H2, OUTCOME_DONE, refused_for_it,
		VERDICT_PASS, NULL, CAUSE_NONE, "application protocols are chosen and refused" },
	{ "all that are listed are refused", REFUSES_TWO, OUTCOME_DONE, both_refused_for_it,
		VERDICT_PASS, NULL, CAUSE_NONE, "application protocols are chosen and refused" },
	{ "a handshake accepts it, though nothing is chosen", REFUSES_H2, OUTCOME_DONE, none_chosen,
		VERDICT_FAIL, "ProtocolAccepted", CAUSE_NONE,
		"the server accepts a client that speaks only h2" },
	{ "the last of the list counts", REFUSES_TWO, OUTCOME_DONE, second_accepted, VERDICT_FAIL,
		"ProtocolAccepted", CAUSE_NONE,
		"the server accepts a client that speaks only http/1.1" },
	{ "another alert says nothing of the protocol", REFUSES_H2, OUTCOME_DONE,
		refused_for_something_else, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"no proof that the protocol is refused: what happened" },
	{ "one that is not answered is not refused", REFUSES_TWO, OUTCOME_DONE, second_not_answered,
		VERDICT_ERROR, "NoProof", CAUSE_NONE, "no proof that the protocol is refused" },
	{ "one that was not offered is not refused", REFUSES_H2, OUTCOME_DONE, nothing_asked,
		VERDICT_ERROR, "NoProof", CAUSE_NONE, "not asked" },
	{ "a silent server is not asked", REFUSES_H2, OUTCOME_DONE, not_asked_any_further,
		VERDICT_ERROR, "NoProof", CAUSE_NONE, "the server says nothing" },
	{ "a refusal that the deadline cut off was not run", REFUSES_H2, OUTCOME_DONE, cut_short,
		VERDICT_ERROR, "NotRun", CAUSE_CUT_SHORT, "the deadline of the run has passed" },
	{ "without a handshake there is no protocol", REFUSES_H2, OUTCOME_DONE, handshake_broke,
		VERDICT_ERROR, "NoAnswer", CAUSE_HANDSHAKE, "the server closed the connection" },
	{ "both pass together", SELECTS_AND_REFUSES, OUTCOME_DONE, imap_chosen_and_h2_refused,
		VERDICT_PASS, NULL, CAUSE_NONE, "application protocols are chosen and refused" },
	{ "one that is accepted fails beside one that is chosen", SELECTS_AND_REFUSES, OUTCOME_DONE,
		imap_chosen_and_h2_accepted, VERDICT_FAIL, "ProtocolAccepted", CAUSE_NONE,
		"only h2" },
};

static void
a_renegotiation_is_refused(void **state)
{
	(void)state;
	expect_findings(renegotiations, COUNT(renegotiations));
}

static void
resumption_is_judged_by_all_tries(void **state)
{
	(void)state;
	expect_findings(resumptions, COUNT(resumptions));
}

static void
no_ticket_allows_early_data(void **state)
{
	(void)state;
	expect_findings(early_data, COUNT(early_data));
}

static void
protocols_are_chosen_and_refused(void **state)
{
	(void)state;
	expect_findings(protocols, COUNT(protocols));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_renegotiation_is_refused),
		cmocka_unit_test(resumption_is_judged_by_all_tries),
		cmocka_unit_test(no_ticket_allows_early_data),
		cmocka_unit_test(protocols_are_chosen_and_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
